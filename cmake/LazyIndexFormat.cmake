# LazyIndex::format, for programs of others that read shards: the format
# library as a shared one, with LMDB inside, so that whoever links it needs
# nothing else.
set(
  _lazyindex_format_headers
  lzi_format.h
  lzi_merge.h
  lzi_reader.h
  lzi_record.h
  lzi_status.h
)
get_target_property(_lazyindex_format_sources lazyindex_format SOURCES)
list(TRANSFORM _lazyindex_format_sources PREPEND "runtime/")
add_library(lazyindex_shared SHARED ${_lazyindex_format_sources})
add_library(LazyIndex::format ALIAS lazyindex_shared)
if(NOT LAZYINDEX_LMDB_IS_PIC)
  target_sources(lazyindex_shared PRIVATE runtime/core/lmdb_stderr.c)
endif()
if(SKBUILD OR NOT PROJECT_IS_TOP_LEVEL)
  set_property(TARGET lazyindex_shared PROPERTY EXCLUDE_FROM_ALL TRUE)
endif()
set_target_properties(
  lazyindex_shared
  PROPERTIES
    OUTPUT_NAME lazyindex
    EXPORT_NAME format
    VERSION "${PROJECT_VERSION}"
    SOVERSION "${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}"
    C_VISIBILITY_PRESET default
)
foreach(_lazyindex_header IN LISTS _lazyindex_format_headers)
  configure_file(
    "runtime/format/${_lazyindex_header}"
    "${PROJECT_BINARY_DIR}/include/lazyindex/${_lazyindex_header}"
    COPYONLY
  )
endforeach()
target_include_directories(
  lazyindex_shared
  INTERFACE
    "$<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>"
)
target_link_libraries(
  lazyindex_shared
  PRIVATE lazyindex_compile LMDB::LMDB xxHash::xxhash
)
# Own symbols only, and all of them.
target_link_options(
  lazyindex_shared
  PRIVATE
    "LINKER:--exclude-libs,ALL"
    "LINKER:--gc-sections"
    "LINKER:--no-undefined"
)

export(
  TARGETS lazyindex_shared
  NAMESPACE LazyIndex::
  FILE "${PROJECT_BINARY_DIR}/cmake/LazyIndexFormatTargets.cmake"
)
# Not in a wheel of the tool: it is for C and C++.
if(LAZYINDEX_INSTALL AND NOT SKBUILD)
  install(
    TARGETS lazyindex_shared
    EXPORT LazyIndexFormatTargets
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  )
  install(
    DIRECTORY "${PROJECT_BINARY_DIR}/include/lazyindex"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  )
  install(
    EXPORT LazyIndexFormatTargets
    NAMESPACE LazyIndex::
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/LazyIndex"
  )
endif()
