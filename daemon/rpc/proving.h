/* What the methods share in which somebody proves who they are. Inside rpc
 * only. */
#pragma once

#include <stdint.h>

#include "model/proof.h"
#include "model/user.h"
#include "rpc/call.h"

struct db_tx;

/* Somebody on their way in, from a first read to a last write; in the call's
 * arena. */
struct proving {
    struct user u; /* id 0: nobody of that name */
    struct proof p;
    bool fits;   /* the password does */
    int verdict; /* 0, or why not, known after the commit */
};

/* On a reader: the user of that name with their proofs, or nobody.
 * ERR_THROTTLED: that name is closed to this place. */
int proving_read(struct rpc_call *call, struct db_tx *tx, const char *name,
                 struct proving *ret);
/* On the loop: hash the password beside it, then fits is known and work is run
 * on the writer, then `then`. ERR_BUSY. */
int proving_hash(struct rpc_call *call, struct proving *v, const char *password,
                 call_work work, call_then then);

/* On the writer: is this a code of the user's, of the app or a backup code? It
 * is used up. 1, 0, or an error. */
int proving_code(struct rpc_call *call, struct db_tx *tx,
                 const struct proving *v, const char *typed, bool backup);
/* The sealed secret's bytes. ERR_NOT_FOUND, ERR_INVALID: it cannot be opened;
 * wipe with seal_wipe. */
int proving_secret(struct rpc_call *call, const struct proving *v,
                   const void *sealed, size_t n, struct buf *ret);

/* On the writer: a wrong try is counted and written down; v->verdict is
 * ERR_WRONG_PROOF, or ERR_THROTTLED when the name is closed now. */
int proving_failed(struct rpc_call *call, struct db_tx *tx, const char *name,
                   struct proving *v);
/* How long, in words of the error. */
int proving_closed(struct rpc_call *call, int64_t left_ms);
