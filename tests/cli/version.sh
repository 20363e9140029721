lazyindex --version
