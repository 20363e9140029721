make_package site
mkdir out
echo old > out/itk-core.lzi
lazyindex build site/itk -o out
lazyindex verify out/itk-core.lzi
