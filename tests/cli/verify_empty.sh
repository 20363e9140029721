: > empty.lzi
lazyindex verify empty.lzi
