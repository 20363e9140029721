lazyindex_add_module(
  ITKCommon
  PACKAGE itk
  LIBRARY lib
  DEPENDS built/itk/Configuration/ITKCommon_snake_case.py
)
lazyindex_add_package(itk DIRECTORY built/itk)
