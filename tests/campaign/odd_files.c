#include "odd_files.h"

#include "campaign.h"
#include "lzi_merge.h"
#include "lzi_trailer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

typedef struct {
    specimen *shard;
    char directory[64];
} odd_files;

static bool
write_file(const char *path, const void *data, size_t size)
{
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
    bool done = fd >= 0 && write(fd, data, size) == (ssize_t)size;
    return fd >= 0 && close(fd) == 0 && done;
}

/* -- Kinds of files: made in the current directory -------------------------
 */

static bool
make_nothing(const specimen *shard)
{
    (void)shard;
    return true;
}

static bool
make_empty(const specimen *shard)
{
    return write_file("x.lzi", shard->good, 0);
}

static bool
make_byte(const specimen *shard)
{
    return write_file("x.lzi", shard->good, 1);
}

static bool
make_trailer_only(const specimen *shard)
{
    return write_file("x.lzi", shard->good + shard->size - LZI_TRAILER_SIZE,
                      LZI_TRAILER_SIZE);
}

static bool
make_text(const specimen *shard)
{
    char text[20000];
    (void)shard;
    memset(text, '\n', sizeof(text));
    return write_file("x.lzi", text, sizeof(text));
}

static bool
make_image_only(const specimen *shard)
{
    return write_file("x.lzi", shard->good, shard->size - LZI_TRAILER_SIZE);
}

static bool
make_longer(const specimen *shard)
{
    return write_file("x.lzi", shard->good, shard->size) &&
           truncate("x.lzi", (off_t)shard->size + 1) == 0;
}

static bool
make_directory(const specimen *shard)
{
    (void)shard;
    return mkdir("x.lzi", 0755) == 0;
}

static bool
make_fifo(const specimen *shard)
{
    (void)shard;
    return mkfifo("x.lzi", 0644) == 0;
}

static bool
make_socket(const specimen *shard)
{
    struct sockaddr_un address = {AF_UNIX, "x.lzi"};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)shard;
    return fd >= 0 &&
           bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
           close(fd) == 0;
}

static bool
link_to(const char *target)
{
    return symlink(target, "x.lzi") == 0;
}

static bool
make_loop(const specimen *shard)
{
    (void)shard;
    return link_to("x.lzi");
}

static bool
make_dangling(const specimen *shard)
{
    (void)shard;
    return link_to("nowhere");
}

static bool
make_null_device(const specimen *shard)
{
    (void)shard;
    return link_to("/dev/null");
}

static bool
make_zero_device(const specimen *shard)
{
    (void)shard;
    return link_to("/dev/zero");
}

static bool
make_random_device(const specimen *shard)
{
    (void)shard;
    return link_to("/dev/urandom");
}

static bool
make_terminal(const specimen *shard)
{
    (void)shard;
    return link_to("/dev/tty");
}

static bool
make_process_file(const specimen *shard)
{
    (void)shard;
    return link_to("/proc/self/status");
}

/* The superuser may read anything: become somebody else, in this process. */
static bool
make_forbidden(const specimen *shard)
{
    return write_file("x.lzi", shard->good, shard->size) &&
           chmod("x.lzi", 0) == 0 && chmod(".", 0755) == 0 &&
           (geteuid() != 0 || seteuid(65534) == 0);
}

/* A trailer that is right, and a hole of a terabyte before it. */
static bool
make_hole(const specimen *shard)
{
    const off_t body = (off_t)1 << 40;
    uint8_t bytes[LZI_TRAILER_SIZE];
    lzi_trailer trailer = {.body_size = (uint64_t)body,
                           .page_size = LZI_PAGE_SIZE};
    (void)shard;
    lzi_trailer_encode(bytes, &trailer);
    int fd = open("x.lzi", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    bool done = fd >= 0 && pwrite(fd, bytes, sizeof(bytes), body) ==
                               (ssize_t)sizeof(bytes);
    return fd >= 0 && close(fd) == 0 && done;
}

static const struct {
    const char *name;
    bool (*make)(const specimen *shard);
    lzi_status status;
    int code; /* of the system, with LZI_E_IO */
} kinds[] = {
    {"none", make_nothing, LZI_E_IO, ENOENT},
    {"empty", make_empty, LZI_E_FORMAT, 0},
    {"a byte", make_byte, LZI_E_FORMAT, 0},
    {"a trailer", make_trailer_only, LZI_E_FORMAT, 0},
    {"text", make_text, LZI_E_FORMAT, 0},
    {"an image", make_image_only, LZI_E_FORMAT, 0},
    {"longer", make_longer, LZI_E_FORMAT, 0},
    {"directory", make_directory, LZI_E_FORMAT, 0},
    {"FIFO", make_fifo, LZI_E_FORMAT, 0},
    {"socket", make_socket, LZI_E_IO, ENXIO},
    {"link to itself", make_loop, LZI_E_IO, ELOOP},
    {"link to nothing", make_dangling, LZI_E_IO, ENOENT},
    {"/dev/null", make_null_device, LZI_E_FORMAT, 0},
    {"/dev/zero", make_zero_device, LZI_E_FORMAT, 0},
    {"/dev/urandom", make_random_device, LZI_E_FORMAT, 0},
    {"/dev/tty", make_terminal, LZI_E_FORMAT, ENXIO},
    {"file of /proc", make_process_file, LZI_E_FORMAT, 0},
    {"no permission", make_forbidden, LZI_E_IO, EACCES},
    {"a hole", make_hole, LZI_E_FORMAT, 0},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* -- Trailers --------------------------------------------------------------
 * A number put into one, whose own hash is then made right. */

static const struct {
    const char *name;
    size_t offset, size;
    uint64_t value;
    lzi_status status;
} trailers[] = {
    {"no magic", 0, 8, 0, LZI_E_FORMAT},
    {"magic of text mode", 4, 2, 0x0a0a, LZI_E_FORMAT},
    {"version 0", 8, 4, 0, LZI_E_VERSION},
    {"version 1", 8, 4, 1, LZI_E_VERSION},
    {"version 3", 8, 4, 3, LZI_E_VERSION},
    {"version 2 of big-endian", 8, 4, 0x02000000, LZI_E_VERSION},
    {"version 2^32 - 1", 8, 4, UINT32_MAX, LZI_E_VERSION},
    {"32-bit", 12, 4, 0x02010020, LZI_E_VERSION},
    {"big-endian", 12, 4, 0x40000102, LZI_E_VERSION},
    {"32-bit big-endian", 12, 4, 0x20000102, LZI_E_VERSION},
    {"no machine", 12, 4, 0, LZI_E_VERSION},
    {"length 0", 16, 8, 0, LZI_E_FORMAT},
    {"length 4096", 16, 8, 4096, LZI_E_FORMAT},
    {"length 2^63", 16, 8, (uint64_t)1 << 63, LZI_E_FORMAT},
    {"length 2^64 - 1", 16, 8, UINT64_MAX, LZI_E_FORMAT},
    {"length -64", 16, 8, (uint64_t)-64, LZI_E_FORMAT},
    {"no pages", 24, 4, 0, LZI_E_VERSION},
    {"pages of 512", 24, 4, 512, LZI_E_VERSION},
    {"pages of 8192", 24, 4, 8192, LZI_E_VERSION},
    {"pages of 65536", 24, 4, 65536, LZI_E_VERSION},
    {"pages of 2^31", 24, 4, 0x80000000, LZI_E_VERSION},
    {"reserved", 28, 4, 1, LZI_E_FORMAT},
    {"digest 0", 32, 8, 0, LZI_E_FORMAT},
    {"digest of ones", 40, 8, UINT64_MAX, LZI_E_FORMAT},
    {"reserved at the end", 56, 8, 1, LZI_E_FORMAT},
};
enum { TRAILERS = sizeof(trailers) / sizeof(trailers[0]) };

static bool
write_with_trailer(const specimen *shard, size_t i)
{
    uint8_t *trailer = shard->bad + shard->size - LZI_TRAILER_SIZE;
    memcpy(shard->bad, shard->good, shard->size);
    memcpy(trailer + trailers[i].offset, &trailers[i].value, trailers[i].size);
    uint64_t hash = XXH3_64bits(trailer, 48);
    memcpy(trailer + 48, &hash, sizeof(hash));
    return write_file("x.lzi", shard->bad, shard->size);
}

/* -- Cases ---------------------------------------------------------------- */

static bool
enter(const odd_files *self, uint64_t number)
{
    char name[100];
    snprintf(name, sizeof(name), "%s/%u", self->directory, (unsigned)number);
    return mkdir(name, 0755) == 0 && chdir(name) == 0;
}

/* By itself, and among the shards of a package. */
static const char *
open_odd(lzi_status status, int code)
{
    lzi_reader *reader;
    lzi_index *index;
    lzi_error error = {0};
    lzi_status got = lzi_reader_open(&reader, "x.lzi", &error);
    if (got == LZI_OK || reader != NULL) {
        return "was opened";
    }
    bool as_said =
        got == status && error.status == got && error.text[0] != '\0';
    /* Without a terminal there is no /dev/tty to open. */
    bool no_device = got == LZI_E_IO && error.sys_errno == ENXIO;
    if (code == 0 ? !as_said : !(as_said || no_device)) {
        return "another status";
    }
    if (code != 0 && got == LZI_E_IO && error.sys_errno != code) {
        return "another error of the system";
    }
    if (code == ENOENT) {
        return NULL; /* a package may have fewer shards */
    }
    return lzi_index_open(&index, ".", &error) == got && index == NULL &&
                   strstr(error.text, "x.lzi: ") != NULL
               ? NULL
               : "the package was opened, or the file not named";
}

static const char *
run_kind(void *context, uint64_t number)
{
    const odd_files *self = context;
    if (!enter(self, number) || !kinds[number].make(self->shard)) {
        return kinds[number].name;
    }
    const char *wrong = open_odd(kinds[number].status, kinds[number].code);
    if (wrong != NULL) {
        fprintf(stderr, "%s: ", kinds[number].name);
    }
    return seteuid(getuid()) == 0 ? wrong : "cannot become oneself again";
}

static const char *
run_trailer(void *context, uint64_t number)
{
    const odd_files *self = context;
    if (!enter(self, KINDS + number) ||
        !write_with_trailer(self->shard, number)) {
        return trailers[number].name;
    }
    const char *wrong = open_odd(trailers[number].status, 0);
    if (wrong != NULL) {
        fprintf(stderr, "%s: ", trailers[number].name);
    }
    return wrong;
}

bool
odd_files_run(specimen *shard)
{
    odd_files self = {shard, P_tmpdir "/lazyindex-odd-files.XXXXXX"};
    if (mkdtemp(self.directory) == NULL || chmod(self.directory, 0755) != 0) {
        perror(self.directory);
        return false;
    }
    bool good = campaign_run("file: what is no shard", KINDS, run_kind, &self);
    good = campaign_run("file: other versions, machines, lengths", TRAILERS,
                        run_trailer, &self) &&
           good;
    char command[100];
    snprintf(command, sizeof(command), "rm -rf '%s'", self.directory);
    return system(command) == 0 && good;
}
