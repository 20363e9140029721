make_package site
lazyindex build site/itk -o out
damage out/itk-core.lzi 9000
lazyindex stats out/itk-core.lzi
