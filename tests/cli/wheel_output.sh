# Where output goes: never over its input; an older one is replaced.
make_wheels in
fails 1 lazyindex wheel in/*.whl -o in
ls -A in
fails 1 lazyindex wheel in/*.whl -o gone/out
fails 1 lazyindex wheel in/*.whl -o in/itk_core*.whl
mkdir out
echo old | tee out/itk_core-1.0-cp311-abi3-linux_x86_64.whl > out/other
lazyindex wheel in/*.whl -o out
ls -A out
head -c 2 out/itk_core*.whl
