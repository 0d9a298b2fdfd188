/* Inside the engine only: the errand that brings changes to a store's shop.
 *
 * Happy path: what is due is taken, one change an object; each is a move:
 *   check   read the object; as wanted already: confirmed
 *   send    committed as sending, then the write leaves
 *   verify  read again; as asked: confirmed, in the transaction that applies
 *           what was read
 * Failure modes: the shop's word against it is refused, another value there a
 * conflict; what certainly never left is queued again with back-off; whatever
 * else went wrong with a write is unknown and looked for after the quiet time,
 * twice where it must not happen twice. A crash leaves the change as its last
 * transaction did: before `sending` nothing happened, after it it is unknown.
 * A transaction that fails (disk full) is tried until it is through. */
#pragma once

#include "model/change.h"
#include "net/backoff.h"
#include "shop/shop.h"
#include "sync/push_judge.h"
#include "sync/sync_internal.h"

enum {
    PUSH_MOVES = 6, /* changes in hand at a time */
    PUSH_SECOND_LOOK_MS = 5000,
    PUSH_STOP_MS = 3000 /* a stop waits that long for a write */
};

enum push_step {
    PUSH_CHECK,  /* queued: reading before the write */
    PUSH_WRITE,  /* sending: the write is at the shop */
    PUSH_VERIFY, /* sending: reading after it */
    PUSH_EXISTS, /* sending: the shop says there is one already */
    PUSH_LOOK,   /* unknown: reading whether it came through */
};

struct push;

/* What the next transaction of a move does. */
struct push_fate {
    bool send; /* queued -> sending; else `o` */
    struct change_outcome o;
    int64_t mark;   /* with send */
    const char *op; /* another's marker at stock: kept as mark with send; met
                       by a look, judged there */
    bool gone;      /* the shop has the object no more, read as `seq` says */
    bool wake;      /* the object is to be read again */
    bool read_only; /* the key may not write: nothing goes out any more */
    int64_t seq;    /* of the read */
};

/* One change in hand. */
struct push_move {
    struct push_move *next;
    struct push *push;
    struct arena *arena; /* everything below lives in it */
    struct change c;
    enum push_step step;
    struct push_view view;
    int reads;           /* things read in this step */
    enum push_read what; /* the one that is asked for */
    struct shop_call *call;
    struct env_timer *again;        /* the transaction is to be tried again */
    const struct json *before;      /* the object before the write, or NULL */
    const struct json *answer;      /* of the write, or NULL */
    const struct shop_fault *taken; /* the shop says there is one, or NULL */
    enum encode_way way;            /* of tracking: what was written */
    int64_t barrier; /* reads sent before it are stale; 0: none */
    struct push_fate fate;
    bool last; /* of what is applied now: `fate` goes with it */
};

struct push {
    struct store_sync *ss;
    struct push_move *moves;
    int n_moves;
    bool ask, asking; /* what is due is to be read, is being read */
    bool stopping;
    int64_t due_mono;  /* next change due by time, 0: none */
    int64_t hold_mono; /* the shop cannot be reached: nothing before */
    struct backoff backoff;
    struct env_timer *late; /* a stop does not wait longer */
};

/* After that time a write that got no answer has been done or never will: PHP's
 * time limit and 30 s, at least the setting, which alone counts when it is less
 * than its default. */
int64_t push_quiet_ms(const struct sync_options *o, const struct store *s);

/* push.c */
/* The move is over; frees it, and takes what is due next. */
void push_end(struct push_move *m);
/* When to try again (wall clock); all wait when the shop, not the one thing
 * that was asked for, is at fault. */
int64_t push_hold(struct push_move *m, const struct shop_fault *f);
int64_t push_now(const struct push_move *m);

/* push_read.c */
/* Read what the step needs, one after another, apply it, and conclude. */
void push_read_start(struct push_move *m, enum push_step step);

/* push_conclude.c */
/* What a fault says, for an outcome of the move. */
void push_said(struct push_move *m, const struct shop_fault *f,
               struct change_outcome *o);
/* All is read; fills fate. */
void push_conclude(struct push_move *m);
/* A read of the step failed; fills fate. */
void push_unread(struct push_move *m, const struct shop_fault *f);
/* It may have happened or not; cause: JSON (model/cause.h). */
void push_unknown(struct push_move *m, int64_t wait_ms, int code,
                  const char *cause);
/* The same of a fault, in its words. */
void push_unheard(struct push_move *m, int64_t wait_ms,
                  const struct shop_fault *f);

/* push_write.c */
void push_write(struct push_move *m);
/* How a fault of a write ends; pure. */
enum push_after {
    PUSH_DONE,
    PUSH_UNKNOWN, /* may have been applied */
    PUSH_AGAIN,   /* never left, or was turned away before */
    PUSH_TAKEN,   /* such a thing exists */
    PUSH_AGAINST, /* the shop does not want it */
};
enum push_after push_after_of(const struct shop_fault *f, int attempts);

/* push_commit.c */
/* The move's fate in a transaction of its own; then push_committed. */
void push_commit(struct push_move *m);
/* The same inside that of a read: the hook of an intake. */
int push_commit_job(struct db_tx *tx, void *move);
/* It is on disk, or not: what follows. */
void push_committed(struct push_move *m, int status);
