# Lazy wheels in: the same bytes out. Nothing depends on time or place.
make_wheels in
lazyindex wheel -o one in/*.whl
lazyindex wheel one/*.whl -o two
mkdir 'blänk dir'
cp in/* 'blänk dir'
(cd 'blänk dir' && lazyindex wheel ./*.whl -o ../three)
diff -r one two
diff -r one three
echo same
