/* Approvals: what somebody proposes and another person lets go out.
 *
 * pending -> approved | rejected | withdrawn; all three are final. An approved
 * one becomes changes (model/change.h): one alone in the transaction of its
 * approval, the rows of a file slice by slice. What the shop then says stands
 * in its changes.
 *
 * A proposal of stock names levels: the one its author saw and the one wanted.
 * What goes out is their difference, so that what was sold meanwhile is not
 * lost. Other values are set as proposed; the base of the change is what was to
 * be seen when it was approved. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "model/change.h"

struct arena;
struct db_tx;
struct list_request;

enum proposal_kind {
    PROPOSAL_STOCK_SET,
    PROPOSAL_STOCK_ADJUST,
    PROPOSAL_PRICE,
    PROPOSAL_PRODUCT,
    PROPOSAL_NEW_PRODUCT,
    PROPOSAL_NEW_ORDER,
    PROPOSAL_CSV,
    PROPOSAL_KINDS /* how many */
};
/* "stock_set"; and back: the kind or ERR_INVALID. */
const char *proposal_kind_name(enum proposal_kind k);
int proposal_kind_parse(const char *name);

enum proposal_state {
    PROPOSAL_PENDING,
    PROPOSAL_APPROVED,
    PROPOSAL_REJECTED,
    PROPOSAL_WITHDRAWN,
    PROPOSAL_STATES, /* how many */
    /* A file whose rows are still being written: not there for anybody. */
    PROPOSAL_LOADING = PROPOSAL_STATES
};
/* "pending"; and back: the state or ERR_INVALID. */
const char *proposal_state_name(enum proposal_state s);
int proposal_state_parse(const char *name);

enum { PROPOSAL_ID_TEXT = 24, PROPOSAL_ITEMS_MAX = 500000 };
/* 31 as "A-31"; and back: ERR_INVALID. */
const char *proposal_id_format(char dst[PROPOSAL_ID_TEXT], int64_t id);
int proposal_id_parse(const char *text, int64_t *ret);

struct proposal {
    int64_t id, store_id;
    enum proposal_kind kind;
    enum proposal_state state;
    const char *store; /* name */
    const char *author, *reason, *title, *reviewer, *note;
    bool over_limit, stopped;
    int64_t items, done, failed;
    int64_t created_ms, decided_ms, version;
};

struct proposal_item {
    int64_t remote_id;        /* 0 or below: a new object */
    const char *path;         /* "": a new object, wanted its payload */
    const char *base;         /* seen by the author; NULL: none */
    const char *current;      /* to be seen now; NULL: none */
    const char *wanted;       /* of stock: the level */
    bool stale;               /* base and current are not the same */
    const char *change;       /* its change's id; NULL: none yet */
    enum change_state answer; /* of that change */
    const char *cause, *text; /* why that change is where it is, or "" */
    const char *fault;        /* why it became none, or "" */
    int64_t made_id;          /* remote id of the new object; 0: none yet */
};

/* --- the author --------------------------------------------------------- */

struct proposal_new {
    enum proposal_kind kind;
    const struct change_new *change; /* what it is to become; stock: a delta */
    const char *seen; /* of stock: the level its author saw, JSON; NULL: the one
                         of now */
    bool over_limit;
};
/* Propose a change: checked as change_create checks it, its bases filled in. A
 * new order holds back its pieces: ERR_CONFLICT where they are not there.
 * Other errors as change_create. Returns its number. */
int proposal_create(struct db_tx *tx, const struct proposal_new *n,
                    struct arena *a, int64_t *ret, struct error *e);

/* Other wanted values of paths it has (payload: of a new object, or NULL), and
 * another reason (NULL: as it was). ERR_CONFLICT: it does not wait any more.
 * ERR_INVALID: a path it does not have, or no value for it. */
int proposal_edit(struct db_tx *tx, const struct proposal *p,
                  const struct change_path *paths, size_t n,
                  const char *payload, const char *reason, struct arena *a,
                  struct error *e);
/* ERR_CONFLICT: it does not wait any more. */
int proposal_withdraw(struct db_tx *tx, const struct proposal *p,
                      struct error *e);

/* A file of stock: begun empty, filled by as many transactions as it takes, and
 * only then it is there and waits as any other. items: how many rows it has.
 * reason: NULL is none. */
int proposal_csv_create(struct db_tx *tx, int64_t store_id, const char *author,
                        const char *reason, bool over_limit, int64_t items,
                        int64_t *ret);
/* remote_id below 0 and path "": a new object, wanted its payload. */
int proposal_csv_add(struct db_tx *tx, int64_t id, int64_t remote_id,
                     const char *path, const char *base, const char *wanted);

/* All of it is written. */
int proposal_csv_ready(struct db_tx *tx, int64_t id, int64_t store_id);
/* One that is not ready is given up, at most max rows at a time: 1: there is
 * more. */
int proposal_csv_drop(struct db_tx *tx, int64_t id, int64_t max);
/* One that was begun before that moment and is not ready: 1, or 0. */
int proposal_csv_unready(struct db_tx *tx, int64_t before_ms, int64_t *ret);

/* Its author needs nobody: it is approved in nobody's name. */
int proposal_csv_release(struct db_tx *tx, int64_t id);

/* --- the reviewer ------------------------------------------------------- */

/* Random bytes for the numbers of changes. */
typedef void proposal_random(void *dst, size_t n);

/* Let it go out in the name of its author. Nobody approves their own:
 * ERR_DENIED. ERR_CONFLICT: decided already, or (stale false) a value is not
 * the one its author saw. What its change is refused for is refused here. A
 * file is only marked; proposal_send does the rest. */
int proposal_approve(struct db_tx *tx, const struct proposal *p,
                     const char *who, const char *note, bool stale,
                     proposal_random *fill, struct arena *a, struct error *e);
/* note must say why: ERR_INVALID. */
int proposal_reject(struct db_tx *tx, const struct proposal *p, const char *who,
                    const char *note, struct error *e);

/* The next at most max rows of an approved file become changes; a row that is
 * refused keeps its reason. Returns how many were looked at; 0: none is left,
 * or it was stopped. */
int proposal_send(struct db_tx *tx, int64_t id, size_t max,
                  proposal_random *fill);
/* What has not gone out stays behind. ERR_CONFLICT: nothing is on the way. */
int proposal_stop(struct db_tx *tx, const struct proposal *p, struct error *e);
/* Numbers of approved files with rows that have not gone out; how many. */
int proposal_under_way(struct db_tx *tx, int64_t *ids, size_t max);

/* --- everybody ---------------------------------------------------------- */

/* 1 found, 0 not (or outside the scope); texts in the arena. */
int proposal_get(struct db_tx *tx, int64_t id, struct arena *a,
                 struct proposal *ret);
/* Its items from that remote id on, at most max, with the values of now while
 * it waits. */
int proposal_items(struct db_tx *tx, const struct proposal *p, int64_t from,
                   size_t max, struct arena *a, struct proposal_item **ret,
                   size_t *ret_n);
/* How many of its changes are in each state, added to counts. */
int proposal_outcome(struct db_tx *tx, int64_t id,
                     int64_t counts[CHANGE_STATES]);

struct proposal_page {
    struct proposal *items;
    size_t n;
    const char *next;
    bool partial;
};
/* Newest first; author: only theirs (NULL: everybody's). Filter keys of list
 * "approvals": store: state: author: kind:. Errors as order_list. */
int proposal_list(struct db_tx *tx, const struct list_request *r,
                  const char *author, struct arena *a,
                  struct proposal_page *ret, struct error *e);
/* How many of each state in the scope. */
int proposal_counts(struct db_tx *tx, const char *author,
                    int64_t counts[PROPOSAL_STATES]);

/* How many of one store wait; author: only theirs (NULL: everybody's). */
int proposal_pending(struct db_tx *tx, int64_t store_id, const char *author,
                     int64_t *ret);

/* Pieces of a product or variation that orders waiting for approval hold back.
 */
int proposal_reserved(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                      int64_t *ret_e3);
/* Free pieces of one: what the shop counts, less what waits already. 1: *ret is
 * how many, below 0 too; 0: nobody counts them, or it is sold without. */
int proposal_free(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                  int64_t *ret_e3);
/* May owners of the store's tenant place orders? 1 or 0. */
int proposal_orders_allowed(struct db_tx *tx, int64_t store_id);

/* --- inside the model ---------------------------------------------------- */

/* A JSON text as a whole number: ERR_INVALID. */
int proposal_whole(const char *json, int64_t *ret);
/* The value of now at a path of an item, JSON; NULL: none. */
int proposal_value_now(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                       const char *path, struct arena *a, const char **ret);
/* One that is approved becomes its change, or all of it is refused. */
int proposal_send_whole(struct db_tx *tx, const struct proposal *p,
                        const char *who, proposal_random *fill, struct arena *a,
                        struct error *e);
/* Hold back the pieces of a new order's payload. ERR_CONFLICT. */
int proposal_reserve(struct db_tx *tx, int64_t store_id, int64_t id,
                     const char *payload, struct error *e);
/* Screens are told. */
int proposal_told(struct db_tx *tx, int64_t store_id);
