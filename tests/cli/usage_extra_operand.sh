lazyindex build itk -o out more || echo "exit $?"
lazyindex dump one two
