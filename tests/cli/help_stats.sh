lazyindex stats --help
