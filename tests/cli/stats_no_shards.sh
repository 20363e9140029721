make_package site
mkdir site/itk/_lazyindex
lazyindex stats site/itk
