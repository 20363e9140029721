/* malloc_wrap.c: memory that runs out inside a library.
 *
 * minizip 1.1 uses what malloc() returns without a look at it. Where the
 * linker has --wrap=malloc (see CMakeLists.txt), the calls of all that is
 * linked statically, the tool itself included, come here; a shared library
 * is not reached. */
#include "arena.h"

void *__real_malloc(size_t size); /* the names that the linker asks for */
void *__wrap_malloc(size_t size);

void *
__wrap_malloc(size_t size)
{
    void *block = __real_malloc(size);
    if (block == NULL) {
        lzi_arena_malloc_failed();
    }
    return block;
}
