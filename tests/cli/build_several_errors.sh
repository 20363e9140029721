make_package site
sed -i 's/^factories.*/factories = 1/' site/itk/Configuration/ITKIOPNGConfig.py
echo 'snake_case_functions = {}' > site/itk/Configuration/Extra_snake_case.py
lazyindex build site/itk -o out || echo "exit $?"
ls
