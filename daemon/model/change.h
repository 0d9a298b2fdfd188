/* The outbox: what people want shops to be. A change is journalled before
 * anything acts on it and leaves only as confirmed or discarded.
 *
 * awaiting -> queued | discarded            needs a second person
 * queued   -> sending | confirmed | conflict | refused | discarded
 *             | awaiting (edited, and somebody had approved it)
 * sending  -> confirmed | refused | conflict | unknown | queued (never left)
 * unknown  -> queued | confirmed | discarded (awaiting: never approved)
 * conflict -> queued | discarded | awaiting (as above)
 * refused  -> queued (edited or retried) | discarded | awaiting (as above)
 *
 * queued, sending and unknown overlay: the object's list columns show what was
 * wanted; they are rewritten here in the transaction of every transition, with
 * a feed row (topic of the object, and "change"). Values are JSON text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "model/mirror.h"

struct arena;
struct db_tx;
struct list_request;

enum change_state {
    CHANGE_AWAITING,
    CHANGE_QUEUED,
    CHANGE_SENDING,
    CHANGE_UNKNOWN,
    CHANGE_CONFLICT,
    CHANGE_REFUSED,
    CHANGE_CONFIRMED,
    CHANGE_DISCARDED,
    CHANGE_STATES /* how many */
};
/* "queued"; and back: the state or ERR_INVALID. */
const char *change_state_name(enum change_state s);
int change_state_parse(const char *name);
/* May a change go from one to the other? */
bool change_may(enum change_state from, enum change_state to);

enum change_act {
    CHANGE_SET,      /* PUT paths of an object */
    CHANGE_STOCK,    /* PUT inventory_delta with our marker; path "stock" */
    CHANGE_NOTE,     /* POST a note of an order; {text, customer} */
    CHANGE_REFUND,   /* POST a refund; {amount, reason, restock, api, lines} */
    CHANGE_TRACKING, /* wherever the shop can hold it; {number, carrier, url,
                        items:[{line, quantity}], notify} */
    CHANGE_TRASH,    /* DELETE without force */
    CHANGE_UNTRASH,  /* PUT the status it is to have; path "status" */
    CHANGE_CREATE,   /* POST an object; its members */
    CHANGE_ACTS      /* how many */
};
/* "set"; and back: the act or ERR_INVALID. */
const char *change_act_name(enum change_act a);
int change_act_parse(const char *name);

/* One field a change sets. */
struct change_path {
    const char *path;   /* status, billing.email, meta[key], regular_price */
    const char *base;   /* seen by the author; NULL: the effective value */
    const char *wanted; /* of stock: the delta, a JSON integer or decimal */
    const char *theirs; /* the shop's value that got in the way, or NULL */
    const char *accept; /* JSON array of bases as good as base, or NULL */
};

struct change {
    int64_t id;
    char uuid[27];
    int64_t store_id, remote_id, parent_id;
    enum mirror_kind kind;
    enum change_act act;
    enum change_state state;
    const char *store; /* name */
    const char *payload, *author, *approver, *reason;
    int64_t created_ms, changed_ms, sent_ms, next_ms;
    int attempts, looks;
    bool ambiguous;
    /* cause: JSON (model/cause.h), or ""; else a shop's own words say it, in
     * text. answer may be NULL */
    const char *code, *cause, *text, *answer;
    int64_t result_id, epoch;
    int64_t mark; /* highest id at the shop before it was sent; of stock: id of
                     the change whose marker stood there; 0: unknown */
    struct change_path *paths;
    size_t n_paths;
};

/* --- accepting ---------------------------------------------------------- */

struct change_new {
    int64_t store_id, remote_id; /* 0 with CHANGE_CREATE */
    enum mirror_kind kind;
    enum change_act act;
    const struct change_path *paths; /* base NULL: filled in */
    size_t n_paths;
    const char *payload; /* JSON object, or NULL */
    const char *author, *reason;
    const char *approver;  /* of a proposal it was; NULL: nobody */
    bool awaiting;         /* needs a second person first; refunds always do */
    const uint8_t *random; /* 10 bytes for the ULID */
};

/* Journal it: the values are checked as the shop would not (status in its list,
 * prices, whole quantities, known lines), bases filled in, the object overlaid,
 * the feed told. ERR_NOT_FOUND (store, object), ERR_INVALID (e->where: the
 * path), ERR_CONFLICT (the object is trashed or gone), ERR_DENIED (the key may
 * not write). */
int change_create(struct db_tx *tx, const struct change_new *n, struct arena *a,
                  struct change *ret, struct error *e);

/* All that change_create would say of it, without one: ERR_* as there.
 * ret_paths: n_paths of them, canonical, with their bases. */
int change_prove(struct db_tx *tx, const struct change_new *n, struct arena *a,
                 struct change_path *ret_paths, struct error *e);

/* --- people ------------------------------------------------------------- */

/* By ULID: 1 found, 0 not (or outside the scope); texts in the arena. */
int change_get(struct db_tx *tx, const char *uuid, struct arena *a,
               struct change *ret);
/* awaiting -> queued by somebody else than its author: ERR_DENIED. */
int change_approve(struct db_tx *tx, const struct change *c, const char *who,
                   struct error *e);
/* refused, or queued with back-off -> queued, now; unknown: look now. */
int change_retry(struct db_tx *tx, const struct change *c, struct error *e);
/* awaiting, queued, refused, conflict: other wanted values -> queued. What
 * needs a second person awaits one again, and `who` is its author from then
 * on: nobody approves their own numbers. base of paths it had is kept. */
int change_edit(struct db_tx *tx, const struct change *c, const char *who,
                const struct change_path *paths, size_t n, const char *payload,
                struct error *e);
/* awaiting, queued, conflict, refused; unknown only when ambiguous. */
int change_discard(struct db_tx *tx, const struct change *c, struct error *e);
enum change_choice {
    CHANGE_MINE,     /* conflict: base becomes theirs, queued */
    CHANGE_THEIRS,   /* conflict: discarded */
    CHANGE_HAPPENED, /* ambiguous unknown: confirmed */
    CHANGE_AGAIN,    /* ambiguous unknown: queued */
};
int change_resolve(struct db_tx *tx, const struct change *c,
                   enum change_choice choice, struct error *e);

struct change_page {
    struct change *items;
    size_t n;
    const char *next;
    bool partial;
};
/* Newest first; filter keys of list "changes": object: store: state: author:
 * act:. Errors as order_list. */
int change_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
                struct change_page *ret, struct error *e);
/* How many of each state in the scope; indexed by enum change_state. */
int change_count(struct db_tx *tx, int64_t counts[CHANGE_STATES]);
/* The same of one store, added to what is in counts. */
int change_count_of(struct db_tx *tx, int64_t store_id,
                    int64_t counts[CHANGE_STATES]);
/* Of these the ones that are not through: few, whatever was done before. */
int change_open_count_of(struct db_tx *tx, int64_t store_id,
                         int64_t counts[CHANGE_STATES]);
/* Open ones of an object, oldest first, for `pending` of a read. */
int change_of(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
              int64_t remote_id, struct arena *a, struct change **ret,
              size_t *ret_n);

/* --- the engine --------------------------------------------------------- */

/* What may be sent or looked at now, one change an object: while one of it is
 * sending, none; else its oldest unknown that the engine is to look at; else
 * its oldest queued, when no older one waits for a person as unknown. Only
 * whose next_ms has come, at most max. *ret_next_ms: when the next one is due,
 * 0 none. Nothing while held. */
int change_due(struct db_tx *tx, int64_t store_id, int64_t now_ms,
               struct arena *a, struct change *ret, size_t max, size_t *ret_n,
               int64_t *ret_next_ms);
/* Is it still what was read: in that state, with these values? 1 or 0. */
int change_unchanged(struct db_tx *tx, const struct change *seen);
/* queued -> sending; committed before the first byte leaves. mark: as in struct
 * change, 0 keeps what is there. 0, or ERR_CONFLICT when it is not as seen any
 * more (a person was faster) or the file is held. */
int change_sending(struct db_tx *tx, const struct change *seen, int64_t mark);

/* How an attempt, a look or a comparison ended. */
struct change_outcome {
    enum change_state state;
    const char *code;          /* error name or "" */
    const char *cause, *text;  /* as in struct change; NULL: none */
    const char *answer;        /* NULL: as it was */
    int64_t next_ms;           /* queued, unknown */
    int64_t result_id;         /* 0: as it was */
    bool ambiguous, looked;    /* looked: one look more */
    const char *const *theirs; /* per path; NULL: as it was */
};
/* In the transaction that applies the answer it rests on. Later changes on the
 * same paths, which have its wanted value as base, become conflict (depends)
 * when it ended refused or in conflict. Confirmed stock goes into the ledger.
 * ERR_CONFLICT: not a move the states know. */
int change_settle(struct db_tx *tx, int64_t id, const struct change_outcome *o);

/* After a crash: every sending of the store is unknown, to be looked at after
 * quiet_ms. Returns how many. */
int change_recover(struct db_tx *tx, int64_t store_id, int64_t quiet_ms);

/* A write of ours was answered: reads of the object sent before `seq` are
 * stale from now on. */
int change_barrier(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
                   int64_t remote_id, int64_t seq);

/* --- a restored or copied file ------------------------------------------- */

/* Nothing is sent any more until change_resume: awaiting, queued and sending
 * become unknown. */
int change_hold(struct db_tx *tx);
/* 1 while held. */
int change_held(struct db_tx *tx);
int change_resume(struct db_tx *tx);
