# Not an archive, or no longer one.
make_wheels in
core=$(echo in/itk_core*)
io=$(echo in/itk_io*)
try() {
    fails 1 lazyindex wheel "$core" "$io" -o out
    [ ! -e out ] || ls -A out
}
cp "$io" whole
damage "$io" 80
try
head -c 3000 whole > "$io"
try
echo text > "$io"
try
: > "$io"
try
truncate -s 4G "$io"
try
rm "$io"
try
mkdir "$io"
try
