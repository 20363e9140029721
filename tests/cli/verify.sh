make_package site
lazyindex build site/itk -o site/itk/_lazyindex
lazyindex verify site/itk
lazyindex verify site/itk/_lazyindex/itk-io.lzi
cd site/itk/_lazyindex
lazyindex verify itk-core.lzi
cd ..
lazyindex verify _lazyindex/itk-core.lzi
lazyindex verify .
