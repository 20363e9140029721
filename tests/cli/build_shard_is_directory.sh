make_package site
mkdir -p out/itk-core.lzi
lazyindex build site/itk -o out || echo "exit $?"
ls -A out out/itk-core.lzi
