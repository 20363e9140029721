make_package site
lazyindex build site/itk -o site/itk/_lazyindex
rm site/itk/_ITKIOPNGPython.abi3.so site/itk/extraPython.py site/itk/__init_extra__.py
lazyindex verify site/itk
