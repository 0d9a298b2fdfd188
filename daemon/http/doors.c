/* The stores' doors in memory. Whoever makes webhooks writes the table and
 * tells nobody: a path or a secret that does not fit has it read again; and
 * what is a minute old is, beside the work, as stores move and go.
 *
 * Happy path: doors_find knows the path, the signature fits.
 * Failure modes: it does not: the request waits until the table was read, at
 * most once a second however many ask, and looks once more. The table cannot
 * be read: they look at what was read before. */
#include <string.h>

#include "common/env.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "http/room.h"

struct fresh {
    struct web *web;
    struct delivery_door *doors;
    size_t n;
};

static bool is_door(const struct delivery_door *d, const char *store,
                    size_t store_n, const char *path, size_t path_n) {
    return strlen(d->store.name) == store_n &&
           memcmp(d->store.name, store, store_n) == 0 &&
           strlen(d->path) == path_n && digest_equal(d->path, path, path_n);
}

const struct delivery_door *doors_find(const struct web *w, const char *url) {
    const char *store = url + strlen("/webhooks/");
    size_t n = strcspn(store, "/");
    if (store[n] != '/')
        return NULL;
    const char *path = store + n + 1;
    for (size_t i = 0; i < w->n_doors; i++)
        if (is_door(&w->doors[i], store, n, path, strlen(path)))
            return &w->doors[i];
    return NULL;
}

static void tell(struct web *w) {
    struct web_request *all = w->waiting;
    w->waiting = NULL;
    while (all) {
        struct web_request *r = all;
        all = r->next;
        hook_look(r);
    }
}

static int job_read(struct db_tx *tx, void *arg) {
    struct fresh *f = arg;
    return delivery_doors(tx, &f->doors, &f->n);
}

static void on_read(int status, void *arg) {
    struct fresh *f = arg;
    struct web *w = f->web;
    w->reading = false;
    w->loaded_ms = env_mono(w->o.env);
    if (status < 0) {
        log_warn("http.doors", "the webhooks' secrets cannot be read: %s",
                 err_name(status));
    } else {
        doors_done(w);
        w->doors = f->doors;
        w->n_doors = f->n;
    }
    free(f);
    tell(w);
    web_job_ended(w);
}

static void read_now(void *arg) {
    struct web *w = arg;
    struct fresh *f = NEW(struct fresh);
    w->reload = NULL;
    f->web = w;
    w->reading = true;
    w->n_jobs++;
    int rc = db_read(w->o.db, DB_INTERACTIVE, job_read, on_read, f);
    if (rc < 0)
        on_read(rc, f);
}

void doors_await(struct web_request *r) {
    struct web *w = r->web;
    r->next = w->waiting;
    w->waiting = r;
    r->looked_again = true;
    if (!r->suspended)
        request_suspend(r);
    if (w->reading || w->reload)
        return;
    int64_t wait = w->loaded_ms + WEB_RELOAD_MS - env_mono(w->o.env);
    w->reload =
        w->o.env->timer(w->o.env->self, wait > 0 ? wait : 0, read_now, w);
}

void doors_refresh(struct web *w) {
    bool due = env_mono(w->o.env) - w->loaded_ms >= WEB_FRESH_MS;
    if (due && !w->reading && !w->reload)
        read_now(w);
}

void doors_start(struct web *w) {
    read_now(w);
}

void doors_stop(struct web *w) {
    w->o.env->cancel(w->o.env->self, w->reload);
    w->reload = NULL;
    for (struct web_request *r = w->waiting; r; r = r->next)
        request_answer(r, ANSWER_BUSY);
    w->waiting = NULL;
}

void doors_done(struct web *w) {
    delivery_doors_free(w->doors, w->n_doors);
    w->doors = NULL;
    w->n_doors = 0;
}
