// For the module that stands for a whole library: one C++ world for all of
// them, and its units, each initialised unless it is imported already.
%{
#include "itkSingletonIndex.h"

#define MINI_CAPSULE "itk._ITKCommonPython._C_API"

static PyObject *
mini_count_initialisations(PyObject *, PyObject *)
{
  return PyLong_FromLong(itk::SingletonIndex::GetInstance()->GetNumberOfInitialisations());
}

static PyMethodDef mini_methods[] = {
  { "count_initialisations", mini_count_initialisations, METH_NOARGS, "C halves of units initialised so far." },
  { nullptr, nullptr, 0, nullptr }
};

// The first library, ITKCommon's, offers what the others ask for.
static int
mini_offer_singleton(PyObject * module)
{
  PyObject * capsule = PyCapsule_New(itk::SingletonIndex::GetInstance(), MINI_CAPSULE, nullptr);
  if (capsule == nullptr || PyModule_AddObject(module, "_C_API", capsule) < 0)
  {
    Py_XDECREF(capsule);
    return -1;
  }
  return PyModule_AddFunctions(module, mini_methods);
}

static int
mini_take_singleton()
{
  PyObject * common = PyImport_ImportModule("itk._ITKCommonPython");
  PyObject * capsule = common == nullptr ? nullptr : PyObject_GetAttrString(common, "_C_API");
  void * index = capsule == nullptr ? nullptr : PyCapsule_GetPointer(capsule, MINI_CAPSULE);
  Py_XDECREF(common);
  Py_XDECREF(capsule);
  if (index == nullptr)
  {
    return -1;
  }
  itk::SingletonIndex::SetInstance(static_cast<itk::SingletonIndex *>(index));
  return 0;
}

static int
mini_add_unit(const char * name, PyObject * init())
{
  PyObject * modules = PyImport_GetModuleDict();
  if (PyDict_GetItemString(modules, name) != nullptr)
  {
    return 0; // already imported
  }
  PyObject * unit = init();
  if (unit == nullptr)
  {
    return -1;
  }
  const int result = PyDict_SetItemString(modules, name, unit);
  Py_DECREF(unit);
  return result;
}
%}
