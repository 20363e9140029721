# Everything the build needs, found once; a missing part gives one error that
# names the Debian package.
function(_lazyindex_missing what package)
  message(
    FATAL_ERROR
    "LazyIndex needs ${what}, which was not found. "
    "On Debian/Ubuntu: apt-get install ${package}"
  )
endfunction()

# After find_package(): is the target there, with its files? What the cache
# says may have been true yesterday. A target that is not imported is of the
# project that we are a part of.
function(_lazyindex_check_found target header what package)
  if(NOT TARGET ${target})
    _lazyindex_missing("${what}" "${package}")
  endif()
  get_target_property(_imported ${target} IMPORTED)
  if(NOT _imported)
    return()
  endif()
  get_target_property(_directories ${target} INTERFACE_INCLUDE_DIRECTORIES)
  find_path(
    _header
    "${header}"
    PATHS ${_directories}
    NO_DEFAULT_PATH
    NO_CMAKE_FIND_ROOT_PATH
    NO_CACHE
  )
  if(NOT _header)
    _lazyindex_missing("${what}" "${package}")
  endif()
  foreach(_property IN ITEMS IMPORTED_LOCATION IMPORTED_LOCATION_RELEASE)
    get_target_property(_file ${target} ${_property})
    if(_file AND NOT EXISTS "${_file}")
      _lazyindex_missing("${what}" "${package}")
    endif()
  endforeach()
endfunction()

# LMDB 0.9, static: the extension must be self-contained. (0.9 and 1.0 have
# different file formats and the same symbols.)
find_package(LMDB QUIET)
_lazyindex_check_found(
  LMDB::LMDB
  lmdb.h
  "the static library of LMDB 0.9"
  liblmdb-dev
)
if(NOT LMDB_VERSION MATCHES "^0\\.9\\.")
  message(
    FATAL_ERROR
    "LazyIndex needs LMDB 0.9: ${LMDB_INCLUDE_DIR}/lmdb.h is of another series"
  )
endif()

find_package(xxHash QUIET)
_lazyindex_check_found(xxHash::xxhash xxhash.h "xxHash 0.8" libxxhash-dev)

# Of the tool alone: SHA-256 for RECORD files, minizip, of zlib, for wheels;
# static where there is a static library, for that is what a wheel of the tool
# can carry along.
if(NOT LAZYINDEX_EXECUTABLE)
  find_package(libmd QUIET)
  _lazyindex_check_found(libmd::libmd sha256.h libmd libmd-dev)
  block()
    set(ZLIB_USE_STATIC_LIBS ON)
    find_package(ZLIB QUIET)
    if(NOT ZLIB_FOUND)
      set(ZLIB_USE_STATIC_LIBS OFF)
      find_package(ZLIB QUIET)
    endif()
  endblock()
  _lazyindex_check_found(ZLIB::ZLIB zlib.h zlib zlib1g-dev)
  find_package(minizip QUIET)
  _lazyindex_check_found(
    MINIZIP::minizip
    minizip/unzip.h
    minizip
    libminizip-dev
  )
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
