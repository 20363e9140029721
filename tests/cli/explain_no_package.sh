lazyindex explain nowhere/itk Image
