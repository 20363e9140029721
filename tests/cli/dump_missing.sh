lazyindex dump missing.lzi
