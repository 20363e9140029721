mkdir directory.lzi
lazyindex dump directory.lzi
