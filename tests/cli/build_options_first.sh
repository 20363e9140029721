make_package site
lazyindex build --output=out site/itk/
ls out
