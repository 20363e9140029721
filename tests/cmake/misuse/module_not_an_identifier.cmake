lazyindex_add_module(ITK-Common PACKAGE itk LIBRARY lib)
