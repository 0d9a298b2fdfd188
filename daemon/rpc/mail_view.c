#include "rpc/mail_view.h"

#include <string.h>

#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/ulid.h"
#include "db/sql.h"
#include "out/mailer.h"

static void write_number(struct jsonw *w, int64_t id) {
    char text[24];
    (void)str_format(text, sizeof text, "M-%lld", (long long)id);
    jsonw_kstring(w, "mail", text);
}

void mail_view_fields(const struct mail *m, enum text_lang lang,
                      struct jsonw *w) {
    write_number(w, m->id);
    jsonw_kstring(w, "about", m->cause);
    jsonw_kstring(w, "template", m->template);
    jsonw_kstring(w, "lang", m->lang);
    jsonw_kstring(w, "to", m->recipient);
    jsonw_kstring(w, "subject", m->subject);
    jsonw_kstring(w, "state", mail_state_name(m->state));
    jsonw_kstring(w, "author", m->author);
    jsonw_ktime(w, "created", m->created_ms);
    jsonw_ktime(w, "changed", m->changed_ms);
    jsonw_ktime(w, "next", m->next_ms);
    jsonw_ki64(w, "attempts", m->attempts);
    jsonw_ksaid(w, "text", lang, m->text);
    jsonw_key(w, "can");
    jsonw_begin_array(w);
    if (m->state != MAIL_SENDING && mail_may(m->state, MAIL_QUEUED))
        jsonw_string(w, "retry");
    if (mail_may(m->state, MAIL_DISCARDED))
        jsonw_string(w, "discard");
    jsonw_end_array(w);
}

void mail_view_ack(struct rpc_call *call, int64_t id, enum mail_state state) {
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    write_number(w, id);
    jsonw_kstring(w, "state", mail_state_name(state));
    jsonw_end_object(w);
}

int mail_view_ready(struct rpc_call *call) {
    return mailer_ready(call->rpc->mailer)
               ? 0
               : call_fail(call, ERR_CONFIG, "mail.server",
                           "no letter can be sent: set mail.server and "
                           "mail.from, then reload fulexod");
}

static const char *keep(struct rpc_call *call, const struct buf *b) {
    return arena_dupn(call_arena(call), buf_str(b), b->len);
}

void mail_view_write(struct rpc_call *call, enum letter l, enum text_lang lang,
                     const struct letter_values *v, struct mail_text *ret) {
    AUTO_BUF struct buf subject = BUF_INIT, body = BUF_INIT;
    letter_write(l, lang, v, &subject, &body);
    ret->subject = keep(call, &subject);
    ret->body = keep(call, &body);
}

int mail_view_queue(struct rpc_call *call, struct db_tx *tx, struct mail_new *n,
                    const struct mail_text *text, int64_t *ret_id) {
    uint8_t random[10];
    char ulid[ULID_TEXT];
    const char *domain = strchr(mailer_from(call->rpc->mailer), '@');
    digest_random(random, sizeof random);
    ulid_format(ulid, db_now(tx), random);
    AUTO_FREE char *id = mem_printf("<%s%s>", ulid, domain ? domain : "@here");
    n->subject = text->subject;
    n->body = text->body;
    n->message_id = id;
    n->author = call->actor;
    return mail_add(tx, n, ret_id, &call->error);
}

int mail_view_then(struct rpc_call *call) {
    mailer_wake(call->rpc->mailer);
    return 0;
}
