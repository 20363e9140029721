# LazyIndex::format, for programs of others that read shards: the format
# library as a shared one, with LMDB inside, so that whoever links it needs
# nothing else.
set(
  _lazyindex_format_headers
  format/lzi_closure.h
  format/lzi_format.h
  format/lzi_merge.h
  format/lzi_reader.h
  format/lzi_record.h
  format/lzi_status.h
  itk/lzi_itk_index.h
  itk/lzi_itk_record.h
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
  cmake_path(GET _lazyindex_header FILENAME _lazyindex_name)
  configure_file(
    "runtime/${_lazyindex_header}"
    "${PROJECT_BINARY_DIR}/include/lazyindex/${_lazyindex_name}"
    COPYONLY
  )
endforeach()
target_include_directories(
  lazyindex_shared
  INTERFACE
    "$<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>"
)
target_include_directories(
  lazyindex_shared
  SYSTEM
  PRIVATE "${LMDB_INCLUDE_DIR}" "${XXHASH_INCLUDE_DIR}"
)
target_include_directories(
  lazyindex_shared
  PRIVATE
    "${PROJECT_SOURCE_DIR}/runtime/format"
    "${PROJECT_SOURCE_DIR}/runtime/itk"
)
target_link_libraries(
  lazyindex_shared
  PRIVATE lazyindex_compile "${LMDB_STATIC_LIBRARY}" Threads::Threads
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
