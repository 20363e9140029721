make_package site
echo 'depends = tuple(open("/etc/passwd"))' > site/itk/Configuration/ITKIOPNGConfig.py
lazyindex build site/itk -o out
