make_package site
lazyindex build site/itk -o out
# The bytes of the image are LMDB's own affair.
lazyindex dump out/itk-core.lzi > dump
sed 's/^digest: .*/digest: DIGEST/' dump
