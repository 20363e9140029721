make_package site
lazyindex build site/itk -o site/itk/_lazyindex
rm site/itk/Configuration/ITKIOPNGConfig.py site/itk/Configuration/ExtraConfig.py
lazyindex explain site/itk Image > told
head -5 told
lazyindex explain site/itk Extra || echo "exit $?"
lazyindex explain site/itk PNGImageIOFactory
