/* What the tick may still use and nobody else needs: freed after the next plan is in use.
 *
 * Whatever can be discarded has a vx_garbage as its first member, so that discarding needs no
 * memory and cannot fail.
 */
#ifndef VX_GARBAGE_H
#define VX_GARBAGE_H

#include <stdint.h>

typedef struct vx_garbage {
    struct vx_garbage *next;
    void (*release)(void *item); /* frees it */
    uint64_t number;             /* of the first plan that does not mention it */
} vx_garbage;

#endif
