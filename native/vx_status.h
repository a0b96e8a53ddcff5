/* Status codes of the native core, and a text for each.
 *
 * Every vx_ function that can be called wrongly returns one of these (or a
 * non-negative count); none of them aborts, prints or allocates on failure.
 */
#ifndef VX_STATUS_H
#define VX_STATUS_H

enum {
    VX_OK = 0,
    VX_E_ARGUMENT = -1, /* a null pointer, or a value out of its range */
    VX_E_RATE = -2,     /* a sample rate other than 8000, 16000, 24000, 48000 Hz */
    VX_E_LENGTH = -3,   /* a sample count that the call cannot take */
    VX_E_CLOSED = -4,   /* the port, tap or graph has been closed */
    VX_E_FULL = -5,     /* a fixed table or ring has no room */
    VX_E_MEMORY = -6,   /* the system gave no memory */
    VX_E_STATE = -7,    /* not now: for instance advance() while the pacer runs */
    VX_E_SYSTEM = -8,   /* a system call failed; errno tells more */
};

/* A short English sentence for a status; never NULL. */
const char *vx_status_text(int status);

#endif
