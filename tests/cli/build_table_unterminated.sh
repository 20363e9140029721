make_package site
printf "depends = ()\ntemplates = (  ('Image', 'itk::Image,\n" > site/itk/Configuration/ITKIOPNGConfig.py
lazyindex build site/itk -o out
