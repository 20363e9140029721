/* owner DIRECTORY NAME: which module provides a name, by the shards there. */
#include <lazyindex/lzi_itk_index.h>

#include <stdio.h>

int
main(int argc, char **argv)
{
    lzi_index *index;
    lzi_error error;
    lzi_candidate owner;
    const lzi_reader *reader;

    if (argc != 3 || lzi_index_open(&index, argv[1], &error) != LZI_OK) {
        fprintf(stderr, "%s\n", argc == 3 ? error.text : "wrong usage");
        return 2;
    }
    const lzi_lookup name = lzi_index_lookup(index, lzi_slice_of(argv[2]));
    const lzi_status status = lzi_index_owner(&owner, &reader, index, &name);
    if (status == LZI_OK) {
        const lzi_slice from = lzi_reader_meta(reader)->distribution;

        printf("%.*s of %.*s\n", (int)owner.module.size, owner.module.data,
               (int)from.size, from.data);
    }
    else {
        puts(lzi_status_text(status));
    }
    lzi_index_close(index);
    return status == LZI_OK ? 0 : 1;
}
