#include "model/store_move.h"

#include "common/cleanup.h"
#include "common/mem.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/item.h"
#include "model/proposal.h"
#include "model/store.h"
#include "model/user.h"

/* --- what keeps it -------------------------------------------------------- */

/* Listings of piles that stay: another store sells from them too, or the other
 * company has one of that SKU. */
struct staying {
    struct stays {
        int64_t remote_id, item_id;
    } * all; /* owned */
    size_t n, room;
};

static void staying_done(struct staying *s) {
    free(s->all);
}

/* ERR_CONFLICT: there are pieces, and nobody can say whose. */
static int find_staying(struct db_tx *tx, int64_t store_id,
                        const struct tenant *to, struct staying *s,
                        struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_STORE_ITEMS_STAY, &r, "Si", store_id, to->id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        if (db_i64(r, 3))
            return error_set(e, ERR_CONFLICT, "tenant",
                             "%.64s lies here and is not this store's alone, "
                             "or %s has that SKU as well: count it to 0 first "
                             "(fulexo inventory adjust), and in again after",
                             db_text(r, 2), to->name);
        if (s->n == s->room)
            s->all = mem_resize(s->all, s->room = s->room ? 2 * s->room : 64,
                                sizeof *s->all);
        s->all[s->n++] = (struct stays){db_i64(r, 0), db_i64(r, 1)};
    }
    return rc;
}

/* The paper names who sent the goods, and to whom. */
static int check_announced(struct db_tx *tx, int64_t store_id,
                           struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_STORE_ANNOUNCED, &r, "S", store_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    return error_set(e, ERR_CONFLICT, "tenant",
                     "its goods are on their way, I-%lld (%.64s): receive or "
                     "close that first",
                     (long long)db_i64(r, 0), db_text(r, 1));
}

static int check_file(struct db_tx *tx, int64_t store_id, struct error *e) {
    int64_t one;
    int rc = db_value(tx, STMT_STORE_FILE_COMES, &one, "S", store_id);
    return rc <= 0 ? rc
                   : error_set(e, ERR_CONFLICT, "tenant",
                               "a file of it is being read: try again when "
                               "that is through");
}

static int check(struct db_tx *tx, int64_t store_id, int64_t from,
                 const struct tenant *to, struct error *e) {
    if (from == to->id)
        return error_set(e, ERR_INVALID, "tenant", "it is %s's already",
                         to->name);
    int rc = check_announced(tx, store_id, e);
    return rc < 0 ? rc : check_file(tx, store_id, e);
}

/* --- what goes ------------------------------------------------------------ */

/* An empty pile that stays is let go of: the next work on its product finds or
 * makes one of the new company's. */
static int take_items(struct db_tx *tx, int64_t store_id,
                      const struct tenant *to, struct error *e) {
    CLEANUP(staying_done) struct staying s = {0};
    int rc = find_staying(tx, store_id, to, &s, e);
    for (size_t i = 0; rc >= 0 && i < s.n; i++) {
        rc = db_run(tx, STMT_STORE_LISTING_DROP, "Si", store_id,
                    s.all[i].remote_id);
        if (rc >= 0)
            rc = item_refresh(tx, s.all[i].item_id);
    }
    return rc < 0 ? rc
                  : db_run(tx, STMT_STORE_ITEMS_GO, "iS", to->id, store_id);
}

/* --- what ends ------------------------------------------------------------ */

/* Counts the rows of a write. */
static int note(int rc, int64_t *ret_n) {
    if (rc >= 0)
        *ret_n = rc;
    return rc < 0 ? rc : 0;
}

static int end_talk(struct db_tx *tx, int64_t store_id, int64_t *ret_n) {
    int rc = db_run(tx, STMT_TICKETS_NOTED, "S", store_id);
    if (rc >= 0)
        rc = note(db_run(tx, STMT_TICKETS_HIDE, "S", store_id), ret_n);
    return rc < 0 || *ret_n == 0 ? rc : feed_add(tx, "ticket", store_id, 0, "");
}

/* Nobody is left who could withdraw them. */
static int end_proposals(struct db_tx *tx, int64_t store_id, int64_t from,
                         const char *who, int64_t *ret_n) {
    int rc = note(db_run(tx, STMT_STORE_PROPOSALS_END, "ssiSi", who,
                         "The store went to another company.", db_now(tx),
                         store_id, from),
                  ret_n);
    return rc < 0 || *ret_n == 0 ? rc : proposal_told(tx, store_id);
}

/* --- */

int store_move(struct db_tx *tx, int64_t store_id, const struct tenant *to,
               const char *who, struct store_moved *ret, struct error *e) {
    int64_t from;
    struct store_moved m = {0};
    int rc = db_value(tx, STMT_STORE_TENANT_OF, &from, "S", store_id);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    rc = check(tx, store_id, from, to, e);
    if (rc >= 0)
        rc = take_items(tx, store_id, to, e);
    if (rc >= 0)
        rc = end_proposals(tx, store_id, from, who, &m.proposals);
    if (rc >= 0)
        rc = end_talk(tx, store_id, &m.tickets);
    if (rc >= 0)
        rc = note(db_run(tx, STMT_STORE_SHARES_END, "iSi", db_now(tx), store_id,
                         from),
                  &m.links);
    if (rc >= 0)
        rc = store_set_tenant(tx, store_id, to->id);
    if (rc >= 0)
        rc = feed_add(tx, "store", store_id, 0, "");
    if (rc >= 0)
        *ret = m;
    return rc < 0 ? rc : 0;
}
