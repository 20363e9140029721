lazyindex stats missing.lzi
