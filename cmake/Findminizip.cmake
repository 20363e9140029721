# Findminizip: zip archives, of zlib's `contrib`, as the target
# MINIZIP::minizip; the static library where there is one.
include(FindPackageHandleStandardArgs)

find_package(ZLIB QUIET)
find_path(MINIZIP_INCLUDE_DIR minizip/unzip.h)
find_library(MINIZIP_LIBRARY NAMES libminizip.a minizip)
mark_as_advanced(MINIZIP_INCLUDE_DIR MINIZIP_LIBRARY)
find_package_handle_standard_args(
  minizip
  REQUIRED_VARS MINIZIP_LIBRARY MINIZIP_INCLUDE_DIR ZLIB_FOUND
)
if(minizip_FOUND AND NOT TARGET MINIZIP::minizip)
  add_library(MINIZIP::minizip UNKNOWN IMPORTED)
  set_property(
    TARGET MINIZIP::minizip
    PROPERTY IMPORTED_LOCATION "${MINIZIP_LIBRARY}"
  )
  target_include_directories(
    MINIZIP::minizip
    INTERFACE "${MINIZIP_INCLUDE_DIR}"
  )
  target_link_libraries(MINIZIP::minizip INTERFACE ZLIB::ZLIB)
endif()
