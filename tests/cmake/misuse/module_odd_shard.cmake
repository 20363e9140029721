lazyindex_add_module(ITKCommon PACKAGE itk LIBRARY lib SHARD a/b)
