: > empty.lzi
lazyindex dump empty.lzi
