# The targets in a wheel, where the tool is wherever the installer puts
# programs: from <prefix>/lib/python3.X/site-packages/lazyindex/cmake that is
# <prefix>/bin, with pip's --target it is nearer.
if(NOT TARGET LazyIndex::lazyindex)
  set(_lazyindex_directory "${CMAKE_CURRENT_LIST_DIR}")
  set(_lazyindex_tool "")
  foreach(_lazyindex_up RANGE 5)
    cmake_path(GET _lazyindex_directory PARENT_PATH _lazyindex_directory)
    if(EXISTS "${_lazyindex_directory}/bin/lazyindex")
      set(_lazyindex_tool "${_lazyindex_directory}/bin/lazyindex")
      break()
    endif()
  endforeach()
  if(NOT _lazyindex_tool)
    find_program(_lazyindex_tool lazyindex NO_CACHE)
  endif()
  if(NOT _lazyindex_tool)
    set(LazyIndex_FOUND FALSE)
    set(
      LazyIndex_NOT_FOUND_MESSAGE
      "the program 'lazyindex' is not installed beside ${CMAKE_CURRENT_LIST_DIR} nor on PATH: install the Python package lazyindex again"
    )
    return()
  endif()
  add_executable(LazyIndex::lazyindex IMPORTED)
  set_property(
    TARGET LazyIndex::lazyindex
    PROPERTY IMPORTED_LOCATION "${_lazyindex_tool}"
  )
  add_library(LazyIndex::runtime MODULE IMPORTED)
  set_property(
    TARGET LazyIndex::runtime
    PROPERTY
      IMPORTED_LOCATION "${CMAKE_CURRENT_LIST_DIR}/../_lazyindex.abi3.so"
  )
  unset(_lazyindex_directory)
  unset(_lazyindex_tool)
  unset(_lazyindex_up)
endif()
