/* Drives the graph the way no caller should, for the sanitizers.
 *
 *   driver_graph misuse          every function with arguments that are wrong
 *   driver_graph virtual SEED    a random program in virtual time
 *   driver_graph paced SEED      the same beside the pacer, a hundred times faster than real
 *
 * Prints "done" and returns 0 when nothing was wrong.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vx_graph.h"
#include "vx_pacer.h"
#include "vx_status.h"

#define EXPECT(what)                                                                             \
    do {                                                                                         \
        if (!(what)) {                                                                           \
            fprintf(stderr, "line %d: %s\n", __LINE__, #what);                                   \
            exit(1);                                                                             \
        }                                                                                        \
    } while (0)

enum { PORTS = 12, TAPS = 4, PACED_TICKS = 3000, VIRTUAL_ORDERS = 4000 };

static const int rates[4] = {8000, 16000, 24000, 48000};

static uint64_t seed;

static int below(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

static void misuse(void)
{
    static int16_t pcm[VX_FRAME_MAX];
    vx_mark mark;
    vx_heard heard;
    vx_tone tone;
    vx_graph_statistics statistics;
    vx_point point = {1, 0}, bad_side = {1, 2}, bad_port = {77, 0};
    vx_graph *g = NULL;
    int port, tap;
    EXPECT(vx_graph_new(NULL) == VX_E_ARGUMENT);
    EXPECT(vx_graph_new(&g) == VX_OK);
    EXPECT(vx_graph_advance(g, 2) == 2); /* an empty graph, too */
    EXPECT(vx_graph_add_port(NULL, 8000, 1, 0) == VX_E_ARGUMENT);
    EXPECT(vx_graph_add_port(g, 11025, 1, 0) == VX_E_RATE);
    EXPECT(vx_graph_add_port(g, 8000, 0, 0) == VX_E_ARGUMENT);
    EXPECT(vx_graph_add_port(g, 8000, (int64_t)1 << 40, 0) == VX_E_ARGUMENT);
    port = vx_graph_add_port(g, 8000, 100, 0);
    EXPECT(port == 1);
    for (int id = -1; id < 100; id += id == 0 ? 2 : 1) {
        if (id == port)
            continue;
        EXPECT(vx_graph_close_port(g, id) == VX_E_ARGUMENT);
        EXPECT(vx_graph_link(g, id, port) == VX_E_ARGUMENT);
        EXPECT(vx_graph_unlink(g, port, id) == VX_E_ARGUMENT);
        EXPECT(vx_graph_pair(g, port, id) == VX_E_ARGUMENT);
        EXPECT(vx_graph_pair(g, id, port) == VX_E_ARGUMENT);
        EXPECT(vx_graph_push(g, id, pcm, 1, 0, 0) == VX_E_ARGUMENT);
        EXPECT(vx_graph_stop(g, id) == VX_E_ARGUMENT);
    }
    EXPECT(vx_graph_push(g, port, NULL, 1, 0, 0) == VX_E_ARGUMENT);
    EXPECT(vx_graph_push(g, port, NULL, 0, 0, 0) == 0);
    EXPECT(vx_graph_play(g, port, NULL, 1, 0, 0, 0) == VX_E_ARGUMENT);
    EXPECT(vx_graph_play(g, port, pcm, 0, 0, 0, 0) == VX_E_LENGTH);
    EXPECT(vx_graph_play(g, port, pcm, 5, 0, 0, 5) == VX_E_LENGTH);
    EXPECT(vx_graph_play_tone(g, port, NULL, 0) == VX_E_ARGUMENT);
    EXPECT(vx_tone_init(&tone, 16000) == VX_OK);
    EXPECT(vx_graph_play_tone(g, port, &tone, 0) == VX_E_RATE);
    EXPECT(vx_graph_detect_playback(g, port, 1, 1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_detect_playback(g, port, 9, 1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_detect_speech(g, port, 0, 5, 0, 100) == VX_E_ARGUMENT);
    EXPECT(vx_graph_detect_silence(g, port, 0, 19) == VX_E_ARGUMENT);
    EXPECT(vx_graph_detect_silence(g, port, 0, -1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_detect_level(g, port, 0, 3600001) == VX_E_ARGUMENT);
    EXPECT(vx_graph_detect_digits(g, port, -1, 1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_detect_digits(g, port, 1, VX_DIGITS_MUTED) == VX_E_ARGUMENT);
    EXPECT(vx_graph_impair(g, port, 2, NULL) == VX_E_ARGUMENT);
    EXPECT(vx_graph_impair(g, port, 0, NULL) == VX_OK);
    EXPECT(vx_graph_channel_mode(g, port, 0, VX_MUTED) == VX_E_STATE);
    EXPECT(vx_graph_keep_ledger(g, port, 2, 1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_read_ledger(g, port, 1, &heard, 1) == VX_E_STATE);
    EXPECT(vx_graph_ledger_lost(g, port, 1) == VX_E_STATE);
    EXPECT(vx_graph_add_tap(g, 8000, NULL, 1, NULL, 0, 0, 1000) == VX_E_ARGUMENT);
    EXPECT(vx_graph_add_tap(g, 8000, &point, 0, NULL, 0, 0, 1000) == VX_E_ARGUMENT);
    EXPECT(vx_graph_add_tap(g, 8000, &point, 9, NULL, 0, 0, 1000) == VX_E_ARGUMENT);
    EXPECT(vx_graph_add_tap(g, 8000, &point, 1, NULL, 1, 0, 1000) == VX_E_ARGUMENT);
    EXPECT(vx_graph_add_tap(g, 8000, &bad_side, 1, NULL, 0, 0, 1000) == VX_E_ARGUMENT);
    EXPECT(vx_graph_add_tap(g, 8000, &bad_port, 1, NULL, 0, 0, 1000) == VX_E_ARGUMENT);
    EXPECT(vx_graph_add_tap(g, 8001, &point, 1, NULL, 0, 0, 1000) == VX_E_RATE);
    EXPECT(vx_graph_add_tap(g, 8000, &point, 1, NULL, 0, 0, 20) == VX_E_ARGUMENT);
    EXPECT(vx_graph_add_tap(g, 8000, &point, 1, NULL, 0, 1000, 1000) == VX_E_ARGUMENT);
    tap = vx_graph_add_tap(g, 8000, &point, 1, NULL, 0, 0, 1000);
    EXPECT(tap == 1);
    EXPECT(vx_graph_peek_tap(g, tap, NULL) == VX_E_ARGUMENT);
    EXPECT(vx_graph_read_tap(g, tap, NULL, 1) == 0);
    EXPECT(vx_graph_read_tap(g, tap, pcm, -1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_read_tap(g, 2, pcm, 1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_hold_tap(g, 2, 1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_hold_tap(g, tap, -1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_hold_tap(g, tap, 1001) == VX_E_ARGUMENT);
    EXPECT(vx_graph_hold_tap(g, tap, 10) == VX_OK);
    EXPECT(vx_graph_take_news(NULL) == VX_E_ARGUMENT);
    EXPECT(vx_graph_take_news(g) == 0);
    EXPECT(vx_graph_advance_to_news(g, -1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_advance(g, -1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_advance(NULL, 1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_take_marks(g, NULL, 1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_take_marks(g, &mark, -1) == VX_E_ARGUMENT);
    EXPECT(vx_graph_get_statistics(g, NULL) == VX_E_ARGUMENT);
    EXPECT(vx_graph_get_statistics(g, &statistics) == VX_OK && statistics.ports == 1);
    EXPECT(vx_pacer_start(g, 0, 0) == VX_E_ARGUMENT);
    EXPECT(vx_pacer_start(NULL, 1000, 0) == VX_E_ARGUMENT);
    EXPECT(vx_pacer_stop(NULL) == VX_E_ARGUMENT);
    EXPECT(vx_pacer_stop(g) == VX_OK);
    EXPECT(vx_graph_close_port(g, port) == VX_OK);
    EXPECT(vx_graph_close_port(g, port) == VX_E_CLOSED);
    EXPECT(vx_graph_push(g, port, pcm, 1, 0, 0) == VX_E_CLOSED);
    EXPECT(vx_graph_link(g, port, port) == VX_E_CLOSED);
    EXPECT(vx_graph_keep_ledger(g, port, 1, 1) == VX_E_CLOSED);
    EXPECT(vx_graph_close_tap(g, tap) == VX_OK);
    EXPECT(vx_graph_close_tap(g, tap) == VX_E_CLOSED);
    EXPECT(vx_graph_tap_waiting(g, tap) == VX_E_CLOSED);
    EXPECT(vx_graph_advance(g, 3) == 3);
    vx_graph_free(g);
    vx_graph_free(NULL);
}

/* What a program works on; the ids of what is open. */
static int ports[PORTS], taps[TAPS];

static void add_port(vx_graph *g, int at)
{
    ports[at] = vx_graph_add_port(g, rates[below(4)], 1 + below(20000), at % 4 == 0);
    EXPECT(ports[at] > 0);
}

static void add_tap(vx_graph *g, int at)
{
    vx_point points[2] = {{ports[below(PORTS)], below(2)}, {ports[below(PORTS)], below(2)}};
    taps[at] = vx_graph_add_tap(g, rates[below(4)], points, 1 + below(2), points + 1, below(2),
                                below(3) * 50, 300 + below(500));
    EXPECT(taps[at] > 0);
}

static void impair(vx_graph *g, int port, int side, int on)
{
    vx_channel_settings settings = {
        .gain_q12 = below(10000), .noise_q8 = below(2) * below(300000), .codec = below(3),
        .enter_ppm = below(200000), .leave_ppm = 100000 + below(900000), .jitter_us = below(30000),
        .buffer_us = below(60000), .frames = below(6), .seed = (uint64_t)below(1000)};
    vx_channel_statistics statistics;
    int status = vx_graph_impair(g, port, side, on ? &settings : NULL);
    EXPECT(status == VX_OK || status == VX_E_RATE || status == VX_E_ARGUMENT); /* a conference */
    status = vx_graph_channel_statistics(g, port, side, &statistics);
    EXPECT(status == VX_E_STATE || (status == VX_OK && statistics.lost <= statistics.packets));
}

static void listen(vx_graph *g, int port)
{
    int side = below(2), on = below(2);
    switch (below(9)) {
    case 7: impair(g, port, side, on); break;
    case 8:
        on = vx_graph_channel_mode(g, port, side, below(3));
        EXPECT(on == VX_OK || on == VX_E_STATE);
        break;
    case 0: vx_graph_detect_playback(g, port, 0, on); break;
    case 1: EXPECT(vx_graph_detect_speech(g, port, side, on * 500, 300, 200) == VX_OK); break;
    case 2: EXPECT(vx_graph_detect_silence(g, port, side, on * 200) == VX_OK); break;
    case 3: EXPECT(vx_graph_detect_digits(g, port, side, on) == VX_OK); break;
    case 6:
        on = vx_graph_detect_digits(g, port, 0, VX_DIGITS_MUTED);
        EXPECT(on == VX_OK || on == VX_E_ARGUMENT); /* a conference */
        break;
    case 4: EXPECT(vx_graph_detect_level(g, port, side, on * 300) == VX_OK); break;
    default: EXPECT(vx_graph_keep_ledger(g, port, side, on) == VX_OK); break;
    }
}

static void read_all(vx_graph *g)
{
    static int16_t pcm[2 * 48000];
    vx_heard heard[64];
    vx_mark marks[64];
    int64_t n;
    while ((n = vx_graph_take_marks(g, marks, 64)) == 64) {
    }
    EXPECT(n >= 0);
    for (int i = 0; i < TAPS; i++)
        EXPECT(vx_graph_read_tap(g, taps[i], pcm, 48000) >= 0);
    for (int i = 0; i < PORTS; i++)
        for (int side = 0; side < 2; side++)
            while (vx_graph_read_ledger(g, ports[i], side, heard, 64) == 64) {
            }
}

static void sound(vx_graph *g, int port)
{
    static int16_t pcm[2000];
    vx_tone tone;
    size_t n = 1 + (size_t)below(2000);
    int64_t taken;
    for (size_t i = 0; i < n; i++)
        pcm[i] = (int16_t)(below(65536) - 32768);
    switch (below(6)) {
    case 0: taken = vx_graph_clear(g, port, below(2), below(4)); break;
    case 1: taken = vx_graph_play(g, port, pcm, n, below(4), below(2), n / 2); break;
    case 2: taken = vx_graph_stop(g, port); break;
    case 3:
        vx_dtmf_init(&tone, '5', rates[below(4)], 60, 40);
        taken = vx_graph_play_tone(g, port, &tone, 9);
        EXPECT(taken == VX_OK || taken == VX_E_RATE);
        taken = 0;
        break;
    default:
        taken = vx_graph_push(g, port, pcm, n, below(4), below(1000));
        EXPECT(vx_graph_queued(g, port) >= 0);
    }
    EXPECT(taken >= 0);
}

static void order(vx_graph *g)
{
    int at = below(PORTS), other = below(PORTS), tap = below(TAPS);
    switch (below(17)) {
    case 0:
        EXPECT(vx_graph_close_port(g, ports[at]) == VX_OK);
        add_port(g, at);
        break;
    case 1:
        EXPECT(vx_graph_close_tap(g, taps[tap]) == VX_OK);
        add_tap(g, tap);
        break;
    case 2:
    case 3:
    case 4: EXPECT(vx_graph_link(g, ports[at], ports[other]) == VX_OK); break;
    case 5: EXPECT(vx_graph_unlink(g, ports[at], ports[other]) >= 0); break;
    case 6:
    case 7: listen(g, ports[at]); break;
    case 8: read_all(g); break;
    case 9: EXPECT(vx_graph_pair(g, ports[at], ports[other]) == VX_OK); break;
    default: sound(g, ports[at]); break;
    }
}

static vx_graph *new_graph(void)
{
    vx_graph *g;
    EXPECT(vx_graph_new(&g) == VX_OK);
    for (int i = 0; i < PORTS; i++)
        add_port(g, i);
    for (int i = 0; i < TAPS; i++)
        add_tap(g, i);
    return g;
}

static void run_virtual(void)
{
    vx_graph *g = new_graph();
    for (int i = 0; i < VIRTUAL_ORDERS; i++) {
        order(g);
        if (below(3) == 0)
            EXPECT(vx_graph_advance(g, 1 + below(10)) >= 0);
    }
    vx_graph_free(g);
}

static void run_paced(void)
{
    vx_graph *g = new_graph();
    for (int round = 0; round < 3; round++) {
        int64_t end = vx_graph_ticks(g) + PACED_TICKS / 3;
        struct pollfd wake = {.events = POLLIN};
        wake.fd = vx_pacer_start(g, VX_SPEED_MAX, round == 1);
        EXPECT(wake.fd >= 0);
        EXPECT(vx_pacer_start(g, 1000, 0) == VX_E_STATE);
        EXPECT(vx_graph_advance(g, 1) == VX_E_STATE);
        while (vx_graph_ticks(g) < end) {
            order(g);
            if (below(20) == 0 && poll(&wake, 1, 1) > 0)
                read_all(g);
        }
        if (round == 0)
            EXPECT(vx_pacer_stop(g) == VX_OK);
        if (round == 1) {
            EXPECT(vx_pacer_stop(g) == VX_OK && vx_pacer_stop(g) == VX_OK);
            read_all(g);
            EXPECT(vx_graph_advance(g, 10) >= 0);
        }
    }
    vx_graph_free(g); /* while it runs */
}

int main(int argc, char **argv)
{
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    if (argc > 1 && strcmp(argv[1], "misuse") == 0)
        misuse();
    else if (argc > 1 && strcmp(argv[1], "virtual") == 0)
        run_virtual();
    else if (argc > 1 && strcmp(argv[1], "paced") == 0)
        run_paced();
    else
        return 2;
    puts("done");
    return 0;
}
