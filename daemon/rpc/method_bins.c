/* Places of the warehouse. */
#include "common/str.h"
#include "db/sql.h"
#include "rpc/level_view.h"
#include "rpc_handlers.gen.h"

enum { CONTENTS_MAX = 500 };

static void write_fields(struct jsonw *w, const struct bin *b) {
    jsonw_kstring(w, "code", b->code);
    jsonw_kstring(w, "zone", b->zone);
    jsonw_ki64(w, "place", b->place);
    jsonw_kbool(w, "quarantine", b->quarantine);
    jsonw_kbool(w, "disabled", b->disabled);
    jsonw_ki64(w, "items", b->items);
    jsonw_ki64(w, "version", b->version);
}

/* --- list --------------------------------------------------------------- */

struct listing {
    struct jsonw *w;
    int64_t left;
    char last[33];
    bool more;
};

static int list_one(const struct bin *b, void *arg) {
    struct listing *l = arg;
    if (l->left-- == 0) {
        l->more = true;
        return 1;
    }
    (void)str_copy(l->last, sizeof l->last, b->code);
    jsonw_begin_object(l->w);
    write_fields(l->w, b);
    jsonw_end_object(l->w);
    return 0;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_bins_list_params *p = call->params;
    struct listing l = {.left = p->limit};
    struct bin after;
    int rc = 0;
    if (p->has_after)
        rc = level_view_bin(call, tx, "after", p->after, &after);
    if (rc < 0)
        return rc;
    l.w = call_list_begin(call);
    rc = bin_list(tx, p->has_after ? &after : NULL, list_one, &l);
    call_list_end(l.w, l.more ? l.last : NULL, false);
    return rc < 0 ? rc : 0;
}

int method_bins_list(struct rpc_call *call,
                     const struct rpc_bins_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

/* --- get ------------------------------------------------------------------ */

/* Items of companies the caller works for. */
static int write_contents(struct db_tx *tx, struct jsonw *w, int64_t bin_id,
                          bool *ret_more) {
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    int rc = db_query(tx, STMT_BIN_CONTENTS, &r, "i", bin_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        rc = item_seen(tx, db_i64(r, 0));
        if (rc <= 0)
            continue;
        if (n++ == CONTENTS_MAX) {
            *ret_more = true;
            return 0;
        }
        jsonw_begin_object(w);
        jsonw_kstring(w, "tenant", db_text(r, 1));
        jsonw_kstring(w, "sku", db_text(r, 2));
        jsonw_kstring(w, "name", db_text(r, 3));
        jsonw_kqty(w, "quantity", db_i64(r, 4));
        jsonw_end_object(w);
    }
    return rc;
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_bins_get_params *p = call->params;
    struct bin b;
    bool more = false;
    int rc = level_view_bin(call, tx, "bin", p->bin, &b);
    if (rc >= 0)
        rc = db_value(tx, STMT_BIN_ITEM_COUNT, &b.items, "i", b.id);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    write_fields(w, &b);
    jsonw_key(w, "contents");
    jsonw_begin_array(w);
    rc = write_contents(tx, w, b.id, &more);
    jsonw_end_array(w);
    jsonw_kbool(w, "more", more);
    jsonw_end_object(w);
    return rc < 0 ? rc : 0;
}

int method_bins_get(struct rpc_call *call,
                    const struct rpc_bins_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

/* --- create, update ---------------------------------------------------------
 */

static int answer(struct rpc_call *call, struct db_tx *tx, const char *code) {
    struct bin b;
    int rc = bin_by_code(tx, code, &b);
    if (rc > 0)
        rc = db_value(tx, STMT_BIN_ITEM_COUNT, &b.items, "i", b.id);
    if (rc >= 0)
        rc = call_audit(call, tx, b.code, "{}");
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    write_fields(w, &b);
    jsonw_end_object(w);
    return 0;
}

static int create_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_bins_create_params *p = call->params;
    struct bin b = {.place = p->place, .quarantine = p->quarantine};
    (void)str_copy(b.code, sizeof b.code, p->code);
    (void)str_copy(b.zone, sizeof b.zone, p->zone);
    int rc = bin_create(tx, &b, &call->error);
    return rc < 0 ? rc : answer(call, tx, b.code);
}

int method_bins_create(struct rpc_call *call,
                       const struct rpc_bins_create_params *p) {
    (void)p;
    return call_write(call, create_work, NULL);
}

static int update_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_bins_update_params *p = call->params;
    struct bin b;
    int rc = level_view_bin(call, tx, "bin", p->bin, &b);
    if (rc < 0)
        return rc;
    if (p->has_zone)
        (void)str_copy(b.zone, sizeof b.zone, p->zone);
    b.place = p->has_place ? p->place : b.place;
    b.quarantine = p->has_quarantine ? p->quarantine : b.quarantine;
    b.disabled = p->has_disabled ? p->disabled : b.disabled;
    b.version = p->has_if_version ? p->if_version : b.version;
    rc = bin_update(tx, &b, &call->error);
    return rc < 0 ? rc : answer(call, tx, b.code);
}

int method_bins_update(struct rpc_call *call,
                       const struct rpc_bins_update_params *p) {
    (void)p;
    return call_write(call, update_work, NULL);
}
