# Everything the build needs, found once; a missing part gives one error that
# names the Debian package.
function(_lazyindex_missing what package)
  message(
    FATAL_ERROR
    "LazyIndex needs ${what}, which was not found. "
    "On Debian/Ubuntu: apt-get install ${package}"
  )
endfunction()

# LMDB 0.9, static: the extension must be self-contained. (0.9 and 1.0 have
# different file formats and the same symbols.)
find_path(LMDB_INCLUDE_DIR lmdb.h)
find_library(LMDB_STATIC_LIBRARY NAMES liblmdb.a)
if(
  NOT EXISTS "${LMDB_INCLUDE_DIR}/lmdb.h"
  OR NOT EXISTS "${LMDB_STATIC_LIBRARY}"
)
  _lazyindex_missing("the static library of LMDB 0.9" "liblmdb-dev")
endif()
file(
  STRINGS "${LMDB_INCLUDE_DIR}/lmdb.h"
  _lazyindex_lmdb_version
  REGEX "define MDB_VERSION_(MAJOR|MINOR)"
)
if(NOT _lazyindex_lmdb_version MATCHES "MAJOR[ \t]+0.*MINOR[ \t]+9")
  message(
    FATAL_ERROR
    "LazyIndex needs LMDB 0.9: ${LMDB_INCLUDE_DIR}/lmdb.h is of another series"
  )
endif()

# xxHash, header only.
find_path(XXHASH_INCLUDE_DIR xxhash.h)
if(NOT EXISTS "${XXHASH_INCLUDE_DIR}/xxhash.h")
  _lazyindex_missing("xxHash 0.8" "libxxhash-dev")
endif()

# Of the tool alone: SHA-256 for RECORD files, minizip, of zlib, for wheels;
# static where there is a static library, for that is what a wheel of the tool
# can carry along.
macro(
  _lazyindex_find
  what
  variable
  header
  library
  package
)
  find_path(${variable}_INCLUDE_DIR ${header})
  find_library(${variable}_LIBRARY NAMES lib${library}.a ${library})
  if(
    NOT EXISTS "${${variable}_INCLUDE_DIR}/${header}"
    OR NOT EXISTS "${${variable}_LIBRARY}"
  )
    _lazyindex_missing("${what}" "${package}")
  endif()
endmacro()
if(NOT LAZYINDEX_EXECUTABLE)
  _lazyindex_find(libmd LIBMD sha256.h md libmd-dev)
  _lazyindex_find(minizip MINIZIP minizip/unzip.h minizip libminizip-dev)
  _lazyindex_find(zlib ZLIB zlib.h z zlib1g-dev)
endif()

find_package(Python3 3.11 QUIET COMPONENTS Interpreter Development.Module)
if(NOT Python3_FOUND)
  _lazyindex_missing("Python 3.11 or later with its headers" "python3-dev")
endif()

find_package(Threads REQUIRED)

if(LAZYINDEX_TESTS)
  include(CheckLanguage)
  check_language(CXX)
  if(NOT CMAKE_CXX_COMPILER)
    unset(CMAKE_CXX_COMPILER CACHE) # look again next time
    _lazyindex_missing("a C++ compiler (or -DLAZYINDEX_TESTS=OFF)" "g++")
  endif()
  find_package(GTest QUIET)
  if(NOT GTest_FOUND)
    _lazyindex_missing("GoogleTest (or -DLAZYINDEX_TESTS=OFF)" "libgtest-dev")
  endif()
endif()
