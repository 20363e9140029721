# cmake --build BUILD_DIR --target uninstall
if(PROJECT_IS_TOP_LEVEL)
  configure_file(cmake/uninstall.cmake.in uninstall.cmake @ONLY)
  add_custom_target(
    uninstall
    COMMAND "${CMAKE_COMMAND}" -P "${PROJECT_BINARY_DIR}/uninstall.cmake"
    COMMENT "Removing what was installed from here"
    VERBATIM
  )
endif()
