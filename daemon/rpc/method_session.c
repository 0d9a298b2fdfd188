#include <string.h>

#include "common/str.h"
#include "model/change.h"
#include "model/feed.h"
#include "openrpc.gen.h"
#include "rpc/access.h"
#include "rpc/call.h"
#include "rpc_handlers.gen.h"

static int open_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_session_open_params *p = call->params;
    int64_t seq;
    int rc = feed_last(tx, &seq);
    int held = rc < 0 ? rc : change_held(tx);
    if (held < 0)
        return held;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "daemon", "fulexod/" FULEXO_VERSION);
    jsonw_ki64(w, "version",
               p->version < RPC_VERSION ? p->version : RPC_VERSION);
    jsonw_kstring(w, "locale", text_lang_name(call->lang));
    jsonw_kbool(w, "read_only", call->read_only);
    jsonw_kstring(w, "user", call->who->name);
    jsonw_kstring(w, "role", person_role_name(call->who));
    jsonw_ki64(w, "seq", seq);
    jsonw_kstring(w, "zone", call->rpc->o.zone ? call->rpc->o.zone : "UTC");
    jsonw_kstring(w, "code_prefix", call->rpc->o.code_prefix);
    jsonw_kbool(w, "held", held);
    jsonw_kbool(w, "totp_required", *(const bool *)call->data);
    jsonw_end_object(w);
    return 0;
}

/* Acting as somebody is written down before anything is done in their name. */
static int open_as_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_session_open_params *p = call->params;
    int rc = call_audit(call, tx, p->as, "{\"as\":true}");
    return rc < 0 ? rc : open_work(call, tx);
}

/* Asked on the loop: only there people may be looked at. */
static void note_enrol(struct rpc_call *call) {
    const struct rpc_session *s = &call->conn->session;
    bool *must = arena_alloc(call_arena(call), sizeof *must);
    *must = access_must_enrol(call->rpc, s->who, s->how);
    call->data = must;
}

static int open_as(struct rpc_call *call, const char *name) {
    struct rpc_session *s = &call->conn->session;
    struct person *p = people_of_name(call->rpc->people, name);
    if (!people_is_console(call->rpc, s->uid)) {
        person_unref(p);
        return call_fail(call, ERR_DENIED, "as",
                         "only root and the account fulexod runs as act as "
                         "somebody");
    }
    if (!p)
        return call_fail(call, ERR_NOT_FOUND, "as", "there is no user %s",
                         name);
    access_enter(s, p, ACCESS_AS, 0);
    return 0;
}

/* In force at once: requests sent behind it need not wait for the answer. */
int method_session_open(struct rpc_call *call,
                        const struct rpc_session_open_params *p) {
    if (p->version < RPC_VERSION - 1)
        return call_fail(call, ERR_VERSION, "version",
                         "this daemon speaks %d and %d", RPC_VERSION,
                         RPC_VERSION - 1);
    struct rpc_session *s = &call->conn->session;
    int rc = p->has_as ? open_as(call, p->as) : 0;
    if (rc < 0)
        return rc;
    s->opened = true;
    s->asked_read_only = p->read_only;
    s->read_only = call->read_only =
        p->read_only || s->token_read_only || s->who->read_only;
    s->lang = call->lang = text_lang(p->locale);
    (void)str_copy(s->client, sizeof s->client, p->client);
    person_unref(call->who);
    call->who = person_ref(s->who);
    note_enrol(call);
    if (!p->has_as)
        return call_read(call, open_work, NULL);
    return call_write(call, open_as_work, NULL);
}

int method_rpc_discover(struct rpc_call *call,
                        const struct rpc_rpc_discover_params *p) {
    (void)p;
    jsonw_raw(call_result(call), openrpc_text, openrpc_n);
    return 0;
}
