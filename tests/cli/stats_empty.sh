: > empty.lzi
lazyindex stats empty.lzi
