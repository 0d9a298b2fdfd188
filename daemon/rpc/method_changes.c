/* The outbox as people see it. What they do to a change is in
 * method_changes_act.c. */
#include "common/str.h"
#include "model/list.h"
#include "rpc/call.h"
#include "rpc/change_view.h"
#include "rpc_handlers.gen.h"

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_changes_list_params *p = call->params;
    struct list_request r = {.filter = p->filter,
                             .limit = (int)p->limit,
                             .after = p->after,
                             .zone = call->rpc->zone};
    struct change_page page = {0};
    int rc = change_list(tx, &r, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < page.n; i++) {
        jsonw_begin_object(w);
        change_view_fields(&page.items[i], call->lang, w);
        jsonw_end_object(w);
    }
    call_list_end(w, page.next, page.partial);
    return 0;
}

int method_changes_list(struct rpc_call *call,
                        const struct rpc_changes_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_changes_get_params *p = call->params;
    struct change c;
    int rc = change_get(tx, p->id, call_arena(call), &c);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "id", "there is no such change");
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    change_view_fields(&c, call->lang, w);
    change_view_json(w, "answer", c.answer);
    jsonw_end_object(w);
    return 0;
}

int method_changes_get(struct rpc_call *call,
                       const struct rpc_changes_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

static int count_work(struct rpc_call *call, struct db_tx *tx) {
    int64_t n[CHANGE_STATES] = {0}, open = 0;
    int rc = change_count(tx, n);
    if (rc < 0)
        return rc;
    for (int s = 0; s < CHANGE_CONFIRMED; s++)
        open += n[s];
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_ki64(w, "open", open);
    for (int s = 0; s < CHANGE_STATES; s++)
        jsonw_ki64(w, change_state_name((enum change_state)s), n[s]);
    jsonw_end_object(w);
    return 0;
}

int method_changes_count(struct rpc_call *call,
                         const struct rpc_changes_count_params *p) {
    (void)p;
    return call_read(call, count_work, NULL);
}
