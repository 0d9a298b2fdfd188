#include <string.h>

#include "model/change.h"
#include "model/feed.h"
#include "openrpc.gen.h"
#include "rpc/call.h"
#include "rpc/conn.h"
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
    jsonw_kstring(w, "user", call->actor);
    jsonw_kstring(w, "role", "admin");
    jsonw_ki64(w, "seq", seq);
    jsonw_kstring(w, "zone", call->rpc->o.zone ? call->rpc->o.zone : "UTC");
    jsonw_kbool(w, "held", held);
    jsonw_end_object(w);
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
    s->opened = true;
    s->read_only = call->read_only = p->read_only;
    s->lang = call->lang = text_lang(p->locale);
    return call_read(call, open_work, NULL);
}

int method_rpc_discover(struct rpc_call *call,
                        const struct rpc_rpc_discover_params *p) {
    (void)p;
    jsonw_raw(call_result(call), openrpc_text, openrpc_n);
    return 0;
}
