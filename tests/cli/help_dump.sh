lazyindex dump --help
