lazyindex build itk -o out
