lazyindex_add_module(ITKCommon PACKAGE itk LIBRARY lib SHARD a COMPONENT one)
lazyindex_add_module(ITKMesh PACKAGE itk LIBRARY lib SHARD a COMPONENT two)
lazyindex_add_package(itk DIRECTORY built/itk)
