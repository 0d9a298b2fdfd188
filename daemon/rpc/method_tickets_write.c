/* Opening tickets, talking in them, and what is done to them. */
#include <string.h>

#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/mirror.h"
#include "model/store.h"
#include "rpc/mirrored.h"
#include "rpc/ticket_view.h"
#include "rpc_handlers.gen.h"

/* --- what it is about -------------------------------------------------------
 */

/* The one store somebody sees; several have to be named. */
static int only_store(struct rpc_call *call, struct db_tx *tx,
                      int64_t *ret_store) {
    struct query none = {0};
    struct list_stores all;
    size_t n = 0;
    int rc = list_stores(tx, call_arena(call), &none, -1, &all, &call->error);
    for (size_t i = 0; rc >= 0 && i < all.n; i++)
        if (all.s[i].chosen && n++ == 0)
            *ret_store = all.s[i].id;
    if (rc >= 0 && n != 1)
        return call_fail(call, ERR_INVALID, "store",
                         "which store is it about? Name it, or an order or "
                         "customer of it");
    return rc < 0 ? rc : 0;
}

static int named_store(struct rpc_call *call, struct db_tx *tx,
                       const char *name, int64_t *ret_store) {
    struct store s = {0};
    int rc = store_by_name(tx, name, &s);
    int64_t id = s.id;
    store_done(&s);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                         name);
    if (rc > 0)
        *ret_store = id;
    return rc < 0 ? rc : 0;
}

/* Orders and customers alone: those are what people ask about. */
static int about(struct rpc_call *call, struct db_tx *tx,
                 const struct rpc_tickets_create_params *p,
                 struct ticket_new *n) {
    bool customer = p->ref.kind == REF_CUSTOMER;
    enum mirror_kind k = customer ? MIRROR_CUSTOMER : MIRROR_ORDER;
    uint8_t hash[16];
    int gone;
    if (p->has_store && !str_eq(p->store, p->ref.store))
        return call_fail(call, ERR_INVALID, "store",
                         "it is about another store than %s", p->ref.store);
    if (!customer && p->ref.kind != REF_OBJECT)
        return mirrored_missing(call, &p->ref);
    int rc = named_store(call, tx, p->ref.store, &n->store_id);
    if (rc == ERR_NOT_FOUND)
        return mirrored_missing(call, &p->ref);
    if (rc >= 0)
        rc = mirror_hash(tx, k, n->store_id, p->ref.id, hash, &gone);
    if (rc == 0)
        return mirrored_missing(call, &p->ref);
    n->about_kind = mirror_kind_name(k);
    n->about_id = p->ref.id;
    return rc;
}

/* --- files ------------------------------------------------------------------
 */

static int hang(struct rpc_call *call, struct db_tx *tx, int64_t message,
                const char *const *files, size_t n) {
    struct ticket_eye eye = ticket_eye_of(call);
    int64_t most = call->rpc->o.files.per_message;
    int rc = 0;
    if ((int64_t)n > most)
        return call_fail(call, ERR_TOO_BIG, "files",
                         "at most %lld files go with one message",
                         (long long)most);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        int64_t id = 0; /* which no file has */
        (void)file_id_parse(files[i], &id);
        rc = file_hang(tx, id, &eye, message, &call->error);
    }
    return rc;
}

/* The trail names the ticket; what was said stands in the ticket. */
static int done(struct rpc_call *call, struct db_tx *tx, int64_t id,
                const char *payload) {
    char text[TICKET_ID_TEXT];
    int rc = call_audit(call, tx, ticket_id_format(text, id), payload);
    return rc < 0 ? rc : ticket_view_answer(call, tx, id);
}

/* --- writing ----------------------------------------------------------------
 */

static int create_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tickets_create_params *p = call->params;
    struct ticket_new n = {.subject = p->subject,
                           .text = p->text,
                           .author = call->actor,
                           .priority = (enum ticket_priority)p->priority,
                           .about_kind = ""};
    int64_t id = 0, message = 0;
    int rc = p->has_ref     ? about(call, tx, p, &n)
             : p->has_store ? named_store(call, tx, p->store, &n.store_id)
                            : only_store(call, tx, &n.store_id);
    if (rc >= 0)
        rc = ticket_create(tx, &n, &id, &message, &call->error);
    if (rc >= 0)
        rc = hang(call, tx, message, p->files, p->n_files);
    return rc < 0 ? rc : done(call, tx, id, "{}");
}

int method_tickets_create(struct rpc_call *call,
                          const struct rpc_tickets_create_params *p) {
    (void)p;
    return call_write(call, create_work, NULL);
}

static int say(struct rpc_call *call, struct db_tx *tx, const char *text_id,
               enum ticket_kind kind, const char *text,
               const char *const *files, size_t n) {
    struct ticket_eye eye = ticket_eye_of(call);
    struct ticket t;
    int64_t message = 0;
    int rc = ticket_find(call, tx, text_id, &t);
    if (rc >= 0)
        rc = ticket_say(tx, &t, kind, &eye, text ? text : "", n > 0, &message,
                        &call->error);
    if (rc >= 0)
        rc = hang(call, tx, message, files, n);
    return rc < 0 ? rc : done(call, tx, t.id, "{}");
}

static int reply_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tickets_reply_params *p = call->params;
    return say(call, tx, p->id, TICKET_REPLY, p->text, p->files, p->n_files);
}

int method_tickets_reply(struct rpc_call *call,
                         const struct rpc_tickets_reply_params *p) {
    (void)p;
    return call_write(call, reply_work, NULL);
}

static int note_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tickets_note_params *p = call->params;
    return say(call, tx, p->id, TICKET_NOTE, p->text, p->files, p->n_files);
}

int method_tickets_note(struct rpc_call *call,
                        const struct rpc_tickets_note_params *p) {
    (void)p;
    return call_write(call, note_work, NULL);
}

static int update_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tickets_update_params *p = call->params;
    struct ticket_eye eye = ticket_eye_of(call);
    struct ticket_set set = {.state = p->has_state ? (int)p->state : -1,
                             .priority =
                                 p->has_priority ? (int)p->priority : -1,
                             .assignee = p->has_assignee ? p->assignee : NULL};
    struct ticket t;
    char payload[160];
    int rc = ticket_find(call, tx, p->id, &t);
    if (rc >= 0 && p->if_version && p->if_version != t.version)
        return call_fail(call, ERR_CONFLICT, "if_version",
                         "%s was changed since you looked: look again", p->id);
    if (rc >= 0)
        rc = ticket_update(tx, &t, &set, &eye, &call->error);
    /* A name that was found among the users needs no escaping. */
    (void)str_format(
        payload, sizeof payload,
        "{\"state\":\"%s\",\"priority\":\"%s\",\"assignee\":\"%s\"}",
        p->has_state ? ticket_state_name((enum ticket_state)p->state) : "",
        p->has_priority
            ? ticket_priority_name((enum ticket_priority)p->priority)
            : "",
        set.assignee ? set.assignee : "");
    return rc < 0 ? rc : done(call, tx, t.id, payload);
}

int method_tickets_update(struct rpc_call *call,
                          const struct rpc_tickets_update_params *p) {
    (void)p;
    return call_write(call, update_work, NULL);
}

static int read_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_tickets_read_params *p = call->params;
    struct ticket_eye eye = ticket_eye_of(call);
    struct ticket t;
    int rc = ticket_find(call, tx, p->id, &t);
    if (rc >= 0)
        rc = ticket_mark_read(tx, &t, &eye);
    return rc < 0 ? rc : done(call, tx, t.id, "{}");
}

int method_tickets_read(struct rpc_call *call,
                        const struct rpc_tickets_read_params *p) {
    (void)p;
    return call_write(call, read_work, NULL);
}
