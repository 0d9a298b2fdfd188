/* Happy path: an event adds an item per webhook; the thread takes the first
 * that is due, renders it under the shop's lock, posts it without, and counts
 * the result. The thread starts with the first item: a shop without webhooks
 * has none.
 *
 * Failure modes: the webhook is gone when its item is due (dropped); the
 * listener does not answer (counted, no retry); the shop stops with items
 * waiting (dropped, the one on its way is cut by stop_fd). */
#include "tests/shop/hook_queue.h"

#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>

#include "common/check.h"
#include "common/mem.h"
#include "tests/shop/hook.h"
#include "tests/shop/hook_send.h"
#include "tests/shop/timers.h"

struct item {
    int64_t due_us, hook, id;
};

struct hooks {
    struct demo_shop *shop; /* its lock guards all below but the wire */
    pthread_t thread;
    pthread_cond_t wake;
    struct item *v; /* in the order of events */
    size_t n, cap;
    int64_t delay_ms, delivered, failed;
    bool running, stopping, busy;
    struct wire wire; /* the thread's */
};

/* The next to go: by time, then in the order of events. */
static size_t first(const struct hooks *h) {
    size_t best = 0;
    for (size_t i = 1; i < h->n; i++)
        if (h->v[i].due_us < h->v[best].due_us)
            best = i;
    return best;
}

static struct item take(struct hooks *h, size_t i) {
    struct item it = h->v[i];
    h->n--;
    memmove(h->v + i, h->v + i + 1, (h->n - i) * sizeof *h->v);
    return it;
}

static int post(struct hooks *h, const struct delivery *d) {
    pthread_mutex_t *lock = &h->shop->lock;
    (void)pthread_mutex_unlock(lock);
    int status = hook_send_post(&h->wire, d);
    if (d->hits & fault_hook_bit(FAULT_HOOK_DOUBLE))
        status = hook_send_post(&h->wire, d);
    (void)pthread_mutex_lock(lock);
    return status;
}

static void deliver(struct hooks *h, const struct item *it) {
    AUTO_DELIVERY struct delivery d = {0};
    struct store *s = &h->shop->s;
    struct obj *o = store_find(s, K_WEBHOOK, it->hook);
    if (!o)
        return;
    hook_send_render(h->shop, o, it->id, &d);
    if (d.hits & fault_hook_bit(FAULT_HOOK_DROP))
        return;
    bool may = hook_may_call(d.url, h->shop->o.safe_hooks);
    int status = may ? post(h, &d) : -1;
    o = store_find(s, K_WEBHOOK, it->hook); /* may have gone meanwhile */
    if (o && hook_send_count(h->shop, o, status))
        h->delivered++;
    else
        h->failed++;
}

static void wait_due(struct hooks *h, int64_t due) {
    struct timespec ts = {due / 1000000, due % 1000000 * 1000};
    (void)pthread_cond_timedwait(&h->wake, &h->shop->lock, &ts);
}

static void *run(void *arg) {
    struct hooks *h = arg;
    (void)pthread_mutex_lock(&h->shop->lock);
    while (!h->stopping) {
        size_t i = first(h);
        if (!h->n) {
            (void)pthread_cond_wait(&h->wake, &h->shop->lock);
        } else if (h->v[i].due_us > timers_now()) {
            wait_due(h, h->v[i].due_us);
        } else {
            struct item it = take(h, i);
            h->busy = true;
            deliver(h, &it);
            h->busy = false;
        }
    }
    (void)pthread_mutex_unlock(&h->shop->lock);
    return NULL;
}

struct hooks *hook_queue_start(struct demo_shop *shop, int delay_ms) {
    struct hooks *h = NEW(struct hooks);
    pthread_condattr_t attr;
    h->shop = shop;
    h->delay_ms = delay_ms;
    h->wire = (struct wire)WIRE_INIT;
    h->wire.stop_fd = eventfd(0, EFD_CLOEXEC);
    REQUIRE(h->wire.stop_fd >= 0);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&h->wake, &attr);
    (void)pthread_condattr_destroy(&attr);
    return h;
}

void hook_queue_stop(struct hooks *h) {
    if (!h)
        return;
    (void)pthread_mutex_lock(&h->shop->lock);
    h->stopping = true;
    (void)pthread_cond_signal(&h->wake);
    (void)pthread_mutex_unlock(&h->shop->lock);
    (void)eventfd_write(h->wire.stop_fd, 1);
    if (h->running)
        (void)pthread_join(h->thread, NULL);
    wire_close(&h->wire);
    (void)close(h->wire.stop_fd);
    (void)pthread_cond_destroy(&h->wake);
    free(h->v);
    free(h);
}

static bool waits(const struct hooks *h, int64_t hook, int64_t id) {
    for (size_t i = 0; i < h->n; i++)
        if (h->v[i].hook == hook && h->v[i].id == id)
            return true;
    return false;
}

void hook_queue_add(struct hooks *h, int64_t hook, int64_t id) {
    struct obj *o = store_find(&h->shop->s, K_WEBHOOK, hook);
    struct faults *f = &h->shop->faults;
    if (h->stopping || waits(h, hook, id))
        return;
    if (fault_hook_value(f, o->name, FAULT_HOOK_DISABLE) >= 0) {
        hook_send_disable(h->shop, o);
        return;
    }
    int64_t late = fault_hook_value(f, o->name, FAULT_HOOK_LATE);
    int64_t ms = h->delay_ms + (late > 0 ? late : 0);
    if (h->n == h->cap) {
        h->cap = h->cap ? 2 * h->cap : 64;
        h->v = mem_resize(h->v, h->cap, sizeof *h->v);
    }
    h->v[h->n++] = (struct item){timers_now() + ms * 1000, hook, id};
    if (!h->running)
        REQUIRE(pthread_create(&h->thread, NULL, run, h) == 0);
    h->running = true;
    (void)pthread_cond_signal(&h->wake);
}

void hook_queue_door(struct exchange *x) {
    struct hooks *h = x->s->hooks;
    const struct node *delay = node_get(x->json, "delay_ms");
    struct node *v = node_object(x->a);
    if (delay)
        h->delay_ms = node_i64(delay, 0);
    node_puti(x->a, v, "delay_ms", h->delay_ms);
    node_puti(x->a, v, "pending", (int64_t)h->n + h->busy);
    node_puti(x->a, v, "delivered", h->delivered);
    node_puti(x->a, v, "failed", h->failed);
    reply_node(x, 200, v);
}
