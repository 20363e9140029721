make_package one
make_package two
lazyindex build one/itk -o one/out
(cd two && lazyindex build itk -o out)
for name in one/out/*; do
    cmp "$name" "two/out/${name##*/}"
    echo same
done
