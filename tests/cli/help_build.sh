lazyindex build --help
