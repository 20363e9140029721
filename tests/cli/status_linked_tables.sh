# The scan follows the link; so does the question whether a module is new.
set -e
make_package site
mv site/itk/Configuration tables
ln -s ../../tables site/itk/Configuration
lazyindex apply site/itk
lazyindex status site/itk
