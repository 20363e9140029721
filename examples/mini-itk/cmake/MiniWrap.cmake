# mini_wrap_module(<module> [DEPENDS <module>...] [FACTORIES <group::prefix>...]
#                  [BODY <interface>...] [NO_FUNCTIONS] UNITS <unit>...)
#
# What ITK's itk_wrap_module() ... itk_end_wrap_module() do, in miniature: each
# unit is a SWIG module described by <unit>.wrap, all units of a module become
# one library _<module>Python, and the package gets the module's tables.
#
# Reads MINI_ITK_BINARY_DIR and MINI_ITK_SOURCE_DIR, which an external project
# has from MiniITKConfig.cmake: it writes into the same package directory.

set(MINI_PACKAGE_DIR "${MINI_ITK_BINARY_DIR}/python/itk")
set(MINI_INTERFACE_DIR "${MINI_ITK_BINARY_DIR}/Typedefs")
file(MAKE_DIRECTORY "${MINI_PACKAGE_DIR}/Configuration")
file(MAKE_DIRECTORY "${MINI_INTERFACE_DIR}")

# -- Types ------------------------------------------------------------------
set(MINI_DIMENSIONS 2 3)
set(MINI_IMAGES UC2 F2 F3)
set(MINI_PARAMETERS_UC2 "unsigned char,2")
set(MINI_PARAMETERS_F2 "float,2")
set(MINI_PARAMETERS_F3 "float,3")
foreach(_image IN LISTS MINI_IMAGES)
  set(MINI_TYPE_${_image} "itk::Image< ${MINI_PARAMETERS_${_image}} >")
endforeach()

# -- For .wrap files, included by the function below --------------------------
macro(mini_imports)
  foreach(_name IN ITEMS ${ARGN})
    string(APPEND _description "imports ${_name}\n")
  endforeach()
endmacro()

macro(mini_interface file)
  string(APPEND _description "interfaces ${CMAKE_CURRENT_LIST_DIR}/${file}\n")
endmacro()

macro(mini_function name)
  string(APPEND _description "functions ${name}\n")
endmacro()

# ITK says True where the module has a header named after the class.
macro(_mini_add_tuple class suffix parameters)
  string(REGEX REPLACE ".*::" "" _name "${class}")
  set(_in_module False)
  if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/../include/itk${_name}.h")
    set(_in_module True)
  endif()
  string(
    APPEND _templates
    "  ('${_name}', '${class}', 'itk${_name}${suffix}', ${_in_module}${parameters}),\n"
  )
endmacro()

macro(mini_wrap_class class)
  _mini_add_tuple(${class} "" "")
  string(APPEND _description "classes itk${_name} ${class}\n")
endmacro()

macro(mini_wrap_template class suffix parameters)
  _mini_add_tuple(${class} ${suffix} ", '${parameters}'")
  string(
    APPEND _description
    "templates itk${_name}${suffix} ${class}< ${parameters} >\n"
  )
endmacro()

# From and to images of one type.
macro(mini_wrap_image_filter class)
  mini_imports(itkImage)
  foreach(_image IN LISTS MINI_IMAGES)
    mini_wrap_template(
      ${class}
      "I${_image}I${_image}"
      "${MINI_TYPE_${_image}}, ${MINI_TYPE_${_image}}"
    )
  endforeach()
  if(NOT "ABSTRACT" STREQUAL "${ARGN}")
    mini_function(${_name})
  endif()
endmacro()

# -- Modules ------------------------------------------------------------------
# Run SWIG for one interface. Appends to `_sources` and `_proxies`.
macro(_mini_run_swig name interface)
  set(_source "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  set(_proxy "${MINI_PACKAGE_DIR}/${name}.py")
  add_custom_command(
    OUTPUT "${_source}" "${_proxy}"
    COMMAND
      "${SWIG_EXECUTABLE}" -c++ -python -features autodoc=2 -w302,362,401,509
      "-I${MINI_INTERFACE_DIR}" "-I${MINI_ITK_SOURCE_DIR}/Wrapping"
      "-I${CMAKE_CURRENT_SOURCE_DIR}" ${_include_options} -o "${_source}"
      -outdir "${MINI_PACKAGE_DIR}" "${interface}"
    DEPENDS
      "${interface}"
      "${MINI_ITK_SOURCE_DIR}/Wrapping/mini_itk.i"
      "${MINI_ITK_SOURCE_DIR}/Wrapping/mini_library.i"
    COMMENT "SWIG ${name}"
    VERBATIM
  )
  list(APPEND _sources "${_source}")
  list(APPEND _proxies "${_proxy}")
endmacro()

# The table that is known when CMake runs.
macro(_mini_write_config)
  set(_depends)
  foreach(_dependency IN LISTS _arg_DEPENDS)
    string(PREPEND _depends "'${_dependency}', ")
  endforeach()
  if(NOT module STREQUAL "ITKPyBase")
    string(PREPEND _depends "'ITKPyBase', ")
  endif()
  set(_factories)
  foreach(_factory IN LISTS _arg_FACTORIES)
    string(REPLACE "::" "\",\"" _factory "${_factory}")
    string(APPEND _factories "(\"${_factory}\"),")
  endforeach()
  configure_file(
    "${MINI_ITK_SOURCE_DIR}/Wrapping/ModuleConfig.py.in"
    "${MINI_PACKAGE_DIR}/Configuration/${module}Config.py"
    @ONLY
  )
  set(_tables "${MINI_PACKAGE_DIR}/Configuration/${module}Config.py")
endmacro()

# Interfaces, and the table that is known when they are made.
macro(_mini_run_generator)
  file(CONFIGURE OUTPUT "${module}.units" CONTENT "${_description}" @ONLY)
  set(_functions)
  if(NOT _arg_NO_FUNCTIONS)
    set(_functions "${MINI_PACKAGE_DIR}/Configuration/${module}_snake_case.py")
    list(APPEND _tables "${_functions}")
  endif()
  set(_generator "${MINI_ITK_SOURCE_DIR}/Wrapping/interface_generator.py")
  add_custom_command(
    OUTPUT ${_interfaces} ${_functions}
    COMMAND
      "${Python3_EXECUTABLE}" "${_generator}"
      "${CMAKE_CURRENT_BINARY_DIR}/${module}.units" "${MINI_INTERFACE_DIR}"
      "${_functions}"
    DEPENDS "${_generator}" "${CMAKE_CURRENT_BINARY_DIR}/${module}.units"
    COMMENT "Interfaces of ${module}"
    VERBATIM
  )
  add_custom_target(${module}Swig DEPENDS ${_interfaces} ${_functions})
  foreach(_dependency IN LISTS _arg_DEPENDS)
    if(TARGET ${_dependency}Swig) # else it is of the project built before
      add_dependencies(${module}Swig ${_dependency}Swig)
    endif()
  endforeach()
endmacro()

macro(_mini_add_library)
  python3_add_library(${module}Python MODULE WITH_SOABI ${_sources})
  set_target_properties(
    ${module}Python
    PROPERTIES PREFIX "_" LIBRARY_OUTPUT_DIRECTORY "${MINI_PACKAGE_DIR}"
  )
  # What SWIG writes has warnings of its own.
  target_compile_options(${module}Python PRIVATE -w)
  target_include_directories(
    ${module}Python
    PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}"
  )
  target_link_libraries(${module}Python PRIVATE MiniITK::minitk)
  add_dependencies(${module}Python ${module}Swig)
endmacro()

# With the module, but for ITKPyBase, which is nothing by itself.
macro(_mini_install)
  set(_component ${module}Runtime)
  if(module STREQUAL "ITKPyBase")
    set(_component ITKCommonRuntime)
  endif()
  install(
    TARGETS ${module}Python
    LIBRARY
      DESTINATION "${MINI_ITK_PYTHON_DESTINATION}/itk"
      COMPONENT ${_component}
  )
  install(
    FILES ${_proxies}
    DESTINATION "${MINI_ITK_PYTHON_DESTINATION}/itk"
    COMPONENT ${_component}
  )
  install(
    FILES ${_tables}
    DESTINATION "${MINI_ITK_PYTHON_DESTINATION}/itk/Configuration"
    COMPONENT ${_component}
  )
endmacro()

# The line that LazyIndex needs, for every module.
macro(_mini_add_to_index)
  set(_options)
  if(_arg_NO_FUNCTIONS)
    list(APPEND _options NO_FUNCTIONS)
  endif()
  string(TOLOWER "__init_${module}__.py" _hook)
  if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${_hook}")
    list(APPEND _options HOOK)
  endif()
  lazyindex_add_module(
    ${module}
    PACKAGE itk
    LIBRARY ${module}Python
    COMPONENT ${_component}
    ${_options}
  )
endmacro()

function(mini_wrap_module module)
  cmake_parse_arguments(
    PARSE_ARGV 1
    _arg
    "NO_FUNCTIONS"
    ""
    "DEPENDS;FACTORIES;BODY;UNITS"
  )
  set(_include_options)
  foreach(_directory IN LISTS MINI_ITK_INCLUDE_DIRS)
    list(APPEND _include_options "-I${_directory}")
  endforeach()

  set(_templates "\n")
  set(_interfaces)
  set(_description "module ${module}\n")
  if(NOT module STREQUAL "ITKPyBase")
    string(APPEND _description "depends ITKPyBase\n")
  endif()
  foreach(_dependency IN LISTS _arg_DEPENDS)
    string(APPEND _description "depends ${_dependency}\n")
  endforeach()
  foreach(_body IN LISTS _arg_BODY)
    string(APPEND _description "body ${_body}\n")
  endforeach()
  foreach(_unit IN LISTS _arg_UNITS)
    string(APPEND _description "unit ${_unit}\n")
    include("${CMAKE_CURRENT_SOURCE_DIR}/${_unit}.wrap")
    list(APPEND _interfaces "${MINI_INTERFACE_DIR}/${_unit}.i")
  endforeach()
  list(APPEND _interfaces "${MINI_INTERFACE_DIR}/${module}.i")

  _mini_write_config()
  _mini_run_generator()
  set(_sources)
  set(_proxies)
  foreach(_unit IN LISTS _arg_UNITS)
    _mini_run_swig(${_unit}Python "${MINI_INTERFACE_DIR}/${_unit}.i")
  endforeach()
  _mini_run_swig(${module}Python "${MINI_INTERFACE_DIR}/${module}.i")
  _mini_add_library()
  _mini_install()
  if(MINI_ITK_LAZY)
    _mini_add_to_index()
  endif()
endfunction()
