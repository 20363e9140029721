lazyindex explain --help
