lazyindex_add_package(itk)
