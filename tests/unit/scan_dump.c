/* scan_dump: what the scanner sees in Python files, as JSON, a line a file.
 *
 * Paths come from the arguments; with none, from stdin, one a line. */
#include "base/file_io.h"
#include "itk/swig_proxy.h"

#include <stdio.h>
#include <string.h>

static void
print_string(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            putchar('\\');
        }
        putchar(*text);
    }
    putchar('"');
}

static void
print_strings(const char *key, const lzi_strings *list)
{
    printf(", \"%s\": [", key);
    for (size_t i = 0; i < list->count; i++) {
        fputs(i == 0 ? "" : ", ", stdout);
        print_string(list->items[i]);
    }
    putchar(']');
}

static bool
dump(const char *path, lzi_file_text *text, lzi_diag *diag)
{
    lzi_arena *arena = lzi_arena_new();
    lzi_string_map names = lzi_map_new(arena);
    lzi_proxy proxy = {0};
    const bool good =
        lzi_file_read(text, path, diag) &&
        lzi_proxy_scan(&proxy, &names, text->data, text->size, path, diag);

    fputs("{\"path\": ", stdout);
    print_string(path);
    printf(", \"good\": %s", good ? "true" : "false");
    print_strings("imports", &proxy.imports);
    print_strings("stars", &proxy.stars);
    print_strings("assigned", &proxy.assigned);
    print_strings("imported", &proxy.imported);
    print_strings("returns", &proxy.returns);
    fputs(", \"definitions\": [", stdout);
    for (size_t i = 0; i < proxy.definitions.count; i++) {
        const lzi_definition *at = &proxy.definitions.items[i];

        fputs(i == 0 ? "[" : ", [", stdout);
        print_string(at->name);
        printf(", %llu, %llu, %s]", (unsigned long long)at->offset,
               (unsigned long long)at->length,
               at->is_class ? "true" : "false");
    }
    puts("]}");
    lzi_arena_free(arena);
    return good;
}

int
main(int argc, char **argv)
{
    lzi_file_text text = {0};
    lzi_diag diag = {0};
    char path[4096];
    bool good = true;

    for (int i = 1; i < argc; i++) {
        good = dump(argv[i], &text, &diag) && good;
    }
    while (argc == 1 && fgets(path, sizeof(path), stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        good = dump(path, &text, &diag) && good;
    }
    lzi_file_free(&text);
    return good ? 0 : 1;
}
