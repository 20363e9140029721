make_package site
lazyindex build site/itk -o site/itk/_lazyindex
lazyindex stats site/itk
