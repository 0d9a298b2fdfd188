/* Runs: somebody waits for a store. A run only watches: passes tell it what was
 * done, and it ends when nothing it wants is left, on the first failure of a
 * collection it wants, or when it is cancelled. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/jsonw.h"
#include "common/log.h"
#include "common/mem.h"
#include "db/db.h"
#include "sync/pass_full.h"
#include "sync/sync_internal.h"

enum { LISTED_MAX = 1000 };

static bool concerns(const struct sync_run *r, const struct store_sync *ss,
                     const struct pass *p) {
    if (r->verify || p->compare) {
        for (int i = 0; i < SLOTS; i++)
            if (ss->slot[i] == p)
                return ss->slot_run[i] == r;
        return false;
    }
    return (r->all & (1u << p->c)) != 0;
}

void run_progress(struct store_sync *ss, struct pass *p) {
    struct sync_progress s = {
        .store_id = ss->store.id,
        .collection = sync_collection_name(p->c),
        .step = p->compare ? "verify" : p->ops->step,
        .done = p->done,
        .total = p->total,
        .rate_milli = p->rate.milli,
        .eta_s = rate_eta(&p->rate, p->total - p->done),
    };
    for (struct sync_run *r = ss->runs; r; r = r->next)
        if (r->progress && !r->cancelled && concerns(r, ss, p))
            r->progress(&s, r->arg);
}

static void add_counts(struct sync_run *r, const struct pass *p) {
    struct sync_collection_result *to = &r->by[p->c];
    const struct pass_counts *from = &p->counts;
    to->used = true;
    to->rows += from->rows;
    to->inserted += from->inserted;
    to->changed += from->changed;
    to->same += from->same;
    to->aside += from->aside;
    to->gone += from->gone;
    to->requests += from->requests;
    to->ms += env_mono(p->w.env) - p->started_mono;
}

/* Does this pass leave the collection as the run wants it? An open pass and a
 * part of a first sync do not. */
static bool satisfies(const struct sync_run *r, const struct store_sync *ss,
                      const struct pass *p) {
    if (p->ops == &pass_open_ops || p->ops == &pass_sweep_ops || p->noted)
        return false;
    if (p->c != SYNC_NOTES && strcmp(ss->cp[p->c].phase, "ready") != 0)
        return false;
    if (r->full & (1u << p->c) && p->ops == &pass_changes_ops)
        return false;
    if (p->started_mono >= r->since)
        return true;
    /* What began before somebody asked may have read what was changed since:
     * changes follow a first scan, where the shop has dates to ask by. Where
     * not, the scan is not walked a second time but on demand. */
    bool dated = collection_row(p->c)->has_modified && ss->cp[p->c].mark_ms > 0;
    return p->ops == &pass_scan_ops && !dated && !(r->full & (1u << p->c));
}

void run_pass_done(struct store_sync *ss, struct pass *p) {
    for (struct sync_run *r = ss->runs; r; r = r->next) {
        if (r->verify || !concerns(r, ss, p))
            continue;
        add_counts(r, p);
        if (satisfies(r, ss, p))
            r->wanted &= ~(1u << p->c);
    }
}

void run_pass_failed(struct store_sync *ss, struct pass *p) {
    for (struct sync_run *r = ss->runs; r; r = r->next) {
        if (!concerns(r, ss, p) || !(r->wanted & (1u << p->c)))
            continue;
        r->status = p->status;
        r->error = p->error;
        r->wanted = 0;
    }
}

static void list_difference(struct jsonw *w, const struct store_sync *ss,
                            const struct pass *p,
                            const struct full_difference *d) {
    static const char *const what[] = {"differs", "missing", "extra"};
    char ref[96];
    const char *space = p->c == SYNC_CUSTOMERS    ? "customer/"
                        : p->c == SYNC_CATEGORIES ? "category/"
                                                  : "";
    (void)snprintf(ref, sizeof ref, "%s:%s%lld", ss->store.name, space,
                   (long long)d->remote_id);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", ref);
    jsonw_kstring(w, "collection", sync_collection_name(p->c));
    jsonw_kstring(w, "what", what[d->what]);
    jsonw_kstring(w, "path", d->diff.path[0] ? d->diff.path : NULL);
    jsonw_kstring(w, "mirror", d->diff.path[0] ? d->diff.mirror : NULL);
    jsonw_kstring(w, "shop", d->diff.path[0] ? d->diff.shop : NULL);
    jsonw_end_object(w);
}

void run_verified(struct store_sync *ss, struct sync_run *run, struct pass *p) {
    size_t n;
    const struct full_difference *d = pass_full_found(p, &n);
    struct jsonw w;
    if (run->rows.len)
        buf_addc(&run->rows, ',');
    buf_addf(&run->rows, "\"%s\":%lld", sync_collection_name(p->c),
             (long long)p->n_ids);
    for (size_t i = 0; i < n && run->listed < LISTED_MAX; i++) {
        if (run->listed++)
            buf_addc(&run->details, ',');
        jsonw_init(&w, &run->details);
        list_difference(&w, ss, p, &d[i]);
    }
    run->differences += (int64_t)n;
    run->compared += (int64_t)p->n_ids;
    add_counts(run, p);
    run->wanted &= ~(1u << p->c);
}

static void make_report(const struct sync_run *r, struct buf *out) {
    buf_addf(out,
             "{\"rows\":{%s},\"differences\":%lld,\"list\":[%s],"
             "\"more\":%lld}",
             buf_str(&r->rows), (long long)r->differences, buf_str(&r->details),
             (long long)(r->differences - r->listed));
}

static void tell(struct sync_run *r) {
    struct sync_result res = {
        .store_id = r->ss->store.id,
        .status = r->status,
        .error = r->error,
        .elapsed_ms = env_mono(r->ss->engine->o.env) - r->started,
        .differences = r->differences,
        .report = r->verify ? buf_str(&r->report) : NULL,
    };
    memcpy(res.by, r->by, sizeof res.by);
    for (int c = 0; c < SYNC_COLLECTIONS; c++) {
        res.requests += r->by[c].requests;
        res.rows += r->by[c].rows;
    }
    r->done(&res, r->arg);
    buf_done(&r->report);
    buf_done(&r->rows);
    buf_done(&r->details);
    free(r);
}

static int save_job(struct db_tx *tx, void *arg) {
    const struct sync_run *r = arg;
    return store_set_verify(tx, r->ss->store.id, r->compared, r->differences,
                            buf_str(&r->report));
}

static void saved(int status, void *arg) {
    struct sync_run *r = arg;
    struct store_sync *ss = r->ss;
    if (status < 0) {
        log_warn("sync.verify", "the result of %s was not saved: %s",
                 ss->store.name, err_name(status));
        r->status = status;
    }
    ss->jobs--;
    tell(r);
    store_sync_tick(ss);
}

/* The standing proof is kept before anybody hears of it. */
static void finish(struct sync_run *r) {
    if (r->verify)
        make_report(r, &r->report);
    if (!r->verify || r->status < 0) {
        tell(r);
        return;
    }
    r->ss->jobs++;
    if (db_write(r->ss->engine->o.db, DB_INTERACTIVE, save_job, saved, r) < 0)
        saved(ERR_BUSY, r);
}

static bool over(const struct store_sync *ss, const struct sync_run *r) {
    if (r->wanted && !r->cancelled)
        return false;
    if (ss->jobs > 0)
        return false; /* what its passes found is not all written yet */
    for (int i = 0; i < SLOTS; i++)
        if (ss->slot[i] && ss->slot_run[i] == r)
            return false; /* its pass is still on the way out */
    return true;
}

void run_sweep(struct store_sync *ss, int all_status) {
    struct sync_run **at = &ss->runs;
    while (*at) {
        struct sync_run *r = *at;
        if (all_status < 0 && r->wanted) {
            r->status = error_set(&r->error, all_status, "", "%s",
                                  err_message(all_status));
            r->wanted = 0;
        }
        if (!over(ss, r)) {
            at = &r->next;
            continue;
        }
        *at = r->next;
        if (r->cancelled && r->status == 0)
            r->status = ERR_CANCELLED;
        finish(r);
    }
}

/* -- asking ---------------------------------------------------------------
 */

static int start(struct sync *s, int64_t store_id, struct sync_run *proto,
                 struct sync_run **ret) {
    struct store_sync *ss = store_sync_find(s, store_id);
    if (s->stopping)
        return ERR_CANCELLED;
    if (!ss && !s->started)
        ss = store_sync_new(s, store_id); /* waits for the start */
    if (!ss || ss->gone)
        return ERR_NOT_FOUND;
    struct sync_run *r = NEW(struct sync_run);
    *r = *proto;
    r->ss = ss;
    r->since = r->started = env_mono(s->o.env);
    r->next = ss->runs;
    ss->runs = r;
    if (ret)
        *ret = r;
    if (ss->shop)
        shop_wake(ss->shop);
    ss->retry_ms = 0;
    if (ss->loaded)
        store_sync_tick(ss);
    return 0;
}

int sync_run(struct sync *s, int64_t store_id, unsigned collections, bool full,
             sync_progress_fn progress, sync_done_fn done, void *arg,
             struct sync_run **ret) {
    unsigned mask = collections & SYNC_ALL_COLLECTIONS;
    struct sync_run proto = {.wanted = mask,
                             .all = mask,
                             .full = full ? mask : 0,
                             .progress = progress,
                             .done = done,
                             .arg = arg};
    return mask ? start(s, store_id, &proto, ret) : ERR_INVALID;
}

int sync_verify(struct sync *s, int64_t store_id, sync_progress_fn progress,
                sync_done_fn done, void *arg, struct sync_run **ret) {
    unsigned mask = SYNC_ALL_COLLECTIONS & ~(1u << SYNC_NOTES);
    struct sync_run proto = {.wanted = mask,
                             .all = mask,
                             .verify = true,
                             .progress = progress,
                             .done = done,
                             .arg = arg};
    return start(s, store_id, &proto, ret);
}

void sync_cancel(struct sync *s, struct sync_run *run) {
    (void)s;
    run->cancelled = true;
    struct store_sync *ss = run->ss;
    for (int i = 0; i < SLOTS; i++)
        if (ss->slot[i] && ss->slot_run[i] == run)
            pass_stop(ss->slot[i], ERR_CANCELLED);
    store_sync_tick(ss);
}
