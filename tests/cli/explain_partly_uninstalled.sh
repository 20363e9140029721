make_package site
lazyindex build site/itk -o site/itk/_lazyindex
rm site/itk/_lazyindex/itk-core.lzi
lazyindex explain site/itk PNGImageIOFactory
