# As apply leaves it.
make_package site
lazyindex build site/itk -o site/itk/_lazyindex
mv site/itk/__init__.py site/itk/_lazyindex/stock_init.py
echo 'pass' > site/itk/__init__.py
lazyindex verify site/itk
