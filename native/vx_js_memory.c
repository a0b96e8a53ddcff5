#include "vx_js_memory.h"

#include <stdlib.h>
#include <string.h>

#include "vx_js_stop.h"

struct vx_js_block {
    vx_js_block *next, *prev;
    size_t size;
    size_t unused; /* keeps what follows aligned to 16 bytes */
};

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

static void *adopt(vx_js_memory *memory, vx_js_block *block, size_t size)
{
    block->size = size;
    block->prev = NULL;
    block->next = memory->first;
    if (memory->first != NULL)
        memory->first->prev = block;
    memory->first = block;
    memory->used += size;
    return block + 1;
}

static void disown(vx_js_memory *memory, vx_js_block *block)
{
    if (block->prev != NULL)
        block->prev->next = block->next;
    else
        memory->first = block->next;
    if (block->next != NULL)
        block->next->prev = block->prev;
    memory->used -= block->size;
}

static void *allocate(void *opaque, size_t size)
{
    vx_js_memory *memory = opaque;
    if (size > SIZE_MAX / 2 || !may_grow(memory, size))
        return NULL;
    vx_js_in_heap++;
    vx_js_block *block = malloc(sizeof *block + size);
    void *data = block == NULL ? NULL : adopt(memory, block, size);
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
    vx_js_block *block = (vx_js_block *)data - 1;
    vx_js_in_heap++;
    disown(opaque, block);
    free(block);
    vx_js_in_heap--;
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
    vx_js_block *block = (vx_js_block *)data - 1;
    if (size > SIZE_MAX / 2 || (size > block->size && !may_grow(memory, size - block->size)))
        return NULL;
    vx_js_in_heap++;
    disown(memory, block);
    vx_js_block *moved = realloc(block, sizeof *block + size);
    void *at = moved == NULL ? NULL : adopt(memory, moved, size);
    if (moved == NULL)
        adopt(memory, block, block->size);
    vx_js_in_heap--;
    return at;
}

static size_t usable_size(const void *data)
{
    return data == NULL ? 0 : ((const vx_js_block *)data - 1)->size;
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
    vx_js_block *block = memory->first;
    while (block != NULL) {
        vx_js_block *next = block->next;
        free(block);
        block = next;
    }
    memory->first = NULL;
    memory->used = 0;
}
