make_package site
rm site/itk/itkImagePython.py
lazyindex build site/itk -o out
