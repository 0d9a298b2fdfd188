/* What the methods that change a shop share: a change is put together from
 * their parameters, journalled, answered as {change, state}; once it is
 * committed the engine is told. Inside rpc only. */
#pragma once

#include "common/ref.h"
#include "model/change.h"
#include "rpc/call.h"

struct db_tx;

enum { OUTGOING_PATHS = 64 };

struct outgoing {
    struct rpc_call *call;
    struct db_tx *tx;
    struct change_new n;
    struct change_path paths[OUTGOING_PATHS];
    const struct json *base; /* path -> value its author saw; NULL: none */
    const char *object;      /* what the audit trail calls it */
    bool propose;            /* it is to wait for somebody's approval */
    const char *seen;        /* of stock: the level its author saw, or NULL */
    bool level;              /* of stock: a level is wanted, not a difference */
    const char *also_key, *also; /* a further member of the answer and its JSON
                                    text; NULL: none */
    int status;                  /* of the first step that failed */
};

/* Begin one on the object of a reference, or (create) in a store. What does not
 * exist or is of another kind: status ERR_NOT_FOUND, and what follows does
 * nothing. reason: NULL is none. */
void outgoing_ref(struct outgoing *o, struct rpc_call *call, struct db_tx *tx,
                  const struct ref *ref, enum mirror_kind kind,
                  enum change_act act, const char *reason);
void outgoing_store(struct outgoing *o, struct rpc_call *call, struct db_tx *tx,
                    const char *store, enum mirror_kind kind,
                    const char *reason);

/* Set a path to a text (NULL: was not given), or to JSON text. */
void outgoing_text(struct outgoing *o, const char *path, const char *value);
void outgoing_json(struct outgoing *o, const char *path, const char *json);
/* The members of an object parameter (NULL: not given): prefix.NAME, or with
 * brackets prefix[NAME]. */
void outgoing_members(struct outgoing *o, const char *prefix, bool brackets,
                      const struct json *object);

/* JSON text in the call's arena. */
const char *outgoing_quote(struct rpc_call *call, const char *text);
const char *outgoing_keep(struct rpc_call *call, const struct buf *json);
const char *outgoing_value(struct rpc_call *call, const struct json *v);

/* The categories a product is to have, as the shop's ids: [9,12]. ERR_INVALID:
 * one is none of that store. */
int outgoing_categories(struct rpc_call *call, const struct rpc_goods *g,
                        const char *store, const char **ret);

/* A payload with the members named replaced; ERR_INVALID names `set` when it
 * has no such member. */
int outgoing_merge(struct rpc_call *call, const char *payload,
                   const struct json *set, const char **ret);

/* Journal it, or (propose.h) put it before somebody who may approve it, and
 * write the result; what the work returns. */
int outgoing_commit(struct outgoing *o);

/* The `then` of every write: its change is on disk, send it. */
int outgoing_then(struct rpc_call *call);
/* May this caller be the second of two persons? 0, or ERR_DENIED: neither root
 * nor the account fulexod runs as, which could be both. */
int outgoing_second_person(struct rpc_call *call);
/* Leave word for outgoing_then which store has something to send. */
void outgoing_note(struct rpc_call *call, int64_t store_id);
/* {change, state} as the result. */
void outgoing_answer(struct rpc_call *call, const char *uuid,
                     enum change_state state);
