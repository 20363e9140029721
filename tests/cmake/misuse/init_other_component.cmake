lazyindex_add_module(ITKCommon PACKAGE itk LIBRARY lib COMPONENT one)
lazyindex_add_package(
  itk
  DIRECTORY built/itk
  INIT itk/__init__.py
  SHARD ITKCommon
  COMPONENT two
)
