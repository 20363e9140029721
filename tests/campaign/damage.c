#include "damage.h"

#include "campaign.h"
#include "lzi_itk_put.h"
#include "lzi_reader.h"
#include "lzi_trailer.h"
#include "read_all.h"
#include "scan/shard_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* -- Specimens ------------------------------------------------------------ */

static bool
fail(const char *what)
{
    perror(what);
    return false;
}

bool
specimen_open_memory(specimen *self)
{
    self->fd = memfd_create("specimen", MFD_CLOEXEC);
    snprintf(self->path, sizeof(self->path), "/proc/self/fd/%d", self->fd);
    return self->fd >= 0 || fail("memfd_create");
}

bool
specimen_load(specimen *out, const char *path)
{
    struct stat info;
    *out = (specimen){.fd = -1};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) {
        return fail(path);
    }
    out->size = (size_t)info.st_size;
    out->good = malloc(out->size);
    out->bad = malloc(out->size);
    bool done = out->good != NULL && out->bad != NULL &&
                specimen_open_memory(out) &&
                read(fd, out->good, out->size) == (ssize_t)out->size;
    close(fd);
    return done || fail(path);
}

void
specimen_free(specimen *self)
{
    free(self->good);
    free(self->bad);
    close(self->fd);
}

typedef struct {
    lzi_arena *arena;
    lzi_shard_records records;
    lzi_buffer value;
} maker;

/* Take what was put into the buffer as the value of a key. */
static void
add(maker *self, const char *key)
{
    lzi_slice value = {lzi_arena_copy(self->arena, (char *)self->value.data,
                                      self->value.size),
                       self->value.size};
    *(lzi_shard_record *)LZI_PUSH(self->arena,
                                  &self->records) = (lzi_shard_record){
        {lzi_arena_copy(self->arena, key, strlen(key)), strlen(key)}, value};
    lzi_buffer_free(&self->value);
}

static void
put(maker *self, const char *text)
{
    lzi_put_string(&self->value, lzi_slice_of(text));
}

static void
put_one(maker *self, const char *text)
{
    lzi_slice item = lzi_slice_of(text);
    lzi_put_list(&self->value, &item, 1);
}

static void
add_heads(maker *self)
{
    uint8_t filter[256];
    memset(filter, 0xff, sizeof(filter));
    lzi_put_bytes(&self->value, filter, sizeof(filter));
    add(self, "%");
    put(self, "itk");
    put(self, "itk");
    put(self, "itk-core");
    put(self, "1.0");
    put(self, "campaign");
    add(self, "@");
    put(self, "itk.support.extras");
    put(self, "imread");
    add(self, "Eimread");
}

static void
add_contents(maker *self)
{
    put(self, "itkImagePython");
    add(self, "SvectorF");
    put_one(self, "ITKCommon");
    lzi_put_fixed64(&self->value, lzi_name_hash(lzi_slice_of("ITKCommon")));
    lzi_put_list(&self->value, NULL, 0);
    add(self, "c");
    lzi_put_varint(&self->value, 1000);
    lzi_put_fixed64(&self->value, 1);
    add(self, "f__init__.py");
    put_one(self, "ImageIO");
    add(self, "gITKCommon");
}

enum { NAMES = 64 };

static void
add_module(maker *self)
{
    lzi_slice names[NAMES];
    put(self, "_ITKCommonPython.abi3.so");
    lzi_put_varint(&self->value, 0);
    put_one(self, "ITKPyBase");
    lzi_put_varint(&self->value, 1);
    put(self, "ImageIO");
    put(self, "PNG");
    put(self, "itkImagePython");
    lzi_put_varint(&self->value, 1);
    put(self, "image_filter");
    put(self, "itkImagePython");
    put_one(self, "itkImagePython");
    for (size_t i = 0; i < NAMES; i++) {
        names[i] = lzi_slice_of(
            lzi_arena_format(self->arena, "Name%02zuOfSomeTemplate", i));
    }
    lzi_put_list(&self->value, names, NAMES);
    add(self, "MITKCommon");
    for (size_t i = 0; i < NAMES; i++) {
        lzi_put_varint(&self->value, 1);
        put(self, "ITKCommon");
        lzi_put_varint(&self->value, 5);
        put(self, "itk::SomeTemplate");
        put_one(self, "itkImagePython");
        add(self, lzi_arena_format(self->arena, "N%.*s", (int)names[i].size,
                                   names[i].data));
    }
}

/* The tuples do not fit into a page. */
static void
add_unit(maker *self)
{
    lzi_put_varint(&self->value, NAMES);
    size_t offset = self->value.size;
    for (size_t i = 0; i < NAMES; i++) {
        char *name =
            lzi_arena_format(self->arena, "Name%02zuOfSomeTemplate", i);
        lzi_put_tuple(&self->value,
                      &(lzi_tuple){.python = lzi_slice_of(name),
                                   .cpp = lzi_slice_of("itk::SomeTemplate"),
                                   .swig = lzi_slice_of("itkSomeTemplateF2"),
                                   .params = lzi_slice_of("itk::Image<float>"),
                                   .has_params = true});
    }
    add(self, "tITKCommon");
    put(self, "ITKCommon");
    put_one(self, "itkObjectPython");
    lzi_put_list(&self->value, NULL, 0);
    lzi_put_varint(&self->value, 1);
    lzi_put_varint(&self->value, offset);
    lzi_put_varint(&self->value, 0);
    lzi_put_varint(&self->value, NAMES);
    add(self, "uitkImagePython");
}

bool
specimen_make(specimen *out)
{
    char path[] = P_tmpdir "/lazyindex-specimen.XXXXXX";
    lzi_diag diag = {0};
    maker self = {.arena = lzi_arena_new()};
    int fd = mkstemp(path);
    if (fd < 0) {
        return fail(path);
    }
    close(fd);
    add_heads(&self);
    add_module(&self);
    add_contents(&self);
    add_unit(&self);
    bool done = lzi_shard_file_write(&self.records, path, &diag) &&
                specimen_load(out, path);
    unlink(path);
    lzi_arena_free(self.arena);
    return done;
}

/* -- Damage --------------------------------------------------------------- */

static void
flip_bits(specimen *self, uint64_t *random)
{
    for (size_t left = 1 + campaign_below(random, 8); left > 0; left--) {
        self->bad[campaign_below(random, self->size)] ^=
            (uint8_t)(1u << campaign_below(random, 8));
    }
}

static size_t
some_size(const specimen *self, uint64_t *random)
{
    static const size_t limits[] = {2, 8, 64, 512, 4096, 20000};
    size_t limit = limits[campaign_below(random, 6)];
    return 1 + campaign_below(random, limit < self->size ? limit : self->size);
}

static void
overwrite(specimen *self, uint64_t *random)
{
    size_t size = some_size(self, random);
    uint8_t *at = self->bad + campaign_below(random, self->size - size + 1);
    size_t kind = campaign_below(random, 3);
    for (size_t i = 0; i < size; i++) {
        at[i] = (uint8_t)(kind == 0   ? 0
                          : kind == 1 ? 0xff
                                      : campaign_random(random));
    }
}

/* Exchange two pieces, mostly whole pages. */
static void
swap_pieces(specimen *self, uint64_t *random)
{
    uint8_t piece[LZI_PAGE_SIZE];
    size_t size = sizeof(piece), unit = sizeof(piece);
    if (campaign_below(random, 4) == 0) {
        unit = 1;
        size = 1 + campaign_below(random, sizeof(piece));
    }
    size_t places = (self->size - size) / unit;
    uint8_t *a = self->bad + campaign_below(random, places) * unit;
    uint8_t *b = self->bad + campaign_below(random, places) * unit;
    memcpy(piece, a, size);
    memmove(a, b, size);
    memcpy(b, piece, size);
}

/* Copy a piece to somewhere else, or move all behind it up. */
static void
splice_pieces(specimen *self, uint64_t *random)
{
    size_t size = some_size(self, random);
    size_t from = campaign_below(random, self->size - size + 1);
    size_t to = campaign_below(random, self->size - size + 1);
    if (campaign_below(random, 2) == 0) {
        memmove(self->bad + to, self->bad + from, size);
    }
    else {
        memmove(self->bad + from, self->bad + from + size,
                self->size - from - size);
    }
}

/* A wild number where LMDB, or a value, has one. */
static void
set_number(specimen *self, uint64_t *random)
{
    static const unsigned meta[] = {8, 10, 16, 20, 40, 92, 94, 120, 128, 136};
    static const unsigned page[] = {0, 8, 10, 12, 14, 16, 18, 20, 22};
    const uint64_t numbers[] = {0,
                                1,
                                2,
                                3,
                                16,
                                4095,
                                4096,
                                0x7fff,
                                0xffff,
                                INT32_MAX,
                                UINT32_MAX,
                                UINT64_MAX,
                                self->size / LZI_PAGE_SIZE,
                                campaign_below(random, 512),
                                campaign_below(random, 65536)};
    size_t pages = self->size / LZI_PAGE_SIZE;
    size_t number = campaign_below(random, 8) == 0
                        ? campaign_below(random, 2)
                        : campaign_below(random, pages);
    uint8_t *at = self->bad + number * LZI_PAGE_SIZE;
    if (number < 2) {
        at += meta[campaign_below(random, sizeof(meta) / sizeof(meta[0]))];
    }
    else if (campaign_below(random, 2) == 0) {
        at += page[campaign_below(random, sizeof(page) / sizeof(page[0]))];
    }
    else { /* the head of a node */
        unsigned slot = 16 + 2 * (unsigned)campaign_below(random, 40);
        unsigned node = (unsigned)(at[slot] | at[slot + 1] << 8);
        at += node % (LZI_PAGE_SIZE - 16) + 2 * campaign_below(random, 8);
    }
    uint64_t value =
        numbers[campaign_below(random, sizeof(numbers) / sizeof(numbers[0]))];
    memcpy(at, &value, (size_t)1 << campaign_below(random, 4));
}

void
specimen_damage(specimen *self, uint64_t *random)
{
    static void (*const ways[])(specimen *, uint64_t *) = {
        flip_bits,     overwrite,  swap_pieces,
        splice_pieces, set_number, set_number};
    memcpy(self->bad, self->good, self->size);
    for (size_t left = 1 + campaign_below(random, 3); left > 0; left--) {
        ways[campaign_below(random, sizeof(ways) / sizeof(ways[0]))](self,
                                                                     random);
    }
}

void
set_trailer(uint8_t *shard, size_t size)
{
    size_t body = size - LZI_TRAILER_SIZE;
    lzi_trailer trailer = {.body_size = body, .page_size = LZI_PAGE_SIZE};
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, XXH3_128bits(shard, body));
    memcpy(trailer.digest, digest.digest, sizeof(trailer.digest));
    lzi_trailer_encode(shard + body, &trailer);
}

void
specimen_repair(specimen *self)
{
    set_trailer(self->bad, self->size);
}

/* -- Opening -------------------------------------------------------------- */

const char *
specimen_open(specimen *self, size_t size, bool repaired)
{
    lzi_reader *reader;
    lzi_error error = {0};
    if (ftruncate(self->fd, (off_t)size) != 0 ||
        pwrite(self->fd, self->bad, size, 0) != (ssize_t)size) {
        return "cannot write to memory";
    }
    lzi_status status = lzi_reader_open(&reader, self->path, &error);
    if (status != LZI_OK) {
        bool clean = (status == LZI_E_FORMAT || status == LZI_E_VERSION) &&
                     reader == NULL && error.status == status &&
                     error.text[0] != '\0';
        return clean ? NULL : "refused without a reason";
    }
    const char *wrong = NULL;
    if (!repaired &&
        (size != self->size || memcmp(self->bad, self->good, size) != 0)) {
        wrong = "opened, damaged as it is";
    }
    else {
        wrong = read_all(reader, size);
    }
    lzi_reader_close(reader);
    return wrong;
}
