lazyindex_add_module(ITKCommon PACKAGE itk LIBRARY lib)
lazyindex_add_package(itk DIRECTORY built/itk SHARD ITKCommon)
