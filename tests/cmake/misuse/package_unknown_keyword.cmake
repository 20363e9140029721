lazyindex_add_package(itk DIRECTORY built/itk MODULES ITKCommon)
