/* itk_registry.c: ITK's registries of template instantiations.
 *
 * Does for the tuples of a unit what itkTemplate.__add__() and
 * registerNoTpl() (itk/support/template_class.py) do, with the same results,
 * in C: but for warnings, no Python code runs between the first and the last
 * tuple of a load, so no thread sees half of it. */
#include "core/package.h"

#include <string.h>

/* -- Names ---------------------------------------------------------------- */

/* itkTemplate.normalizeName(): without blanks and '*'. */
static void
put_normalized(lzi_buffer *out, lzi_slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != ' ' && text.data[i] != '*') {
            lzi_put_bytes(out, &text.data[i], 1);
        }
    }
}

lzi_slice
itk_last_component(lzi_slice cpp)
{
    const char *colon =
        cpp.size == 0 ? NULL : memrchr(cpp.data, ':', cpp.size);
    if (colon != NULL) {
        cpp.size -= (size_t)(colon + 1 - cpp.data);
        cpp.data = colon + 1;
    }
    return cpp;
}

static PyObject *
str_of_buffer(lzi_buffer *buffer)
{
    PyObject *text = NULL;
    if (buffer->failed) {
        PyErr_NoMemory();
    }
    else {
        text = str_of_slice(
            (lzi_slice){(const char *)buffer->data, buffer->size});
    }
    lzi_buffer_free(buffer);
    return text;
}

/* "itk::Image<float,2>", or the plain name of a class without parameters. */
PyObject *
itk_full_name(const lzi_tuple *tuple)
{
    lzi_buffer buffer = {0};
    put_normalized(&buffer, tuple->cpp);
    if (tuple->has_params) {
        lzi_put_bytes(&buffer, "<", 1);
        put_normalized(&buffer, tuple->params);
        lzi_put_bytes(&buffer, ">", 1);
    }
    return str_of_buffer(&buffer);
}

/* -- Keys ----------------------------------------------------------------- */

static lzi_slice
strip(lzi_slice text)
{
    while (text.size > 0 && text.data[0] == ' ') {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && text.data[text.size - 1] == ' ') {
        text.size--;
    }
    return text;
}

/* Up to the next comma outside <>; @p rest moves behind it. */
static lzi_slice
next_param(lzi_slice *rest)
{
    int depth = 0;
    for (size_t i = 0; i < rest->size; i++) {
        char c = rest->data[i];
        depth += (c == '<') - (c == '>');
        if (c == ',' && depth == 0) {
            lzi_slice param = {rest->data, i};
            *rest = (lzi_slice){rest->data + i + 1, rest->size - i - 1};
            return param;
        }
    }
    lzi_slice last = *rest;
    *rest = (lzi_slice){NULL, 0};
    return last;
}

static bool
is_number(PyObject *text)
{
    lzi_slice digits = slice_of_str(text);
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9') {
            return false;
        }
    }
    return digits.size > 0;
}

/* itkCType.GetCType(). @return borrowed; NULL without error: none. */
static PyObject *
find_c_type(package_object *self, lzi_slice name)
{
    static const char *const aliases[][2] = {
        {"short", "signed short"},
        {"int", "signed int"},
        {"long", "signed long"},
        {"long long", "signed long long"}};
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (lzi_slice_equal(name, lzi_slice_of(aliases[i][0]))) {
            name = lzi_slice_of(aliases[i][1]);
            break;
        }
    }
    PyObject *key = str_of_slice(name);
    PyObject *found =
        key == NULL ? NULL : PyDict_GetItemWithError(self->itk.c_types, key);
    Py_XDECREF(key);
    return found;
}

static void
warn_unknown(const lzi_tuple *tuple, PyObject *param)
{
    PyObject *cpp = str_of_slice(tuple->cpp);
    if (cpp != NULL) {
        PyErr_WarnFormat(PyExc_UserWarning, 1,
                         "Warning: Unknown parameter '%U' in template '%U'",
                         param, cpp);
        Py_DECREF(cpp);
    }
}

/* One parameter as itkTemplate.__find_param__() makes it: a class, a C type,
 * a number or a flag. @return new; NULL without error: unknown. */
static PyObject *
resolve_param(package_object *self, const lzi_tuple *tuple, lzi_slice param)
{
    lzi_slice stripped = strip(param);
    lzi_buffer buffer = {0};
    put_normalized(&buffer, stripped);
    PyObject *normalized = str_of_buffer(&buffer);
    if (normalized == NULL) {
        return NULL;
    }
    PyObject *value = Py_XNewRef(
        PyDict_GetItemWithError(self->itk.name_to_object, normalized));
    if (value == NULL && !PyErr_Occurred()) {
        value = Py_XNewRef(find_c_type(self, stripped));
    }
    if (value == NULL && !PyErr_Occurred()) {
        if (is_number(normalized)) {
            value = PyLong_FromString(slice_of_str(normalized).data, NULL, 10);
        }
        else if (PyUnicode_CompareWithASCIIString(normalized, "true") == 0) {
            value = Py_NewRef(Py_True);
        }
        else if (PyUnicode_CompareWithASCIIString(normalized, "false") == 0) {
            value = Py_NewRef(Py_False);
        }
        else {
            warn_unknown(tuple, normalized);
        }
    }
    Py_DECREF(normalized);
    return value;
}

/* The key of an instantiation. As in ITK, what is unknown or false (0 and
 * false themselves included) is left out of it. */
static PyObject *
make_key(package_object *self, const lzi_tuple *tuple)
{
    PyObject *list = PyList_New(0);
    lzi_slice rest = tuple->params;
    while (list != NULL && rest.data != NULL) {
        PyObject *value = resolve_param(self, tuple, next_param(&rest));
        int truth = value == NULL ? -(PyErr_Occurred() != NULL)
                                  : PyObject_IsTrue(value);
        if (truth < 0 || (truth > 0 && PyList_Append(list, value) < 0)) {
            Py_CLEAR(list);
        }
        Py_XDECREF(value);
    }
    PyObject *key = list == NULL ? NULL : PyList_AsTuple(list);
    Py_XDECREF(list);
    return key;
}

/* `itk::Statistics::Histogram` -> what is left without the part between the
 * first and the last colon (@p keep_head), or behind the last. */
static size_t
short_size(lzi_slice cpp, bool keep_head, lzi_slice *head, lzi_slice *tail)
{
    const char *first = memchr(cpp.data, ':', cpp.size);
    const char *last = memrchr(cpp.data, ':', cpp.size);
    *head = cpp;
    *tail = (lzi_slice){cpp.data + cpp.size, 0};
    if (first != NULL && first != last) {
        size_t before = (size_t)(first - cpp.data);
        size_t after = (size_t)(last + 1 - cpp.data);
        *head = (lzi_slice){cpp.data, keep_head ? before : 0};
        *tail = (lzi_slice){cpp.data + after, cpp.size - after};
    }
    return head->size + tail->size;
}

static bool
starts_with(lzi_slice text, lzi_slice head, lzi_slice tail)
{
    return text.size >= head.size + tail.size &&
           memcmp(text.data, head.data, head.size) == 0 &&
           memcmp(text.data + head.size, tail.data, tail.size) == 0;
}

static bool
ends_with(lzi_slice text, lzi_slice end)
{
    return text.size >= end.size &&
           memcmp(text.data + text.size - end.size, end.data, end.size) == 0;
}

/* The attribute of an itkTemplate for one class: for itk.Image and
 * itkImageF2 it is F2. May be empty. */
static lzi_slice
attribute_part(lzi_slice cpp, lzi_slice class_name)
{
    lzi_slice pointer = lzi_slice_of("_Pointer");
    lzi_slice itk = lzi_slice_of("itk"), none = {"", 0}, head, tail;
    size_t skipped = short_size(cpp, true, &head, &tail);
    if (starts_with(class_name, itk, none)) {
        if (ends_with(class_name, pointer)) {
            return (lzi_slice){class_name.data + itk.size,
                               class_name.size - itk.size - pointer.size};
        }
    }
    else if (!starts_with(class_name, head, tail)) {
        skipped = short_size(cpp, false, &head, &tail);
    }
    if (skipped > class_name.size) {
        skipped = class_name.size;
    }
    return (lzi_slice){class_name.data + skipped, class_name.size - skipped};
}

/* -- Registering ---------------------------------------------------------- */

/* One that ITK made, unpickling it for instance, has a table of ITK's. */
static int
adopt_template(package_object *self, PyObject *template, PyObject *name)
{
    PyObject *old = PyObject_GetAttrString(template, "__template__");
    if (old == NULL || Py_IS_TYPE(old, self->itk.table_type)) {
        Py_XDECREF(old);
        return old == NULL ? -1 : 0;
    }
    PyObject *table = itk_new_table(self, name);
    PyObject *done =
        table == NULL ? NULL : PyObject_CallMethod(table, "update", "O", old);
    int rc = done == NULL
                 ? -1
                 : PyObject_SetAttrString(template, "__template__", table);
    Py_DECREF(old);
    Py_XDECREF(table);
    Py_XDECREF(done);
    return rc;
}

/* What itkTemplate.__new__() does. */
static PyObject *
new_template(package_object *self, PyObject *name)
{
    PyObject *made =
        PyObject_CallMethod((PyObject *)&PyBaseObject_Type, "__new__", "O",
                            self->itk.template_type);
    PyObject *table = made == NULL ? NULL : itk_new_table(self, name);
    if (table == NULL ||
        PyObject_SetAttrString(made, "__template__", table) < 0 ||
        PyObject_SetAttrString(made, "__name__", name) < 0) {
        Py_CLEAR(made);
    }
    Py_XDECREF(table);
    return made;
}

/* Make sure that an itkTemplate exists, published only when complete, and
 * only if nobody else has. @return new */
PyObject *
itk_ensure_template(package_object *self, lzi_slice cpp)
{
    PyObject *name = str_of_slice(cpp);
    PyObject *template =
        name == NULL
            ? NULL
            : Py_XNewRef(PyDict_GetItemWithError(self->itk.named, name));
    if (template == NULL && name != NULL && !PyErr_Occurred()) {
        PyObject *made = new_template(self, name);
        template = Py_XNewRef(PyDict_GetItemWithError(self->itk.named, name));
        if (made != NULL && template == NULL && !PyErr_Occurred() &&
            PyDict_SetItem(self->itk.named, name, made) == 0) {
            template = Py_NewRef(made);
        }
        Py_XDECREF(made);
    }
    if (template != NULL && adopt_template(self, template, name) < 0) {
        Py_CLEAR(template);
    }
    Py_XDECREF(name);
    return template;
}

static int
set_template_attribute(PyObject *template, const lzi_tuple *tuple,
                       PyObject *class)
{
    PyObject *class_name = PyObject_GetAttrString(class, "__name__");
    if (class_name == NULL) {
        return -1;
    }
    lzi_slice part = attribute_part(tuple->cpp, slice_of_str(class_name));
    int rc = PyErr_Occurred() ? -1 : 0;
    if (rc == 0 && part.size > 0) {
        bool digit = part.data[0] >= '0' && part.data[0] <= '9';
        PyObject *text = str_of_slice(part);
        PyObject *attribute =
            text == NULL
                ? NULL
                : PyUnicode_FromFormat("%s%U", digit ? "x" : "", text);
        PyObject *dict =
            attribute == NULL ? NULL : PyObject_GenericGetDict(template, NULL);
        rc = dict == NULL ? -1 : PyDict_SetItem(dict, attribute, class);
        Py_XDECREF(text);
        Py_XDECREF(attribute);
        Py_XDECREF(dict);
    }
    Py_DECREF(class_name);
    return rc;
}

static int
add_instantiation(package_object *self, const lzi_tuple *tuple,
                  PyObject *class)
{
    PyObject *name = str_of_slice(tuple->cpp);
    PyObject *template =
        name == NULL ? NULL : PyDict_GetItemWithError(self->itk.named, name);
    Py_XDECREF(name);
    if (template == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ImportError,
                            "an itkTemplate went away during a load");
        }
        return -1;
    }
    Py_INCREF(template);
    PyObject *table = PyObject_GetAttrString(template, "__template__");
    PyObject *key = table == NULL ? NULL : make_key(self, tuple);
    PyObject *origin = key == NULL ? NULL : PyTuple_Pack(2, template, key);
    int rc = -1;
    if (origin != NULL && PyObject_SetItem(table, key, class) == 0 &&
        PyDict_SetItem(self->itk.object_to_name, class, origin) == 0) {
        rc = set_template_attribute(template, tuple, class);
    }
    Py_XDECREF(origin);
    Py_XDECREF(key);
    Py_XDECREF(table);
    Py_DECREF(template);
    return rc;
}

/* @return 1: itkConfig.DebugLevel is the level of that name; -1: error set */
static int
is_debug_level(const char *name)
{
    PyObject *config = PyImport_ImportModule("itkConfig");
    PyObject *level =
        config == NULL ? NULL : PyObject_GetAttrString(config, "DebugLevel");
    PyObject *wanted =
        level == NULL ? NULL : PyObject_GetAttrString(config, name);
    int rc =
        wanted == NULL ? -1 : PyObject_RichCompareBool(level, wanted, Py_EQ);
    Py_XDECREF(wanted);
    Py_XDECREF(level);
    Py_XDECREF(config);
    return rc;
}

/* What debug_print_error() of itk.support.base does with a class that is not
 * there: told, raised or left out in silence. */
static int
tell_missing_class(package_object *self, lzi_slice unit_name,
                   const lzi_tuple *tuple)
{
    lzi_unit unit;
    if (find_unit(self, unit_name, &unit) < 0) {
        return -1;
    }
    int warns = is_debug_level("WARN");
    int raises = warns == 0 ? is_debug_level("ERROR") : 0;
    if (warns < 0 || raises < 0 || warns + raises == 0) {
        return warns < 0 || raises < 0 ? -1 : 0;
    }
    PyObject *swig = str_of_slice(tuple->swig);
    PyObject *module = str_of_slice(unit.module);
    PyObject *full = member_name(self, "", unit.module, "Python");
    PyObject *text =
        swig == NULL || module == NULL || full == NULL
            ? NULL
            : PyUnicode_FromFormat(
                  "%U not %s module %U because of exception:\n "
                  "module '%U' has no attribute '%U'",
                  swig, tuple->has_params ? "loaded from" : "found in", module,
                  full, swig);
    if (text != NULL && raises) {
        PyErr_SetObject(PyExc_RuntimeError, text);
    }
    else if (text != NULL) {
        PySys_FormatStderr("%U\n", text);
    }
    Py_XDECREF(text);
    Py_XDECREF(full);
    Py_XDECREF(module);
    Py_XDECREF(swig);
    return PyErr_Occurred() ? -1 : 0;
}

/* One tuple. A class that its unit lacks is told and left out, as in ITK. */
static int
register_tuple(package_object *self, PyObject *module, lzi_slice unit,
               const lzi_tuple *tuple)
{
    PyObject *swig = str_of_slice(tuple->swig);
    PyObject *class = swig == NULL ? NULL : PyObject_GetAttr(module, swig);
    Py_XDECREF(swig);
    if (class == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return -1;
        }
        PyErr_Clear();
        return tell_missing_class(self, unit, tuple);
    }
    PyObject *name = itk_full_name(tuple);
    PyObject *known =
        name == NULL ? NULL
                     : PyDict_GetItemWithError(self->itk.name_to_object, name);
    int rc = name == NULL || (known == NULL && PyErr_Occurred()) ? -1 : 0;
    if (rc == 0 && known != class) {
        /* An OrderedDict: PyDict_SetItem would not do. */
        rc = PyObject_SetItem(self->itk.name_to_object, name, class);
        if (rc == 0 && tuple->has_params) {
            rc = add_instantiation(self, tuple, class);
        }
    }
    Py_XDECREF(name);
    Py_DECREF(class);
    return rc;
}

/* -- Walking the tuples of units ------------------------------------------ */

static int
each_unit_tuple(package_object *self, lzi_slice unit_name,
                itk_visit_tuple *visit, void *context)
{
    lzi_slice value, table;
    lzi_unit unit;
    lzi_status status =
        lzi_index_get(&value, NULL, self->index, LZI_TABLE_UNIT, unit_name);
    if (status == LZI_OK) {
        status = lzi_unit_decode(&unit, value);
    }
    if (status == LZI_OK && unit.ranges == 0) {
        return 0;
    }
    if (status == LZI_OK) {
        status = lzi_index_get(&table, NULL, self->index, LZI_TABLE_TUPLE,
                               unit.module);
    }
    if (status == LZI_OK) {
        lzi_unit_tuples tuples = lzi_unit_tuples_of(&unit, table);
        lzi_tuple tuple;
        while ((status = lzi_unit_tuple_next(&tuple, &tuples)) == LZI_OK) {
            int rc = visit(context, unit_name, &tuple);
            if (rc != 0) {
                return rc;
            }
        }
        status = status == LZI_NOT_FOUND ? LZI_OK : status; /* the end */
    }
    return status == LZI_OK
               ? 0
               : raise_status(self, status, "the tuples of a unit");
}

typedef struct {
    lzi_slice name;
    itk_visit_tuple *visit;
    void *context;
} tuple_filter;

static int
visit_if_named(void *context, lzi_slice unit, const lzi_tuple *tuple)
{
    const tuple_filter *filter = context;
    return lzi_slice_equal(tuple->python, filter->name)
               ? filter->visit(filter->context, unit, tuple)
               : 0;
}

int
itk_each_tuple(package_object *self, const lzi_candidate *candidate,
               lzi_slice name, itk_visit_tuple *visit, void *context)
{
    tuple_filter filter = {name, visit, context};
    lzi_list units = candidate->units;
    lzi_slice unit;
    while (lzi_list_next(&units, &unit)) {
        int rc = each_unit_tuple(self, unit, visit_if_named, &filter);
        if (rc != 0) {
            return rc;
        }
    }
    return 0;
}

typedef struct {
    package_object *package;
    PyObject *module; /* of the unit; only when registering */
    lzi_slice last;   /* template ensured last: tuples come in runs */
} registration;

static int
prepare_tuple(void *context, lzi_slice unit, const lzi_tuple *tuple)
{
    registration *self = context;
    (void)unit;
    if (!tuple->has_params || lzi_slice_equal(tuple->cpp, self->last)) {
        return 0;
    }
    self->last = tuple->cpp;
    PyObject *template = itk_ensure_template(self->package, tuple->cpp);
    Py_XDECREF(template);
    return template == NULL ? -1 : 0;
}

static int
visit_register(void *context, lzi_slice unit, const lzi_tuple *tuple)
{
    registration *self = context;
    return register_tuple(self->package, self->module, unit, tuple);
}

static int
exempt_c_half(package_object *self, lzi_slice unit)
{
    PyObject *full = member_name(self, "_", unit, "");
    PyObject *module = full == NULL ? NULL : PyImport_GetModule(full);
    Py_XDECREF(full);
    int rc = module == NULL ? -(PyErr_Occurred() != NULL)
                            : gc_exempt_module(self->state, module);
    Py_XDECREF(module);
    return rc;
}

static int
register_unit(package_object *self, PyObject *unit)
{
    int rc = PyDict_Contains(self->units, unit);
    if (rc != 0) {
        return rc < 0 ? -1 : 0;
    }
    lzi_slice name = slice_of_str(unit);
    registration registering = {self, unit_module(self, name), {"", 0}};
    if (registering.module == NULL) {
        return -1;
    }
    rc = each_unit_tuple(self, name, visit_register, &registering);
    if (rc == 0) {
        rc = gc_exempt_module(self->state, registering.module);
    }
    if (rc == 0) {
        rc = exempt_c_half(self, name);
    }
    Py_DECREF(registering.module);
    return rc == 0 ? PyDict_SetItem(self->units, unit, Py_None) : -1;
}

int
itk_register_units(package_object *self, PyObject *units)
{
    Py_ssize_t count = PyList_Size(units);
    if (count == 0) {
        return 0;
    }
    if (itk_prepare(self) < 0) {
        return -1;
    }
    registration preparing = {self, NULL, {"", 0}};
    for (Py_ssize_t i = 0; i < count; i++) {
        if (each_unit_tuple(self, slice_of_str(PyList_GetItem(units, i)),
                            prepare_tuple, &preparing) < 0) {
            return -1;
        }
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (register_unit(self, PyList_GetItem(units, i)) < 0) {
            return -1;
        }
    }
    return itk_update_raw_names(self, units);
}

/* -- Order ---------------------------------------------------------------- */

/* Move the key of an instantiation to the end of its template's
 * OrderedDict. */
static int
move_key(package_object *self, const lzi_tuple *tuple)
{
    PyObject *name = itk_full_name(tuple);
    PyObject *class =
        name == NULL ? NULL
                     : PyDict_GetItemWithError(self->itk.name_to_object, name);
    PyObject *origin = class == NULL ? NULL
                                     : Py_XNewRef(PyDict_GetItemWithError(
                                           self->itk.object_to_name, class));
    Py_XDECREF(name);
    if (origin == NULL) {
        return PyErr_Occurred() ? -1 : 0; /* of a unit not loaded */
    }
    PyObject *template, *key, *table = NULL, *done = NULL;
    if (PyArg_ParseTuple(origin, "OO", &template, &key)) {
        table = PyObject_GetAttrString(template, "__template__");
    }
    if (table != NULL) {
        done = PyObject_CallMethod(table, "move_to_end", "(O)", key);
    }
    Py_DECREF(origin);
    Py_XDECREF(table);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

typedef int visit_tuple(package_object *self, const lzi_tuple *tuple,
                        lzi_slice name);

static int
each_module_tuple(package_object *self, lzi_slice module, visit_tuple *visit,
                  lzi_slice name)
{
    lzi_slice value;
    lzi_status status =
        lzi_index_get(&value, NULL, self->index, LZI_TABLE_TUPLE, module);
    if (status == LZI_NOT_FOUND) {
        return 0;
    }
    lzi_cursor cursor = {0};
    uint32_t count = 0;
    if (status == LZI_OK) {
        cursor = lzi_cursor_of(value);
        count = lzi_read_count(&cursor);
    }
    for (; status == LZI_OK && count > 0; count--) {
        lzi_tuple tuple;
        status = lzi_tuple_next(&tuple, &cursor);
        if (status == LZI_OK && visit(self, &tuple, name) < 0) {
            return -1;
        }
    }
    return status == LZI_OK
               ? 0
               : raise_status(self, status, "the tuples of a module");
}

static int
move_if_named(package_object *self, const lzi_tuple *tuple, lzi_slice name)
{
    return tuple->has_params && lzi_slice_equal(tuple->python, name)
               ? move_key(self, tuple)
               : 0;
}

int
itk_order_template(package_object *self, lzi_slice name, lzi_slice module)
{
    return each_module_tuple(self, module, move_if_named, name);
}

/* Move an instantiation to the end of both registries. */
static int
move_name(package_object *self, const lzi_tuple *tuple, lzi_slice unused)
{
    (void)unused;
    PyObject *name = itk_full_name(tuple), *origin = NULL;
    PyObject *class = name == NULL ? NULL
                                   : Py_XNewRef(PyDict_GetItemWithError(
                                         self->itk.name_to_object, name));
    int rc = PyErr_Occurred() ? -1 : 0;
    if (class != NULL) {
        PyObject *done = PyObject_CallMethod(self->itk.name_to_object,
                                             "move_to_end", "O", name);
        rc = done == NULL ? -1 : 0;
        Py_XDECREF(done);
        origin = Py_XNewRef(
            PyDict_GetItemWithError(self->itk.object_to_name, class));
    }
    if (rc == 0 && origin != NULL) {
        rc = PyDict_DelItem(self->itk.object_to_name, class);
        if (rc == 0) {
            rc = PyDict_SetItem(self->itk.object_to_name, class, origin);
        }
    }
    Py_XDECREF(name);
    Py_XDECREF(class);
    Py_XDECREF(origin);
    return rc < 0 || PyErr_Occurred() ? -1 : 0;
}

int
itk_order_names(package_object *self, lzi_slice module)
{
    return each_module_tuple(self, module, move_name, (lzi_slice){"", 0});
}
