/* Tickets and files as answers. Inside rpc only. */
#pragma once

#include "model/file.h"
#include "model/ticket.h"
#include "rpc/call.h"

/* As the caller sees them: owners see no notes. */
struct ticket_eye ticket_eye_of(const struct rpc_call *call);

/* The ticket of that number: ERR_NOT_FOUND as for a foreign one. */
int ticket_find(struct rpc_call *call, struct db_tx *tx, const char *text,
                struct ticket *ret);

/* Members of a ticket_row, in an object. */
void ticket_view_fields(const struct rpc_call *call, const struct ticket *t,
                        struct jsonw *w);
/* The answer: a ticket_row as it is now. */
int ticket_view_answer(struct rpc_call *call, struct db_tx *tx, int64_t id);

/* Members of a file_row, in an object. */
void file_view_fields(const struct file *f, struct jsonw *w);
