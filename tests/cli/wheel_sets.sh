# What is given has to be one package, whole, once.
make_wheels in
core=$(echo in/itk_core*)
io=$(echo in/itk_io*)
try() {
    fails 1 lazyindex wheel "$@" -o out
    [ ! -e out ] || ls -A out
}
try "$io"
try "$io" "$io"
make_wheels in no-tables
try "$io"
cp "$core" other-1-py3-none-any.whl
try "$core" other-1-py3-none-any.whl
cp "$core" core.whl
try core.whl
cp "$core" core.zip
try core.zip
