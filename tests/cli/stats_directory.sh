mkdir directory.lzi
lazyindex stats directory.lzi
