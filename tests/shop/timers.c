#include "tests/shop/timers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/check.h"
#include "common/mem.h"

struct entry {
    int64_t due;
    timers_fn *fn;
    void *arg;
};

struct timers {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct entry *v; /* unordered: only requests in flight wait here */
    size_t n, cap;
    bool stopping;
};

int64_t timers_now(void) {
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static size_t earliest(const struct timers *t) {
    size_t best = 0;
    for (size_t i = 1; i < t->n; i++)
        if (t->v[i].due < t->v[best].due)
            best = i;
    return best;
}

static void wait_until(struct timers *t, int64_t due) {
    struct timespec ts = {due / 1000000, due % 1000000 * 1000};
    (void)pthread_cond_timedwait(&t->wake, &t->lock, &ts);
}

static void *run(void *arg) {
    struct timers *t = arg;
    (void)pthread_mutex_lock(&t->lock);
    while (!t->stopping) {
        if (!t->n) {
            (void)pthread_cond_wait(&t->wake, &t->lock);
            continue;
        }
        size_t i = earliest(t);
        if (t->v[i].due > timers_now()) {
            wait_until(t, t->v[i].due);
            continue;
        }
        struct entry e = t->v[i];
        t->v[i] = t->v[--t->n];
        (void)pthread_mutex_unlock(&t->lock);
        e.fn(e.arg, false);
        (void)pthread_mutex_lock(&t->lock);
    }
    (void)pthread_mutex_unlock(&t->lock);
    return NULL;
}

struct timers *timers_start(void) {
    struct timers *t = NEW(struct timers);
    pthread_condattr_t attr;
    (void)pthread_mutex_init(&t->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&t->wake, &attr);
    (void)pthread_condattr_destroy(&attr);
    REQUIRE(pthread_create(&t->thread, NULL, run, t) == 0);
    return t;
}

void timers_stop(struct timers *t) {
    (void)pthread_mutex_lock(&t->lock);
    t->stopping = true;
    (void)pthread_cond_signal(&t->wake);
    (void)pthread_mutex_unlock(&t->lock);
    (void)pthread_join(t->thread, NULL);
    while (t->n) {
        struct entry e = t->v[--t->n];
        e.fn(e.arg, true);
    }
}

void timers_free(struct timers *t) {
    if (!t)
        return;
    (void)pthread_cond_destroy(&t->wake);
    (void)pthread_mutex_destroy(&t->lock);
    free(t->v);
    free(t);
}

void timers_add(struct timers *t, int64_t due_us, timers_fn *fn, void *arg) {
    (void)pthread_mutex_lock(&t->lock);
    if (t->stopping) {
        (void)pthread_mutex_unlock(&t->lock);
        fn(arg, true);
        return;
    }
    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 32;
        t->v = mem_resize(t->v, t->cap, sizeof *t->v);
    }
    t->v[t->n++] = (struct entry){due_us, fn, arg};
    (void)pthread_cond_signal(&t->wake);
    (void)pthread_mutex_unlock(&t->lock);
}
