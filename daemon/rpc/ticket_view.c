#include "rpc/ticket_view.h"

#include "common/digest.h"
#include "common/ref.h"
#include "common/str.h"
#include "rpc/person.h"

struct ticket_eye ticket_eye_of(const struct rpc_call *call) {
    return (struct ticket_eye){.who = call->actor,
                               .inner = call->who->role != RPC_ROLE_OWNER};
}

int ticket_find(struct rpc_call *call, struct db_tx *tx, const char *text,
                struct ticket *ret) {
    struct ticket_eye eye = ticket_eye_of(call);
    int64_t id = 0;
    int rc = ticket_id_parse(text, &id);
    if (rc >= 0)
        rc = ticket_get(tx, id, &eye, call_arena(call), ret);
    if (rc == ERR_INVALID || rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "id", "there is no ticket %s",
                         text);
    return rc;
}

static void write_about(const struct ticket *t, struct jsonw *w) {
    char text[REF_TEXT];
    struct ref ref = {.kind = str_eq(t->about_kind, "customer") ? REF_CUSTOMER
                                                                : REF_OBJECT,
                      .id = t->about_id};
    (void)str_copy(ref.store, sizeof ref.store, t->store);
    jsonw_kstring(w, "ref", t->about_id ? ref_format(text, &ref) : NULL);
}

void ticket_view_fields(const struct rpc_call *call, const struct ticket *t,
                        struct jsonw *w) {
    struct ticket_eye eye = ticket_eye_of(call);
    char id[TICKET_ID_TEXT];
    jsonw_kstring(w, "id", ticket_id_format(id, t->id));
    jsonw_kstring(w, "store", t->store);
    jsonw_kstring(w, "subject", t->subject);
    jsonw_kstring(w, "priority", ticket_priority_name(t->priority));
    jsonw_kstring(w, "state", ticket_state_name(t->state));
    jsonw_kstring(w, "assignee", *t->assignee ? t->assignee : NULL);
    write_about(t, w);
    jsonw_kstring(w, "author", t->author);
    jsonw_ktime(w, "created", t->created_ms);
    jsonw_ktime(w, "changed", t->changed_ms);
    jsonw_ki64(w, "version", t->version);
    jsonw_kbool(w, "unread", ticket_unread(t, &eye));
}

int ticket_view_answer(struct rpc_call *call, struct db_tx *tx, int64_t id) {
    struct ticket_eye eye = ticket_eye_of(call);
    struct ticket now;
    int rc = ticket_get(tx, id, &eye, call_arena(call), &now);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    ticket_view_fields(call, &now, w);
    jsonw_end_object(w);
    return 0;
}

void file_view_fields(const struct file *f, struct jsonw *w) {
    char id[FILE_ID_TEXT], ticket[TICKET_ID_TEXT], hex[2 * FILE_SHA + 1];
    digest_hex(f->sha, FILE_SHA, hex);
    jsonw_kstring(w, "id", file_id_format(id, f->id));
    jsonw_kstring(w, "name", f->name);
    jsonw_ki64(w, "size", f->size);
    jsonw_kstring(w, "type", f->type);
    jsonw_kstring(w, "sha256", hex);
    jsonw_kstring(w, "author", f->author);
    jsonw_ktime(w, "created", f->created_ms);
    jsonw_kstring(w, "ticket",
                  f->ticket_id ? ticket_id_format(ticket, f->ticket_id) : NULL);
}
