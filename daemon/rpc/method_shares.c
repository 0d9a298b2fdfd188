/* Links that show one order. The link is told once: the table keeps what ends
 * it, not what opens it. */
#include <string.h>

#include "auth/share_token.h"
#include "common/digest.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/order_list.h"
#include "model/share.h"
#include "rpc/mirrored.h"
#include "rpc_handlers.gen.h"

enum { HOUR_MS = 3600 * 1000 };

static int find(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                struct order_item *ret) {
    struct store s = {0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0)
        rc = order_item_get(tx, s.id, ref->id, 0, call_arena(call), ret);
    if (rc == 0)
        rc = mirrored_missing(call, ref);
    store_done(&s);
    return rc < 0 ? rc : 0;
}

/* --- share ---------------------------------------------------------------- */

static void answer(struct rpc_call *call, const struct share *s,
                   const char *token) {
    AUTO_BUF struct buf url = BUF_INIT;
    const char *base = call->data;
    char id[SHARE_TEXT];
    size_t n = strlen(base);
    while (n > 0 && base[n - 1] == '/')
        n--;
    buf_add(&url, base, n);
    buf_addf(&url, "/share/%s", token);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", share_format(id, s->id));
    jsonw_kstring(w, "url", buf_str(&url));
    jsonw_ktime(w, "until", s->until_ms);
    jsonw_end_object(w);
}

static int share_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_share_params *p = call->params;
    struct order_item o = {0};
    uint8_t uuid[SHARE_UUID];
    char token[SHARE_TOKEN], id[SHARE_TEXT];
    int rc = find(call, tx, &p->ref, &o);
    if (rc < 0)
        return rc;
    if (str_empty(call->data))
        return call_fail(call, ERR_CONFIG, "",
                         "http.public_url is not set: set it and http.listen "
                         "to where people reach this machine, then share");
    struct share s = {.store_id = o.store_id,
                      .remote_id = o.remote_id,
                      .until_ms = db_now(tx) + p->hours * HOUR_MS,
                      .author = call->actor};
    digest_random(uuid, sizeof uuid);
    rc = share_add(tx, uuid, &s);
    if (rc < 0)
        return rc;
    share_token_make(call->rpc->o.audit_key, uuid, s.until_ms, token);
    answer(call, &s, token);
    return call_audit(call, tx, share_format(id, s.id), "{}");
}

int method_orders_share(struct rpc_call *call,
                        const struct rpc_orders_share_params *p) {
    const char *base = call->rpc->public_url;
    (void)p;
    /* a copy: the setting may change while the writer works */
    call->data = base ? arena_dupn(call_arena(call), base, strlen(base)) : NULL;
    call->secret = true;
    return call_write(call, share_work, NULL);
}

/* --- unshare -------------------------------------------------------------- */

static int unshare_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_unshare_params *p = call->params;
    struct share s;
    int64_t id;
    char text[SHARE_TEXT];
    int rc = share_parse(p->share, &id) < 0
                 ? 0
                 : share_get(tx, id, call_arena(call), &s);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "share", "there is no such link");
    if (rc >= 0)
        rc = share_revoke(tx, &s);
    if (rc < 0)
        return rc;
    (void)share_format(text, s.id);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", text);
    jsonw_end_object(w);
    return call_audit(call, tx, text, "{}");
}

int method_orders_unshare(struct rpc_call *call,
                          const struct rpc_orders_unshare_params *p) {
    (void)p;
    return call_write(call, unshare_work, NULL);
}

/* --- shares --------------------------------------------------------------- */

static int shares_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_shares_params *p = call->params;
    struct order_item o = {0};
    struct share *all = NULL;
    size_t n = 0;
    int64_t after = 0;
    char id[SHARE_TEXT];
    if (p->has_after && share_parse(p->after, &after) < 0)
        return call_fail(call, ERR_INVALID, "after", "no such place");
    int rc = find(call, tx, &p->ref, &o);
    if (rc >= 0)
        rc = share_list(tx, o.store_id, o.remote_id, after, call_arena(call),
                        &all, &n);
    if (rc < 0)
        return rc;
    bool more = (int64_t)n > p->limit;
    n = more ? (size_t)p->limit : n;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < n; i++) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "id", share_format(id, all[i].id));
        jsonw_kstring(w, "author", all[i].author);
        jsonw_ktime(w, "created", all[i].created_ms);
        jsonw_ktime(w, "until", all[i].until_ms);
        jsonw_end_object(w);
    }
    call_list_end(w, more ? share_format(id, all[n - 1].id) : NULL, false);
    return 0;
}

int method_orders_shares(struct rpc_call *call,
                         const struct rpc_orders_shares_params *p) {
    (void)p;
    return call_read(call, shares_work, NULL);
}
