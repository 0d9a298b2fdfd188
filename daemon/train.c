#include "daemon/train.h"

#include <stdbool.h>
#include <stdlib.h>

#include "common/env.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/metric.h"
#include "db/db.h"
#include "model/kept.h"

enum { LOOK_MS = 60 * 1000 };

struct train {
    struct db *db;
    const struct env *env;
    struct kept *kept;
    struct env_timer *timer;
    int64_t rows; /* received when we last looked */
    int kind;     /* being looked at; none: KINDS */
    bool ended;
};

enum { KINDS = MIRROR_CATEGORY + 1 };

static void look(struct train *t);

static void on_minute(void *arg) {
    struct train *t = arg;
    int64_t rows = metric_get(METRIC_SYNC_ROWS);
    t->timer = t->env->timer(t->env->self, LOOK_MS, on_minute, t);
    if (rows == t->rows || t->kind < KINDS)
        return;
    t->rows = rows;
    t->kind = 0;
    look(t);
}

static void next_kind(struct train *t) {
    t->kind++;
    if (t->ended)
        t->kind = KINDS;
    if (t->kind < KINDS)
        look(t);
}

static int job_store(struct db_tx *tx, void *arg) {
    struct train *t = arg;
    return kept_store(t->kept, tx, (enum mirror_kind)t->kind);
}

static void stored(int status, void *arg) {
    struct train *t = arg;
    const char *name = mirror_kind_name((enum mirror_kind)t->kind);
    if (status >= 0) {
        kept_serve(t->kept, (enum mirror_kind)t->kind);
        log_info("kept.dictionary", "%ss are packed with their own dictionary",
                 name);
    } else {
        log_warn("kept.dictionary", "that of %ss is not stored: %s", name,
                 err_name(status));
    }
    next_kind(t);
}

static int job_train(struct db_tx *tx, void *arg) {
    struct train *t = arg;
    (void)tx; /* only the thread is wanted */
    return kept_train(t->kept, (enum mirror_kind)t->kind);
}

static void trained(int status, void *arg) {
    struct train *t = arg;
    if (status >= 0 && !t->ended &&
        db_write(t->db, DB_SYNC, job_store, stored, t) >= 0)
        return;
    /* Not ready, or too busy to store: it is asked again in a minute. */
    next_kind(t);
}

static void look(struct train *t) {
    if (db_read(t->db, DB_SYNC, job_train, trained, t) < 0)
        t->kind = KINDS;
}

struct train *train_start(struct db *db, const struct env *env,
                          struct kept *k) {
    struct train *t = NEW(struct train);
    *t = (struct train){.db = db, .env = env, .kept = k, .kind = KINDS};
    t->timer = env->timer(env->self, LOOK_MS, on_minute, t);
    return t;
}

void train_stop(struct train *t) {
    t->ended = true;
    t->env->cancel(t->env->self, t->timer);
    t->timer = NULL;
}

void train_free(struct train *t) {
    free(t);
}
