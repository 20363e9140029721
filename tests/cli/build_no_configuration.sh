make_package site
rm -r site/itk/Configuration
lazyindex build site/itk -o out
