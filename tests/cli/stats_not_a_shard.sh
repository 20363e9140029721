seq 10000 > text.lzi
lazyindex stats text.lzi
