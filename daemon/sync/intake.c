#include "sync/intake.h"

#include <string.h>

#include "common/check.h"
#include "common/env.h"
#include "common/mem.h"
#include "common/metric.h"
#include "db/db.h"
#include "model/customer.h"
#include "model/kept.h"
#include "model/ledger.h"
#include "model/order.h"
#include "model/product.h"
#include "model/refund.h"

enum { RETRY_MS = 20 /* queue full: look again */ };

struct intake {
    struct intake_options o;
    struct buf body;
    struct json_slice json;
    struct page *page;
    struct mirror_stats stats;
    struct error error;
    struct intake_row *differ; /* grown by the compare job */
    size_t n_differ;
    enum intake_edit edit;
    int64_t expect;
    struct checkpoint values;
    int status;
    /* the step to repeat when a queue was full */
    void (*step)(struct intake *in);
    /* intake_edit_only */
    void (*edited)(void *arg, int status);
    void *edited_arg;
    struct db_tx *tx; /* of the running parse job, for `same` */
};

static void intake_free(struct intake *in) {
    page_free(in->page);
    buf_done(&in->body);
    free(in->differ);
    free(in);
}

static void again(void *arg) {
    struct intake *in = arg;
    in->step(in);
}

/* Run a step that queues a job; a full queue is waited out. */
static void attempt(struct intake *in, int queued,
                    void (*step)(struct intake *in)) {
    if (queued == 0)
        return;
    in->step = step;
    (void)in->o.env->timer(in->o.env->self, RETRY_MS, again, in);
}

static void finish(struct intake *in, int status) {
    if (in->page) {
        in->stats.seen = (int)in->page->rows;
        in->stats.same += (int)in->page->n_same;
    }
    struct intake_result r = {.status = status,
                              .error = in->error,
                              .page = status < 0 ? NULL : in->page,
                              .stats = in->stats,
                              .differ = in->differ,
                              .n_differ = in->n_differ};
    if (status < 0 && r.error.code == 0)
        (void)error_set(&r.error, status, "", "%s", err_message(status));
    if (in->edited)
        in->edited(in->edited_arg, status);
    else
        in->o.done(in->o.arg, &r);
    intake_free(in);
}

/* -- writing ------------------------------------------------------------- */

static void merge_scan(struct checkpoint *to, const struct checkpoint *from) {
    (void)memcpy(to->phase, from->phase, sizeof to->phase);
    to->page = from->page;
    to->pages = from->pages;
    to->done = from->done;
    to->total = from->total;
    to->started_ms = from->started_ms;
    if (to->mark_ms == 0)
        to->mark_ms = from->mark_ms;
}

static void merge_mark(struct checkpoint *to, const struct checkpoint *from) {
    to->mark_ms = from->mark_ms;
    to->walk_ms = from->walk_ms;
    to->success_ms = from->success_ms;
    to->changed_ms = from->changed_ms;
}

static int put_checkpoint(struct intake *in, struct db_tx *tx) {
    struct checkpoint c;
    int64_t store = in->o.read.store_id;
    if (in->edit == INTAKE_KEEP)
        return 0;
    int r = checkpoint_get(tx, store, in->values.collection, &c);
    if (r < 0)
        return r;
    if (in->edit == INTAKE_SCAN && in->expect >= 0 && c.page != in->expect)
        return error_set(&in->error, ERR_CONFLICT, in->values.collection,
                         "the checkpoint stands at %lld, not at %lld",
                         (long long)c.page, (long long)in->expect);
    if (in->edit == INTAKE_SCAN)
        merge_scan(&c, &in->values);
    else
        merge_mark(&c, &in->values);
    return checkpoint_put(tx, store, &c);
}

/* Orders explain stock: what was drift without them may add up. */
static int apply_orders(struct intake *in, struct db_tx *tx) {
    const struct page *p = in->page;
    int r = order_apply(tx, &in->o.read, p->orders, p->n, &in->stats);
    if (r >= 0 && in->stats.inserted + in->stats.changed > 0)
        r = ledger_again(tx, in->o.read.store_id);
    return r;
}

static int apply_rows(struct intake *in, struct db_tx *tx) {
    const struct page *p = in->page;
    const struct mirror_read *read = &in->o.read;
    switch (p->kind) {
    case MIRROR_ORDER:
        return apply_orders(in, tx);
    case MIRROR_REFUND:
        return refund_apply(tx, read, p->refunds, p->n, &in->stats);
    case MIRROR_NOTE:
        return note_apply(tx, read, in->o.parent_id, p->notes, p->n,
                          &in->stats);
    case MIRROR_PRODUCT:
        return product_apply(tx, read, p->products, p->n, &in->stats);
    case MIRROR_CUSTOMER:
        return customer_apply(tx, read, p->customers, p->n, &in->stats);
    case MIRROR_CATEGORY:
        return category_apply(tx, read, p->categories, p->n, &in->stats);
    }
    return ERR_INTERNAL;
}

static int put_aside(struct intake *in, struct db_tx *tx) {
    const struct page *p = in->page;
    for (size_t i = 0; i < p->n_aside; i++) {
        const struct page_aside *a = &p->aside[i];
        int r =
            mirror_set_aside(tx, &in->o.read, p->kind, a->remote_id,
                             a->raw_hash, a->path, a->reason, a->raw, a->raw_n);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Runs again when its batch could not be committed: starts from zero. */
static int write_job(struct db_tx *tx, void *arg) {
    struct intake *in = arg;
    memset(&in->stats, 0, sizeof in->stats);
    int r = 0;
    if (in->page) {
        r = apply_rows(in, tx);
        if (r >= 0)
            r = put_aside(in, tx);
        if (r >= 0 && in->o.also)
            r = in->o.also(tx, in->o.arg);
    }
    return r < 0 ? r : put_checkpoint(in, tx);
}

static void count(const struct intake *in) {
    metric_add(METRIC_SYNC_ROWS, (int64_t)in->page->rows);
    metric_add(METRIC_SYNC_ASIDE, (int64_t)in->page->n_aside);
    metric_add(METRIC_SYNC_CHANGED, in->stats.inserted + in->stats.changed);
}

static void written(int status, void *arg) {
    struct intake *in = arg;
    if (status >= 0 && in->page)
        count(in);
    finish(in, status);
}

static void write_step(struct intake *in) {
    attempt(in, db_write(in->o.db, DB_SYNC, write_job, written, in),
            write_step);
}

/* -- comparing ----------------------------------------------------------- */

static struct intake_row *differs(struct intake *in, int64_t remote_id,
                                  bool missing) {
    in->differ = mem_resize(in->differ, in->n_differ + 1, sizeof *in->differ);
    in->differ[in->n_differ] =
        (struct intake_row){.remote_id = remote_id, .missing = missing};
    return &in->differ[in->n_differ++];
}

/* A single object was asked for once more: say where it differs. */
static int explain(struct intake *in, struct db_tx *tx,
                   struct intake_row *row) {
    const char *raw;
    size_t n;
    int r = mirror_raw(tx, in->o.kind, in->o.read.store_id, row->remote_id,
                       in->page->arena, &raw, &n);
    if (r == 1)
        diff_find(&row->diff, in->page->arena, in->o.kind, raw, n, in->json.p,
                  in->json.n);
    return r < 0 ? r : 0;
}

static int compare_one(struct intake *in, struct db_tx *tx,
                       const struct mirror_object *o) {
    uint8_t hash[16];
    int gone = 0;
    int r = mirror_hash(tx, in->o.kind, in->o.read.store_id, o->remote_id, hash,
                        &gone);
    if (r < 0)
        return r;
    if (r == 0 || gone) {
        (void)differs(in, o->remote_id, true);
    } else if (memcmp(hash, o->hash, sizeof hash) != 0) {
        struct intake_row *row = differs(in, o->remote_id, false);
        return in->page->rows == 1 ? explain(in, tx, row) : 0;
    } else {
        in->stats.same++;
    }
    return 0;
}

static int compare_rows(struct intake *in, struct db_tx *tx) {
    for (size_t i = 0; i < in->page->n; i++) {
        const struct mirror_object *o = page_object(in->page, i);
        if (!CHECK(o))
            return ERR_INTERNAL;
        int r = compare_one(in, tx, o);
        if (r < 0)
            return r;
    }
    return 0;
}

/* -- parsing ------------------------------------------------------------- */

static int is_same(void *arg, int64_t remote_id, const uint8_t raw_hash[16]) {
    struct intake *in = arg;
    return mirror_same(in->tx, in->o.kind, in->o.read.store_id, remote_id,
                       raw_hash);
}

static int parse_job(struct db_tx *tx, void *arg) {
    struct intake *in = arg;
    struct page_options o = {.kind = in->o.kind,
                             .parent_id = in->o.parent_id,
                             .kept = in->o.compare ? NULL : kept_current(),
                             .same = in->o.skip_same ? is_same : NULL,
                             .same_arg = in};
    /* what was set aside may read again though its bytes did not change */
    if (o.same && mirror_any_aside(tx, in->o.read.store_id, in->o.kind) == 1)
        o.same = NULL;
    in->tx = tx;
    int r = page_prepare(&o, in->json.p, in->json.n, &in->page, &in->error);
    if (r == 0 && in->o.compare)
        r = compare_rows(in, tx);
    in->tx = NULL;
    return r;
}

/* Nothing to write: no row is new and no checkpoint moves. */
static bool idle(const struct intake *in) {
    return in->o.compare ||
           (!in->o.also && in->page->n == 0 && in->page->n_aside == 0 &&
            in->edit == INTAKE_KEEP && in->page->kind != MIRROR_NOTE);
}

static void parsed(int status, void *arg) {
    struct intake *in = arg;
    if (status < 0) {
        finish(in, status);
        return;
    }
    if (in->o.parsed)
        in->o.parsed(in->o.arg, in, in->page);
    buf_done(&in->body);
    if (idle(in)) {
        finish(in, 0);
        return;
    }
    write_step(in);
}

static void parse_step(struct intake *in) {
    attempt(in, db_read(in->o.db, DB_SYNC, parse_job, parsed, in), parse_step);
}

void intake_start(const struct intake_options *o, struct buf *body,
                  struct json_slice json) {
    struct intake *in = NEW(struct intake);
    in->o = *o;
    in->body = *body;
    *body = (struct buf)BUF_INIT;
    in->json = json;
    parse_step(in);
}

void intake_checkpoint(struct intake *in, enum intake_edit edit, int64_t expect,
                       const struct checkpoint *values) {
    in->edit = edit;
    in->expect = expect;
    in->values = *values;
}

void intake_edit_only(struct db *db, const struct env *env, int64_t store_id,
                      enum intake_edit edit, const struct checkpoint *values,
                      void (*done)(void *arg, int status), void *arg) {
    struct intake *in = NEW(struct intake);
    in->o.db = db;
    in->o.env = env;
    in->o.read.store_id = store_id;
    intake_checkpoint(in, edit, -1, values);
    in->edited = done;
    in->edited_arg = arg;
    write_step(in);
}
