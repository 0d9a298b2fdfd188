/* A scan that also finds what the shop no longer has: a full read (which then
 * marks it gone) or, with `compare`, the standing proof (which only reports).
 *
 * Happy path: the scan of pass_scan.c, remembering every id; then the mirror's
 * ids are read and those not seen become suspects, in compare mode with all
 * rows that differed; each suspect is asked for once more by GET, and only
 * what persists counts.
 * Failure modes: a shop that suddenly lists far fewer rows than the mirror
 * holds is a fault, not a mass deletion; 401/403/5xx teach nothing and end the
 * pass; a scan resumed after a crash did not see every id and skips suspects.
 */
#include "sync/pass_full.h"

#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "db/db.h"
#include "model/ids.h"
#include "sync/pass.h"

enum { STAGE_SCAN, STAGE_IDS, STAGE_SUSPECTS, STAGE_END };
enum { IDS_CHUNK = 10000, AT_ONCE = 4, SUSPECTS_MAX = 20000, TRUST_MIN = 100 };

struct full {
    int64_t *mirror; /* the mirror's ids, ascending */
    size_t n_mirror;
    struct full_difference *suspects;
    size_t n_suspects, next;
    bool loading;
    struct full_difference *found;
    size_t n_found;
};

static struct full *full_of(struct pass *p) {
    if (!p->full)
        p->full = NEW(struct full);
    return p->full;
}

static struct full_difference *add(struct full_difference **list, size_t *n,
                                   int64_t id, enum full_what what) {
    if ((*n & (*n - 1)) == 0)
        *list = mem_resize(*list, *n ? *n * 2 : 1, sizeof **list);
    (*list)[*n] = (struct full_difference){.remote_id = id, .what = what};
    return &(*list)[(*n)++];
}

static void suspect(struct pass *p, int64_t id, enum full_what what) {
    struct full *u = full_of(p);
    if (u->n_suspects >= SUSPECTS_MAX) {
        pass_fail(p, ERR_TOO_BIG, "verify",
                  "more than 20,000 objects differ: run a full sync first");
        return;
    }
    (void)add(&u->suspects, &u->n_suspects, id, what);
}

/* -- the mirror's ids ------------------------------------------------------
 */

/* Products and variations share a table: each pass sees only its own half. */
static int ids_job(struct db_tx *tx, void *arg) {
    struct pass *p = arg;
    struct full *u = p->full;
    const struct collection_row *row = collection_row(p->c);
    int64_t after = 0;
    u->n_mirror = 0;
    for (;;) {
        u->mirror =
            mem_resize(u->mirror, u->n_mirror + IDS_CHUNK, sizeof *u->mirror);
        int n = row->kind == MIRROR_PRODUCT
                    ? product_ids(tx, p->w.store_id, p->c == SYNC_VARIATIONS,
                                  after, u->mirror + u->n_mirror, IDS_CHUNK)
                    : mirror_ids(tx, row->kind, p->w.store_id, after,
                                 u->mirror + u->n_mirror, IDS_CHUNK);
        if (n < 0)
            return n;
        u->n_mirror += (size_t)n;
        if (n < IDS_CHUNK)
            return 0;
        after = u->mirror[u->n_mirror - 1];
    }
}

static int by_id(const void *a, const void *b) {
    const struct full_difference *x = a, *y = b;
    return x->remote_id < y->remote_id ? -1 : x->remote_id > y->remote_id;
}

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Neighbouring windows share a row: once is enough. */
static void make_unique(struct pass *p) {
    struct full *u = p->full;
    size_t n = 0;
    if (p->n_ids)
        qsort(p->ids, p->n_ids, sizeof *p->ids, by_value);
    for (size_t i = 0; i < p->n_ids; i++)
        if (i == 0 || p->ids[i] != p->ids[n - 1])
            p->ids[n++] = p->ids[i];
    p->n_ids = n;
    if (u->n_suspects)
        qsort(u->suspects, u->n_suspects, sizeof *u->suspects, by_id);
    n = 0;
    for (size_t i = 0; i < u->n_suspects; i++)
        if (i == 0 || u->suspects[i].remote_id != u->suspects[n - 1].remote_id)
            u->suspects[n++] = u->suspects[i];
    u->n_suspects = n;
}

/* Both lists ascending: what only the mirror has is suspect. */
static void find_unseen(struct pass *p) {
    struct full *u = p->full;
    size_t j = 0;
    for (size_t i = 0; i < u->n_mirror && p->status == 0; i++) {
        while (j < p->n_ids && p->ids[j] < u->mirror[i])
            j++;
        if (j == p->n_ids || p->ids[j] != u->mirror[i])
            suspect(p, u->mirror[i], FULL_EXTRA);
    }
}

static bool incredible(const struct pass *p) {
    return p->full->n_mirror > TRUST_MIN && p->n_ids * 2 < p->full->n_mirror;
}

static void ids_loaded(int status, void *arg) {
    struct pass *p = arg;
    p->full->loading = false;
    p->outstanding--;
    make_unique(p);
    if (status < 0)
        pass_fail(p, status, "ids", err_message(status));
    else if (incredible(p))
        pass_fail(p, ERR_SHOP_CONFLICT, "list",
                  "the shop suddenly lists less than half of what it had: "
                  "nothing was marked as deleted");
    else
        find_unseen(p);
    p->stage = STAGE_SUSPECTS;
    pass_turn(p);
}

static void load_ids(struct pass *p) {
    struct full *u = full_of(p);
    if (u->loading)
        return;
    u->loading = true;
    p->outstanding++;
    p->stage = STAGE_IDS;
    int r = db_read(p->w.db, DB_SYNC, ids_job, ids_loaded, p);
    if (r < 0) {
        u->loading = false;
        p->outstanding--;
        pass_fail(p, r, "ids", err_message(r));
    }
}

/* -- suspects -------------------------------------------------------------
 */

static void ask_one(struct pass *p, struct fetch *f) {
    const struct collection_row *row = collection_row(p->c);
    struct shop_request r;
    if (p->c == SYNC_VARIATIONS || p->c == SYNC_REFUNDS) {
        /* by id alone a variation comes in a product's shape, and a refund has
         * no address without its order */
        request_list(&r, row->remote, 1, 1, ORDER_BY_ID_ASC);
        request_include(&r, &f->id, 1);
    } else {
        request_one(&r, row->remote, 0, f->id);
        f->one = true;
    }
    pass_fetch(p, f, &r);
}

static void pump_suspects(struct pass *p) {
    struct full *u = full_of(p);
    struct fetch *f;
    while (u->next < u->n_suspects && p->outstanding < AT_ONCE &&
           (f = pass_room(p))) {
        f->window = NULL;
        f->at = u->next;
        f->id = u->suspects[u->next++].remote_id;
        ask_one(p, f);
    }
    if (u->next == u->n_suspects && p->outstanding == 0)
        p->stage = STAGE_END;
}

static void full_pump(struct pass *p) {
    if (p->stage == STAGE_SCAN) {
        scan_pump(p);
        if (scan_over(p) && p->outstanding == 0)
            load_ids(p);
    } else if (p->stage == STAGE_SUSPECTS) {
        pump_suspects(p);
    }
}

static void full_parsed(struct pass *p, struct fetch *f, struct intake *in,
                        const struct page *page) {
    if (p->stage == STAGE_SCAN)
        scan_parsed(p, f, in, page);
}

/* Gone at the shop: the mirror's row, if it has one, is out of date. */
static void gone(struct pass *p, const struct fetch *f) {
    struct full *u = full_of(p);
    if (u->suspects[f->at].what == FULL_MISSING)
        return; /* neither has it any more */
    (void)add(&u->found, &u->n_found, f->id, FULL_EXTRA);
}

static void rechecked(struct pass *p, const struct fetch *f,
                      const struct intake_result *r) {
    struct full *u = full_of(p);
    if (r->page->rows == 0)
        gone(p, f);
    else if (p->compare && r->n_differ > 0)
        add(&u->found, &u->n_found, f->id,
            r->differ[0].missing ? FULL_MISSING : FULL_DIFFERS)
            ->diff = r->differ[0].diff;
}

static void full_applied(struct pass *p, struct fetch *f,
                         const struct intake_result *r) {
    if (p->stage == STAGE_SUSPECTS) {
        rechecked(p, f, r);
        return;
    }
    for (size_t i = 0; i < r->n_differ; i++)
        suspect(p, r->differ[i].remote_id,
                r->differ[i].missing ? FULL_MISSING : FULL_DIFFERS);
}

static bool full_fault(struct pass *p, struct fetch *f,
                       const struct shop_fault *e) {
    if (p->stage == STAGE_SCAN)
        return scan_fault(p, f, e);
    if (e->code != ERR_SHOP_NOT_FOUND)
        return false;
    gone(p, f);
    return true;
}

static bool full_over(const struct pass *p) {
    return p->stage == STAGE_END || (p->resumed && scan_over(p));
}

static void full_done(struct pass *p) {
    if (!p->full)
        return;
    free(p->full->mirror);
    free(p->full->suspects);
    free(p->full->found);
    free(p->full);
    p->full = NULL;
}

const struct full_difference *pass_full_found(const struct pass *p,
                                              size_t *ret_n) {
    *ret_n = p->full ? p->full->n_found : 0;
    return p->full ? p->full->found : NULL;
}

const struct pass_ops pass_full_ops = {
    .step = "full",
    .pump = full_pump,
    .parsed = full_parsed,
    .applied = full_applied,
    .fault = full_fault,
    .finished = full_over,
    .done = full_done,
};
