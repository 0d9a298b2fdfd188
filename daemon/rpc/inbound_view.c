#include "rpc/inbound_view.h"

#include "model/at_bin.h"

int inbound_view_find(struct rpc_call *call, struct db_tx *tx, const char *id,
                      struct inbound *ret) {
    int64_t n;
    int rc = level_view_number(call, 'I', id, &n);
    if (rc >= 0)
        rc = inbound_get(tx, n, call_arena(call), ret);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "id", "there is no %.20s here",
                         id);
    return rc < 0 ? rc : 0;
}

void inbound_view_fields(struct jsonw *w, const struct inbound *i) {
    char name[24];
    jsonw_kstring(w, "id", inbound_name(name, i->id));
    jsonw_kstring(w, "tenant", i->tenant);
    jsonw_kstring(w, "reference", i->reference);
    jsonw_kstring(w, "supplier", i->supplier);
    jsonw_kstring(w, "state", i->open ? "open" : "closed");
    jsonw_kbool(w, "shop", i->shop);
    jsonw_ktime(w, "expected_on", i->expected_ms);
    jsonw_ktime(w, "created", i->created_ms);
    jsonw_kstring(w, "created_by", i->created_by);
    jsonw_ktime(w, "closed", i->closed_ms);
    level_view_text(w, "closed_by", i->closed_by);
    jsonw_kstring(w, "note", i->note);
    jsonw_ki64(w, "lines", i->lines);
    jsonw_kqty(w, "expected", i->expected_e3);
    jsonw_kqty(w, "received", i->received_e3);
    jsonw_ki64(w, "version", i->version);
}

void inbound_view_line(struct jsonw *w, const struct inbound_line *l) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "sku", l->sku);
    jsonw_kstring(w, "name", l->title);
    jsonw_kqty(w, "expected", l->expected_e3);
    jsonw_kqty(w, "received", l->received_e3);
    jsonw_kqty(w, "told", l->told_e3);
    jsonw_end_object(w);
}

int inbound_view_audit(struct rpc_call *call, struct db_tx *tx, int64_t id) {
    char name[24];
    return call_audit(call, tx, inbound_name(name, id), "{}");
}

int inbound_view_answer(struct rpc_call *call, struct db_tx *tx, int64_t id) {
    struct inbound_line *l = NULL;
    struct inbound i;
    struct bin b;
    char name[24];
    size_t n = 0;
    int rc = inbound_get(tx, id, call_arena(call), &i);
    if (rc >= 0)
        rc = inbound_lines(tx, id, call_arena(call), &l, &n);
    int at =
        rc < 0 ? rc : at_bin_get(tx, inbound_name(name, id), call->actor, &b);
    if (at < 0)
        return at;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    inbound_view_fields(w, &i);
    jsonw_key(w, "items");
    jsonw_begin_array(w);
    for (size_t k = 0; k < n; k++)
        inbound_view_line(w, &l[k]);
    jsonw_end_array(w);
    level_view_text(w, "bin", at > 0 ? b.code : NULL);
    jsonw_end_object(w);
    return 0;
}
