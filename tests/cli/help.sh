lazyindex --help
