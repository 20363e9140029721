/* Many threads at one index, and at many of the same files: what lazyindex.h
 * promises, and what the tsan preset is for. */
#include "model_fixture.h"

#include "lzi_itk_index.h"
#include "tally.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { THREADS = 8, ROUNDS = 2000, OPENS = 40 };

static lzi_arena *arena;
static lzi_index *shared;
static atomic_uint wrong;

static void
teardown(void *context)
{
    (void)context;
    lzi_index_close(shared);
    lzi_arena_free(arena);
    shared = NULL;
    arena = NULL;
}

static lzi_status
count_record(void *context, lzi_slice name, lzi_slice value)
{
    (void)name;
    (void)value;
    ++*(unsigned *)context;
    return LZI_OK;
}

/* Everything one can ask of an index. */
static bool
ask(const lzi_index *index)
{
    lzi_candidate owner;
    const lzi_reader *reader;
    lzi_slice value;
    unsigned units = 0;
    lzi_lookup image = lzi_index_lookup(index, lzi_slice_of("Image"));
    lzi_lookup nothing = lzi_index_lookup(index, lzi_slice_of("Nothing"));
    if (lzi_index_owner(&owner, &reader, index, &image) != LZI_OK ||
        !lzi_slice_equal(owner.module, lzi_slice_of("CCC")) ||
        lzi_index_owner(&owner, NULL, index, &nothing) != LZI_NOT_FOUND ||
        lzi_index_get(&value, NULL, index, LZI_TABLE_MODULE,
                      lzi_slice_of("BBB")) != LZI_OK) {
        return false;
    }
    lzi_closure *closure =
        lzi_closure_new(lzi_itk_unit_needs, NULL, (void *)index);
    bool walked =
        closure != NULL &&
        lzi_closure_add(closure, lzi_slice_of("CCCPython")) == LZI_OK &&
        lzi_closure_count(closure) == 5;
    lzi_closure_free(closure);
    if (!walked) {
        return false;
    }
    for (size_t i = 0; i < lzi_index_count(index); i++) {
        lzi_reader_forget(lzi_index_reader(index, i));
        if (lzi_reader_each(lzi_index_reader(index, i), LZI_TABLE_UNIT,
                            count_record, &units) != LZI_OK) {
            return false;
        }
    }
    return units == 5;
}

static void *
use_shared(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        wrong += !ask(shared);
    }
    return NULL;
}

static void *
open_own(void *directory)
{
    for (int i = 0; i < OPENS; i++) {
        lzi_index *own;
        lzi_error error;
        if (lzi_index_open(&own, directory, &error) != LZI_OK) {
            wrong++;
            continue;
        }
        wrong += !ask(own);
        lzi_index_close(own);
    }
    return NULL;
}

static bool
run_threads(void *body(void *), void *argument)
{
    pthread_t threads[THREADS];
    int started = 0;
    while (started < THREADS &&
           pthread_create(&threads[started], NULL, body, argument) == 0) {
        started++;
    }
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    return started == THREADS;
}

static bool
write_shards(const char *directory)
{
    lzi_diag diag = {0};
    arena = lzi_arena_new();
    wrong = 0;
    lzi_model model = fixture_model(arena);
    return lzi_shards_write(&model, directory, &diag);
}

TEST
one_index(void)
{
    lzi_error error;
    ASSERT(write_shards(test_path("out")));
    ASSERT_EQ(LZI_OK, lzi_index_open(&shared, test_path("out"), &error));
    ASSERT(run_threads(use_shared, NULL));
    tally_report("format library: 8 threads at one index", THREADS * ROUNDS, 0,
                 wrong, 0);
    ASSERT_EQ(0, wrong);
    PASS();
}

TEST
many_indexes(void)
{
    char directory[4096];
    snprintf(directory, sizeof(directory), "%s", test_path("out"));
    ASSERT(write_shards(directory));
    ASSERT(run_threads(open_own, directory));
    tally_report("format library: 8 threads open and close the same files",
                 THREADS * OPENS, 0, wrong, 0);
    ASSERT_EQ(0, wrong);
    PASS();
}

SUITE(threads)
{
    SET_TEARDOWN(teardown, NULL);
    RUN_TEST(one_index);
    RUN_TEST(many_indexes);
}
