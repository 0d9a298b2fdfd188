/* What follows a pass: the store's state with its reason, the collection's
 * checkpoint and next due time, rows that are gone, or the back-off after a
 * failure. All are written by jobs; until they are back the store is not idle.
 * A job that fails is logged once and the tables are read again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "db/db.h"
#include "sync/pass_full.h"
#include "sync/pass_sweep.h"
#include "sync/sync_internal.h"

enum { RETRY_BASE_MS = 5000, RETRY_MAX_MS = 600000 };

/* -- state ---------------------------------------------------------------- */

struct state_job {
    struct store_sync *ss;
    char state[16], reason[32], text[300];
};

static int state_job(struct db_tx *tx, void *arg) {
    struct state_job *j = arg;
    return store_set_state(tx, j->ss->store.id, j->state, j->reason, j->text);
}

/* One that was not saved is unknown here too: the next is saved whatever it
 * is. */
static void state_over(struct state_job *j, int status) {
    struct store_sync *ss = j->ss;
    if (status < 0) {
        log_warn("sync.state", "state of %s was not saved: %s", ss->store.name,
                 err_name(status));
        ss->store.state[0] = '\0';
    }
    ss->jobs--;
    free(j);
}

static void state_done(int status, void *arg) {
    struct state_job *j = arg;
    struct store_sync *ss = j->ss;
    state_over(j, status);
    store_sync_changed(ss);
    store_sync_tick(ss);
}

static const char *state_of(int code) {
    switch (code) {
    case 0:
        return "connected";
    case ERR_SHOP_AUTH:
    case ERR_SHOP_PERMISSION:
    case ERR_SHOP_BLOCKED:
    case ERR_SHOP_TLS:
    case ERR_SHOP_NOT_WOO:
    case ERR_SHOP_REDIRECT:
        return "blocked";
    default:
        return "degraded";
    }
}

void store_sync_state(struct store_sync *ss, int code, const char *text) {
    const char *state = state_of(code);
    const char *reason = code ? err_name(code) : "";
    ss->last_code = code;
    (void)snprintf(ss->last_text, sizeof ss->last_text, "%s", text);
    if (strcmp(state, ss->store.state) == 0 &&
        strcmp(reason, ss->store.reason) == 0)
        return;
    struct state_job *j = NEW(struct state_job);
    j->ss = ss;
    (void)snprintf(j->state, sizeof j->state, "%s", state);
    (void)snprintf(j->reason, sizeof j->reason, "%s", reason);
    (void)snprintf(j->text, sizeof j->text, "%s", text);
    (void)snprintf(ss->store.state, sizeof ss->store.state, "%s", state);
    (void)snprintf(ss->store.reason, sizeof ss->store.reason, "%s", reason);
    log_info("sync.state", "store %s is %s %s %s", ss->store.name, state,
             reason, text);
    ss->jobs++;
    if (db_write(ss->engine->o.db, DB_INTERACTIVE, state_job, state_done, j) <
        0)
        state_over(j, ERR_BUSY); /* no tick: the caller goes on with ss */
}

/* -- after a pass --------------------------------------------------------- */

static int64_t jitter(const struct store_sync *ss, int64_t ms) {
    const struct env *e = ss->engine->o.env;
    return ms - ms / 10 + (int64_t)env_below(e, (uint64_t)(ms / 5 + 1));
}

static void hold_back(struct store_sync *ss) {
    int64_t cap = RETRY_BASE_MS;
    for (int i = 0; i < ss->failures && cap < RETRY_MAX_MS; i++)
        cap *= 2;
    if (cap > RETRY_MAX_MS)
        cap = RETRY_MAX_MS;
    ss->failures++;
    ss->retry_ms = store_sync_mono(ss) + RETRY_BASE_MS / 5 +
                   (int64_t)env_below(ss->engine->o.env, (uint64_t)cap);
}

void store_sync_failed(struct store_sync *ss, struct pass *p) {
    if (p->status == ERR_CANCELLED)
        return;
    if (p->status == ERR_CONFLICT || p->status == ERR_DB)
        ss->reload = true;
    hold_back(ss);
    store_sync_state(ss, p->status, p->error.detail);
    log_warn("sync.failed", "%s %s of %s: %s: %s", p->ops->step,
             sync_collection_name(p->c), ss->store.name, err_name(p->status),
             p->error.detail);
    run_pass_failed(ss, p);
}

static void edited(void *arg, int status) {
    struct store_sync *ss = arg;
    ss->jobs--;
    if (status < 0) {
        log_warn("sync.checkpoint", "a checkpoint of %s was not saved: %s",
                 ss->store.name, err_name(status));
        ss->reload = true;
    }
    store_sync_tick(ss);
}

/* The pass is through: where the collection stands now. */
static void move_mark(struct store_sync *ss, struct pass *p) {
    struct checkpoint *c = &ss->cp[p->c];
    int64_t now = env_now(ss->engine->o.env);
    if (p->ops == &pass_open_ops || p->ops == &pass_scan_ops ||
        p->ops == &pass_full_ops) {
        memcpy(c->phase, p->cp.phase, sizeof c->phase);
        c->page = p->cp.page;
        c->done = p->cp.done;
        c->total = p->cp.total;
        c->started_ms = p->cp.started_ms;
        if (c->mark_ms == 0)
            c->mark_ms = p->cp.mark_ms;
    }
    if (p->ops == &pass_open_ops)
        return;
    if (p->ops == &pass_changes_ops && p->shop_date_ms > c->mark_ms)
        c->mark_ms = p->shop_date_ms;
    c->success_ms = now;
    if (p->counts.inserted + p->counts.changed > 0)
        c->changed_ms = now;
    if (p->c == SYNC_ORDERS)
        ss->fresh_ms = now;
    ss->jobs++;
    intake_edit_only(ss->engine->o.db, ss->engine->o.env, ss->store.id,
                     INTAKE_MARK, c, edited, ss);
}

/* Does it leave the collection as fresh as the shop? A round of a sweep is to
 * what has no dates what a pass for changes is to others. */
static bool is_fresh(struct store_sync *ss, struct pass *p) {
    if (p->ops == &pass_sweep_ops)
        return pass_sweep_round(p) && !collection_row(p->c)->has_modified;
    return !p->noted || sweep_notes_through(ss, p);
}

void store_sync_through(struct store_sync *ss, struct pass *p) {
    ss->failures = 0;
    ss->retry_ms = 0;
    if (p->ops == &pass_changes_ops || p->ops == &pass_scan_ops)
        ss->due_ms[p->c] = store_sync_mono(ss) + jitter(ss, ss->poll_s * 1000);
    if (p->ops == &pass_sweep_ops)
        sweep_through(ss, p);
    if (is_fresh(ss, p))
        move_mark(ss, p);
    if (p->ops == &pass_scan_ops && !plan_first(ss))
        sweep_loaded(ss); /* the first sync is through: all was just read */
    store_sync_state(ss, 0, "");
    run_pass_done(ss, p);
}

/* -- rows the shop no longer has ------------------------------------------ */

struct gone_job {
    struct store_sync *ss;
    enum mirror_kind kind;
    struct mirror_read read;
    int64_t *ids;
    size_t n;
};

static int gone_job(struct db_tx *tx, void *arg) {
    const struct gone_job *j = arg;
    for (size_t i = 0; i < j->n; i++) {
        int r = mirror_mark_gone(tx, &j->read, j->kind, j->ids[i], 2);
        if (r < 0 && r != ERR_NOT_FOUND)
            return r;
    }
    return 0;
}

static void gone_done(int status, void *arg) {
    struct gone_job *j = arg;
    struct store_sync *ss = j->ss;
    if (status < 0)
        log_warn("sync.gone", "deleted rows of %s were not marked: %s",
                 ss->store.name, err_name(status));
    ss->jobs--;
    free(j->ids);
    free(j);
    store_sync_tick(ss);
}

void store_sync_mark_gone(struct store_sync *ss, struct pass *p) {
    size_t n;
    const struct full_difference *d = pass_full_found(p, &n);
    if (n == 0)
        return;
    struct gone_job *j = NEW(struct gone_job);
    j->ss = ss;
    j->kind = collection_row(p->c)->kind;
    j->read = (struct mirror_read){ss->store.id, ss->engine->seq, false};
    j->ids = mem_zalloc(n, sizeof *j->ids);
    for (size_t i = 0; i < n; i++)
        j->ids[j->n++] = d[i].remote_id;
    p->counts.gone = (int64_t)n;
    ss->jobs++;
    if (db_write(ss->engine->o.db, DB_SYNC, gone_job, gone_done, j) < 0)
        gone_done(ERR_BUSY, j);
}
