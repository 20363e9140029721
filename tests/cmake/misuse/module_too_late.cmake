lazyindex_add_module(ITKCommon PACKAGE itk LIBRARY lib)
lazyindex_add_package(itk DIRECTORY built/itk)
lazyindex_add_module(ITKSmoothing PACKAGE itk LIBRARY lib)
