/* lmdb_stderr.c: lets a liblmdb.a that was built for executables (-fPIE, as
 * Debian does) go into a shared object.
 *
 * Its one relocation that a shared object may not have is that of libc's
 * variable `stderr`, read only by the message before abort() of a failed
 * assertion. A variable of our own satisfies it at link time; hidden, so that
 * nobody else sees it. No header declares it here, on purpose. */
#include <dlfcn.h>

__attribute__((visibility("hidden"))) void *stderr;

__attribute__((constructor)) static void
bind_stderr(void)
{
    void *real = dlsym(RTLD_DEFAULT, "stderr");
    stderr = real == 0 ? 0 : *(void **)real;
}
