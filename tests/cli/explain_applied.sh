# The index answers, not the package.
make_package site
lazyindex build site/itk -o site/itk/_lazyindex
echo 'no table' > site/itk/Configuration/ITKIOPNGConfig.py
lazyindex explain site/itk PNGImageIOFactory
