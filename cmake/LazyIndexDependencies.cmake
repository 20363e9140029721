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

# SHA-256 for RECORD files: of the tool alone.
if(NOT LAZYINDEX_EXECUTABLE)
  find_path(LIBMD_INCLUDE_DIR sha256.h)
  find_library(LIBMD_LIBRARY NAMES libmd.a md)
  if(
    NOT EXISTS "${LIBMD_INCLUDE_DIR}/sha256.h"
    OR NOT EXISTS "${LIBMD_LIBRARY}"
  )
    _lazyindex_missing("libmd" "libmd-dev")
  endif()
endif()

# minizip, of zlib, for wheels, in the tool alone; static where there is a
# static library, for that is what a wheel of the tool can carry along.
if(NOT LAZYINDEX_EXECUTABLE)
  find_path(MINIZIP_INCLUDE_DIR minizip/unzip.h)
  find_library(MINIZIP_LIBRARY NAMES libminizip.a minizip)
  find_path(ZLIB_INCLUDE_DIR zlib.h)
  find_library(ZLIB_LIBRARY NAMES libz.a z)
  if(
    NOT EXISTS "${MINIZIP_INCLUDE_DIR}/minizip/unzip.h"
    OR NOT EXISTS "${MINIZIP_LIBRARY}"
  )
    _lazyindex_missing("minizip" "libminizip-dev")
  endif()
  if(NOT EXISTS "${ZLIB_INCLUDE_DIR}/zlib.h" OR NOT EXISTS "${ZLIB_LIBRARY}")
    _lazyindex_missing("zlib" "zlib1g-dev")
  endif()
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
