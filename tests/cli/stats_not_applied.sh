make_package site
lazyindex stats site/itk
