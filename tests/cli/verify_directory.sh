mkdir directory.lzi
lazyindex verify directory.lzi
