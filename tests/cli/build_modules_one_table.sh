make_build_tree site
# One table changes: one shard does.
lazyindex build site/itk --modules modules.txt -o out --stamp done
ls -i out | sort > before
sed -i 's/("ImageIO","PNG"),//' site/itk/Configuration/ITKIOPNGConfig.py
lazyindex build site/itk --modules modules.txt -o out --stamp done
ls -i out | sort > after
comm -13 before after | sed 's/.* //'
