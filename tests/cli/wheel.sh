make_wheels in
SOURCE_DATE_EPOCH=1700000000 lazyindex wheel in/*.whl -o out
make_wheels --list out/*.whl
ls -A out
