lazyindex verify --help
