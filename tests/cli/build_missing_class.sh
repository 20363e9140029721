make_package site
sed -i 's/^class itkImageF3/class itkImageF4/' site/itk/itkImagePython.py
lazyindex build site/itk -o out
