make_package site
lazyindex explain site/itk ITKIOPNG
