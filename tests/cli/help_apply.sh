lazyindex apply --help
