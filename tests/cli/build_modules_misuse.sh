make_build_tree site
cat > wrong.txt <<END
init core
init png
init .hidden
module ITKCommon core lib/_ITKCommonPython.so
module ITK-Common core _ITKCommonPython.so
module ITKIOPNG a/b _ITKIOPNGPython.so
module Extra extra _ExtraPython.so
module Extra extra _ExtraPython.so
module Extra
module Other other _OtherPython.so hooks
modul Extra extra _ExtraPython.so and more
END
fails 1 lazyindex build site/itk --modules wrong.txt -o out
: > empty.txt
fails 1 lazyindex build site/itk --modules empty.txt -o out
fails 1 lazyindex build site/itk --modules missing.txt -o out
lazyindex build site/itk --modules modules.txt -o out --depfile d
