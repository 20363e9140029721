make_package site
lazyindex build site/itk -o out
lazyindex stats out/itk-io.lzi
