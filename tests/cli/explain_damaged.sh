make_package site
lazyindex build site/itk -o site/itk/_lazyindex
damage site/itk/_lazyindex/itk-io.lzi 10000
lazyindex explain site/itk Image
