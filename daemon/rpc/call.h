/* One request on its way: what a handler gets. It answers now (call_result,
 * then return 0), or queues a database job whose work writes the result on a
 * database thread, or keeps the call and answers later (call_hold). The
 * connection may be gone by then; the call outlives it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/jsonw.h"
#include "common/lang.h"
#include "common/rpcmsg.h"
#include "rpc.gen.h"
#include "rpc/room.h"

struct db_tx;
struct person;
struct rpc_session;
struct rpc_call;

/* A line of the client: its parsed document and, for a batch, what is to be
 * sent together. Freed with its last call. */
struct rpc_line {
    struct arena *arena; /* parameters; only read after dispatch */
    int refs;
    bool batch;
    struct buf out; /* batch: answers so far */
};

/* Work on a database thread; a negative return is the answer's error. */
typedef int (*call_work)(struct rpc_call *call, struct db_tx *tx);
/* On the loop thread after the work was good (and committed). */
typedef int (*call_then)(struct rpc_call *call);

struct rpc_call {
    struct rpc *rpc;
    struct rpc_conn *conn; /* NULL: gone */
    struct rpc_call *next, *prev;
    struct rpc_line *line;
    struct rpcmsg_id id; /* NONE: a notification, never answered */
    enum rpc_method method;
    enum text_lang lang;
    bool read_only;
    unsigned uid;
    char place[80]; /* where it comes from */
    char print[80]; /* what a kept session must come from again */
    char client[65];
    bool by_token;          /* of an API token's session */
    int64_t kept;           /* row of the session (of api_token, by_token); 0 */
    rpc_web_done *web_done; /* it came over HTTP: no connection, no line */
    void *web_arg;
    char actor[48];
    struct person *who; /* sees what their scope says, on every database job */
    bool unproved;      /* long ago that they proved who they are */
    bool audited;       /* the work wrote its row of the audit trail */
    bool secret;        /* the result is told once: not kept for a repeat */
    const void *params; /* the method's struct, good for its whole life */
    const char *request_id; /* NULL: none */
    uint8_t request_hash[32];
    int64_t begun_ms; /* monotonic */

    struct arena *arena; /* for the work; call_arena */
    struct buf out;      /* the answer's line */
    struct jsonw w;      /* behind call_result */
    struct jsonw fresh;  /* w before any result was written */
    size_t result_at;    /* where the result begins in out */
    struct error error;  /* what a failing handler or work filled in */
    call_work work;
    call_then then;
    void *data; /* the handler's, in the arena */
    bool later; /* answered after the handler has returned */
};

/* For dispatch: a call of this line; counted in its connection. */
struct rpc_call *call_new(struct rpc_conn *c, struct rpc_line *line,
                          const struct rpcmsg_id *id, enum rpc_method method);
/* A call without a connection, in the name of a session that stands for one.
 * Its line is its own. */
struct rpc_call *call_new_web(struct rpc *r, struct rpc_line *line,
                              const struct rpc_session *s,
                              enum rpc_method method, rpc_web_done *done,
                              void *arg);
/* Send the answer (status 0) or the error, and free the call. */
void call_finish(struct rpc_call *call, int status);
/* The connection goes: its calls forget it. */
void call_detach_all(struct rpc_conn *c);

/* The catalogue's sentence of an error, and what is particular about it. */
void call_sentence(struct buf *out, enum text_lang lang, int code,
                   const struct error *e);
/* A sentence of common/said.h in that language; NULL: null. */
void jsonw_ksaid(struct jsonw *w, const char *key, enum text_lang lang,
                 const char *sentence);
/* The answer of a whole line that never became a call. */
void call_error(struct buf *out, enum text_lang lang,
                const struct rpcmsg_id *id, int code, const struct error *e);
/* One call of the line less; the last one sends a batch's answer (c NULL: the
 * connection is gone) and frees it. */
void line_done(struct rpc_line *line, struct rpc_conn *c);

/* --- for handlers ------------------------------------------------------ */

/* Write exactly one value here: the result. */
struct jsonw *call_result(struct rpc_call *call);

/* A list's result around its rows: {items: [ ... ], next, partial}. next NULL:
 * the end; partial: not all rows could be looked at in time. */
struct jsonw *call_list_begin(struct rpc_call *call);
/* The end of what call_list_begin began. */
void call_list_end(struct jsonw *w, const char *next, bool partial);

/* Memory until the call is answered; one thread at a time. */
struct arena *call_arena(struct rpc_call *call);

/* Answer with `code`, naming a field ("" none); returns code. */
int call_fail(struct rpc_call *call, int code, const char *field,
              const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Run work on a reader, then `then` (NULL: none) on the loop; either of them
 * writes the result. Returns 0, or ERR_BUSY at once. */
int call_read(struct rpc_call *call, call_work work, call_then then);
/* Same on the writer. The work sees what the caller sees; a call that is more
 * than its caller (signing in) sets the scope itself. A request_id seen before
 * answers its first result and runs neither; otherwise work must have written
 * the result. */
int call_write(struct rpc_call *call, call_work work, call_then then);

/* The handler keeps the call and calls call_finish later. Returns 0. */
int call_hold(struct rpc_call *call);

/* Audit row of this call's actor, in the work's transaction. payload: a JSON
 * object; where the call comes from is added. A write whose work adds none gets
 * one without an object. */
int call_audit(struct rpc_call *call, struct db_tx *tx, const char *object,
               const char *payload);
/* The same by itself, for an act without a transaction of its own: it happens
 * whether or not the row can be written, which is logged then. */
void call_note(const struct rpc_call *call, const char *object);
