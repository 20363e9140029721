/* units.c: a library as ITK's wrapping makes them, with nothing in it: its
 * own init, and that of each unit. */
#include <Python.h>

#define UNIT(name_)                                                           \
    PyMODINIT_FUNC PyInit__##name_(void);                                     \
    PyMODINIT_FUNC PyInit__##name_(void)                                      \
    {                                                                         \
        static struct PyModuleDef def = {PyModuleDef_HEAD_INIT,               \
                                         .m_name = "_" #name_};               \
        return PyModuleDef_Init(&def);                                        \
    }

UNIT(ITKCommonPython)
UNIT(itkThingPython)
UNIT(itkImagePython)
UNIT(ITKIOImageBasePython)
UNIT(itkPNGPython)
