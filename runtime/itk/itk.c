#include "itk/itk.h"

#include "lzi_buffer.h"
#include "lzi_itk_cpp.h"

#include <string.h>

itk_state *
itk_of(const package_object *package)
{
    return package->state;
}

/* -- Records -------------------------------------------------------------- */

int
find_module(package_object *self, lzi_slice name, lzi_module *out)
{
    lzi_slice value;
    lzi_status status =
        lzi_index_get(&value, NULL, self->index, LZI_TABLE_MODULE, name);
    if (status == LZI_OK) {
        status = lzi_module_decode(out, value);
    }
    return status == LZI_OK
               ? 0
               : raise_status(self, status, "the record of a module");
}

int
find_unit(package_object *self, lzi_slice name, lzi_unit *out)
{
    lzi_slice value;
    lzi_status status =
        lzi_index_get(&value, NULL, self->index, LZI_TABLE_UNIT, name);
    if (status == LZI_OK) {
        status = lzi_unit_decode(out, value);
    }
    return status == LZI_OK
               ? 0
               : raise_status(self, status, "the record of a unit");
}

/* -- Names ---------------------------------------------------------------- */

/* itkTemplate.normalizeName() */
static void
put_normalized(lzi_buffer *out, lzi_slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (lzi_cpp_is_kept(text.data[i])) {
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

PyObject *
itk_normalized(lzi_slice text)
{
    lzi_buffer buffer = {0};
    put_normalized(&buffer, text);
    return str_of_buffer(&buffer);
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

/* -- Tuples --------------------------------------------------------------- */

int
itk_each_unit_tuple(package_object *self, lzi_slice unit_name,
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
        int rc = itk_each_unit_tuple(self, unit, visit_if_named, &filter);
        if (rc != 0) {
            return rc;
        }
    }
    return 0;
}
