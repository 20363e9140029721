#include "harness.h"

#include "lzi_buffer.h"
#include "lzi_closure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A graph in text: for each unit its name, what it imports, and what else it
 * needs, where that is there. */
typedef struct {
    const char *name, *imports, *soft;
} unit_text;

typedef struct {
    const unit_text *units; /* the last one's name is NULL */
    const char *loaded;     /* one of them; NULL: none */
    unsigned found;         /* calls of find_needs() */
} graph;

static lzi_closure *closure;
static lzi_buffer lists[64]; /* behind the needs handed out */
static size_t list_count;
static char told[512];

static void
teardown(void *context)
{
    (void)context;
    lzi_closure_free(closure);
    closure = NULL;
    for (size_t i = 0; i < list_count; i++) {
        lzi_buffer_free(&lists[i]);
    }
    list_count = 0;
}

/* "a b" as a list */
static lzi_list
list_of(const char *text)
{
    lzi_buffer names = {0}, *out = &lists[list_count++];
    size_t count = 0;
    for (const char *at = text; *at != '\0'; count++) {
        size_t size = strcspn(at, " ");
        lzi_put_string(&names, (lzi_slice){at, size});
        at += size + (at[size] == ' ');
    }
    lzi_put_varint(out, count);
    lzi_put_bytes(out, names.data, names.size);
    lzi_buffer_free(&names);
    lzi_cursor cursor =
        lzi_cursor_of((lzi_slice){(const char *)out->data, out->size});
    return lzi_read_list(&cursor);
}

static lzi_status
find_needs(void *context, lzi_slice unit, lzi_needs *out)
{
    graph *self = context;
    self->found++;
    if (unit.size == 1 && unit.data[0] == '!') {
        return LZI_E_STORE;
    }
    for (const unit_text *at = self->units; at->name != NULL; at++) {
        if (lzi_slice_equal(unit, lzi_slice_of(at->name))) {
            *out = (lzi_needs){list_of(at->imports), list_of(at->soft)};
            return LZI_OK;
        }
    }
    return LZI_NOT_FOUND;
}

static bool
is_loaded(void *context, lzi_slice unit)
{
    const graph *self = context;
    return self->loaded != NULL &&
           lzi_slice_equal(unit, lzi_slice_of(self->loaded));
}

/* The order in which units come that are added one after the other. */
static const char *
order_of(graph *self, const char *roots)
{
    teardown(NULL);
    closure = lzi_closure_new(find_needs, is_loaded, self);
    lzi_status status = LZI_OK;
    told[0] = '\0';
    for (const char *at = roots; *at != '\0' && status == LZI_OK;) {
        size_t size = strcspn(at, " ");
        status = lzi_closure_add(closure, (lzi_slice){at, size});
        at += size + (at[size] == ' ');
    }
    for (size_t i = 0; i < lzi_closure_count(closure); i++) {
        lzi_slice unit = lzi_closure_unit(closure, i);
        strncat(told, i == 0 ? "" : " ", 1);
        strncat(told, unit.data, unit.size);
    }
    if (status != LZI_OK) {
        lzi_slice culprit = lzi_closure_culprit(closure);
        snprintf(told, sizeof(told), "%.*s: %s", (int)culprit.size,
                 culprit.data, lzi_status_text(status));
    }
    return told;
}

static const unit_text UNITS[] = {
    {"base", "", ""},
    {"image", "base", "index"},
    {"filter", "image object", "mesh region"},
    {"object", "base", ""},
    {"index", "base", ""},
    {"region", "index", "gone image"},
    {"mesh", "image", "filter"},
    {"left", "right", ""},
    {"right", "left base", "left"},
    {"self", "self", "self"},
    {"broken", "base gone", ""},
    {"late", "base", "gone broken"},
    {"worse", "base !", ""},
    {NULL, NULL, NULL},
};

TEST
needs_come_first(void)
{
    graph self = {UNITS, NULL, 0};
    ASSERT_STR_EQ("base", order_of(&self, "base"));
    ASSERT_STR_EQ("base index image", order_of(&self, "image"));
    /* imports before the rest, each with all of its own */
    ASSERT_STR_EQ("base index image object mesh region filter",
                  order_of(&self, "filter"));
    ASSERT_STR_EQ("", order_of(&self, ""));
    PASS();
}

TEST
each_comes_once(void)
{
    graph self = {UNITS, NULL, 0};
    ASSERT_STR_EQ("base object index image",
                  order_of(&self, "object image object base"));
    ASSERT_EQ(4, self.found);
    PASS();
}

TEST
what_is_loaded_is_left_out_with_its_needs(void)
{
    graph self = {UNITS, "image", 0};
    ASSERT_STR_EQ("", order_of(&self, "image"));
    ASSERT_EQ(0, self.found);
    ASSERT_STR_EQ("base object mesh index region filter",
                  order_of(&self, "filter"));
    PASS();
}

TEST
circles_end(void)
{
    graph self = {UNITS, NULL, 0};
    ASSERT_STR_EQ("base right left", order_of(&self, "left"));
    ASSERT_STR_EQ("left base right", order_of(&self, "right"));
    ASSERT_STR_EQ("self", order_of(&self, "self"));
    ASSERT_STR_EQ("base index image filter mesh",
                  order_of(&(graph){(unit_text[]){{"mesh", "image", "filter"},
                                                  {"filter", "image", "mesh"},
                                                  {"image", "base", "index"},
                                                  {"index", "base", ""},
                                                  {"base", "", ""},
                                                  {NULL, NULL, NULL}},
                                    NULL, 0},
                           "mesh"));
    PASS();
}

TEST
only_what_is_soft_may_be_missing(void)
{
    graph self = {UNITS, NULL, 0};
    ASSERT_STR_EQ("base index image region", order_of(&self, "region"));
    ASSERT_STR_EQ("gone: not found", order_of(&self, "gone"));
    ASSERT_STR_EQ("gone: not found", order_of(&self, "broken"));
    /* not even where it was met as soft before */
    ASSERT_STR_EQ("gone: not found", order_of(&self, "late"));
    ASSERT_STR_EQ("!: LMDB error", order_of(&self, "worse"));
    PASS();
}

enum { CHAIN = 100000 };

static lzi_status
find_next(void *context, lzi_slice unit, lzi_needs *out)
{
    static char names[CHAIN + 1][1 + sizeof(uint32_t)];
    uint32_t number = 0;
    (void)context;
    memcpy(&number, unit.data, unit.size);
    char *name = names[number];
    *out = (lzi_needs){0};
    if (++number < CHAIN) {
        name[0] = sizeof(number);
        memcpy(name + 1, &number, sizeof(number));
        lzi_cursor cursor =
            lzi_cursor_of((lzi_slice){name, 1 + sizeof(number)});
        out->imports = (lzi_list){1, cursor};
    }
    return LZI_OK;
}

/* No recursion: the stack is as good as full long before. */
TEST
chains_may_be_long(void)
{
    uint32_t first = 0, last = 0;
    closure = lzi_closure_new(find_next, NULL, NULL);
    ASSERT_EQ(LZI_OK, lzi_closure_add(closure, (lzi_slice){(char *)&first,
                                                           sizeof(first)}));
    ASSERT_EQ(CHAIN, lzi_closure_count(closure));
    memcpy(&last, lzi_closure_unit(closure, 0).data, sizeof(last));
    ASSERT_EQ(CHAIN - 1, last);
    PASS();
}

SUITE(lzi_closure)
{
    SET_TEARDOWN(teardown, NULL);
    RUN_TEST(needs_come_first);
    RUN_TEST(each_comes_once);
    RUN_TEST(what_is_loaded_is_left_out_with_its_needs);
    RUN_TEST(circles_end);
    RUN_TEST(only_what_is_soft_may_be_missing);
    RUN_TEST(chains_may_be_long);
}
