make_package site
printf 'depends = ()\ntemplates = (  ("Image", "a\tb\303\251\\377 ", "itkImageB2", False, "q\\"\\\\"),)\n' > site/itk/Configuration/ITKIOPNGConfig.py
lazyindex build site/itk -o out
lazyindex dump --json out/itk-io.lzi > json
grep -A 4 '"tuples": {' json
lazyindex dump out/itk-io.lzi > text
grep -A 4 '^tuples:' text
