#include "vx_js_engine.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "vx_status.h"

vx_js_engine vx_qjs;

static const char *const NAMES[] = {
#define X(result, name, arguments) #name,
    VX_JS_FUNCTIONS(X)
#undef X
};

int vx_js_load(const char *path, const char **why)
{
    static char text[512];
    *why = NULL;
    if (vx_qjs.JS_GetVersion != NULL)
        return VX_OK;
    if (sizeof(void *) != 8) {
        *why = "voxrt binds it on 64-bit machines only";
        return VX_E_SYSTEM;
    }
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        snprintf(text, sizeof text, "it cannot be loaded: %s", dlerror());
        *why = text;
        return VX_E_SYSTEM;
    }
    vx_js_engine found;
    void **slot = (void **)&found;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        slot[i] = dlsym(object, NAMES[i]);
        if (slot[i] == NULL) {
            snprintf(text, sizeof text, "it does not export %s", NAMES[i]);
            *why = text;
            return VX_E_SYSTEM;
        }
    }
    if (strcmp(found.JS_GetVersion(), VX_JS_ENGINE) != 0) {
        snprintf(text, sizeof text, "it is QuickJS-ng %.32s, not " VX_JS_ENGINE,
                 found.JS_GetVersion());
        *why = text;
        return VX_E_SYSTEM;
    }
    vx_qjs = found;
    return VX_OK;
}
