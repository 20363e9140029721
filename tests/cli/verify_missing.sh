lazyindex verify missing.lzi
