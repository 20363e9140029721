make_package site
lazyindex explain site/itk image_filter
