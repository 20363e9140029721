make_package site
printf 'depends = ()\ntemplates = (  ("Image", "a\tb\303\251\\377 ", "itkImageB2", False, "q\\"\\\\"),)\n' > site/itk/Configuration/ITKIOPNGConfig.py
lazyindex build site/itk -o out &&
    lazyindex dump --json out/itk-io.lzi | grep -A 4 '"tuples": {' &&
    lazyindex dump out/itk-io.lzi | grep -A 4 '^tuples:'
