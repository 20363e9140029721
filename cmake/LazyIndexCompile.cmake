# Warnings and sanitizers, for targets of this project only.
add_library(lazyindex_compile INTERFACE)
target_compile_definitions(lazyindex_compile INTERFACE _GNU_SOURCE)
target_compile_options(
  lazyindex_compile
  INTERFACE
    -Wall
    -Wextra
    -Wshadow
    -Wconversion
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
    $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
    $<$<BOOL:${LAZYINDEX_WERROR}>:-Werror>
)
if(LAZYINDEX_TSAN)
  target_compile_options(
    lazyindex_compile
    INTERFACE -fsanitize=thread -fno-omit-frame-pointer
  )
  target_link_options(lazyindex_compile INTERFACE -fsanitize=thread)
endif()
if(LAZYINDEX_COVERAGE)
  target_compile_options(
    lazyindex_compile
    INTERFACE --coverage -fprofile-update=atomic
  )
  target_link_options(lazyindex_compile INTERFACE --coverage)
endif()
if(LAZYINDEX_SANITIZE)
  target_compile_options(
    lazyindex_compile
    INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer
  )
  target_link_options(lazyindex_compile INTERFACE -fsanitize=address,undefined)
endif()
if(LAZYINDEX_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(
      FATAL_ERROR
      "LAZYINDEX_FUZZ needs clang; install it and set CMAKE_C_COMPILER=clang"
    )
  endif()
  set(
    _lazyindex_sanitizers
    -fsanitize=fuzzer-no-link,address,undefined
    -fno-sanitize-recover=undefined
  )
  target_compile_options(
    lazyindex_compile
    INTERFACE ${_lazyindex_sanitizers} -fno-omit-frame-pointer
  )
  target_link_options(lazyindex_compile INTERFACE ${_lazyindex_sanitizers})
endif()
