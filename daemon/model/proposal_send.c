/* What was approved becomes changes.
 *
 * Happy path: one proposal is one change in the transaction of its approval; a
 * file is sent slice by slice, an object's rows together, and after a crash
 * from where it was: a row has its change or its fault in the transaction that
 * made it.
 * Failure modes: what the outbox refuses is refused to the reviewer, or (of a
 * file) stays with its row; nothing of that object is written then, as
 * change_create looks before it writes. */
#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/change_value.h"
#include "model/list.h"
#include "model/proposal.h"

/* --- reserving ----------------------------------------------------------- */

int proposal_free(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                  int64_t *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int64_t held = 0;
    int rc =
        db_query(tx, STMT_PRODUCT_STOCK_NOW, &r, "Si", store_id, remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || db_null(r, 0) || str_eq(db_text(r, 5), "onbackorder"))
        return rc < 0 ? rc : 0;
    int64_t stock = db_i64(r, 0);
    rc = proposal_reserved(tx, store_id, remote_id, &held);
    *ret = stock - held;
    return rc < 0 ? rc : 1;
}

static int reserve_line(struct db_tx *tx, int64_t store_id, int64_t id,
                        const struct json *line, struct error *e) {
    int64_t product = 0, variation = 0, qty = 0, left = 0;
    (void)json_i64(json_get(line, "product_id"), true, &product);
    (void)json_i64(json_get(line, "variation_id"), true, &variation);
    (void)json_decimal(json_get(line, "quantity"), 3, &qty);
    int64_t what = variation ? variation : product;
    int rc = proposal_free(tx, store_id, what, &left);
    if (rc > 0 && left < qty)
        return error_set(e, ERR_CONFLICT, "lines",
                         "of product %lld only %lld are free: what is there, "
                         "less what orders that wait hold back",
                         (long long)what,
                         (long long)(left > 0 ? left / 1000 : 0));
    if (rc >= 0)
        rc = db_run(tx, STMT_PROPOSAL_RESERVE_PUT, "Siii", store_id, what, id,
                    qty);
    return rc < 0 ? rc : 0;
}

int proposal_reserve(struct db_tx *tx, int64_t store_id, int64_t id,
                     const char *payload, struct error *e) {
    struct arena *a = arena_new(0);
    const struct json *v = NULL;
    int rc = db_run(tx, STMT_PROPOSAL_RESERVE_CLEAR, "i", id);
    if (rc >= 0)
        rc = json_parse(a, payload, strlen(payload), NULL, &v, NULL);
    for (const struct json *l = json_first(json_get(v, "lines")); rc >= 0 && l;
         l = json_next(l))
        rc = reserve_line(tx, store_id, id, l, e);
    arena_free(a);
    return rc < 0 ? rc : 0;
}

/* --- sending ------------------------------------------------------------- */

/* Rows of one object: its stock alone, or other values. */
struct object {
    int64_t remote_id;
    struct change_path paths[64];
    size_t n;
};

/* A level as what is to be added to the stock. */
static int as_delta(struct change_path *p, struct arena *a, struct error *e) {
    int64_t base, wanted;
    char text[32];
    if (!p->base || proposal_whole(p->base, &base) < 0 ||
        proposal_whole(p->wanted, &wanted) < 0)
        return error_set(e, ERR_CONFLICT, "stock", "its base is not known");
    int64_t delta = wanted - base;
    (void)str_format(text, sizeof text, "%lld", (long long)delta);
    p->wanted = list_keep(a, text);
    p->base = NULL;
    return 0;
}

static void begin(const struct proposal *p, const char *who,
                  proposal_random *fill, uint8_t bytes[10],
                  struct change_new *ret) {
    fill(bytes, 10);
    *ret = (struct change_new){.store_id = p->store_id,
                               .kind = MIRROR_PRODUCT,
                               .author = p->author,
                               .approver = who,
                               .reason = p->reason,
                               .random = bytes};
}

/* One change of an object: of its stock, or of its other values. */
static int send_paths(struct db_tx *tx, const struct proposal *p,
                      const char *who, struct object *o, proposal_random *fill,
                      struct arena *a, int64_t *ret, struct error *e) {
    bool stock = str_eq(o->paths[0].path, "stock");
    struct change_new n;
    struct change made;
    uint8_t bytes[10];
    int rc = 0;
    begin(p, who, fill, bytes, &n);
    n.act = stock ? CHANGE_STOCK : CHANGE_SET;
    n.remote_id = o->remote_id;
    n.paths = o->paths;
    n.n_paths = o->n;
    for (size_t i = 0; rc >= 0 && i < o->n; i++) {
        if (stock)
            rc = as_delta(&o->paths[i], a, e);
        else /* what the reviewer has before their eyes */
            o->paths[i].base = NULL;
    }
    if (rc >= 0)
        rc = change_create(tx, &n, a, &made, e);
    if (rc >= 0)
        *ret = made.id;
    return rc < 0 ? rc : 0;
}

static int send_new(struct db_tx *tx, const struct proposal *p, const char *who,
                    const char *payload, proposal_random *fill, struct arena *a,
                    int64_t *ret, struct error *e) {
    struct change_new n;
    struct change made;
    uint8_t bytes[10];
    begin(p, who, fill, bytes, &n);
    n.act = CHANGE_CREATE;
    n.payload = payload;
    if (p->kind == PROPOSAL_NEW_ORDER)
        n.kind = MIRROR_ORDER;
    int rc = change_create(tx, &n, a, &made, e);
    if (rc >= 0)
        *ret = made.id;
    return rc < 0 ? rc : 0;
}

static int send_object(struct db_tx *tx, const struct proposal *p,
                       const char *who, struct object *o, proposal_random *fill,
                       struct arena *a, struct error *e) {
    int64_t id = 0;
    int rc = o->remote_id > 0
                 ? send_paths(tx, p, who, o, fill, a, &id, e)
                 : send_new(tx, p, who, o->paths[0].wanted, fill, a, &id, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_PROPOSAL_ITEM_SENT, "isii", id, "", p->id,
                    o->remote_id);
    return rc < 0 ? rc : 0;
}

/* The waiting rows of the next objects, at most max rows, whole objects. */
static int collect(struct db_tx *tx, int64_t id, size_t max, struct arena *a,
                   struct object **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct object *list = arena_alloc(a, (max + 1) * sizeof *list), *o = NULL;
    size_t n = 0;
    int rc =
        db_query(tx, STMT_PROPOSAL_WAITING, &r, "ii", id, (int64_t)(64 * max));
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int64_t remote = db_i64(r, 0);
        if (!o || o->remote_id != remote) {
            if (n == max)
                break;
            o = &list[n++];
            *o = (struct object){.remote_id = remote};
        }
        if (o->n < sizeof o->paths / sizeof *o->paths)
            o->paths[o->n++] = (struct change_path){
                .path = list_keep(a, db_text(r, 1)),
                .base = db_null(r, 2) ? NULL : list_keep(a, db_text(r, 2)),
                .wanted = list_keep(a, db_text(r, 3))};
    }
    *ret = list;
    *ret_n = n;
    return rc < 0 ? rc : 0;
}

int proposal_send_whole(struct db_tx *tx, const struct proposal *p,
                        const char *who, proposal_random *fill, struct arena *a,
                        struct error *e) {
    struct object *o;
    size_t n;
    int rc = collect(tx, p->id, 1, a, &o, &n);
    if (rc >= 0 && n)
        rc = send_object(tx, p, who, o, fill, a, e);
    if (rc >= 0)
        rc = db_run(tx, STMT_PROPOSAL_PROGRESS, "iii", (int64_t)1, (int64_t)0,
                    p->id);
    return rc < 0 ? rc : 0;
}

static bool is_ours(int rc) {
    return rc != ERR_NOT_FOUND && rc != ERR_INVALID && rc != ERR_CONFLICT &&
           rc != ERR_DENIED;
}

/* A row of a file: its change, or why not. */
static int send_row(struct db_tx *tx, const struct proposal *p,
                    struct object *o, proposal_random *fill, struct arena *a,
                    int64_t *failed) {
    struct error e = {0};
    int rc = send_object(tx, p, p->reviewer, o, fill, a, &e);
    if (rc >= 0 || is_ours(rc))
        return rc;
    ++*failed;
    rc = db_run(tx, STMT_PROPOSAL_ITEM_SENT, "isii", (int64_t)0,
                *e.detail ? e.detail : err_name(rc), p->id, o->remote_id);
    return rc < 0 ? rc : 0;
}

int proposal_send(struct db_tx *tx, int64_t id, size_t max,
                  proposal_random *fill) {
    struct arena *a = arena_new(0);
    struct object *list = NULL;
    struct proposal p = {0};
    int64_t failed = 0;
    size_t n = 0;
    int rc = proposal_get(tx, id, a, &p);
    if (rc > 0 && p.state == PROPOSAL_APPROVED && !p.stopped)
        rc = collect(tx, id, max, a, &list, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = send_row(tx, &p, &list[i], fill, a, &failed);
    if (rc >= 0 && n)
        rc = db_run(tx, STMT_PROPOSAL_PROGRESS, "iii", (int64_t)n, failed, id);
    if (rc >= 0 && n)
        rc = proposal_told(tx, p.store_id);
    arena_free(a);
    return rc < 0 ? rc : (int)n;
}
