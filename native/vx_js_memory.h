/* The memory of one runtime: counted, limited softly, and freed at once.
 *
 * Above the limit, allocations still succeed for a while, because a part of what is in use may be
 * garbage, and because the engine does not survive all failures of small ones; `over` tells that
 * the script has to end unless a collection helps. What leads above twice the limit fails, when it
 * is larger than VX_JS_SMALL; then `refused` tells that the script has to end in any case.
 */
#ifndef VX_JS_MEMORY_H
#define VX_JS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "vx_js_engine.h"

#define VX_JS_SMALL (64 * 1024)
/* So much above the limit, even small allocations fail. */
#define VX_JS_RESERVE ((size_t)512 * 1024 * 1024)

typedef struct vx_js_block vx_js_block;

typedef struct vx_js_memory {
    size_t used, limit; /* bytes; limit 0 for none */
    bool over;          /* an allocation led above the limit since this was set to false */
    bool refused;       /* one failed */
    vx_js_block *first;
} vx_js_memory;

/* The allocator for JS_NewRuntime2, whose opaque pointer is a vx_js_memory. */
extern const JSMallocFunctions vx_js_allocator;

/* Frees every block. */
void vx_js_memory_free(vx_js_memory *memory);

#endif
