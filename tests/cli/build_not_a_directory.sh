echo text > itk
lazyindex build itk -o out
