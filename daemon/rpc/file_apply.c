#include "rpc/file_apply.h"

#include "common/arena.h"
#include "common/digest.h"
#include "common/env.h"
#include "common/log.h"
#include "common/mem.h"
#include "db/db.h"
#include "model/proposal.h"
#include "sync/sync.h"

enum { SLICE = 25, DROP = 200, AT_ONCE = 64, AGAIN_MS = 1000 };

struct file_run {
    struct rpc *rpc;
    struct file_run *next;
    int64_t id, store_id;
    struct env_timer *timer; /* waits to go on, or NULL: a job is on its way */
};

static void step(void *arg);

static void end(struct file_run *f) {
    struct rpc *r = f->rpc;
    struct file_run **at = &r->files;
    while (*at != f)
        at = &(*at)->next;
    *at = f->next;
    free(f);
    rpc_maybe_stopped(r);
}

static int slice(struct db_tx *tx, void *arg) {
    struct file_run *f = arg;
    struct arena *a = arena_new(0);
    struct proposal p;
    int rc = proposal_get(tx, f->id, a, &p);
    if (rc > 0)
        f->store_id = p.store_id;
    arena_free(a);
    return rc <= 0 ? rc : proposal_send(tx, f->id, SLICE, digest_random);
}

static void on_slice(int status, void *arg) {
    struct file_run *f = arg;
    struct rpc *r = f->rpc;
    if (status > 0 && r->sync)
        sync_push(r->sync, f->store_id);
    if (status == 0 || r->files_stop) {
        end(f);
        return;
    }
    if (status > 0) {
        step(f);
        return;
    }
    log_warn("approvals.file", "the rows of A-%lld wait: %s", (long long)f->id,
             err_name(status));
    f->timer = r->o.env->timer(r->o.env->self, AGAIN_MS, step, f);
}

static void step(void *arg) {
    struct file_run *f = arg;
    f->timer = NULL;
    if (db_write(f->rpc->o.db, DB_SYNC, slice, on_slice, f) < 0)
        f->timer = f->rpc->o.env->timer(f->rpc->o.env->self, AGAIN_MS, step, f);
}

void file_apply(struct rpc *r, int64_t proposal) {
    for (const struct file_run *f = r->files; f; f = f->next)
        if (f->id == proposal)
            return;
    if (r->files_stop)
        return;
    struct file_run *f = NEW(struct file_run);
    f->rpc = r;
    f->id = proposal;
    f->next = r->files;
    r->files = f;
    step(f);
}

/* --- at the start ------------------------------------------------------------
 */

struct left {
    struct rpc *rpc;
    int64_t ids[AT_ONCE];
    int n;
};

/* Files that were being written when we were killed: a few rows at a time; 1:
 * there is more. */
static int drop_unready(struct db_tx *tx, void *arg) {
    const struct rpc *r = arg;
    int64_t id;
    int rc = proposal_csv_unready(tx, r->files_since, &id);
    if (rc > 0)
        rc = proposal_csv_drop(tx, id, DROP);
    else
        return rc;
    return rc < 0 ? rc : 1;
}

static int read_left(struct db_tx *tx, void *arg) {
    struct left *l = arg;
    l->n = proposal_under_way(tx, l->ids, AT_ONCE);
    return l->n < 0 ? l->n : 0;
}

static void on_dropped(int status, void *arg);

static void drop_next(struct rpc *r) {
    r->files_busy = !r->files_stop && db_write(r->o.db, DB_SYNC, drop_unready,
                                               on_dropped, r) >= 0;
}

static void on_dropped(int status, void *arg) {
    struct rpc *r = arg;
    r->files_busy = false;
    if (status > 0)
        drop_next(r);
    else if (status < 0)
        log_warn("approvals.file", "half a file stays until the next start: %s",
                 err_name(status));
    rpc_maybe_stopped(r);
}

static void on_left(int status, void *arg) {
    struct left *l = arg;
    struct rpc *r = l->rpc;
    r->files_busy = false;
    for (int i = 0; status >= 0 && i < l->n; i++)
        file_apply(r, l->ids[i]);
    free(l);
    drop_next(r);
    rpc_maybe_stopped(r);
}

void file_apply_all(struct rpc *r) {
    struct left *l = NEW(struct left);
    l->rpc = r;
    r->files_since = env_now(r->o.env);
    r->files_busy = db_read(r->o.db, DB_SYNC, read_left, on_left, l) >= 0;
    if (!r->files_busy)
        free(l);
}

void file_apply_stop(struct rpc *r) {
    r->files_stop = true;
    for (struct file_run *f = r->files, *next; f; f = next) {
        next = f->next;
        if (f->timer) {
            r->o.env->cancel(r->o.env->self, f->timer);
            end(f);
        }
    }
}
