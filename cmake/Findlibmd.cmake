# Findlibmd: SHA-256 and other digests, as the target libmd::libmd; the static
# library where there is one.
include(FindPackageHandleStandardArgs)

find_path(LIBMD_INCLUDE_DIR sha256.h)
find_library(LIBMD_LIBRARY NAMES libmd.a md)
mark_as_advanced(LIBMD_INCLUDE_DIR LIBMD_LIBRARY)
find_package_handle_standard_args(
  libmd
  REQUIRED_VARS LIBMD_LIBRARY LIBMD_INCLUDE_DIR
)
if(libmd_FOUND AND NOT TARGET libmd::libmd)
  add_library(libmd::libmd UNKNOWN IMPORTED)
  set_property(
    TARGET libmd::libmd
    PROPERTY IMPORTED_LOCATION "${LIBMD_LIBRARY}"
  )
  target_include_directories(libmd::libmd INTERFACE "${LIBMD_INCLUDE_DIR}")
endif()
