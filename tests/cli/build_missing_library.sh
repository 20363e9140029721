make_package site
rm site/itk/_ITKCommonPython.abi3.so
lazyindex build site/itk -o out
