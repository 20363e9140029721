lazyindex wheel --help
