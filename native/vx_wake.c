#include "vx_wake.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/eventfd.h>
#endif

#include "vx_status.h"

void vx_wake_init(vx_wake *wake)
{
    wake->read_fd = wake->write_fd = -1;
    atomic_init(&wake->signalled, 0);
}

int vx_wake_open(vx_wake *wake)
{
    if (wake->read_fd >= 0)
        return VX_OK;
#ifdef __linux__
    wake->read_fd = wake->write_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return wake->read_fd >= 0 ? VX_OK : VX_E_SYSTEM;
#else
    int fds[2];
    if (pipe(fds) != 0)
        return VX_E_SYSTEM;
    for (int i = 0; i < 2; i++) {
        fcntl(fds[i], F_SETFD, FD_CLOEXEC);
        fcntl(fds[i], F_SETFL, O_NONBLOCK);
    }
    wake->read_fd = fds[0];
    wake->write_fd = fds[1];
    return VX_OK;
#endif
}

void vx_wake_close(vx_wake *wake)
{
    if (wake->read_fd >= 0)
        close(wake->read_fd);
    if (wake->write_fd >= 0 && wake->write_fd != wake->read_fd)
        close(wake->write_fd);
    vx_wake_init(wake);
}

void vx_wake_signal(vx_wake *wake)
{
    uint64_t one = 1; /* an eventfd takes 8 bytes; a pipe does not mind */
    if (atomic_exchange_explicit(&wake->signalled, 1, memory_order_acq_rel) == 0) {
        /* It cannot be full: it holds at most two. */
        ssize_t written = write(wake->write_fd, &one, sizeof one);
        (void)written;
    }
}

void vx_wake_drain(vx_wake *wake)
{
    uint64_t written[8]; /* a pipe may hold one more, from a signal that was under way */
    ssize_t taken;
    if (wake->read_fd < 0)
        return;
    /* First the descriptor, then the flag: a signal in between is seen through the flag's
     * exchange, and one after it writes again. */
    taken = read(wake->read_fd, written, sizeof written);
    (void)taken;
    atomic_exchange_explicit(&wake->signalled, 0, memory_order_acq_rel);
}
