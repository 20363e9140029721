// owner DIRECTORY NAME: which module provides a name, by the shards there.
#include <lazyindex/lzi_itk_index.h>

#include <iostream>
#include <memory>
#include <string>

static std::string
text(lzi_slice slice)
{
    return std::string(slice.data, slice.size);
}

int
main(int argc, char **argv)
{
    lzi_index *opened = nullptr;
    lzi_error error = {};
    lzi_candidate owner = {};
    const lzi_reader *reader = nullptr;

    if (argc != 3 || lzi_index_open(&opened, argv[1], &error) != LZI_OK) {
        std::cerr << (argc == 3 ? error.text : "wrong usage") << '\n';
        return 2;
    }
    const std::unique_ptr<lzi_index, void (*)(lzi_index *)> index(
        opened, lzi_index_close);
    const lzi_lookup name =
        lzi_index_lookup(index.get(), lzi_slice_of(argv[2]));
    const lzi_status status =
        lzi_index_owner(&owner, &reader, index.get(), &name);
    std::cout << (status == LZI_OK
                      ? text(owner.module) + " of " +
                            text(lzi_reader_meta(reader)->distribution)
                      : lzi_status_text(status))
              << '\n';
    return status == LZI_OK ? 0 : 1;
}
