#include "model/delivery.h"

#include <stdlib.h>

#include "common/mem.h"
#include "db/sql.h"
#include "model/wake.h"

/* 1: it is news of its object. */
static int is_news(struct db_tx *tx, int64_t store_id,
                   const struct delivery *d) {
    const struct delivery_wake *w = &d->wakes[0];
    int64_t now = db_now(tx);
    return db_run(tx, STMT_DELIVERY_PUT, "Ssibii", store_id,
                  mirror_kind_name(w->kind), w->remote_id, d->digest,
                  sizeof d->digest, now, now - DELIVERY_SAME_MS);
}

/* On posts the date of an order often stands still: what was changed a day ago
 * or more tells nothing of how late the shop was. */
static int count_hook(struct db_tx *tx, int64_t store_id, int64_t offset_ms,
                      const struct delivery *d) {
    int64_t now = db_now(tx), lag = now - (d->changed_ms - offset_ms);
    if (d->changed_ms == 0 || lag >= DELIVERY_LAG_MAX_MS)
        return db_run(tx, STMT_DELIVERY_HOOK, "inSs", now, store_id, d->topic);
    return db_run(tx, STMT_DELIVERY_HOOK, "iiSs", now, lag > 0 ? lag : 0,
                  store_id, d->topic);
}

int delivery_put(struct db_tx *tx, int64_t store_id, int64_t clock_offset_ms,
                 const struct delivery *d) {
    int news = d->n_wakes > 0 ? is_news(tx, store_id, d) : 0;
    int rc = news;
    for (int i = 0; rc >= 0 && news > 0 && i < d->n_wakes; i++)
        rc = wake_put(tx, store_id, d->wakes[i].kind, d->wakes[i].remote_id);
    if (rc >= 0)
        rc = count_hook(tx, store_id, clock_offset_ms, d);
    return rc < 0 ? rc : news;
}

int delivery_ping(struct db_tx *tx, int64_t store_id, int64_t remote_id) {
    int64_t now = db_now(tx);
    int rc = db_run(tx, STMT_DELIVERY_PING, "iSi", now, store_id, remote_id);
    if (rc == 0)
        rc = db_run(tx, STMT_DELIVERY_PING_NEW, "iS", now, store_id);
    return rc == 0 ? ERR_NOT_FOUND : rc;
}

int delivery_copied(struct db_tx *tx, int64_t store_id, const char *source) {
    return db_run(tx, STMT_DELIVERY_COPIED, "siS", source, db_now(tx),
                  store_id);
}

int delivery_trim(struct db_tx *tx) {
    return db_run(tx, STMT_DELIVERY_TRIM, "i", db_now(tx) - DELIVERY_SAME_MS);
}

/* --- doors -------------------------------------------------------------- */

struct doors {
    struct delivery_door *d;
    size_t n;
};

static void doors_done(struct doors *all) {
    delivery_doors_free(all->d, all->n);
}

static int add_door(struct db_tx *tx, struct db_rows *r, struct doors *all) {
    size_t n;
    struct store s;
    int rc = store_by_id(tx, db_i64(r, 0), &s);
    if (rc <= 0)
        return rc;
    all->d = mem_resize(all->d, all->n + 1, sizeof *all->d);
    struct delivery_door *d = &all->d[all->n++];
    *d = (struct delivery_door){.store = s, .path = mem_dup(db_text(r, 1))};
    const void *sealed = db_blob(r, 2, &n);
    buf_add(&d->sealed, sealed, n);
    return 0;
}

int delivery_doors(struct db_tx *tx, struct delivery_door **ret,
                   size_t *ret_n) {
    CLEANUP(doors_done) struct doors all = {0};
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_DELIVERY_DOORS, &r, "");
    while (rc >= 0 && (rc = db_step(r)) > 0)
        rc = add_door(tx, r, &all);
    if (rc < 0)
        return rc;
    *ret = TAKE_PTR(all.d);
    *ret_n = all.n;
    all.n = 0;
    return 0;
}

void delivery_doors_free(struct delivery_door *d, size_t n) {
    for (size_t i = 0; i < n; i++) {
        store_done(&d[i].store);
        free(d[i].path);
        buf_done(&d[i].sealed);
    }
    free(d);
}
