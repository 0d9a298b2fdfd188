/* Forgetting one customer of one store, registered or guest: everything of ours
 * that is about the person goes, what the business needs (numbers, amounts,
 * lines, dates, who did what) stays. A new table that holds something about a
 * customer gets its line in erase_rows.c; tests/unit/model/test_erase.c has a
 * list of all tables that makes one think of it.
 *
 * The shop is not asked to forget: its own eraser does that. As long as it
 * still has the data, what it sends is taken in without (model/erased.h).
 * Journalled without the data, so that a restore of an older backup can be
 * followed by the erasures after it (erase_replay). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;
struct json;
struct jsonw;

enum { ERASE_ORDERS = 10000 /* more are no person */ };

/* An order or a change. */
struct erase_row {
    int64_t id, remote_id; /* remote_id: of orders alone */
    char text[64];         /* number of an order, id of a change */
};

struct erase {
    int64_t store_id, contact_id;
    int64_t remote_id; /* of the account; 0: a guest */
    char store[33];
    char *email_key; /* folded; "": none */
    struct erase_row *orders, *changes;
    size_t n_orders, n_changes;
};
/* Frees what e owns, not e. */
void erase_done(struct erase *e);

/* What is to be erased of a contact; *ret is the caller's. ERR_CONFLICT with a
 * sentence: an order is not finished, a change is open, the first sync is not
 * through. ERR_TOO_BIG. */
int erase_find(struct db_tx *tx, int64_t store_id, const char *store,
               int64_t contact_id, int64_t remote_id, const char *email,
               struct erase *ret, struct error *e);

/* Erase, and remember which objects stay so. */
int erase_run(struct db_tx *tx, const struct erase *e, const char *uuid,
              const char *actor);

/* The same in steps that hold nobody up, for one with many orders: all but the
 * orders at once, and what says that these are to follow; then a few of them a
 * transaction (of whatever erasure waits first): 1: there may be more, 0: none
 * waits. Killed in between, the next start goes on. */
int erase_begin(struct db_tx *tx, const struct erase *e, const char *uuid,
                const char *actor);
int erase_rest(struct db_tx *tx, int n);
enum { ERASE_AT_ONCE = 20 /* orders of a step */ };

/* The store's own id, of the journal. */
int erase_store_uuid(struct db_tx *tx, int64_t store_id, char ret[27]);
/* What the journal keeps: ids alone. */
void erase_write(const struct erase *e, const char *store_uuid,
                 const char *uuid, const char *actor, struct jsonw *w);
/* The same again from such an object, whatever its orders are doing now: 1
 * done, 0 it is done already or its store is not here, ERR_INVALID. */
int erase_replay(struct db_tx *tx, const struct json *line);

/* Names of other stores that know the e-mail, one maybe twice; fn's negative
 * return ends it. */
int erase_elsewhere(struct db_tx *tx, const struct erase *e,
                    int (*fn)(const char *store, void *arg), void *arg);

/* Is an object somebody made by hand about this person? By account or e-mail;
 * payload: its JSON text, a: scratch. */
bool erase_is_about(struct arena *a, const char *payload,
                    const struct erase *e);
/* Inside the model: erase_rows.c, what erase_run does to the rows. */
int erase_orders(struct db_tx *tx, const struct erase *e);
int erase_changes(struct db_tx *tx, const struct erase *e);
int erase_contact(struct db_tx *tx, const struct erase *e);
/* Its data; a guest's row goes with its last order. */
int erase_contact_begin(struct db_tx *tx, const struct erase *e);
/* What is left of it elsewhere; of its orders, which may be thousands, apart.
 */
int erase_remains(struct db_tx *tx, const struct erase *e);
int erase_order_remains(struct db_tx *tx, const struct erase *e);
