include(CMakePackageConfigHelpers)
set(_lazyindex_package_dir "${PROJECT_BINARY_DIR}/cmake")
configure_package_config_file(
  cmake/LazyIndexConfig.cmake.in
  "${_lazyindex_package_dir}/LazyIndexConfig.cmake"
  INSTALL_DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/LazyIndex"
)
write_basic_package_version_file(
  "${_lazyindex_package_dir}/LazyIndexConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion
)
install(
  FILES
    "${_lazyindex_package_dir}/LazyIndexConfig.cmake"
    "${_lazyindex_package_dir}/LazyIndexConfigVersion.cmake"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/LazyIndex"
)
