make_package site
lazyindex explain site/itk Image
ls -A
