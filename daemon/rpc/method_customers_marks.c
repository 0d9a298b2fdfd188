/* What this house says of a customer: tags, which a client sees as those of
 * orders, and notes, which are for the house alone. */
#include <string.h>

#include "common/buf.h"
#include "model/contact_mark.h"
#include "rpc/customer_ref.h"
#include "rpc_handlers.gen.h"

static void write_notes(struct jsonw *w, const struct contact_note *all,
                        size_t n) {
    char name[NOTE_NAME];
    jsonw_key(w, "notes");
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "id", contact_note_format(name, all[i].id));
        jsonw_ktime(w, "at", all[i].at_ms);
        jsonw_kstring(w, "author", all[i].author);
        jsonw_kstring(w, "text", all[i].text);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static int answer(struct rpc_call *call, struct db_tx *tx, const char *ref) {
    struct customer_item c;
    struct contact_note *all;
    size_t n;
    int rc = customer_ref_find(call, tx, ref, &c);
    if (rc >= 0)
        rc = contact_notes(tx, c.id, call_arena(call), &all, &n);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "ref", ref);
    customer_tags_write(w, c.tags);
    write_notes(w, all, n);
    jsonw_end_object(w);
    return 0;
}

static int marks_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_customers_marks_params *p = call->params;
    return answer(call, tx, p->ref);
}

int method_customers_marks(struct rpc_call *call,
                           const struct rpc_customers_marks_params *p) {
    (void)p;
    return call_read(call, marks_work, NULL);
}

/* The trail says which account, and of a guest only in which store: an e-mail
 * in it could never be erased. What a note says is not told there at all. */
static int done(struct rpc_call *call, struct db_tx *tx,
                const struct customer_item *c, const char *ref,
                const struct buf *payload) {
    int rc =
        call_audit(call, tx, c->remote_id ? ref : c->store, buf_str(payload));
    return rc < 0 ? rc : answer(call, tx, ref);
}

/* --- tags --------------------------------------------------------------- */

static void write_words(struct jsonw *w, const char *key,
                        const char *const *words, size_t n) {
    jsonw_key(w, key);
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++)
        jsonw_string(w, words[i]);
    jsonw_end_array(w);
}

static int tag_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_customers_tag_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct customer_item c;
    struct jsonw w;
    int rc = customer_ref_find(call, tx, p->ref, &c);
    for (size_t i = 0; rc >= 0 && i < p->n_remove; i++)
        rc = contact_tag_remove(tx, &c, p->remove[i]);
    for (size_t i = 0; rc >= 0 && i < p->n_add; i++)
        rc = contact_tag_add(tx, &c, p->add[i], &call->error);
    if (rc < 0)
        return rc;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    write_words(&w, "add", p->add, p->n_add);
    write_words(&w, "remove", p->remove, p->n_remove);
    jsonw_end_object(&w);
    return done(call, tx, &c, p->ref, &payload);
}

int method_customers_tag(struct rpc_call *call,
                         const struct rpc_customers_tag_params *p) {
    if (p->n_add + p->n_remove == 0)
        return call_fail(call, ERR_INVALID, "add", "no tag was given");
    return call_write(call, tag_work, NULL);
}

/* --- notes -------------------------------------------------------------- */

static void write_id(struct buf *out, int64_t id) {
    char name[NOTE_NAME];
    buf_addf(out, "{\"note\":\"%s\"}", contact_note_format(name, id));
}

static int note_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_customers_note_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct customer_item c;
    int64_t id;
    int rc = customer_ref_find(call, tx, p->ref, &c);
    if (rc >= 0)
        rc = contact_note_add(tx, &c, p->text, call->actor, &id, &call->error);
    if (rc < 0)
        return rc;
    write_id(&payload, id);
    return done(call, tx, &c, p->ref, &payload);
}

int method_customers_note(struct rpc_call *call,
                          const struct rpc_customers_note_params *p) {
    (void)p;
    return call_write(call, note_work, NULL);
}

static int unnote_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_customers_unnote_params *p = call->params;
    AUTO_BUF struct buf payload = BUF_INIT;
    struct customer_item c;
    int64_t id;
    if (contact_note_parse(p->note, &id) < 0)
        return call_fail(call, ERR_INVALID, "note",
                         "a note is named like N-12");
    int rc = customer_ref_find(call, tx, p->ref, &c);
    if (rc >= 0)
        rc = contact_note_remove(tx, &c, id, &call->error);
    if (rc < 0)
        return rc;
    write_id(&payload, id);
    return done(call, tx, &c, p->ref, &payload);
}

int method_customers_unnote(struct rpc_call *call,
                            const struct rpc_customers_unnote_params *p) {
    (void)p;
    return call_write(call, unnote_work, NULL);
}
