set(CMAKE_SIZEOF_VOID_P 4)
find_package(LazyIndex CONFIG REQUIRED)
