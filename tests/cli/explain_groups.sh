# What the package says which factories a module needs, a new group included.
set -e
make_package site
cat > site/itk/support/base.py <<END
needed_factories = {
    "ITKCommon": "ImageIO",
    "Extra": "Fifth",
}
END
lazyindex build site/itk -o shards
lazyindex dump shards/itk-core.lzi | grep -A2 groups
lazyindex apply site/itk
lazyindex verify site/itk
lazyindex explain site/itk ITKCommon
lazyindex explain site/itk Extra | grep groups
echo '    "ITKIOPNG": "Sixth",' > more
sed -i '1r more' site/itk/support/base.py
lazyindex status site/itk || test $? = 1
