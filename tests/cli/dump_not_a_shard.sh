seq 10000 > text.lzi
lazyindex dump text.lzi
