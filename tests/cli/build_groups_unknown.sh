# Groups of factories that cannot be read are not guessed.
make_package site
echo 'needed_factories = dict(ITKCommon="ImageIO")' > site/itk/support/base.py
lazyindex build site/itk -o shards || echo "exit $?"
echo 'from itk.support.factories import *' > site/itk/support/base.py
lazyindex apply site/itk || echo "exit $?"
ls site/itk
