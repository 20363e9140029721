make_package site
lazyindex build site/itk -o out
head -c 9000 out/itk-core.lzi > short.lzi
lazyindex stats short.lzi
