#include "tests/sim/agenda.h"

#include <stdbool.h>
#include <stdlib.h>

#include "common/mem.h"

static bool before(const struct env_timer *x, const struct env_timer *y) {
    return x->due != y->due ? x->due < y->due : x->order < y->order;
}

static void put(struct agenda *a, size_t at, struct env_timer *t) {
    a->heap[at] = t;
    t->at = at;
}

static void rise(struct agenda *a, size_t at) {
    struct env_timer *t = a->heap[at];
    for (; at > 0 && before(t, a->heap[(at - 1) / 2]); at = (at - 1) / 2)
        put(a, at, a->heap[(at - 1) / 2]);
    put(a, at, t);
}

static void sink(struct agenda *a, size_t at) {
    struct env_timer *t = a->heap[at];
    for (size_t child; (child = 2 * at + 1) < a->n; at = child) {
        if (child + 1 < a->n && before(a->heap[child + 1], a->heap[child]))
            child++;
        if (!before(a->heap[child], t))
            break;
        put(a, at, a->heap[child]);
    }
    put(a, at, t);
}

struct env_timer *agenda_add(struct agenda *a, const void *owner,
                             int64_t delay_ms, void (*fn)(void *arg),
                             void *arg) {
    struct env_timer *t = NEW(struct env_timer);
    *t = (struct env_timer){.due = a->now + (delay_ms > 0 ? delay_ms : 0),
                            .order = a->order++,
                            .owner = owner,
                            .fn = fn,
                            .arg = arg};
    if (a->n == a->cap) {
        a->cap = a->cap ? 2 * a->cap : 64;
        a->heap = mem_resize(a->heap, a->cap, sizeof(struct env_timer *));
    }
    put(a, a->n++, t);
    rise(a, t->at);
    return t;
}

static void take(struct agenda *a, const struct env_timer *t) {
    size_t at = t->at;
    struct env_timer *last = a->heap[--a->n];
    if (last == t)
        return;
    put(a, at, last);
    rise(a, at);
    sink(a, last->at);
}

void agenda_cancel(struct agenda *a, struct env_timer *t) {
    if (!t)
        return;
    take(a, t);
    free(t);
}

int64_t agenda_next(const struct agenda *a) {
    return a->n ? a->heap[0]->due : -1;
}

static void fire(struct agenda *a, struct env_timer *t) {
    struct env_timer copy = *t;
    agenda_cancel(a, t);
    copy.fn(copy.arg);
}

void agenda_fire(struct agenda *a) {
    struct env_timer *t = a->heap[0];
    if (t->due > a->now)
        a->now = t->due;
    fire(a, t);
}

int agenda_fire_of(struct agenda *a, const void *owner) {
    struct env_timer *first = NULL;
    for (size_t i = 0; i < a->n; i++)
        if (a->heap[i]->owner == owner && (!first || before(a->heap[i], first)))
            first = a->heap[i];
    if (first && first->due > a->now)
        a->now = first->due;
    if (first)
        fire(a, first);
    return first != NULL;
}

void agenda_done(struct agenda *a) {
    for (size_t i = 0; i < a->n; i++)
        free(a->heap[i]);
    free(a->heap);
    *a = (struct agenda){0};
}
