#include "core/switches.h"

#include "core/profile.h"

#include <stdlib.h>
#include <string.h>

static const char *const common_words[] = {"on", "off", "eager", "trace",
                                           NULL};

/* Take the next word off a list. @return false: there is none */
static bool
next_word(const char **rest, lzi_slice *word)
{
    if (**rest == '\0') {
        return false;
    }
    word->data = *rest;
    word->size = strcspn(*rest, ",");
    *rest += word->size + ((*rest)[word->size] == ',');
    return true;
}

bool
is_switched(const char *word)
{
    const char *rest = getenv("LAZYINDEX");
    lzi_slice given;
    while (rest != NULL && next_word(&rest, &given)) {
        if (lzi_slice_equal(given, lzi_slice_of(word))) {
            return true;
        }
    }
    return false;
}

static bool
is_among(lzi_slice word, const char *const *words)
{
    for (; words != NULL && *words != NULL; words++) {
        if (lzi_slice_equal(word, lzi_slice_of(*words))) {
            return true;
        }
    }
    return false;
}

static bool
is_known(lzi_slice word)
{
    bool known = word.size == 0 || is_among(word, common_words);
    for (size_t i = 0; !known && lzi_profiles[i] != NULL; i++) {
        known = is_among(word, lzi_profiles[i]->switches);
    }
    return known;
}

/* ", a and b" of all words: for a message. */
static PyObject *
list_words(void)
{
    PyObject *text = PyUnicode_FromString("on, off, eager");
    for (size_t i = 0; text != NULL && lzi_profiles[i] != NULL; i++) {
        const char *const *words = lzi_profiles[i]->switches;
        for (; text != NULL && words != NULL && *words != NULL; words++) {
            PyObject *more = PyUnicode_FromFormat("%U, %s", text, *words);
            Py_DECREF(text);
            text = more;
        }
    }
    return text;
}

static PyObject *
describe_unknown(lzi_slice word)
{
    PyObject *words = list_words();
    PyObject *given = PyUnicode_DecodeUTF8(word.data, (Py_ssize_t)word.size,
                                           "backslashreplace");
    PyObject *text = NULL;
    if (words != NULL && given != NULL) {
        text = PyUnicode_FromFormat("LAZYINDEX=%U is ignored: the words "
                                    "are %U and trace",
                                    given, words);
    }
    Py_XDECREF(words);
    Py_XDECREF(given);
    return text;
}

static int
warn_unknown(lzi_slice word)
{
    PyObject *text = describe_unknown(word);
    if (text == NULL) {
        return -1;
    }
    int rc = PyErr_WarnFormat(PyExc_RuntimeWarning, 1, "%U", text);
    if (rc < 0 && PyErr_ExceptionMatches(PyExc_RuntimeWarning)) {
        PyErr_Clear();
        PySys_FormatStderr("lazyindex: warning: %U\n", text);
        rc = 0;
    }
    Py_DECREF(text);
    return rc;
}

int
check_switches(void)
{
    const char *rest = getenv("LAZYINDEX");
    lzi_slice word;
    while (rest != NULL && next_word(&rest, &word)) {
        if (!is_known(word)) {
            return warn_unknown(word);
        }
    }
    return 0;
}
