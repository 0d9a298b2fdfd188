#include <string.h>

#include "model/feed.h"
#include "model/store.h"
#include "rpc/call.h"
#include "rpc/conn.h"
#include "rpc/subscriptions.h"
#include "rpc_handlers.gen.h"

struct subscribe {
    int64_t seq; /* told from here on */
    bool resync;
    size_t n;
    int64_t stores[];
};

static int read_stores(struct rpc_call *call, struct db_tx *tx,
                       struct subscribe *s) {
    const struct rpc_events_subscribe_params *p = call->params;
    for (s->n = 0; s->n < p->n_stores; s->n++) {
        struct store store = {0};
        int rc = store_by_name(tx, p->stores[s->n], &store);
        if (rc <= 0)
            return rc < 0 ? rc
                          : call_fail(call, ERR_NOT_FOUND, "stores",
                                      "there is no store %s", p->stores[s->n]);
        s->stores[s->n] = store.id;
        store_done(&store);
    }
    return 0;
}

/* The feed is read from `since` by the subscription itself: what lies between
 * is told as events; whether it reaches back is known here. */
static int subscribe_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_events_subscribe_params *p = call->params;
    struct subscribe *s = arena_alloc(
        call_arena(call), sizeof *s + (p->n_stores + 1) * sizeof *s->stores);
    struct feed_event one;
    size_t n;
    memset(s, 0, sizeof *s);
    int rc = read_stores(call, tx, s);
    if (rc >= 0)
        rc = feed_last(tx, &s->seq);
    if (rc >= 0 && p->has_since)
        rc =
            feed_since(tx, p->since, call_arena(call), &one, 1, &n, &s->resync);
    if (rc >= 0 && p->has_since && !s->resync)
        s->seq = p->since;
    call->data = s;
    return rc;
}

static int subscribe_then(struct rpc_call *call) {
    const struct rpc_events_subscribe_params *p = call->params;
    const struct subscribe *s = call->data;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_ki64(w, "seq", s->seq);
    jsonw_kbool(w, "resync", s->resync);
    jsonw_end_object(w);
    if (call->conn)
        sub_put(call->conn, s->seq, p->topics, s->stores, s->n);
    return 0;
}

int method_events_subscribe(struct rpc_call *call,
                            const struct rpc_events_subscribe_params *p) {
    (void)p;
    return call_read(call, subscribe_work, subscribe_then);
}

int method_events_unsubscribe(struct rpc_call *call,
                              const struct rpc_events_unsubscribe_params *p) {
    (void)p;
    sub_remove(call->conn);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_end_object(w);
    return 0;
}
