lazyindex_add_module(ITKCommon PACKAGE "" LIBRARY lib)
