# lazyindex_add_module(), lazyindex_add_package(): see docs/cmake.md.
#
# What the first one is told is kept in GLOBAL properties until the second one
# is called, for they are called in different directories.
include_guard(GLOBAL)

set_property(GLOBAL PROPERTY _LAZYINDEX_GLUE_DIR "${CMAKE_CURRENT_LIST_DIR}")

# Arguments of a function of ours: unknown ones, keywords without a value and
# missing ones are errors. Takes what cmake_parse_arguments() has set.
macro(_lazyindex_check_arguments where)
  if(DEFINED _arg_UNPARSED_ARGUMENTS)
    list(JOIN _arg_UNPARSED_ARGUMENTS " " _unknown)
    message(FATAL_ERROR "${where}: unknown argument: ${_unknown}")
  endif()
  if(DEFINED _arg_KEYWORDS_MISSING_VALUES)
    list(JOIN _arg_KEYWORDS_MISSING_VALUES " " _empty)
    message(FATAL_ERROR "${where}: ${_empty}: needs a value")
  endif()
  foreach(_keyword IN ITEMS ${ARGN})
    if(NOT DEFINED _arg_${_keyword} OR "${_arg_${_keyword}}" STREQUAL "")
      message(FATAL_ERROR "${where}: ${_keyword} is missing")
    endif()
  endforeach()
endmacro()

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
  _lazyindex_check_arguments("${_where}" PACKAGE LIBRARY)
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

# Put a file into the package of the build tree. Appends to `_files`.
macro(_lazyindex_copy from to)
  add_custom_command(
    OUTPUT "${to}"
    COMMAND "${CMAKE_COMMAND}" -E copy "${from}" "${to}"
    DEPENDS "${from}"
    VERBATIM
  )
  list(APPEND _files "${to}")
endmacro()

# The short __init__.py for a package with this one: in `_short_init`. For
# readers of source, it has a __getattr__ where the other has; `apply` has the
# same rule, in lzi_target_package_init().
macro(_lazyindex_choose_init init)
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
endmacro()

# The package's own __init__.py steps aside; ours and the runtime go in.
macro(_lazyindex_add_runtime)
  get_property(_glue GLOBAL PROPERTY _LAZYINDEX_GLUE_DIR)
  set(_own "${_arg_DIRECTORY}/_lazyindex")
  _lazyindex_choose_init("${_arg_INIT}")
  _lazyindex_copy("${_short_init}" "${_arg_DIRECTORY}/__init__.py")
  _lazyindex_copy("${_arg_INIT}" "${_own}/stock_init.py")
  _lazyindex_copy("${_glue}/_lazyindex_stock.py" "${_own}/_lazyindex_stock.py")
  _lazyindex_copy(
    "$<TARGET_FILE:LazyIndex::runtime>"
    "${_own}/_lazyindex.abi3.so"
  )
  if(_arg_DESTINATION)
    install(
      FILES "${_short_init}"
      DESTINATION "${_arg_DESTINATION}"
      RENAME __init__.py
      ${_component}
    )
    install(
      FILES "${_arg_INIT}"
      DESTINATION "${_arg_DESTINATION}/_lazyindex"
      RENAME stock_init.py
      ${_component}
    )
    install(
      FILES "${_glue}/_lazyindex_stock.py" "$<TARGET_FILE:LazyIndex::runtime>"
      DESTINATION "${_arg_DESTINATION}/_lazyindex"
      ${_component}
    )
  endif()
endmacro()

# Walk the modules: `_plan` is the tool's list, `_shards` the files,
# `_libraries` and `_targets` what has to be built before. Installs each shard.
macro(_lazyindex_collect_modules)
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
    set(_module_where "lazyindex_add_module(${_module})")
    _lazyindex_check_targets("${_module_where}: LIBRARY" "${_LIBRARY}")
    _lazyindex_check_targets("${_module_where}: DEPENDS" ${_DEPENDS})
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
      set(_COMPONENT "${_arg_COMPONENT}")
    endif()
    set(_shard "${_arg_DIRECTORY}/_lazyindex/${_SHARD}.lzi")
    if(NOT _shard IN_LIST _shards)
      list(APPEND _shards "${_shard}")
      set(_component_of_${_SHARD} "${_COMPONENT}")
      if(_arg_DESTINATION)
        set(_with)
        if(_COMPONENT)
          set(_with COMPONENT "${_COMPONENT}")
        endif()
        install(
          FILES "${_shard}"
          DESTINATION "${_arg_DESTINATION}/_lazyindex"
          ${_with}
        )
      endif()
    elseif(NOT _component_of_${_SHARD} STREQUAL _COMPONENT)
      message(
        FATAL_ERROR
        "${_module_where}: COMPONENT: '${_COMPONENT}', but the other modules of shard '${_SHARD}' have '${_component_of_${_SHARD}}'"
      )
    endif()
  endforeach()
endmacro()

function(lazyindex_add_package package)
  set(_where "lazyindex_add_package(${package})")
  cmake_parse_arguments(
    PARSE_ARGV 1
    _arg
    "ALWAYS"
    "DIRECTORY;INIT;SHARD;COMPONENT;DESTINATION"
    "DEPENDS"
  )
  _lazyindex_check_arguments("${_where}" DIRECTORY)
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
  set(_package _LAZYINDEX_${package})
  get_property(_modules GLOBAL PROPERTY ${_package}_MODULES)
  if(NOT _modules)
    message(
      FATAL_ERROR
      "${_where}: no module: call lazyindex_add_module(... PACKAGE ${package}) before"
    )
  endif()
  _lazyindex_find_tool(_tool "${_where}")

  set(_plan "# Made by ${_where}\n")
  set(_shards)
  set(_libraries)
  set(_targets ${_arg_DEPENDS})
  set(_files)
  set(_component)
  if(_arg_COMPONENT)
    set(_component COMPONENT "${_arg_COMPONENT}")
  endif()
  _lazyindex_collect_modules()
  if(_arg_INIT)
    _lazyindex_add_init()
  elseif(_arg_SHARD)
    message(FATAL_ERROR "${_where}: SHARD: has no meaning without INIT")
  endif()
  _lazyindex_add_index()
  set_property(
    GLOBAL
    PROPERTY ${_package}_FINISHED "${CMAKE_CURRENT_SOURCE_DIR}"
  )
endfunction()

# The shard that goes with __init__.py is one of the modules'.
macro(_lazyindex_add_init)
  cmake_path(ABSOLUTE_PATH _arg_INIT NORMALIZE)
  if(NOT EXISTS "${_arg_INIT}")
    message(FATAL_ERROR "${_where}: INIT: no file '${_arg_INIT}'")
  elseif(_arg_INIT STREQUAL "${_arg_DIRECTORY}/__init__.py")
    message(
      FATAL_ERROR
      "${_where}: INIT: '${_arg_INIT}' is where the short __init__.py goes; keep the package's own one in the source tree"
    )
  endif()
  if(NOT _arg_SHARD)
    message(
      FATAL_ERROR
      "${_where}: SHARD is missing: that of the module that is installed with INIT"
    )
  elseif(NOT "${_arg_DIRECTORY}/_lazyindex/${_arg_SHARD}.lzi" IN_LIST _shards)
    message(FATAL_ERROR "${_where}: SHARD: no module has '${_arg_SHARD}'")
  elseif(NOT _component_of_${_arg_SHARD} STREQUAL _arg_COMPONENT)
    message(
      FATAL_ERROR
      "${_where}: COMPONENT: '${_arg_COMPONENT}', but shard '${_arg_SHARD}' has '${_component_of_${_arg_SHARD}}'"
    )
  endif()
  string(APPEND _plan "init ${_arg_SHARD}\n")
  _lazyindex_add_runtime()
endmacro()

# One command for all shards: it reads everything anyway, and leaves alone
# those that stay the same.
macro(_lazyindex_add_index)
  set(_base "${CMAKE_CURRENT_BINARY_DIR}/lazyindex_${package}")
  get_property(_multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(_multi)
    string(APPEND _base "-$<CONFIG>")
  endif()
  file(GENERATE OUTPUT "${_base}.modules" CONTENT "${_plan}")
  set(
    _command
    "${_tool}"
    build
    "${_arg_DIRECTORY}"
    --modules
    "${_base}.modules"
    --output
    "${_arg_DIRECTORY}/_lazyindex"
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
      DEPENDS ${_files}
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
      DEPENDS "${_tool}" "${_base}.modules" ${_files} ${_libraries}
      DEPFILE "${_base}.d"
      COMMENT "${_comment}"
      VERBATIM
    )
    add_custom_target(
      lazyindex_${package}
      ALL
      DEPENDS "${_base}.stamp" ${_files}
    )
  endif()
  add_dependencies(lazyindex_${package} ${_libraries} ${_targets})
endmacro()
