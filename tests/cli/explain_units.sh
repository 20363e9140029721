make_package site
lazyindex explain --units site/itk
lazyindex build site/itk -o site/itk/_lazyindex
lazyindex explain site/itk --units | tail -1
lazyindex explain --units site/itk Image || echo "exit $?"
rm site/itk/_lazyindex/itk-core.lzi
lazyindex explain --units site/itk
