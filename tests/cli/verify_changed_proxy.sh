make_package site
lazyindex build site/itk -o site/itk/_lazyindex
sed -i 's/^class itkImageF3/class itkImageF4/' site/itk/itkImagePython.py
lazyindex verify site/itk
