/* Reading tickets. What an owner's eye does not see no statement gives. */
#include <string.h>

#include "model/list.h"
#include "rpc/person.h"
#include "rpc/ticket_view.h"
#include "rpc_handlers.gen.h"

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tickets_list_params *p = call->params;
    struct list_request r = {
        .filter = p->filter, .limit = (int)p->limit, .after = p->after};
    struct ticket_eye eye = ticket_eye_of(call);
    struct ticket_page page = {0};
    int rc = ticket_list(tx, &r, &eye, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < page.n; i++) {
        jsonw_begin_object(w);
        ticket_view_fields(call, &page.items[i], w);
        jsonw_end_object(w);
    }
    call_list_end(w, page.next, page.partial);
    return 0;
}

int method_tickets_list(struct rpc_call *call,
                        const struct rpc_tickets_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int counts_work(struct rpc_call *call, struct db_tx *tx) {
    struct ticket_eye eye = ticket_eye_of(call);
    struct ticket_counts c;
    int rc = ticket_count(tx, &eye, &c);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    for (int s = 0; s < TICKET_STATES; s++)
        jsonw_ki64(w, ticket_state_name((enum ticket_state)s), c.by[s]);
    jsonw_ki64(w, "unread", c.unread);
    jsonw_ki64(w, "mine", c.mine);
    jsonw_end_object(w);
    return 0;
}

int method_tickets_counts(struct rpc_call *call,
                          const struct rpc_tickets_counts_params *p) {
    (void)p;
    return call_read(call, counts_work, NULL);
}

/* --- one ------------------------------------------------------------------ */

static int write_files(struct rpc_call *call, struct db_tx *tx,
                       int64_t message_id, struct jsonw *w) {
    struct file *files;
    size_t n;
    int rc = file_list_of(tx, message_id, call_arena(call), &files, &n);
    jsonw_key(w, "files");
    jsonw_begin_array(w);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        jsonw_begin_object(w);
        file_view_fields(&files[i], w);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    return rc;
}

static int write_message(struct rpc_call *call, struct db_tx *tx,
                         const struct ticket_message *m, struct jsonw *w) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "kind", ticket_kind_name(m->kind));
    jsonw_kbool(w, "internal", m->kind == TICKET_NOTE);
    jsonw_kstring(w, "author", m->author);
    jsonw_ktime(w, "at", m->at_ms);
    jsonw_kstring(w, "text", m->text);
    jsonw_kstring(w, "was", m->was);
    int rc = write_files(call, tx, m->id, w);
    jsonw_end_object(w);
    return rc;
}

/* Which may still be done, for screens that offer it. */
static void write_can(const struct rpc_call *call, const struct ticket *t,
                      struct jsonw *w) {
    bool owner = call->who->role == RPC_ROLE_OWNER, no = call->read_only;
    jsonw_key(w, "moves");
    jsonw_begin_array(w);
    for (int s = 0; !owner && !no && s < TICKET_STATES; s++)
        if (ticket_may_move(t->state, (enum ticket_state)s))
            jsonw_string(w, ticket_state_name((enum ticket_state)s));
    jsonw_end_array(w);
    jsonw_key(w, "can");
    jsonw_begin_array(w);
    if (!no && (owner || t->state != TICKET_CLOSED))
        jsonw_string(w, "reply");
    if (!no && !owner) {
        jsonw_string(w, "note");
        jsonw_string(w, "update");
    }
    jsonw_end_array(w);
}

static int write_messages(struct rpc_call *call, struct db_tx *tx,
                          const struct ticket *t, int64_t before,
                          struct jsonw *w) {
    struct ticket_eye eye = ticket_eye_of(call);
    struct ticket_message *m;
    size_t n;
    bool more;
    int rc =
        ticket_messages(tx, t, &eye, before, call_arena(call), &m, &n, &more);
    if (rc < 0)
        return rc;
    struct list_key k = {.id = n ? m[0].id : 0};
    jsonw_key(w, "messages");
    jsonw_begin_array(w);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = write_message(call, tx, &m[i], w);
    jsonw_end_array(w);
    jsonw_kstring(w, "earlier",
                  more ? list_cursor(call_arena(call), (uint64_t)t->id, &k)
                       : NULL);
    return rc;
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tickets_get_params *p = call->params;
    struct list_key before = {.id = INT64_MAX};
    struct ticket t;
    int rc = ticket_find(call, tx, p->id, &t);
    if (rc >= 0 && p->before)
        rc = list_cursor_read(p->before, (uint64_t)t.id, call_arena(call),
                              &before, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    ticket_view_fields(call, &t, w);
    rc = write_messages(call, tx, &t, before.id, w);
    write_can(call, &t, w);
    jsonw_end_object(w);
    return rc;
}

int method_tickets_get(struct rpc_call *call,
                       const struct rpc_tickets_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}
