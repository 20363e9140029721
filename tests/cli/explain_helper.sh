make_package site
lazyindex explain site/itk imread
lazyindex explain site/itk F
