/* lzi_itk_names.h: what ITK's package calls its files and modules: the one
 * home of these names, for the tool and for the extension.
 *
 * A module `M` ("ITKCommon") of a package has
 *
 *     Configuration/MConfig.py        its table, which says that it is there
 *     Configuration/M_snake_case.py   its functions; not all have one
 *     MPython.py                      its aggregator
 *     _MPython.abi3.so                its library; also with other endings
 *     __init_m__.py                   code to run at the end of `import itk`;
 *                                     in lower case; few have one
 *
 * and units `U` ("itkImagePython"), each a proxy `U.py` with a C half `_U` in
 * its module's library. All are literals, to be put together at compile time;
 * LZI_ITK_SIZE() is the size of one. */
#ifndef LZI_ITK_NAMES_H
#define LZI_ITK_NAMES_H

/** Size of a literal in bytes, without the NUL at its end. */
#define LZI_ITK_SIZE(literal) (sizeof(literal) - 1)

/** Of the profile, in a shard's meta record. */
#define LZI_ITK_PROFILE "itk"

/** Ending of all source files. */
#define LZI_ITK_SOURCE_SUFFIX ".py"

/* The tables. */
#define LZI_ITK_TABLE_DIRECTORY "Configuration"
#define LZI_ITK_TABLE_SUFFIX "Config.py"
#define LZI_ITK_FUNCTIONS_SUFFIX "_snake_case.py"
/** What a file of functions binds. */
#define LZI_ITK_FUNCTIONS_NAME "snake_case_functions"

/** What follows a module's name in its aggregator's and its library's, and
 * what all units end with. */
#define LZI_ITK_PYTHON_SUFFIX "Python"
#define LZI_ITK_AGGREGATOR_SUFFIX LZI_ITK_PYTHON_SUFFIX LZI_ITK_SOURCE_SUFFIX
/** Before the name of a library, and of the C half of a unit. */
#define LZI_ITK_C_PREFIX "_"
#define LZI_ITK_LIBRARY_SUFFIX ".abi3.so"

/* Code to run at the end of `import itk`. */
#define LZI_ITK_HOOK_PREFIX "__init_"
#define LZI_ITK_HOOK_SUFFIX "__.py"

/** The module whose library all others look for. */
#define LZI_ITK_COMMON_MODULE "ITKCommon"
#define LZI_ITK_COMMON_LIBRARY                                                \
    LZI_ITK_C_PREFIX LZI_ITK_COMMON_MODULE LZI_ITK_PYTHON_SUFFIX

/* A factory of group "ImageIO" and prefix "PNG" is PNGImageIOFactory. */
#define LZI_ITK_FACTORY_SUFFIX "Factory"

/** The settings, a module beside the package. */
#define LZI_ITK_SETTINGS_MODULE "itkConfig"

/* The support layer, below the package. */
#define LZI_ITK_SUPPORT_PACKAGE "support"
#define LZI_ITK_SUPPORT_BASE "base"
#define LZI_ITK_SUPPORT_EXTRAS "extras"
#define LZI_ITK_SUPPORT_HELPERS "helpers"
#define LZI_ITK_SUPPORT_INIT "init_helpers"
#define LZI_ITK_SUPPORT_TEMPLATES "template_class"
#define LZI_ITK_SUPPORT_TYPES "types"
/** "support.base": the name of a module of it, below the package's. */
#define LZI_ITK_SUPPORT_MODULE(name) LZI_ITK_SUPPORT_PACKAGE "." name
/** "support/base.py": its file. */
#define LZI_ITK_SUPPORT_FILE(name)                                            \
    LZI_ITK_SUPPORT_PACKAGE "/" name LZI_ITK_SOURCE_SUFFIX

#endif
