#include "module_body.h"

#include <string.h>

/* With these, code finds names that do not stand in it. */
static const char *const DYNAMIC[] = {"dir",     "eval",   "exec",
                                      "globals", "locals", "vars"};

/* Whether a star import of the unit binds the name. */
static bool
has_public(const lzi_model_unit *unit, const char *name)
{
    if (name[0] == '_') {
        return false;
    }
    for (size_t i = 0; i < unit->definitions.count; i++) {
        if (strcmp(unit->definitions.items[i].name, name) == 0) {
            return true;
        }
    }
    return lzi_strings_have(&unit->others, name);
}

/* Whether a body looks up a name that it has from a unit alone. */
static bool
uses_unit(const lzi_model_module *module, const lzi_proxy *body,
          const lzi_model_unit *unit)
{
    for (size_t i = 0; i < body->used.count; i++) {
        const char *name = body->used.items[i];
        if (has_public(unit, name) &&
            !lzi_strings_have(&module->bodies, name) &&
            !lzi_strings_have(&body->imported, name)) {
            return true;
        }
    }
    return false;
}

/* A star import behind a definition may replace it. */
static bool
is_standalone(const lzi_itk_model *itk, const lzi_model_module *module,
              const lzi_proxy *body)
{
    if (body->late_stars) {
        return false;
    }
    for (size_t i = 0; i < sizeof(DYNAMIC) / sizeof(*DYNAMIC); i++) {
        if (lzi_strings_have(&body->used, DYNAMIC[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < module->units.count; i++) {
        if (uses_unit(module, body,
                      &itk->units.items[module->units.items[i]])) {
            return false;
        }
    }
    return true;
}

void
lzi_find_standalone_bodies(lzi_itk_model *itk, const lzi_proxy *aggregators)
{
    for (size_t m = 0; m < itk->modules.count; m++) {
        const lzi_model_module *module = &itk->modules.items[m];
        if (module->body_unit != LZI_NONE &&
            is_standalone(itk, module, &aggregators[m])) {
            itk->units.items[module->body_unit].imports.count = 0;
        }
    }
}
