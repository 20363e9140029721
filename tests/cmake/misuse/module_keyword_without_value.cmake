lazyindex_add_module(ITKCommon PACKAGE itk LIBRARY lib COMPONENT)
