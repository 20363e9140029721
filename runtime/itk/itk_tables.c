#include "itk/itk_tables.h"

#include "itk/unindexed.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The modules that have a Configuration table. */
typedef struct {
    package_object *package;
    uint64_t sum; /* of the hashes of their names, less the unknown ones */
    PyObject *unknown; /* list of those that no shard describes; NULL: they
                        * are not asked for, and part of the sum */
} table_survey;

/* @return 1: the module of the table is to be listed as unknown */
static int
is_unknown(const table_survey *survey, lzi_slice module)
{
    return survey->unknown != NULL &&
           !package_has(survey->package, LZI_TABLE_MODULE, module);
}

static int
survey_tables(const char *path, table_survey *survey)
{
    static const char suffix[] = "Config.py";
    const size_t suffix_size = sizeof(suffix) - 1;
    int rc = 0;
    DIR *directory = opendir(path);
    if (directory == NULL) {
        PyErr_SetFromErrnoWithFilename(PyExc_OSError, path);
        return -1;
    }
    survey->sum = 0;
    for (const struct dirent *entry = readdir(directory);
         rc == 0 && entry != NULL; entry = readdir(directory)) {
        lzi_slice name = lzi_slice_of(entry->d_name);
        if (name.size < suffix_size ||
            strcmp(name.data + name.size - suffix_size, suffix) != 0) {
            continue;
        }
        name.size -= suffix_size;
        if (is_unknown(survey, name)) {
            PyObject *module = PyUnicode_DecodeFSDefaultAndSize(
                name.data, (Py_ssize_t)name.size);
            rc = module == NULL ? -1 : PyList_Append(survey->unknown, module);
            Py_XDECREF(module);
        }
        else {
            survey->sum += lzi_name_hash(name);
        }
    }
    closedir(directory);
    return rc;
}

/* Hide those of some modules whose table is gone.
 * @param[in,out] sum To add the hashes of the others to. */
static lzi_status
hide_missing_of(package_object *self, lzi_list modules, const char *path,
                uint64_t *sum)
{
    lzi_slice module;
    lzi_status status = LZI_OK;
    while (status == LZI_OK && lzi_list_next(&modules, &module)) {
        char table[4096];
        int size = snprintf(table, sizeof(table), "%s/%.*sConfig.py", path,
                            (int)module.size, module.data);
        if (size > 0 && (size_t)size < sizeof(table) &&
            access(table, F_OK) == 0) {
            *sum += lzi_name_hash(module);
        }
        else {
            status = lzi_index_hide(self->index, module);
        }
    }
    return status;
}

/* Hide the modules whose table is gone, as the package itself would.
 * @return sum of the hashes of those that are left, through @p sum. */
static int
hide_missing(package_object *self, const char *path, uint64_t *sum)
{
    lzi_status status = LZI_OK;
    *sum = 0;
    for (size_t i = 0; status == LZI_OK && i < lzi_index_count(self->index);
         i++) {
        lzi_contents contents;
        status = lzi_itk_contents(&contents, lzi_index_reader(self->index, i));
        if (status == LZI_OK) {
            status = hide_missing_of(self, contents.modules, path, sum);
        }
    }
    return status == LZI_OK
               ? 0
               : raise_status(self, status, "the record of the contents");
}

int
itk_check_tables(package_object *self, const char *directory)
{
    char path[4096];
    table_survey survey = {self, 0, NULL};
    uint64_t known = 0, left = 0;
    if (snprintf(path, sizeof(path), "%s/Configuration", directory) >=
        (int)sizeof(path)) {
        PyErr_SetString(PyExc_ImportError, "path too long");
        return -1;
    }
    if (survey_tables(path, &survey) < 0) {
        return -1;
    }
    lzi_status status = lzi_itk_module_sum(&known, self->index);
    if (status != LZI_OK) {
        return raise_status(self, status, "the record of the contents");
    }
    if (survey.sum == known) {
        return 0;
    }
    survey.unknown = PyList_New(0);
    int rc = survey.unknown == NULL || hide_missing(self, path, &left) < 0 ||
                     survey_tables(path, &survey) < 0
                 ? -1
                 : 0;
    if (rc == 0 && survey.sum != left) {
        PyErr_SetString(self->module_state->format_error,
                        "a module is described by more than one shard");
        rc = -1;
    }
    if (rc == 0 && PyList_Size(survey.unknown) > 0) {
        rc = unindexed_survey(self, survey.unknown);
    }
    Py_XDECREF(survey.unknown);
    return rc;
}
