make_build_tree site
# One table changes: one shard does.
lazyindex build site/itk --modules modules.txt -o out --stamp done
ls -i out > before
sed -i 's/("ImageIO","PNG"),//' site/itk/Configuration/ITKIOPNGConfig.py
lazyindex build site/itk --modules modules.txt -o out --stamp done
ls -i out > after
sort before -o before
sort after -o after
comm -13 before after > changed
sed 's/.* //' changed
