/* Receiving: scans, and what the shops are told of them. */
#include <string.h>

#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/at_bin.h"
#include "rpc/inbound_view.h"
#include "rpc_handlers.gen.h"

/* --- receive ------------------------------------------------------------ */

static void write_result(struct rpc_call *call, const struct bin *b,
                         const struct item *i, const struct inbound_line *l,
                         enum lot_ask asks) {
    const struct rpc_inbound_receive_params *p = call->params;
    const char *verdict = !i                                ? "ok"
                          : l->expected_e3 == 0             ? "unannounced"
                          : l->received_e3 > l->expected_e3 ? "excess"
                                                            : "ok";
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "what", i ? "item" : "bin");
    jsonw_kstring(w, "bin", b->code);
    level_view_text(w, "sku", i ? i->sku : NULL);
    level_view_text(w, "name", i ? i->title : NULL);
    level_view_qty(w, "expected", i ? l->expected_e3 : ITEM_NONE);
    level_view_qty(w, "received", i ? l->received_e3 : ITEM_NONE);
    jsonw_kstring(w, "verdict", verdict);
    level_view_text(w, "lot", i && !asks ? p->lot : NULL);
    level_view_text(w, "asks", lot_ask_name(asks));
    jsonw_end_object(w);
}

/* Where it goes: the bin named, else where this person stands. */
static int where(struct rpc_call *call, struct db_tx *tx, const char *work,
                 struct bin *ret) {
    const struct rpc_inbound_receive_params *p = call->params;
    if (p->has_bin)
        return level_view_bin(call, tx, "bin", p->bin, ret);
    int rc = at_bin_get(tx, work, call->actor, ret);
    if (rc == 0)
        return call_fail(call, ERR_INVALID, "bin",
                         "scan the bin first that things go into");
    return rc < 0 ? rc : 0;
}

/* Put it there, unless something about it is to be asked first. */
static int put(struct rpc_call *call, struct db_tx *tx, const struct inbound *i,
               struct inbound_piece *piece, enum lot_ask *ret_asks) {
    const struct rpc_inbound_receive_params *p = call->params;
    int rc = p->has_lot ? level_view_no_lot(call, tx, i->tenant_id, p->lot) : 0;
    if (rc >= 0)
        rc = lot_asks(tx, piece->item_id, p->lot, p->has_expires, ret_asks);
    if (rc < 0 || *ret_asks)
        return rc;
    rc = level_view_lot(call, tx, piece->item_id, p->lot,
                        p->has_expires ? p->expires : NULL, piece->e3 > 0,
                        &piece->lot_id);
    return rc < 0 ? rc
                  : inbound_receive(tx, i, piece, call->actor, &call->error);
}

static int receive_item(struct rpc_call *call, struct db_tx *tx,
                        const struct inbound *i, const char *work) {
    const struct rpc_inbound_receive_params *p = call->params;
    struct inbound_piece piece = {.e3 = p->has_qty ? p->qty : 1000};
    enum lot_ask asks = LOT_ASK_NOTHING;
    struct inbound_line line;
    struct item it;
    struct bin b;
    int rc =
        at_bin_item(tx, i->tenant_id, p->code, &piece.item_id, &call->error);
    if (rc >= 0)
        rc = where(call, tx, work, &b);
    if (rc < 0)
        return rc;
    piece.bin_id = b.id;
    rc = put(call, tx, i, &piece, &asks);
    if (rc >= 0)
        rc = item_get(tx, piece.item_id, call_arena(call), &it);
    if (rc >= 0)
        rc = inbound_line_of(tx, i->id, piece.item_id, &line);
    if (rc >= 0)
        rc = inbound_view_audit(call, tx, i->id);
    if (rc >= 0)
        write_result(call, &b, &it, &line, asks);
    return rc < 0 ? rc : 0;
}

static int receive_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inbound_receive_params *p = call->params;
    struct inbound i;
    struct bin b;
    char work[24];
    int rc = inbound_view_find(call, tx, p->id, &i);
    if (rc >= 0)
        rc = inbound_check_open(&i, &call->error);
    if (rc >= 0)
        rc = bin_by_code(tx, p->code, &b);
    if (rc < 0)
        return rc;
    (void)inbound_name(work, i.id);
    if (rc == 0)
        return receive_item(call, tx, &i, work);
    if (b.disabled)
        return call_fail(call, ERR_CONFLICT, "code",
                         "nothing is put into %s any more: it is disabled",
                         b.code);
    rc = at_bin_set(tx, work, call->actor, b.id);
    if (rc >= 0)
        rc = inbound_view_audit(call, tx, i.id);
    if (rc >= 0)
        write_result(call, &b, NULL, NULL, LOT_ASK_NOTHING);
    return rc < 0 ? rc : 0;
}

int method_inbound_receive(struct rpc_call *call,
                           const struct rpc_inbound_receive_params *p) {
    (void)p;
    return call_write(call, receive_work, NULL);
}

/* --- tell, close ------------------------------------------------------------
 */

/* Everybody who was told, of all lines. */
struct all_told {
    struct shop_told *told;
    size_t n, cap;
};

static void add_told(struct rpc_call *call, struct all_told *all,
                     const struct shop_told *told, size_t n) {
    if (all->n + n > all->cap) {
        size_t cap = 2 * (all->n + n);
        struct shop_told *more =
            arena_alloc(call_arena(call), cap * sizeof *more);
        if (all->n)
            memcpy(more, all->told, all->n * sizeof *more);
        all->told = more;
        all->cap = cap;
    }
    if (n)
        memcpy(all->told + all->n, told, n * sizeof *told);
    all->n += n;
}

static int tell_lines(struct rpc_call *call, struct db_tx *tx,
                      const struct inbound *i, const struct inbound_line *l,
                      size_t n, struct all_told *all) {
    char name[24];
    int rc = 0;
    for (size_t k = 0; i->shop && rc >= 0 && k < n; k++) {
        struct shop_told *told = NULL;
        size_t told_n = 0;
        int64_t news = l[k].received_e3 - l[k].told_e3;
        if (news == 0)
            continue;
        rc = level_view_tell(call, tx, l[k].item_id, news,
                             inbound_name(name, i->id), &told, &told_n);
        if (rc >= 0)
            add_told(call, all, told, told_n);
    }
    return rc < 0 ? rc : inbound_told(tx, i->id);
}

static int tell_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inbound_tell_params *p = call->params;
    struct all_told all = {0};
    struct inbound_line *l = NULL;
    struct inbound i;
    char name[24];
    size_t n = 0;
    int rc = inbound_view_find(call, tx, p->id, &i);
    if (rc >= 0 && !i.shop)
        rc = call_fail(call, ERR_CONFLICT, "id",
                       "the shops are not told of what comes with %s",
                       inbound_name(name, i.id));
    if (rc >= 0)
        rc = inbound_lines(tx, i.id, call_arena(call), &l, &n);
    if (rc >= 0)
        rc = tell_lines(call, tx, &i, l, n, &all);
    if (rc >= 0)
        rc = inbound_view_audit(call, tx, i.id);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", inbound_name(name, i.id));
    level_view_told(call, w, "told", all.told, all.n);
    jsonw_end_object(w);
    return 0;
}

int method_inbound_tell(struct rpc_call *call,
                        const struct rpc_inbound_tell_params *p) {
    (void)p;
    return call_write(call, tell_work, level_view_then);
}

static void write_closed(struct rpc_call *call, const struct inbound *i,
                         const struct inbound_line *l, size_t n,
                         const struct all_told *all) {
    char name[24];
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", inbound_name(name, i->id));
    jsonw_key(w, "differences");
    jsonw_begin_array(w);
    for (size_t k = 0; k < n; k++)
        if (l[k].received_e3 != l[k].expected_e3)
            inbound_view_line(w, &l[k]);
    jsonw_end_array(w);
    level_view_told(call, w, "told", all->told, all->n);
    jsonw_end_object(w);
}

static int check_differences(struct rpc_call *call,
                             const struct inbound_line *l, size_t n) {
    const struct rpc_inbound_close_params *p = call->params;
    char want[MONEY_TEXT], got[MONEY_TEXT];
    for (size_t k = 0; !p->differences && k < n; k++)
        if (l[k].received_e3 != l[k].expected_e3)
            return call_fail(
                call, ERR_CONFLICT, "differences",
                "of %.60s %s were announced and %s came: say that this is "
                "right, or go on receiving",
                *l[k].sku ? l[k].sku : l[k].title,
                money_format_qty(want, l[k].expected_e3),
                money_format_qty(got, l[k].received_e3));
    return 0;
}

static int close_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inbound_close_params *p = call->params;
    struct all_told all = {0};
    struct inbound_line *l = NULL;
    struct inbound i;
    size_t n = 0;
    int rc = inbound_view_find(call, tx, p->id, &i);
    if (rc >= 0)
        rc = inbound_lines(tx, i.id, call_arena(call), &l, &n);
    if (rc >= 0)
        rc = check_differences(call, l, n);
    if (rc >= 0)
        rc = inbound_close(tx, &i, call->actor, &call->error);
    if (rc >= 0)
        rc = tell_lines(call, tx, &i, l, n, &all);
    if (rc >= 0)
        rc = inbound_view_audit(call, tx, i.id);
    if (rc >= 0)
        write_closed(call, &i, l, n, &all);
    return rc < 0 ? rc : 0;
}

int method_inbound_close(struct rpc_call *call,
                         const struct rpc_inbound_close_params *p) {
    (void)p;
    return call_write(call, close_work, level_view_then);
}
