#include "vx_js_stop.h"

#include <time.h>
#include <unistd.h>

#define TICK_NS 100000000

_Thread_local volatile sig_atomic_t vx_js_in_heap;

/* The runtime whose script this thread is in. */
static _Thread_local vx_js_stop *volatile current __attribute__((tls_model("initial-exec")));

void vx_js_stop_enter(vx_js_stop *s, vx_js_entry *entry)
{
    entry->outer = s->entry;
    if (entry->outer == NULL) {
        s->thread = pthread_self();
        s->in_host = 0;
        current = s;
        atomic_fetch_add(&s->serial, 1);
    } else {
        s->in_host--; /* the host's call has entered again */
    }
    s->entry = entry;
}

void vx_js_stop_leave(vx_js_stop *s)
{
    s->entry = s->entry->outer;
    if (s->entry == NULL) {
        atomic_fetch_add(&s->serial, 1);
        current = NULL;
    } else {
        s->in_host++;
    }
}

void vx_js_host_end(vx_js_stop *s)
{
    s->in_host--;
    if (s->dead && s->entry != NULL)
        siglongjmp(s->entry->jump, 1);
}

#ifdef __linux__

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of what follows */
static vx_js_stop *watched;
static bool started;
static struct sigaction others; /* whoever had the signal before */

/* A signal that is not ours, such as that of a limit of the process. */
static void pass_on(int number, siginfo_t *info, void *context)
{
    if (others.sa_flags & SA_SIGINFO) {
        others.sa_sigaction(number, info, context);
    } else if (others.sa_handler == SIG_DFL) {
        signal(number, SIG_DFL);
        raise(number);
    } else if (others.sa_handler != SIG_IGN) {
        others.sa_handler(number);
    }
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    vx_js_stop *s = current;
    if (s == NULL || atomic_load(&s->doomed) != atomic_load(&s->serial)) {
        if (info->si_code != SI_TKILL) /* else it comes from `look_at`, and too late */
            pass_on(number, info, context);
        return;
    }
    if (s->in_host || vx_js_in_heap)
        return;
    s->dead = 1;
    siglongjmp(s->entry->jump, 1);
}

static int64_t cpu_us(pthread_t thread)
{
    clockid_t clock;
    struct timespec now;
    if (pthread_getcpuclockid(thread, &clock) != 0 || clock_gettime(clock, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void look_at(vx_js_stop *s)
{
    uint64_t serial = atomic_load(&s->serial);
    int64_t budget_us = atomic_load(&s->budget_us);
    if (serial % 2 == 0 || budget_us == 0)
        return;
    if (serial != s->seen) {
        s->seen = serial;
        s->began_us = cpu_us(s->thread);
    } else if (cpu_us(s->thread) - s->began_us > budget_us + VX_JS_GRACE_US) {
        atomic_store(&s->doomed, serial);
        pthread_kill(s->thread, SIGXCPU);
    }
}

static void *watch(void *unused)
{
    const struct timespec tick = { .tv_nsec = TICK_NS };
    for (;;) {
        nanosleep(&tick, NULL);
        pthread_mutex_lock(&lock);
        for (vx_js_stop *s = watched; s != NULL; s = s->next)
            look_at(s);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

/* A child of a fork has no thread that watches, until it makes a runtime of its own. */
static void forget(void)
{
    pthread_mutex_init(&lock, NULL);
    watched = NULL;
    started = false;
}

static void start(void)
{
    static bool handled;
    sigset_t all, before;
    pthread_t thread;
    if (!handled) {
        struct sigaction action = { .sa_sigaction = on_signal };
        /* Not masked while it runs: it does not return. */
        action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART;
        sigemptyset(&action.sa_mask);
        sigaction(SIGXCPU, &action, &others);
        pthread_atfork(NULL, NULL, forget);
        handled = true;
    }
    sigfillset(&all); /* the process's signals are for other threads */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(&thread, NULL, watch, NULL) == 0;
    if (started)
        pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void vx_js_stop_watch(vx_js_stop *s)
{
    pthread_mutex_lock(&lock);
    if (!started)
        start();
    s->next = watched;
    if (watched != NULL)
        watched->prev = s;
    watched = s;
    pthread_mutex_unlock(&lock);
}

void vx_js_stop_unwatch(vx_js_stop *s)
{
    pthread_mutex_lock(&lock);
    if (s->prev != NULL)
        s->prev->next = s->next;
    else if (watched == s)
        watched = s->next;
    if (s->next != NULL)
        s->next->prev = s->prev;
    pthread_mutex_unlock(&lock);
}

#else

void vx_js_stop_watch(vx_js_stop *s) {}
void vx_js_stop_unwatch(vx_js_stop *s) {}

#endif
