/* Wheels that need not be any: what the tool reads of one before it unpacks
 * it, and every member. */
#include "fuzz.h"

#include "archive/wheel_file.h"

#include <sys/mman.h>
#include <unistd.h>

static char directory[] = P_tmpdir "/lazyindex-fuzz.XXXXXX";
static char path[200];
static int file = -1;

static void
remove_file(void)
{
    unlink(path);
    rmdir(directory);
}

/* In memory, under a name of a wheel. */
static void
make_file(void)
{
    FUZZ_CHECK(mkdtemp(directory) != NULL);
    snprintf(path, sizeof(path), "%s/itk_core-1.0-cp311-abi3-linux_x86_64.whl",
             directory);
    char target[32];
    file = memfd_create("wheel", MFD_CLOEXEC);
    snprintf(target, sizeof(target), "/proc/self/fd/%d", file);
    FUZZ_CHECK(file >= 0 && symlink(target, path) == 0 &&
               atexit(remove_file) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (file < 0) {
        make_file();
    }
    FUZZ_CHECK(ftruncate(file, 0) == 0 &&
               pwrite(file, data, size, 0) == (ssize_t)size);
    lzi_arena *arena = lzi_arena_new();
    lzi_diag diag = {0};
    lzi_wheel wheel;
    bool good = lzi_wheel_open(&wheel, arena, path, &diag);
    FUZZ_CHECK(good == (diag.errors == 0));
    for (size_t i = 0; good && i < wheel.zip.members.count; i++) {
        const lzi_zip_member *member = &wheel.zip.members.items[i];
        lzi_slice name = lzi_slice_of(member->name), text;
        if (name.size > 0 && name.data[name.size - 1] == '/') {
            name.size--;
        }
        FUZZ_CHECK(lzi_is_inside(name));
        if (lzi_zip_text(&text, arena, &wheel.zip, member)) {
            FUZZ_CHECK(text.size == member->size &&
                       text.data[text.size] == '\0');
            lzi_wheel_record record;
            (void)lzi_wheel_record_read(&record, &wheel, text);
        }
    }
    if (good) {
        lzi_wheel_close(&wheel);
    }
    lzi_arena_free(arena);
    return 0;
}
