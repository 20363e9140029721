lazyindex frobnicate itk
