make_package site
lazyindex explain --units site/itk
lazyindex build site/itk -o site/itk/_lazyindex
lazyindex explain site/itk --units > units
tail -1 units
fails 2 lazyindex explain --units site/itk Image
rm site/itk/_lazyindex/itk-core.lzi
lazyindex explain --units site/itk
