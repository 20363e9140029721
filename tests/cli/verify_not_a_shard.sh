seq 10000 > text.lzi
lazyindex verify text.lzi
