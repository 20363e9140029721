# The manual page and the completions of shells. In a wheel they go below
# <prefix>/share too, where man and the shells of an environment look.
configure_file(
  docs/lazyindex.1.in
  "${PROJECT_BINARY_DIR}/docs/lazyindex.1"
  @ONLY
)
if(LAZYINDEX_INSTALL)
  if(SKBUILD)
    set(_lazyindex_share "${SKBUILD_DATA_DIR}/share")
    set(_lazyindex_man "${_lazyindex_share}/man")
    set(_lazyindex_component COMPONENT python)
  else()
    set(_lazyindex_share "${CMAKE_INSTALL_DATAROOTDIR}")
    set(_lazyindex_man "${CMAKE_INSTALL_MANDIR}")
    set(_lazyindex_component)
  endif()
  install(
    FILES "${PROJECT_BINARY_DIR}/docs/lazyindex.1"
    DESTINATION "${_lazyindex_man}/man1"
    ${_lazyindex_component}
  )
  install(
    FILES completions/lazyindex.bash
    DESTINATION "${_lazyindex_share}/bash-completion/completions"
    RENAME lazyindex
    ${_lazyindex_component}
  )
  install(
    FILES completions/_lazyindex
    DESTINATION "${_lazyindex_share}/zsh/site-functions"
    ${_lazyindex_component}
  )
endif()
