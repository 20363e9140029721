make_package site
sed -i 's/^factories.*/factories = (("X"),)/' site/itk/Configuration/ITKIOPNGConfig.py
lazyindex build site/itk -o out
