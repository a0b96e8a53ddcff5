/* The memory of one runtime: counted, limited softly, and freed at once.
 *
 * Above the limit, allocations still succeed for a while, because a part of what is in use may be
 * garbage, and because the engine does not survive all failures of small ones; `over` tells that
 * the script has to end unless a collection helps. What leads above twice the limit fails, when it
 * is larger than VX_JS_SMALL; then `refused` tells that the script has to end in any case.
 *
 * An engine is some thousand little blocks, and with hundreds of sessions its memory is cold
 * whenever it is its turn. So little blocks come from chunks of the runtime's own, one behind the
 * other, and go back to a list of their size, without a look at any neighbour; larger ones are the
 * C library's. A chunk is kept until the runtime is freed.
 */
#ifndef VX_JS_MEMORY_H
#define VX_JS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "vx_js_engine.h"

#define VX_JS_SMALL (64 * 1024)
/* So much above the limit, even small allocations fail. */
#define VX_JS_RESERVE ((size_t)512 * 1024 * 1024)
/* Blocks of up to so many bytes, with their size before them, come from chunks. There is a list of
 * spare ones for each multiple of VX_JS_STEP; what is spare on one is of no use to the others, so
 * that at worst the chunks take as many times the limit as there are lists. */
#define VX_JS_STEP 16
#define VX_JS_LITTLE 256

typedef struct vx_js_large vx_js_large;
typedef struct vx_js_chunk vx_js_chunk;
typedef struct vx_js_spare vx_js_spare;

typedef struct vx_js_memory {
    size_t used, limit; /* bytes; limit 0 for none */
    bool over;          /* an allocation led above the limit since this was set to false */
    bool refused;       /* one failed */
    vx_js_large *large;
    vx_js_chunk *chunks; /* the latest first */
    char *fresh, *end;   /* what has not been used of it */
    vx_js_spare *spare[VX_JS_LITTLE / VX_JS_STEP + 1];
} vx_js_memory;

/* The allocator for JS_NewRuntime2, whose opaque pointer is a vx_js_memory. */
extern const JSMallocFunctions vx_js_allocator;

/* Frees every block. */
void vx_js_memory_free(vx_js_memory *memory);

#endif
