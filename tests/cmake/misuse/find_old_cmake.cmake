set(CMAKE_VERSION 3.21.7)
find_package(LazyIndex CONFIG REQUIRED)
