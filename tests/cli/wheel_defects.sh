# A wheel that is not as it should be: one message, and no output.
for defect in traversal absolute backslash drive control nul twice symlink \
    method huge encrypted unlisted missing wrong-hash wrong-size no-hash md5 bad-line \
    listed-twice no-info two-infos other-info no-metadata no-wheel version \
    signed platlib two-packages same-file no-proxy syntax; do
    echo "-- $defect" >&2
    make_wheels in $defect
    fails 1 lazyindex wheel in/*.whl -o out
    rm -r in
    [ ! -e out ] || ls -A out
done
