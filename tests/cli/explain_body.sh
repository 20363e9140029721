make_package site
lazyindex explain site/itk from_body
