#include "vx_js_memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vx_js_stop.h"

/* Before the data of each block is its size, by which the two kinds are told apart as well. Data is
 * aligned to 16 bytes. */
enum { SIZE = sizeof(size_t), LITTLE_MOST = VX_JS_LITTLE - SIZE };

struct vx_js_large {
    vx_js_large *next, *prev;
    size_t unused; /* keeps what follows aligned */
    size_t size;
};

/* What is in a little block that nobody uses. */
struct vx_js_spare {
    vx_js_spare *next;
};

#define CHUNK_BYTES ((size_t)32 * 1024)

struct vx_js_chunk {
    vx_js_chunk *next;
    size_t unused[2]; /* so that the first block's size ends at a multiple of 16 */
    char blocks[];
};

static size_t size_of(const void *data)
{
    return ((const size_t *)data)[-1];
}

static bool may_grow(vx_js_memory *memory, size_t more)
{
    if (memory->limit == 0 || memory->used + more <= memory->limit)
        return true;
    memory->over = true;
    size_t beyond = memory->used + more - memory->limit;
    if (beyond <= memory->limit || (more <= VX_JS_SMALL && beyond <= VX_JS_RESERVE))
        return true;
    memory->refused = true;
    return false;
}

/* --- little blocks --------------------------------------------------------------------------- */

/* How many bytes a little block takes, its size included. */
static size_t little_bytes(size_t size)
{
    size_t bytes = (size + SIZE + VX_JS_STEP - 1) / VX_JS_STEP * VX_JS_STEP;
    return bytes < 2 * VX_JS_STEP ? 2 * VX_JS_STEP : bytes;
}

static bool add_chunk(vx_js_memory *memory)
{
    vx_js_chunk *chunk = malloc(CHUNK_BYTES);
    if (chunk == NULL)
        return false;
    chunk->next = memory->chunks;
    memory->chunks = chunk;
    memory->fresh = chunk->blocks;
    memory->end = (char *)chunk + CHUNK_BYTES;
    return true;
}

static void *take_little(vx_js_memory *memory, size_t size)
{
    size_t bytes = little_bytes(size);
    vx_js_spare **list = &memory->spare[bytes / VX_JS_STEP];
    void *data = *list;
    if (data != NULL) {
        *list = (*list)->next;
    } else {
        if ((size_t)(memory->end - memory->fresh) < bytes && !add_chunk(memory))
            return NULL;
        data = memory->fresh + SIZE;
        memory->fresh += bytes;
        ((size_t *)data)[-1] = bytes - SIZE;
    }
    memory->used += bytes - SIZE;
    return data;
}

static void give_little(vx_js_memory *memory, void *data)
{
    size_t size = size_of(data);
    vx_js_spare *block = data, **list = &memory->spare[(size + SIZE) / VX_JS_STEP];
    block->next = *list;
    *list = block;
    memory->used -= size;
}

/* --- large blocks ---------------------------------------------------------------------------- */

static void *adopt(vx_js_memory *memory, vx_js_large *block, size_t size)
{
    block->size = size;
    block->prev = NULL;
    block->next = memory->large;
    if (memory->large != NULL)
        memory->large->prev = block;
    memory->large = block;
    memory->used += size;
    return block + 1;
}

static vx_js_large *disown(vx_js_memory *memory, void *data)
{
    vx_js_large *block = (vx_js_large *)data - 1;
    if (block->prev != NULL)
        block->prev->next = block->next;
    else
        memory->large = block->next;
    if (block->next != NULL)
        block->next->prev = block->prev;
    memory->used -= block->size;
    return block;
}

static void *take_large(vx_js_memory *memory, size_t size)
{
    vx_js_large *block = malloc(sizeof *block + size);
    return block == NULL ? NULL : adopt(memory, block, size);
}

static void *resize_large(vx_js_memory *memory, void *data, size_t size)
{
    vx_js_large *block = disown(memory, data);
    size_t before = block->size;
    vx_js_large *moved = realloc(block, sizeof *block + size);
    if (moved == NULL)
        adopt(memory, block, before);
    return moved == NULL ? NULL : adopt(memory, moved, size);
}

/* --- the engine's functions ------------------------------------------------------------------ */

static void *take(vx_js_memory *memory, size_t size)
{
    return size <= LITTLE_MOST ? take_little(memory, size) : take_large(memory, size);
}

static void give(vx_js_memory *memory, void *data)
{
    if (size_of(data) <= LITTLE_MOST)
        give_little(memory, data);
    else
        free(disown(memory, data));
}

static void *allocate(void *opaque, size_t size)
{
    vx_js_memory *memory = opaque;
    if (size > SIZE_MAX / 2 || !may_grow(memory, size))
        return NULL;
    vx_js_in_heap++;
    void *data = take(memory, size);
    vx_js_in_heap--;
    return data;
}

static void *allocate_zeroed(void *opaque, size_t count, size_t size)
{
    if (count != 0 && size > SIZE_MAX / count)
        return NULL;
    void *data = allocate(opaque, count * size);
    return data == NULL ? NULL : memset(data, 0, count * size);
}

static void release(void *opaque, void *data)
{
    if (data == NULL)
        return;
    vx_js_in_heap++;
    give(opaque, data);
    vx_js_in_heap--;
}

static void *move(vx_js_memory *memory, void *data, size_t size)
{
    size_t before = size_of(data);
    if (before > LITTLE_MOST && size > LITTLE_MOST)
        return resize_large(memory, data, size);
    void *moved = take(memory, size);
    if (moved != NULL) {
        memcpy(moved, data, before < size ? before : size);
        give(memory, data);
    }
    return moved;
}

static void *resize(void *opaque, void *data, size_t size)
{
    vx_js_memory *memory = opaque;
    if (data == NULL)
        return allocate(memory, size);
    if (size == 0) {
        release(memory, data);
        return NULL;
    }
    size_t before = size_of(data);
    if (before <= LITTLE_MOST && size <= before)
        return data;
    if (size > SIZE_MAX / 2 || (size > before && !may_grow(memory, size - before)))
        return NULL;
    vx_js_in_heap++;
    void *moved = move(memory, data, size);
    vx_js_in_heap--;
    return moved;
}

static size_t usable_size(const void *data)
{
    return data == NULL ? 0 : size_of(data);
}

const JSMallocFunctions vx_js_allocator = {
    .js_calloc = allocate_zeroed,
    .js_malloc = allocate,
    .js_free = release,
    .js_realloc = resize,
    .js_malloc_usable_size = usable_size,
};

void vx_js_memory_free(vx_js_memory *memory)
{
    while (memory->large != NULL)
        free(disown(memory, memory->large + 1));
    while (memory->chunks != NULL) {
        vx_js_chunk *next = memory->chunks->next;
        free(memory->chunks);
        memory->chunks = next;
    }
    memset(memory->spare, 0, sizeof memory->spare);
    memory->fresh = memory->end = NULL;
    memory->used = 0;
}
