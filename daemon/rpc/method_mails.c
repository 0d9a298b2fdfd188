/* Letters as an admin sees them: what is queued, what went wrong, what to do
 * about it. Those of a return are written in method_returns_mail.c. */
#include "common/digest.h"
#include "common/ref.h"
#include "common/str.h"
#include "common/ulid.h"
#include "db/sql.h"
#include "model/list.h"
#include "out/mime.h"
#include "rpc/mail_view.h"
#include "rpc_handlers.gen.h"

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_mails_list_params *p = call->params;
    struct list_request r = {.filter = p->filter,
                             .limit = (int)p->limit,
                             .after = p->after,
                             .zone = call->rpc->zone};
    struct mail_page page = {0};
    int rc = mail_list(tx, &r, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < page.n; i++) {
        jsonw_begin_object(w);
        mail_view_fields(&page.items[i], call->lang, w);
        jsonw_end_object(w);
    }
    call_list_end(w, page.next, false);
    return 0;
}

int method_mails_list(struct rpc_call *call,
                      const struct rpc_mails_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int find(struct rpc_call *call, struct db_tx *tx, const char *text,
                struct mail *ret) {
    int64_t id = 0;
    int rc = ref_spoken(text, 'M', &id);
    if (rc >= 0)
        rc = mail_get(tx, id, call_arena(call), ret);
    return rc > 0 ? 0
           : rc == 0 || rc == ERR_INVALID
               ? call_fail(call, ERR_NOT_FOUND, "mail", "there is no letter %s",
                           text)
               : rc;
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_mails_get_params *p = call->params;
    struct mail m;
    int rc = find(call, tx, p->mail, &m);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    mail_view_fields(&m, call->lang, w);
    jsonw_kstring(w, "sender", m.sender);
    jsonw_kstring(w, "body", m.body);
    jsonw_kstring(w, "message_id", m.message_id);
    jsonw_end_object(w);
    return 0;
}

int method_mails_get(struct rpc_call *call,
                     const struct rpc_mails_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

static int count_work(struct rpc_call *call, struct db_tx *tx) {
    int64_t n[MAIL_STATES];
    int rc = mail_count(tx, n);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    for (int s = 0; s < MAIL_STATES; s++)
        jsonw_ki64(w, mail_state_name((enum mail_state)s), n[s]);
    jsonw_end_object(w);
    return 0;
}

int method_mails_count(struct rpc_call *call,
                       const struct rpc_mails_count_params *p) {
    (void)p;
    return call_read(call, count_work, NULL);
}

/* --- retry, discard --------------------------------------------------------
 */

static int moved(struct rpc_call *call, struct db_tx *tx, const struct mail *m,
                 enum mail_state to) {
    char number[24];
    (void)str_format(number, sizeof number, "M-%lld", (long long)m->id);
    int rc = call_audit(call, tx, number, "{}");
    if (rc >= 0)
        mail_view_ack(call, m->id, to);
    return rc;
}

static int retry_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_mails_retry_params *p = call->params;
    struct mail m;
    int rc = find(call, tx, p->mail, &m);
    if (rc >= 0)
        rc = mail_retry(tx, &m, &call->error);
    return rc < 0 ? rc : moved(call, tx, &m, MAIL_QUEUED);
}

int method_mails_retry(struct rpc_call *call,
                       const struct rpc_mails_retry_params *p) {
    (void)p;
    return call_write(call, retry_work, mail_view_then);
}

static int discard_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_mails_discard_params *p = call->params;
    struct mail m;
    int rc = find(call, tx, p->mail, &m);
    if (rc >= 0)
        rc = mail_discard(tx, &m, &call->error);
    return rc < 0 ? rc : moved(call, tx, &m, MAIL_DISCARDED);
}

int method_mails_discard(struct rpc_call *call,
                         const struct rpc_mails_discard_params *p) {
    (void)p;
    return call_write(call, discard_work, NULL);
}

/* --- test ------------------------------------------------------------------
 */

static int test_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_mails_test_params *p = call->params;
    const struct letter_values none = {0};
    enum text_lang lang = p->lang == RPC_MAILS_TEST_LANG_TR ? TEXT_TR : TEXT_EN;
    uint8_t random[10];
    char ulid[ULID_TEXT];
    struct mail_text text;
    int64_t id;
    digest_random(random, sizeof random);
    ulid_format(ulid, db_now(tx), random);
    struct mail_new n = {.cause = ulid,
                         .template = letter_name(LETTER_TEST),
                         .lang = text_lang_name(lang),
                         .recipient = p->to,
                         .sender = "Fulexo",
                         .params = "{}"};
    mail_view_write(call, LETTER_TEST, lang, &none, &text);
    int rc = mail_view_queue(call, tx, &n, &text, &id);
    struct mail m = {.id = id};
    return rc < 0 ? rc : moved(call, tx, &m, MAIL_QUEUED);
}

int method_mails_test(struct rpc_call *call,
                      const struct rpc_mails_test_params *p) {
    if (!mime_is_address(p->to))
        return call_fail(call, ERR_INVALID, "to",
                         "an address like zoe@example.org");
    int rc = mail_view_ready(call);
    return rc < 0 ? rc : call_write(call, test_work, mail_view_then);
}
