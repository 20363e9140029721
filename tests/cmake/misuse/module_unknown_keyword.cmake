lazyindex_add_module(ITKCommon PACKAGE itk LIBRARIES lib)
