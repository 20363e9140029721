#include "scan.h"

const lzi_profile *
lzi_profile_named(lzi_slice name)
{
    for (size_t i = 0; lzi_profiles[i] != NULL; i++) {
        if (lzi_slice_equal(lzi_slice_of(lzi_profiles[i]->name), name)) {
            return lzi_profiles[i];
        }
    }
    return NULL;
}

const lzi_profile *
lzi_profile_of(const lzi_reader *reader, lzi_diag *diag)
{
    lzi_slice name = lzi_reader_meta(reader)->profile;
    const lzi_profile *profile = lzi_profile_named(name);
    if (profile == NULL) {
        lzi_diag_at(diag, LZI_ERROR, lzi_reader_path(reader), 0,
                    "of the profile '%.*s', which this lazyindex does not "
                    "know",
                    (int)name.size, name.data);
    }
    return profile;
}

const lzi_profile *
lzi_profile_of_directory(const char *directory, lzi_diag *diag)
{
    for (size_t i = 0; lzi_profiles[i] != NULL; i++) {
        if (lzi_profiles[i]->recognises(directory, diag)) {
            return lzi_profiles[i];
        }
    }
    return NULL;
}

static const char *
append(lzi_arena *arena, const char *list, const char *text)
{
    return list == NULL ? text
                        : lzi_arena_format(arena, "%s or %s", list, text);
}

const char *
lzi_profile_names(lzi_arena *arena)
{
    const char *list = NULL;
    for (size_t i = 0; lzi_profiles[i] != NULL; i++) {
        list = append(arena, list, lzi_profiles[i]->name);
    }
    return list;
}

const char *
lzi_profile_marks(lzi_arena *arena)
{
    const char *list = NULL;
    for (size_t i = 0; lzi_profiles[i] != NULL; i++) {
        list = append(arena, list, lzi_profiles[i]->mark);
    }
    return list;
}
