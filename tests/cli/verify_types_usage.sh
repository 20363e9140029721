make_package site
lazyindex verify --python=python3 site/itk || echo "exit $?"
lazyindex verify --types --python= site/itk || echo "exit $?"
lazyindex verify --types || echo "exit $?"
lazyindex verify --types site/itk || echo "exit $?"
lazyindex build site/itk -o site/itk/_lazyindex
lazyindex verify --types --python=/no/such/python site/itk || echo "exit $?"
