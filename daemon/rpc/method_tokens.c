/* Named tokens for scripts. */
#include <string.h>

#include "auth/token.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/login.h"
#include "model/store.h"
#include "rpc/access.h"
#include "rpc/call.h"
#include "rpc_handlers.gen.h"

/* --- list ---------------------------------------------------------------- */

struct listing {
    struct rpc_call *call;
    struct db_tx *tx;
    struct jsonw *w;
    bool begun; /* behind `after` */
    const char *after;
    int64_t left;
    char last[27];
    bool more;
};

static int write_stores(struct listing *l, const struct api_token *t) {
    int64_t *ids;
    size_t n = 0;
    jsonw_key(l->w, "stores");
    if (!t->some) {
        jsonw_null(l->w);
        return 0;
    }
    int rc = api_token_stores(l->tx, t->id, call_arena(l->call), &ids, &n);
    jsonw_begin_array(l->w);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        struct store s = {0};
        rc = store_by_id(l->tx, ids[i], &s);
        if (rc > 0)
            jsonw_string(l->w, s.name);
        store_done(&s);
    }
    jsonw_end_array(l->w);
    return rc < 0 ? rc : 0;
}

static int list_one(const struct api_token *t, void *arg) {
    struct listing *l = arg;
    if (!l->begun || l->more) {
        l->begun = l->begun || str_eq(t->uuid, l->after);
        return 0;
    }
    if (l->left-- == 0) {
        l->more = true;
        return 0;
    }
    (void)str_copy(l->last, sizeof l->last, t->uuid);
    jsonw_begin_object(l->w);
    jsonw_kstring(l->w, "id", t->uuid);
    jsonw_kstring(l->w, "name", t->name);
    jsonw_kbool(l->w, "read_only", t->read_only);
    int rc = write_stores(l, t);
    jsonw_ktime(l->w, "created", t->created_ms);
    jsonw_ktime(l->w, "used", t->used_ms);
    jsonw_ktime(l->w, "until", t->until_ms);
    jsonw_end_object(l->w);
    return rc;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tokens_list_params *p = call->params;
    struct listing l = {.call = call,
                        .tx = tx,
                        .begun = !p->has_after,
                        .after = p->has_after ? p->after : NULL,
                        .left = p->limit};
    l.w = call_list_begin(call);
    int rc = api_token_each(tx, call->who->id, list_one, &l);
    call_list_end(l.w, l.more ? l.last : NULL, false);
    return rc < 0 ? rc : 0;
}

int method_tokens_list(struct rpc_call *call,
                       const struct rpc_tokens_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

/* --- create -------------------------------------------------------------- */

static int find_stores(struct rpc_call *call, struct db_tx *tx, int64_t *ids) {
    const struct rpc_tokens_create_params *p = call->params;
    for (size_t i = 0; i < p->n_stores; i++) {
        struct store s = {0};
        int rc = store_by_name(tx, p->stores[i], &s);
        ids[i] = s.id;
        store_done(&s);
        if (rc <= 0)
            return rc < 0 ? rc
                          : call_fail(call, ERR_NOT_FOUND, "stores",
                                      "there is no store %s", p->stores[i]);
    }
    return 0;
}

static void answer(struct rpc_call *call, const struct api_token *t,
                   const char *text) {
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", t->uuid);
    jsonw_kstring(w, "token", text);
    jsonw_end_object(w);
}

static int create_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tokens_create_params *p = call->params;
    struct api_token t = {.user_id = call->who->id, .read_only = p->read_only};
    char text[TOKEN_TEXT];
    enum token_kind kind;
    uint8_t digest[32], random[10];
    int64_t ids[64];
    int rc = find_stores(call, tx, ids);
    if (rc < 0)
        return rc;
    (void)str_copy(t.name, sizeof t.name, p->name);
    t.until_ms = p->has_days ? db_now(tx) + p->days * 24 * 3600 * 1000 : 0;
    token_make(TOKEN_API, text);
    digest_random(random, sizeof random);
    rc = token_read(text, &kind, digest);
    if (rc >= 0)
        rc = api_token_create(tx, random, digest, &t, p->n_stores ? ids : NULL,
                              p->n_stores);
    if (rc >= 0)
        rc = call_audit(call, tx, t.uuid, "{}");
    answer(call, &t, text);
    mem_wipe(text, sizeof text);
    return rc;
}

int method_tokens_create(struct rpc_call *call,
                         const struct rpc_tokens_create_params *p) {
    (void)p;
    if (call->who->id == 0)
        return call_fail(call, ERR_DENIED, "",
                         "a token belongs to a user: the console needs none");
    if (call->by_token)
        return call_fail(call, ERR_DENIED, "", "a token makes no tokens");
    call->secret = true;
    return call_write(call, create_work, NULL);
}

/* --- revoke -------------------------------------------------------------- */

static int revoke_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tokens_revoke_params *p = call->params;
    int64_t *id = arena_alloc(call_arena(call), sizeof *id);
    struct api_token t;
    int rc = api_token_by_uuid(tx, p->id, &t);
    if (rc == 0 || (rc > 0 && t.user_id != call->who->id))
        return call_fail(call, ERR_NOT_FOUND, "id", "you have no such token");
    if (rc > 0)
        rc = api_token_end(tx, t.id);
    *id = t.id;
    call->data = id;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", p->id);
    jsonw_end_object(w);
    return rc < 0 ? rc : call_audit(call, tx, p->id, "{}");
}

static int revoke_then(struct rpc_call *call) {
    const int64_t *id = call->data;
    access_row_ended(call->rpc, ACCESS_TOKEN, *id);
    return 0;
}

int method_tokens_revoke(struct rpc_call *call,
                         const struct rpc_tokens_revoke_params *p) {
    (void)p;
    return call_write(call, revoke_work, revoke_then);
}
