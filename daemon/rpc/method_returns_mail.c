/* What the customer reads of a return. Nothing is written by itself: a person
 * sees the letter and sends it, each once. */
#include <string.h>

#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/order_get.h"
#include "model/store.h"
#include "out/mime.h"
#include "rpc/mail_view.h"
#include "rpc/return_view.h"
#include "rpc_handlers.gen.h"

/* --- may it be written ------------------------------------------------------
 */

/* Money that went back since the return was opened: ours, else the shop's. */
static int refunded(struct rpc_call *call, struct db_tx *tx,
                    const struct return_ *r, int64_t *ret_e4) {
    struct order_item o;
    struct order_parts parts = {0};
    if (r->state == RETURN_REFUNDED)
        return *ret_e4 = r->amount_e4, 1;
    int rc = return_view_order(call, tx, r, &o);
    if (rc > 0)
        rc = order_parts_get(tx, o.id, r->store_id, r->remote_id,
                             call_arena(call), &parts);
    if (rc < 0 || parts.n_refunds == 0 ||
        parts.refunds[0].created_ms < r->created_ms)
        return rc < 0 ? rc : 0;
    *ret_e4 = parts.refunds[0].total_e4;
    return 1;
}

static bool has_goods(const struct return_ *r) {
    return r->received_e3 > 0;
}

int return_letter_may(struct rpc_call *call, struct db_tx *tx,
                      const struct return_ *r, int letter,
                      int64_t *ret_amount_e4) {
    char text[RETURN_TEXT];
    int64_t e4 = 0;
    int may = 0;
    switch (letter) {
    case LETTER_RETURN_APPROVED:
        may = r->state == RETURN_APPROVED || r->state == RETURN_RECEIVED;
        break;
    case LETTER_RETURN_RECEIVED:
        may = has_goods(r) && r->state != RETURN_REJECTED;
        break;
    case LETTER_RETURN_REFUNDED:
        may = r->state == RETURN_REJECTED ? 0 : refunded(call, tx, r, &e4);
        break;
    case LETTER_RETURN_REJECTED:
        may = r->state == RETURN_REJECTED;
        break;
    default:
        break;
    }
    if (may < 0)
        return may;
    if (!may)
        return call_fail(call, ERR_CONFLICT, "letter",
                         "%s is %s: that letter would not be true",
                         return_text(text, r->id), return_state_name(r->state));
    *ret_amount_e4 = e4;
    return 0;
}

/* --- what it says ------------------------------------------------------------
 */

/* A letter about a return. */
struct notice {
    struct return_ r;
    struct order_item order;
    enum letter letter;
    enum text_lang lang;
    const char *sender; /* the shop's title */
    struct mail_text text;
    int64_t mail_id; /* 0: not written yet */
};

static int find_order(struct rpc_call *call, struct db_tx *tx,
                      struct notice *n) {
    struct store s = {0};
    int rc = return_view_order(call, tx, &n->r, &n->order);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "return",
                         "its order is no longer there");
    if (rc > 0)
        rc = store_by_id(tx, n->r.store_id, &s);
    if (rc > 0) {
        const char *title = *s.title ? s.title : s.name;
        n->sender = arena_dupn(call_arena(call), title, strlen(title));
    }
    store_done(&s);
    return rc < 0 ? rc : 0;
}

/* What is here of it once something is, else what is to come. */
static int list_goods(struct rpc_call *call, struct db_tx *tx,
                      const struct return_ *r, struct buf *out) {
    struct return_line *l;
    char qty[MONEY_TEXT];
    size_t n;
    int rc = return_lines(tx, r->id, call_arena(call), &l, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        int64_t e3 = has_goods(r) ? l[i].received_e3 : l[i].want_e3;
        if (e3 > 0)
            buf_addf(out, "%s%s x %s", out->len ? "\n" : "",
                     money_format_qty(qty, e3), l[i].name);
    }
    return rc;
}

static int fill(struct rpc_call *call, struct db_tx *tx, struct notice *n,
                int64_t amount_e4) {
    AUTO_BUF struct buf goods = BUF_INIT, amount = BUF_INIT;
    char ref[RETURN_TEXT], money[MONEY_TEXT];
    int rc = list_goods(call, tx, &n->r, &goods);
    if (rc < 0)
        return rc;
    buf_addf(&amount, "%s %s", money_format(money, amount_e4, MONEY_SCALE, 2),
             n->order.currency);
    struct letter_values v = {.name = n->order.name,
                              .order = n->order.number,
                              .ref = return_text(ref, n->r.id),
                              .shop = n->sender,
                              .lines = buf_str(&goods),
                              .note = n->r.decision,
                              .amount = buf_str(&amount)};
    mail_view_write(call, n->letter, n->lang, &v, &n->text);
    return 0;
}

/* The letter as it would be sent. */
static int compose(struct rpc_call *call, struct db_tx *tx, const char *number,
                   enum rpc_return_letter letter, bool has_lang,
                   enum rpc_letter_lang lang, struct notice *n) {
    static const enum letter letters[] = {
        [RPC_RETURN_LETTER_RETURN_APPROVED] = LETTER_RETURN_APPROVED,
        [RPC_RETURN_LETTER_RETURN_RECEIVED] = LETTER_RETURN_RECEIVED,
        [RPC_RETURN_LETTER_RETURN_REFUNDED] = LETTER_RETURN_REFUNDED,
        [RPC_RETURN_LETTER_RETURN_REJECTED] = LETTER_RETURN_REJECTED};
    char ref[RETURN_TEXT];
    int64_t amount = 0;
    *n = (struct notice){.letter = letters[letter], .sender = ""};
    int rc = return_view_find(call, tx, number, &n->r);
    if (rc >= 0)
        rc = find_order(call, tx, n);
    if (rc >= 0)
        rc = return_letter_may(call, tx, &n->r, (int)n->letter, &amount);
    if (rc >= 0)
        rc = mail_find(tx, return_text(ref, n->r.id), letter_name(n->letter),
                       &n->mail_id);
    if (rc < 0)
        return rc;
    n->lang = has_lang ? lang == RPC_LETTER_LANG_TR ? TEXT_TR : TEXT_EN
              : str_eq(n->order.country, "TR") ? TEXT_TR
                                               : TEXT_EN;
    return fill(call, tx, n, amount);
}

/* --- preview -----------------------------------------------------------------
 */

static int preview_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_preview_params *p = call->params;
    char number[24];
    struct notice n;
    int rc = compose(call, tx, p->return_, p->letter, p->has_lang, p->lang, &n);
    if (rc < 0)
        return rc;
    (void)str_format(number, sizeof number, "M-%lld", (long long)n.mail_id);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "to", mime_is_address(n.order.email) ? n.order.email : "");
    jsonw_kstring(w, "lang", text_lang_name(n.lang));
    jsonw_kstring(w, "sender", n.sender);
    jsonw_kstring(w, "subject", n.text.subject);
    jsonw_kstring(w, "body", n.text.body);
    jsonw_kstring(w, "mail", n.mail_id ? number : NULL);
    jsonw_end_object(w);
    return 0;
}

int method_returns_preview(struct rpc_call *call,
                           const struct rpc_returns_preview_params *p) {
    (void)p;
    return call_read(call, preview_work, NULL);
}

/* --- notify ------------------------------------------------------------------
 */

static int queue(struct rpc_call *call, struct db_tx *tx,
                 const struct notice *n, int64_t *ret_id) {
    char ref[RETURN_TEXT];
    struct mail_new m = {.store_id = n->r.store_id,
                         .cause = return_text(ref, n->r.id),
                         .template = letter_name(n->letter),
                         .lang = text_lang_name(n->lang),
                         .recipient = n->order.email,
                         .sender = n->sender};
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "return", ref);
    jsonw_kstring(&w, "order", n->order.number);
    jsonw_end_object(&w);
    m.params = buf_str(&params);
    return mail_view_queue(call, tx, &m, &n->text, ret_id);
}

static int notify_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_returns_notify_params *p = call->params;
    char ref[RETURN_TEXT];
    struct notice n;
    int64_t id;
    int rc = compose(call, tx, p->return_, p->letter, p->has_lang, p->lang, &n);
    if (rc < 0)
        return rc;
    if (!mime_is_address(n.order.email))
        return call_fail(call, ERR_INVALID, "return",
                         "the order has no address to write to");
    rc = queue(call, tx, &n, &id);
    if (rc >= 0)
        rc = call_audit(call, tx, return_text(ref, n.r.id), "{}");
    if (rc < 0)
        return rc;
    mail_view_ack(call, id, MAIL_QUEUED);
    return 0;
}

int method_returns_notify(struct rpc_call *call,
                          const struct rpc_returns_notify_params *p) {
    (void)p;
    int rc = mail_view_ready(call);
    return rc < 0 ? rc : call_write(call, notify_work, mail_view_then);
}
