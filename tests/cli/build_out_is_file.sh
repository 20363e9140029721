make_package site
echo text > out
lazyindex build site/itk -o out
