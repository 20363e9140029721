find_package(LazyIndex CONFIG REQUIRED COMPONENTS compiler)
