lazyindex status --help
