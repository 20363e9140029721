make_package site
lazyindex build site/itk -o site/itk/_lazyindex
damage site/itk/_lazyindex/itk-core.lzi -40
lazyindex dump site/itk/_lazyindex/itk-core.lzi
