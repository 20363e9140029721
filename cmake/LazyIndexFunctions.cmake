# lazyindex_add_module(), lazyindex_add_package(): see docs/cmake.md.
#
# What the first one is told is kept in GLOBAL properties until the second one
# is called, for they are called in different directories.
include_guard(GLOBAL)

set_property(GLOBAL PROPERTY _LAZYINDEX_GLUE_DIR "${CMAKE_CURRENT_LIST_DIR}")

# Unknown arguments, keywords without a value and missing ones are errors.
# `prefix` is that of cmake_parse_arguments(), whose results are read.
function(_lazyindex_check_arguments where prefix)
  if(DEFINED ${prefix}_UNPARSED_ARGUMENTS)
    list(JOIN ${prefix}_UNPARSED_ARGUMENTS " " _unknown)
    message(FATAL_ERROR "${where}: unknown argument: ${_unknown}")
  endif()
  if(DEFINED ${prefix}_KEYWORDS_MISSING_VALUES)
    list(JOIN ${prefix}_KEYWORDS_MISSING_VALUES " " _empty)
    message(FATAL_ERROR "${where}: ${_empty}: needs a value")
  endif()
  foreach(_keyword IN LISTS ARGN)
    if(
      NOT DEFINED ${prefix}_${_keyword}
      OR "${${prefix}_${_keyword}}" STREQUAL ""
    )
      message(FATAL_ERROR "${where}: ${_keyword} is missing")
    endif()
  endforeach()
endfunction()

# A name that a file can have and that needs no quotes anywhere.
function(_lazyindex_check_name where what name)
  if(NOT name MATCHES "^[A-Za-z0-9_-][A-Za-z0-9._-]*$")
    message(
      FATAL_ERROR
      "${where}: ${what}: '${name}' is not a name of letters, digits, '.', '_' and '-'"
    )
  endif()
endfunction()

function(_lazyindex_check_targets where)
  foreach(_target IN LISTS ARGN)
    if(NOT TARGET "${_target}")
      set(_hint)
      if(_target MATCHES "[/.]")
        set(_hint ": name the one that writes the file")
      endif()
      message(FATAL_ERROR "${where}: '${_target}' is not a target${_hint}")
    endif()
  endforeach()
endfunction()

function(lazyindex_add_module module)
  set(_where "lazyindex_add_module(${module})")
  cmake_parse_arguments(
    PARSE_ARGV 1
    _arg
    "HOOK;NO_FUNCTIONS"
    "PACKAGE;LIBRARY;COMPONENT;SHARD"
    "DEPENDS"
  )
  _lazyindex_check_arguments("${_where}" _arg PACKAGE LIBRARY)
  if(NOT module MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "${_where}: '${module}' is not an identifier")
  endif()
  if(NOT _arg_SHARD)
    set(_arg_SHARD "${module}")
  endif()
  _lazyindex_check_name("${_where}" SHARD "${_arg_SHARD}")

  set(_package _LAZYINDEX_${_arg_PACKAGE})
  get_property(_finished GLOBAL PROPERTY ${_package}_FINISHED)
  if(_finished)
    message(
      FATAL_ERROR
      "${_where}: PACKAGE: lazyindex_add_package(${_arg_PACKAGE}) was called before, in ${_finished}"
    )
  endif()
  get_property(_added GLOBAL PROPERTY ${_package}_${module}_DIRECTORY)
  if(_added)
    message(
      FATAL_ERROR
      "${_where}: package ${_arg_PACKAGE} has a module of this name, added in ${_added}"
    )
  endif()
  set_property(GLOBAL APPEND PROPERTY ${_package}_MODULES "${module}")
  set_property(
    GLOBAL
    PROPERTY ${_package}_${module}_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
  )
  foreach(
    _keyword
    IN
    ITEMS LIBRARY COMPONENT SHARD DEPENDS HOOK NO_FUNCTIONS
  )
    set_property(
      GLOBAL
      PROPERTY ${_package}_${module}_${_keyword} "${_arg_${_keyword}}"
    )
  endforeach()
endfunction()

# The tool: a command, and what a command that uses it depends on.
function(_lazyindex_find_tool out where)
  get_property(_version GLOBAL PROPERTY _LAZYINDEX_VERSION)
  if(NOT LAZYINDEX_EXECUTABLE)
    if(CMAKE_CROSSCOMPILING OR NOT TARGET LazyIndex::lazyindex)
      message(
        FATAL_ERROR
        "${where}: in a cross build, set LAZYINDEX_EXECUTABLE to a lazyindex ${_version} that runs on this machine"
      )
    endif()
    set(${out} LazyIndex::lazyindex PARENT_SCOPE)
    return()
  endif()
  execute_process(
    COMMAND "${LAZYINDEX_EXECUTABLE}" --version
    OUTPUT_VARIABLE _answer
    ERROR_QUIET
    OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE _result
  )
  string(REGEX MATCH "^[0-9]+\\.[0-9]+" _series "${_version}")
  string(REPLACE "." "\\." _pattern "^lazyindex ${_series}.[0-9]+$")
  if(NOT _result EQUAL 0)
    message(
      FATAL_ERROR
      "${where}: LAZYINDEX_EXECUTABLE: cannot run '${LAZYINDEX_EXECUTABLE}': ${_result}"
    )
  elseif(NOT _answer MATCHES "${_pattern}")
    message(
      FATAL_ERROR
      "${where}: LAZYINDEX_EXECUTABLE: '${LAZYINDEX_EXECUTABLE}' is '${_answer}', not of series ${_series} as the runtime"
    )
  endif()
  set(${out} "${LAZYINDEX_EXECUTABLE}" PARENT_SCOPE)
endfunction()

# install(FILES) with a component, if there is one.
function(_lazyindex_install destination component)
  set(_component)
  if(NOT component STREQUAL "")
    set(_component COMPONENT "${component}")
  endif()
  install(FILES ${ARGN} DESTINATION "${destination}" ${_component})
endfunction()

# The short __init__.py for a package with this one. For readers of source, it
# has a __getattr__ where the other has; `apply` has the same rule, in
# lzi_target_package_init().
function(_lazyindex_choose_init out package init)
  get_property(_glue GLOBAL PROPERTY _LAZYINDEX_GLUE_DIR)
  set(_short_init "${_glue}/package_init.py")
  file(STRINGS "${init}" _getattr REGEX "^def __getattr__[(]")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${init}")
  if(NOT _getattr)
    file(READ "${_short_init}" _text)
    string(REPLACE "__getattr__, " "" _text "${_text}")
    set(
      _short_init
      "${CMAKE_CURRENT_BINARY_DIR}/lazyindex_${package}/__init__.py"
    )
    file(CONFIGURE OUTPUT "${_short_init}" CONTENT "${_text}" @ONLY)
  endif()
  set(${out} "${_short_init}" PARENT_SCOPE)
endfunction()

# Ours for the package's own __init__.py, which steps aside, and the runtime:
# into the build tree, where `files` lists them, and what is installed.
function(
  _lazyindex_add_runtime
  files
  package
  directory
  init
  destination
  component
)
  get_property(_glue GLOBAL PROPERTY _LAZYINDEX_GLUE_DIR)
  _lazyindex_choose_init(_short_init "${package}" "${init}")
  set(
    _sources
    "${_short_init}"
    "${init}"
    "${_glue}/_lazyindex_stock.py"
    "$<TARGET_FILE:LazyIndex::runtime>"
  )
  set(
    _names
    __init__.py
    _lazyindex/stock_init.py
    _lazyindex/_lazyindex_stock.py
    _lazyindex/_lazyindex.abi3.so
  )
  set(_files)
  foreach(_source _name IN ZIP_LISTS _sources _names)
    set(_file "${directory}/${_name}")
    add_custom_command(
      OUTPUT "${_file}"
      COMMAND "${CMAKE_COMMAND}" -E copy "${_source}" "${_file}"
      DEPENDS "${_source}"
      VERBATIM
    )
    list(APPEND _files "${_file}")
    if(destination)
      cmake_path(APPEND destination "${_name}" OUTPUT_VARIABLE _installed)
      cmake_path(GET _installed PARENT_PATH _folder)
      cmake_path(GET _installed FILENAME _last)
      _lazyindex_install(
        "${_folder}"
        "${component}"
        "${_source}"
        RENAME
        "${_last}"
      )
    endif()
  endforeach()
  set(${files} "${_files}" PARENT_SCOPE)
endfunction()

# What the modules of a package come to: `<prefix>_PLAN` is what the tool is
# told of them, `<prefix>_SHARDS` the names of the shards,
# `<prefix>_COMPONENT_<shard>` where each belongs (`component`, if its modules
# name none), `<prefix>_LIBRARIES` and `<prefix>_TARGETS` what has to be built
# before.
function(_lazyindex_collect_modules prefix package component)
  set(_package _LAZYINDEX_${package})
  get_property(_modules GLOBAL PROPERTY ${_package}_MODULES)
  set(_plan)
  set(_shards)
  set(_libraries)
  set(_targets)
  foreach(_module IN LISTS _modules)
    foreach(
      _keyword
      IN
      ITEMS LIBRARY COMPONENT SHARD DEPENDS HOOK NO_FUNCTIONS
    )
      get_property(
        _${_keyword}
        GLOBAL
        PROPERTY ${_package}_${_module}_${_keyword}
      )
    endforeach()
    set(_where "lazyindex_add_module(${_module})")
    _lazyindex_check_targets("${_where}: LIBRARY" "${_LIBRARY}")
    _lazyindex_check_targets("${_where}: DEPENDS" ${_DEPENDS})
    list(APPEND _libraries "${_LIBRARY}")
    list(APPEND _targets ${_DEPENDS})
    string(
      APPEND _plan
      "module ${_module} ${_SHARD} $<TARGET_FILE_NAME:${_LIBRARY}>"
    )
    if(_HOOK)
      string(APPEND _plan " hook")
    endif()
    if(_NO_FUNCTIONS)
      string(APPEND _plan " no-functions")
    endif()
    string(APPEND _plan "\n")

    if(NOT _COMPONENT)
      set(_COMPONENT "${component}")
    endif()
    if(NOT _SHARD IN_LIST _shards)
      list(APPEND _shards "${_SHARD}")
      set(_component_of_${_SHARD} "${_COMPONENT}")
      set(${prefix}_COMPONENT_${_SHARD} "${_COMPONENT}" PARENT_SCOPE)
    elseif(NOT _component_of_${_SHARD} STREQUAL _COMPONENT)
      message(
        FATAL_ERROR
        "${_where}: COMPONENT: '${_COMPONENT}', but the other modules of shard '${_SHARD}' have '${_component_of_${_SHARD}}'"
      )
    endif()
  endforeach()
  set(${prefix}_PLAN "${_plan}" PARENT_SCOPE)
  set(${prefix}_SHARDS "${_shards}" PARENT_SCOPE)
  set(${prefix}_LIBRARIES "${_libraries}" PARENT_SCOPE)
  set(${prefix}_TARGETS "${_targets}" PARENT_SCOPE)
endfunction()

# The target lazyindex_<package>. One command for all shards: it reads
# everything anyway, and leaves alone those that stay the same.
function(_lazyindex_add_index package)
  cmake_parse_arguments(
    PARSE_ARGV 1
    _arg
    ""
    "TOOL;DIRECTORY;PLAN;ALWAYS"
    "SHARDS;FILES;LIBRARIES;TARGETS"
  )
  set(_base "${CMAKE_CURRENT_BINARY_DIR}/lazyindex_${package}")
  get_property(_multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(_multi)
    string(APPEND _base "-$<CONFIG>")
  endif()
  file(GENERATE OUTPUT "${_base}.modules" CONTENT "${_arg_PLAN}")
  set(_own "${_arg_DIRECTORY}/_lazyindex")
  set(_shards)
  foreach(_shard IN LISTS _arg_SHARDS)
    list(APPEND _shards "${_own}/${_shard}.lzi")
  endforeach()
  set(
    _command
    "${_arg_TOOL}"
    build
    "${_arg_DIRECTORY}"
    --modules
    "${_base}.modules"
    --output
    "${_own}"
    --stamp
    "${_base}.stamp"
  )
  set(_comment "Indexing the Python package ${package}")
  if(_arg_ALWAYS)
    add_custom_target(
      lazyindex_${package}
      ALL
      COMMAND ${_command}
      BYPRODUCTS ${_shards}
      DEPENDS ${_arg_FILES}
      COMMENT "${_comment}"
      VERBATIM
    )
  else()
    # The libraries are not read. But what is rewritten behind the back of the
    # build is so when they are linked.
    add_custom_command(
      OUTPUT "${_base}.stamp"
      BYPRODUCTS ${_shards}
      COMMAND ${_command} --depfile "${_base}.d"
      DEPENDS "${_arg_TOOL}" "${_base}.modules" ${_arg_FILES} ${_arg_LIBRARIES}
      DEPFILE "${_base}.d"
      COMMENT "${_comment}"
      VERBATIM
    )
    add_custom_target(
      lazyindex_${package}
      ALL
      DEPENDS "${_base}.stamp" ${_arg_FILES}
    )
  endif()
  add_dependencies(lazyindex_${package} ${_arg_LIBRARIES} ${_arg_TARGETS})
endfunction()

# INIT and SHARD of lazyindex_add_package(): the package's own __init__.py is
# in the source tree, and goes with one of the shards of its modules, in
# `shards`, which is of the component `of_shard`.
function(
  _lazyindex_check_init
  where
  directory
  init
  shard
  shards
  component
  of_shard
)
  if(init STREQUAL "")
    if(NOT shard STREQUAL "")
      message(FATAL_ERROR "${where}: SHARD: has no meaning without INIT")
    endif()
  elseif(NOT EXISTS "${init}")
    message(FATAL_ERROR "${where}: INIT: no file '${init}'")
  elseif(init STREQUAL "${directory}/__init__.py")
    message(
      FATAL_ERROR
      "${where}: INIT: '${init}' is where the short __init__.py goes; keep the package's own one in the source tree"
    )
  elseif(shard STREQUAL "")
    message(
      FATAL_ERROR
      "${where}: SHARD is missing: that of the module that is installed with INIT"
    )
  elseif(NOT shard IN_LIST shards)
    message(FATAL_ERROR "${where}: SHARD: no module has '${shard}'")
  elseif(NOT component STREQUAL of_shard)
    message(
      FATAL_ERROR
      "${where}: COMPONENT: '${component}', but shard '${shard}' has '${of_shard}'"
    )
  endif()
endfunction()

function(lazyindex_add_package package)
  set(_where "lazyindex_add_package(${package})")
  cmake_parse_arguments(
    PARSE_ARGV 1
    _arg
    "ALWAYS"
    "DIRECTORY;INIT;SHARD;COMPONENT;DESTINATION"
    "DEPENDS"
  )
  _lazyindex_check_arguments("${_where}" _arg DIRECTORY)
  if(TARGET lazyindex_${package})
    message(FATAL_ERROR "${_where}: called twice for this package")
  endif()
  cmake_path(ABSOLUTE_PATH _arg_DIRECTORY NORMALIZE)
  cmake_path(GET _arg_DIRECTORY FILENAME _last)
  if(NOT _last STREQUAL package)
    message(
      FATAL_ERROR
      "${_where}: DIRECTORY: '${_arg_DIRECTORY}' does not end in '/${package}'"
    )
  endif()
  _lazyindex_check_targets("${_where}: DEPENDS" ${_arg_DEPENDS})
  get_property(_modules GLOBAL PROPERTY _LAZYINDEX_${package}_MODULES)
  if(NOT _modules)
    message(
      FATAL_ERROR
      "${_where}: no module: call lazyindex_add_module(... PACKAGE ${package}) before"
    )
  endif()
  _lazyindex_find_tool(_tool "${_where}")
  _lazyindex_collect_modules(_all ${package} "${_arg_COMPONENT}")
  if(_arg_INIT)
    cmake_path(ABSOLUTE_PATH _arg_INIT NORMALIZE)
  endif()
  _lazyindex_check_init(
    "${_where}"
    "${_arg_DIRECTORY}"
    "${_arg_INIT}"
    "${_arg_SHARD}"
    "${_all_SHARDS}"
    "${_arg_COMPONENT}"
    "${_all_COMPONENT_${_arg_SHARD}}"
  )

  set(_plan "# Made by ${_where}\n${_all_PLAN}")
  set(_files)
  if(_arg_DESTINATION)
    foreach(_shard IN LISTS _all_SHARDS)
      _lazyindex_install(
        "${_arg_DESTINATION}/_lazyindex"
        "${_all_COMPONENT_${_shard}}"
        "${_arg_DIRECTORY}/_lazyindex/${_shard}.lzi"
      )
    endforeach()
  endif()
  if(_arg_INIT)
    string(APPEND _plan "init ${_arg_SHARD}\n")
    _lazyindex_add_runtime(
      _files
      ${package}
      "${_arg_DIRECTORY}"
      "${_arg_INIT}"
      "${_arg_DESTINATION}"
      "${_arg_COMPONENT}"
    )
  endif()
  _lazyindex_add_index(
    ${package}
    TOOL "${_tool}"
    DIRECTORY "${_arg_DIRECTORY}"
    PLAN "${_plan}"
    SHARDS ${_all_SHARDS}
    FILES ${_files}
    LIBRARIES ${_all_LIBRARIES}
    TARGETS ${_arg_DEPENDS} ${_all_TARGETS}
    ALWAYS "${_arg_ALWAYS}"
  )
  set_property(
    GLOBAL
    PROPERTY _LAZYINDEX_${package}_FINISHED "${CMAKE_CURRENT_SOURCE_DIR}"
  )
endfunction()
