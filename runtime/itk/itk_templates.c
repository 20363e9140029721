/* itk_templates.c: what an itkTemplate shows of itself, beside its table. */
#include "itk/itk_templates.h"

#include "itk/itk_completion.h"

/* -- Attributes ----------------------------------------------------------- */

/* Without itkTemplate.__getattr__(). */
static PyObject *
plain_attribute(PyObject *template, const char *name)
{
    PyObject *key = PyUnicode_FromString(name);
    PyObject *value =
        key == NULL ? NULL : PyObject_GenericGetAttr(template, key);
    Py_XDECREF(key);
    return value;
}

PyObject *
itk_template_attribute(PyObject *op, PyObject *arguments)
{
    PyObject *template, *own, *name;
    if (!PyArg_ParseTuple(arguments, "OOO:__getattr__", &template, &own,
                          &name)) {
        return NULL;
    }
    PyObject *cpp = plain_attribute(template, "__name__");
    if (cpp == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return NULL;
        }
        PyErr_Clear(); /* one that is not complete itself */
    }
    int rc = cpp != NULL && PyUnicode_Check(cpp)
                 ? itk_show_template((package_object *)op, cpp)
                 : 0;
    Py_XDECREF(cpp);
    if (rc < 0) {
        return NULL;
    }
    PyObject *value = PyObject_GenericGetAttr(template, name);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
        value = PyObject_CallFunctionObjArgs(own, template, name, NULL);
    }
    return value;
}

/* -- Pickling ------------------------------------------------------------- */

/* It goes through the attributes of a template, one of which is its table:
 * they must not become more meanwhile. */
static PyObject *
reduce_template(PyObject *op, PyObject *template)
{
    PyObject *name = PyObject_GetAttrString(template, "__name__");
    int rc = name == NULL || !PyUnicode_Check(name)
                 ? -1
                 : itk_show_template((package_object *)op, name);
    Py_XDECREF(name);
    return rc < 0 ? NULL
                  : PyObject_CallMethod(template, "__reduce_ex__", "i", 2);
}

static PyMethodDef reduce_template_def = {"reduce_template", reduce_template,
                                          METH_O, NULL};

int
itk_watch_pickling(package_object *self)
{
    PyObject *copyreg = NULL, *told = NULL;
    PyObject *reduce = PyCFunction_New(&reduce_template_def, (PyObject *)self);
    if (reduce == NULL) {
        goto done;
    }
    copyreg = PyImport_ImportModule("copyreg");
    if (copyreg == NULL) {
        goto done;
    }
    told = PyObject_CallMethod(copyreg, "pickle", "OO",
                               itk_of(self)->registries.template_type, reduce);
done:
    Py_XDECREF(reduce);
    Py_XDECREF(copyreg);
    Py_XDECREF(told);
    return told == NULL ? -1 : 0;
}
