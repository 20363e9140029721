make_package site
lazyindex build site/itk -o out
lazyindex dump out/itk-core.lzi > /dev/full
