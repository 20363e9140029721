make_build_tree site
lazyindex build site/itk --modules modules.txt -o out --stamp done --depfile 'a $d#'
ls out
cat done 'a $d#'
# The rows of the shards, but for their distribution, are those of an
# installed package; a second run leaves the files alone.
ls -i out > before
lazyindex build site/itk --modules modules.txt -o out --stamp done --depfile d
ls -i out > after
cmp before after
# A module that is gone takes its shard along, and nothing else.
echo other > out/other.lzi
grep -v Extra modules.txt > fewer.txt
lazyindex build site/itk --modules fewer.txt -o out --stamp done
ls out
lazyindex stats out/png.lzi > stats
head -1 stats
