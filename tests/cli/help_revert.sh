lazyindex revert --help
