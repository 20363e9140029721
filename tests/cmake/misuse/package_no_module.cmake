lazyindex_add_package(itk DIRECTORY built/itk)
