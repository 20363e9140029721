make_build_tree site
# A project beside others: reads what its modules depend on, no support layer.
rm -r site/itk/__init__.py site/itk/support
cat > extra.txt <<END
module Extra extra _ExtraPython.so hook
END
lazyindex build site/itk --modules extra.txt -o out --stamp done --depfile d
ls out
lazyindex dump out/extra.lzi > dump
head -11 dump
grep -A3 '^contents' dump
# Without what it depends on.
rm site/itk/ITKCommonPython.py
lazyindex build site/itk --modules extra.txt -o out
