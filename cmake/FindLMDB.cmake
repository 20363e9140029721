# FindLMDB: the static library of LMDB, as the target LMDB::LMDB.
#
# Static, for what has it inside is put into packages. Sets LMDB_FOUND and
# LMDB_VERSION; the cache has LMDB_INCLUDE_DIR and LMDB_LIBRARY.
include(FindPackageHandleStandardArgs)

find_path(LMDB_INCLUDE_DIR lmdb.h)
find_library(LMDB_LIBRARY NAMES liblmdb.a)
mark_as_advanced(LMDB_INCLUDE_DIR LMDB_LIBRARY)

set(LMDB_VERSION)
if(EXISTS "${LMDB_INCLUDE_DIR}/lmdb.h")
  foreach(_lmdb_part IN ITEMS MAJOR MINOR PATCH)
    file(
      STRINGS "${LMDB_INCLUDE_DIR}/lmdb.h"
      _lmdb_line
      REGEX "^#define MDB_VERSION_${_lmdb_part}[ \t]"
    )
    string(REGEX MATCH "[0-9]+" _lmdb_number "${_lmdb_line}")
    list(APPEND LMDB_VERSION "${_lmdb_number}")
  endforeach()
  list(JOIN LMDB_VERSION "." LMDB_VERSION)
endif()

find_package_handle_standard_args(
  LMDB
  REQUIRED_VARS LMDB_LIBRARY LMDB_INCLUDE_DIR
  VERSION_VAR LMDB_VERSION
)
if(LMDB_FOUND AND NOT TARGET LMDB::LMDB)
  find_package(Threads REQUIRED)
  add_library(LMDB::LMDB STATIC IMPORTED)
  set_property(TARGET LMDB::LMDB PROPERTY IMPORTED_LOCATION "${LMDB_LIBRARY}")
  target_include_directories(LMDB::LMDB INTERFACE "${LMDB_INCLUDE_DIR}")
  target_link_libraries(LMDB::LMDB INTERFACE Threads::Threads)
endif()
