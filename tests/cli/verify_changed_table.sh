make_package site
lazyindex build site/itk -o site/itk/_lazyindex
echo >> site/itk/Configuration/ITKIOPNGConfig.py
lazyindex verify site/itk/_lazyindex/itk-io.lzi || echo "exit $?"
lazyindex verify site/itk/_lazyindex/itk-core.lzi
