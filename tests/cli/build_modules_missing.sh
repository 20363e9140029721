make_package site
rm site/itk/*.so
cat > modules.txt <<END
# written by hand
init core
module ITKPyBase core _ITKPyBasePython.so no-functions
module ITKCommon core _ITKCommonPython.so
module ITKIOPNG png _ITKIOPNGPython.so
module Extra extra _ExtraPython.so
END
rm site/itk/Configuration/ITKIOPNGConfig.py site/itk/ITKCommonPython.py site/itk/Configuration/Extra_snake_case.py
lazyindex build site/itk --modules modules.txt -o out --stamp done --depfile d
echo $?
ls
