make_package site
lazyindex build site/itk -o out
ls -A out site/itk | grep -v Python
