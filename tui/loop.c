/* Fixed small tables instead of lists: the client watches three descriptors
 * and a dozen timers. */
#include "tui/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "common/check.h"
#include "common/mem.h"

enum { FDS_MAX = 8, TIMERS_MAX = 32 };

struct watch {
    int fd; /* -1: free */
    short events;
    loop_fd_cb *cb;
    void *arg;
};

struct timer {
    int64_t due_ms;    /* monotonic */
    loop_timer_cb *cb; /* NULL: free */
    void *arg;
};

struct loop {
    struct watch fds[FDS_MAX];
    struct timer timers[TIMERS_MAX];
};

static int64_t clock_ms(clockid_t id) {
    struct timespec t;
    REQUIRE(clock_gettime(id, &t) == 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t loop_mono(void) {
    return clock_ms(CLOCK_MONOTONIC);
}

int64_t loop_now(void) {
    return clock_ms(CLOCK_REALTIME);
}

struct loop *loop_create(void) {
    struct loop *l = NEW(struct loop);
    for (int i = 0; i < FDS_MAX; i++) {
        l->fds[i].fd = -1;
    }
    return l;
}

void loop_destroy(struct loop *l) {
    free(l);
}

static struct watch *watch_of(struct loop *l, int fd) {
    for (int i = 0; i < FDS_MAX; i++) {
        if (l->fds[i].fd == fd) {
            return &l->fds[i];
        }
    }
    return NULL;
}

void loop_watch(struct loop *l, int fd, short events, loop_fd_cb *cb,
                void *arg) {
    REQUIRE(fd >= 0);
    struct watch *w = watch_of(l, fd);
    if (!w) {
        w = watch_of(l, -1);
    }
    REQUIRE(w != NULL);
    *w = (struct watch){fd, events, cb, arg};
}

void loop_unwatch(struct loop *l, int fd) {
    struct watch *w = fd >= 0 ? watch_of(l, fd) : NULL;
    if (w) {
        w->fd = -1;
    }
}

static struct timer *timer_of(struct loop *l, loop_timer_cb *cb, void *arg) {
    for (int i = 0; i < TIMERS_MAX; i++) {
        struct timer *t = &l->timers[i];
        if (t->cb == cb && (!cb || t->arg == arg)) {
            return t;
        }
    }
    return NULL;
}

void loop_timer(struct loop *l, int64_t ms, loop_timer_cb *cb, void *arg) {
    REQUIRE(ms >= 0 && cb != NULL);
    struct timer *t = timer_of(l, cb, arg);
    if (!t) {
        t = timer_of(l, NULL, NULL);
    }
    REQUIRE(t != NULL);
    *t = (struct timer){loop_mono() + ms, cb, arg};
}

void loop_timer_cancel(struct loop *l, loop_timer_cb *cb, void *arg) {
    struct timer *t = timer_of(l, cb, arg);
    if (t) {
        t->cb = NULL;
    }
}

bool loop_timer_pending(const struct loop *l, loop_timer_cb *cb, void *arg) {
    return timer_of((struct loop *)l, cb, arg) != NULL;
}

void loop_forget(struct loop *l, void *arg) {
    for (int i = 0; i < TIMERS_MAX; i++) {
        if (l->timers[i].arg == arg) {
            l->timers[i].cb = NULL;
        }
    }
}

static int wait_ms(const struct loop *l, int max_ms) {
    int64_t wait = max_ms;
    int64_t now = loop_mono();
    for (int i = 0; i < TIMERS_MAX; i++) {
        if (l->timers[i].cb) {
            int64_t left = l->timers[i].due_ms - now;
            left = left < 0 ? 0 : left;
            wait = wait < 0 || left < wait ? left : wait;
        }
    }
    return wait > 3600000 ? 3600000 : (int)wait;
}

static void run_timers(struct loop *l) {
    int64_t now = loop_mono();
    for (int i = 0; i < TIMERS_MAX; i++) {
        struct timer t = l->timers[i];
        if (t.cb && t.due_ms <= now) {
            l->timers[i].cb = NULL;
            t.cb(t.arg);
        }
    }
}

static void run_fds(struct loop *l, const struct pollfd *fds, int n) {
    for (int i = 0; i < n; i++) {
        /* A callback before may have dropped or replaced this watch. */
        struct watch *w = watch_of(l, fds[i].fd);
        if (fds[i].revents && w) {
            w->cb(w->arg, fds[i].revents);
        }
    }
}

void loop_turn(struct loop *l, int max_ms) {
    struct pollfd fds[FDS_MAX];
    int n = 0;
    for (int i = 0; i < FDS_MAX; i++) {
        if (l->fds[i].fd >= 0) {
            fds[n++] = (struct pollfd){l->fds[i].fd, l->fds[i].events, 0};
        }
    }
    int r = poll(fds, (nfds_t)n, wait_ms(l, max_ms));
    REQUIRE(r >= 0 || errno == EINTR || errno == EAGAIN);
    if (r > 0) {
        run_fds(l, fds, n);
    }
    run_timers(l);
}
