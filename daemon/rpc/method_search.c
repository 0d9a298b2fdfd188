#include "common/jsonw.h"
#include "model/find.h"
#include "rpc/call.h"
#include "rpc/person.h"
#include "rpc_handlers.gen.h"

static void write_found(struct jsonw *w, const struct found *f) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "kind", found_kind_name(f->kind));
    jsonw_kstring(w, "ref", f->ref);
    jsonw_kstring(w, "store", f->store);
    jsonw_kstring(w, "code", f->code);
    jsonw_kstring(w, "title", f->title);
    jsonw_kstring(w, "state", f->state);
    jsonw_kbool(w, "exact", f->exact);
    jsonw_end_object(w);
}

static int find_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_search_find_params *p = call->params;
    struct found_list found;
    int rc =
        find_anything(tx, p->filter, call->who->role != RPC_ROLE_OWNER,
                      (int)p->limit, call_arena(call), &found, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < found.n; i++)
        write_found(w, &found.items[i]);
    call_list_end(w, NULL, found.partial);
    return 0;
}

int method_search_find(struct rpc_call *call,
                       const struct rpc_search_find_params *p) {
    (void)p;
    return call_read(call, find_work, NULL);
}
