/* A timer is freed in its close callback only, which libuv calls on a later
 * turn: cancelling inside another timer's callback is safe. */
#include "daemon/env_uv.h"

#include <stdlib.h>
#include <time.h>

#include "common/check.h"
#include "common/digest.h"
#include "common/mem.h"

struct env_timer {
    uv_timer_t uv;
    struct env_uv *env;
    void (*fn)(void *arg);
    void *arg;
};

static int64_t clock_ms(clockid_t clock) {
    struct timespec t;
    REQUIRE(clock_gettime(clock, &t) == 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t env_uv_now(void *self) {
    (void)self;
    return clock_ms(CLOCK_REALTIME);
}

static int64_t env_uv_mono(void *self) {
    (void)self;
    return clock_ms(CLOCK_MONOTONIC);
}

static void env_uv_random(void *self, void *dst, size_t n) {
    (void)self;
    digest_random(dst, n);
}

static void on_closed(uv_handle_t *h) {
    free(h);
}

static void release(struct env_timer *t) {
    t->env->timers--;
    uv_close((uv_handle_t *)&t->uv, on_closed);
}

static void on_timer(uv_timer_t *uv) {
    struct env_timer *t = (struct env_timer *)uv;
    void (*fn)(void *) = t->fn;
    void *arg = t->arg;
    release(t);
    fn(arg);
}

static struct env_timer *env_uv_timer(void *self, int64_t delay_ms,
                                      void (*fn)(void *arg), void *arg) {
    struct env_uv *env = self;
    struct env_timer *t = NEW(struct env_timer);
    REQUIRE(delay_ms >= 0);
    *t = (struct env_timer){.env = env, .fn = fn, .arg = arg};
    REQUIRE(uv_timer_init(env->loop, &t->uv) == 0);
    /* The loop's time may be old when a long callback asks: count from now. */
    uv_update_time(env->loop);
    REQUIRE(uv_timer_start(&t->uv, on_timer, (uint64_t)delay_ms, 0) == 0);
    env->timers++;
    return t;
}

static void env_uv_cancel(void *self, struct env_timer *t) {
    (void)self;
    if (t)
        release(t);
}

void env_uv_init(struct env_uv *self, uv_loop_t *loop, struct env *ret) {
    *self = (struct env_uv){.loop = loop};
    *ret = (struct env){.self = self,
                        .now = env_uv_now,
                        .mono = env_uv_mono,
                        .random = env_uv_random,
                        .timer = env_uv_timer,
                        .cancel = env_uv_cancel};
}
