# The CMake package: in the build tree, in an install prefix, in a wheel. What
# it is made of stands side by side in each.
include(CMakePackageConfigHelpers)

set(_lazyindex_package_dir "${PROJECT_BINARY_DIR}/cmake")
if(SKBUILD)
  set(_lazyindex_install_dir "${SKBUILD_PLATLIB_DIR}/lazyindex/cmake")
  set(_lazyindex_component COMPONENT python)
else()
  set(_lazyindex_install_dir "${CMAKE_INSTALL_LIBDIR}/cmake/LazyIndex")
  set(_lazyindex_component)
endif()

configure_package_config_file(
  cmake/LazyIndexConfig.cmake.in
  "${_lazyindex_package_dir}/LazyIndexConfig.cmake"
  INSTALL_DESTINATION "${_lazyindex_install_dir}"
  NO_SET_AND_CHECK_MACRO
)
write_basic_package_version_file(
  "${_lazyindex_package_dir}/LazyIndexConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion
)
foreach(
  _lazyindex_file
  IN
  ITEMS
    cmake/LazyIndexFunctions.cmake
    runtime/package/_lazyindex_stock.py
    runtime/package/package_init.py
)
  configure_file("${_lazyindex_file}" "${_lazyindex_package_dir}" COPYONLY)
endforeach()

set(_lazyindex_targets lazyindex_extension)
if(TARGET lazyindex)
  list(APPEND _lazyindex_targets lazyindex)
endif()
export(
  TARGETS ${_lazyindex_targets}
  NAMESPACE LazyIndex::
  FILE "${_lazyindex_package_dir}/LazyIndexTargets.cmake"
)

if(LAZYINDEX_INSTALL)
  install(
    DIRECTORY "${_lazyindex_package_dir}/"
    DESTINATION "${_lazyindex_install_dir}"
    ${_lazyindex_component}
    PATTERN "LazyIndex*Targets*.cmake" EXCLUDE
  )
  if(SKBUILD)
    install(
      FILES cmake/LazyIndexWheelTargets.cmake
      DESTINATION "${_lazyindex_install_dir}"
      RENAME LazyIndexTargets.cmake
      ${_lazyindex_component}
    )
  else()
    install(
      EXPORT LazyIndexTargets
      NAMESPACE LazyIndex::
      DESTINATION "${_lazyindex_install_dir}"
    )
  endif()
endif()

# As installed, for those that add this directory to their project.
set_property(GLOBAL PROPERTY _LAZYINDEX_VERSION "${PROJECT_VERSION}")
include("${_lazyindex_package_dir}/LazyIndexFunctions.cmake")
