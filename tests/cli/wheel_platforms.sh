# The runtime has to fit to the wheel that gets it.
make_wheels in
for tag in cp310-abi3-linux_x86_64 cp313-cp313t-linux_x86_64 py3-none-any \
    cp311-abi3-win_amd64 cp311-abi3-manylinux_2_28_aarch64 \
    cp311-abi3-musllinux_1_2_x86_64; do
    cp in/itk_core*.whl itk_core-1.0-$tag.whl
    fails 1 lazyindex wheel itk_core-1.0-$tag.whl -o out
done
fails 1 lazyindex wheel --runtime in/itk_core*.whl in/*.whl -o out
fails 1 lazyindex wheel --runtime gone in/*.whl -o out
SOURCE_DATE_EPOCH=yesterday fails 1 lazyindex wheel in/*.whl -o out
ls -A .
