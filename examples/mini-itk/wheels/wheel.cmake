# What the wheels have in common: mini-itk is built here, or, where MINI_ITK_BUILD
# names a build of it, taken from there. Each wheel then installs the
# components of its modules (pyproject.toml).
set(MINI_ITK_BUILD "" CACHE PATH "A build made for another wheel of mini-itk")
if(MINI_ITK_BUILD)
  install(
    CODE "include(\"${MINI_ITK_BUILD}/mini-itk/cmake_install.cmake\")"
    ALL_COMPONENTS
  )
else()
  set(
    MINI_ITK_PYTHON_DESTINATION
    "."
    CACHE STRING
    "The prefix is where Python packages go"
  )
  add_subdirectory("${CMAKE_CURRENT_LIST_DIR}/.." mini-itk)
endif()
