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
# One table changes: one shard does.
lazyindex build site/itk --modules modules.txt -o out --stamp done
ls -i out | sort > before
sed -i 's/("ImageIO","PNG"),//' site/itk/Configuration/ITKIOPNGConfig.py
lazyindex build site/itk --modules modules.txt -o out --stamp done
ls -i out | sort > after
comm -13 before after | sed 's/.* //'
