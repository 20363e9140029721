find_package(LazyIndex 0.2 CONFIG REQUIRED)
