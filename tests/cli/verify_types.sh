# The program that Python gets is tested with the released wheels; here, what
# is written to it, and that its exit code is passed on.
site=env/lib/python3.11/site-packages
mkdir -p "$site" env/bin
make_package "$site"
lazyindex build "$site/itk" -o "$site/itk/_lazyindex"
cat >env/bin/python3 <<'EOF'
#!/bin/sh
echo "$1 $2 ${4#"$PWD/"}"
cat
case $0 in ./bad) exit 7 ;; esac
EOF
chmod +x env/bin/python3
ln -s env/bin/python3 bad
lazyindex verify --types "$site/itk"
lazyindex verify --types --python ./bad "$site/itk" >bad.txt || echo "exit $?"
damage "$site/itk/_lazyindex/itk-io.lzi" 9000
lazyindex verify --types "$site/itk" || echo "exit $?"
