/* Waking a thread that waits for a file descriptor: an eventfd on Linux, a pipe elsewhere.
 *
 * However often it is signalled, the descriptor is written once until it is drained.
 */
#ifndef VX_WAKE_H
#define VX_WAKE_H

typedef struct vx_wake {
    int read_fd, write_fd; /* the same for an eventfd; -1: not open */
    _Atomic int signalled;
} vx_wake;

/* Marks it as not open. */
void vx_wake_init(vx_wake *wake);

/* Opens it; harmless when it is.  Returns VX_OK or VX_E_SYSTEM. */
int vx_wake_open(vx_wake *wake);

void vx_wake_close(vx_wake *wake);

/* Makes read_fd readable.  Never blocks. */
void vx_wake_signal(vx_wake *wake);

/* Makes it unreadable; what was written before a signal that this takes is visible. */
void vx_wake_drain(vx_wake *wake);

#endif
