make_build_tree site
rm site/itk/Configuration/ITKIOPNGConfig.py site/itk/ITKCommonPython.py site/itk/Configuration/Extra_snake_case.py
lazyindex build site/itk --modules modules.txt -o out --stamp done --depfile d || echo $?
ls
