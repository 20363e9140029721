# Not an error.
lazyindex_add_module(ITKCommon PACKAGE itk LIBRARY lib)
lazyindex_add_module(ITKCommon PACKAGE other LIBRARY lib)
