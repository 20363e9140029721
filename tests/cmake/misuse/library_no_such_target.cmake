lazyindex_add_module(ITKCommon PACKAGE itk LIBRARY ITKCommonPython)
lazyindex_add_package(itk DIRECTORY built/itk)
