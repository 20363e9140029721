make_package site
lazyindex explain site/itk Imgae || echo "exit $?"
lazyindex explain site/itk imraed || echo "exit $?"
lazyindex explain site/itk ITKCommn || echo "exit $?"
lazyindex explain site/itk quite_something_else
