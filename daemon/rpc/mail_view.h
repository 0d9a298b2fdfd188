/* Letters as methods show and write them. Inside rpc only. */
#pragma once

#include "common/jsonw.h"
#include "model/mail.h"
#include "out/letter.h"
#include "rpc/call.h"

/* The fields of type mail_row, into an open object. */
void mail_view_fields(const struct mail *m, enum text_lang lang,
                      struct jsonw *w);
/* {mail, state} as the result. */
void mail_view_ack(struct rpc_call *call, int64_t id, enum mail_state state);
/* ERR_CONFIG, with its cure, when no letter can be sent. */
int mail_view_ready(struct rpc_call *call);

/* What a letter says, in the call's arena. */
struct mail_text {
    const char *subject, *body;
};
void mail_view_write(struct rpc_call *call, enum letter l, enum text_lang lang,
                     const struct letter_values *v, struct mail_text *ret);

/* Queue a letter of that text. n: all but subject, body, message_id and author.
 * Feeds the mailer by mail_view_then. */
int mail_view_queue(struct rpc_call *call, struct db_tx *tx, struct mail_new *n,
                    const struct mail_text *text, int64_t *ret_id);
/* The `then` of a write that queued letters. */
int mail_view_then(struct rpc_call *call);
