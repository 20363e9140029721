make_package site
lazyindex build site/itk -o site/itk/_lazyindex
cp site/itk/_lazyindex/itk-io.lzi site/itk/_lazyindex/copy.lzi
lazyindex verify site/itk
