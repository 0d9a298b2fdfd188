#include "model/hold.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/list.h"
#include "model/order_event.h"
#include "model/order_row.h"

enum { HOLDS_MAX = 16 /* one a reason */ };

bool hold_reason_known(const char *reason) {
    static const char *const known[] = {"fraud", "address", "payment",
                                        "operator", "date"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(known[i], reason))
            return true;
    return false;
}

/* An order as these marks are put on it. */
struct marked {
    int64_t id, store_id, remote_id;
};

static int find(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                struct marked *ret) {
    *ret = (struct marked){.store_id = store_id, .remote_id = remote_id};
    int rc =
        db_value(tx, STMT_ORDER_ITEM_ID, &ret->id, "Si", store_id, remote_id);
    return rc == 0 ? ERR_NOT_FOUND : rc;
}

/* Rewrite its list columns and tell of it. */
static int told(struct db_tx *tx, const struct marked *o, const char *what,
                const char *who, const char *detail) {
    int rc = order_row_marks(tx, o->id);
    if (rc >= 0)
        rc = order_event_add(tx, o->store_id, o->remote_id, what, who, detail);
    return rc < 0 ? rc : feed_add(tx, "order", o->store_id, o->remote_id, "");
}

/* --- placing ------------------------------------------------------------ */

static int check(struct db_tx *tx, const struct hold_new *h, struct error *e) {
    if (!hold_reason_known(h->reason))
        return error_set(e, ERR_INVALID, "reason",
                         "a reason is fraud, address, payment, operator or "
                         "date");
    if (h->until_ms != 0 && h->until_ms <= db_now(tx))
        return error_set(e, ERR_INVALID, "until", "that has passed already");
    if (str_eq(h->reason, "date") && h->until_ms == 0)
        return error_set(e, ERR_INVALID, "until",
                         "until when? A hold of reason date ends by itself");
    return 0;
}

int hold_place(struct db_tx *tx, const struct hold_new *h, struct error *e) {
    AUTO_BUF struct buf detail = BUF_INIT;
    struct marked o;
    int rc = find(tx, h->store_id, h->remote_id, &o);
    if (rc >= 0)
        rc = check(tx, h, e);
    if (rc < 0)
        return rc;
    rc = db_run(tx, STMT_HOLD_PUT, "ssisii", h->reason, h->note, db_now(tx),
                h->who, h->until_ms, o.id);
    if (rc == ERR_EXISTS)
        return error_set(e, rc, "reason", "it is held for %s already",
                         h->reason);
    buf_addf(&detail, "%s%s%s", h->reason, h->note[0] ? ": " : "", h->note);
    return rc < 0 ? rc : told(tx, &o, "held", h->who, buf_str(&detail));
}

/* --- reading ------------------------------------------------------------ */

int hold_list(struct db_tx *tx, int64_t order_id, struct arena *a,
              struct hold **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct hold *h = arena_alloc(a, HOLDS_MAX * sizeof *h);
    size_t n = 0;
    int rc = db_query(tx, STMT_HOLDS_OF, &r, "i", order_id);
    while (rc >= 0 && n < HOLDS_MAX && (rc = db_step(r)) > 0) {
        int64_t until = db_i64(r, 4);
        if (until == 0 || until > db_now(tx))
            h[n++] = (struct hold){.reason = list_keep(a, db_text(r, 0)),
                                   .note = list_keep(a, db_text(r, 1)),
                                   .held_ms = db_i64(r, 2),
                                   .held_by = list_keep(a, db_text(r, 3)),
                                   .until_ms = until};
    }
    if (rc < 0)
        return rc;
    *ret = h;
    *ret_n = n;
    return 0;
}

/* --- releasing ---------------------------------------------------------- */

/* 1: it was held for that; its row goes into the log. */
static int release_one(struct db_tx *tx, const struct marked *o,
                       const char *reason, const char *who, const char *note) {
    int rc = db_run(tx, STMT_HOLD_LOG_ADD, "issis", db_now(tx), who, note,
                    o->id, reason);
    if (rc <= 0)
        return rc;
    rc = db_run(tx, STMT_HOLD_DROP, "is", o->id, reason);
    if (rc >= 0)
        rc = told(tx, o, "released", who, reason);
    return rc < 0 ? rc : 1;
}

static int release_all(struct db_tx *tx, const struct marked *o,
                       const char *who, const char *note) {
    char reasons[HOLDS_MAX][16];
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    int rc = db_query(tx, STMT_HOLDS_OF, &r, "i", o->id);
    while (rc >= 0 && n < HOLDS_MAX && (rc = db_step(r)) > 0)
        (void)str_copy(reasons[n++], sizeof reasons[0], db_text(r, 0));
    for (int i = 0; rc >= 0 && i < n; i++)
        rc = release_one(tx, o, reasons[i], who, note);
    return rc < 0 ? rc : n;
}

int hold_release(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 const char *reason, const char *who, const char *note,
                 struct error *e) {
    struct marked o;
    int rc = find(tx, store_id, remote_id, &o);
    if (rc >= 0)
        rc = reason ? release_one(tx, &o, reason, who, note)
                    : release_all(tx, &o, who, note);
    if (rc == 0)
        return error_set(e, ERR_CONFLICT, "reason", "it is not held%s%s",
                         reason ? " for " : "", reason ? reason : "");
    return rc < 0 ? rc : 0;
}

int hold_expire(struct db_tx *tx) {
    struct over {
        struct marked o;
        char reason[16];
    } over[100];
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    int rc = db_query(tx, STMT_HOLDS_OVER, &r, "i", db_now(tx));
    while (rc >= 0 && n < 100 && (rc = db_step(r)) > 0) {
        over[n].o = (struct marked){db_i64(r, 0), db_i64(r, 2), db_i64(r, 3)};
        (void)str_copy(over[n++].reason, sizeof over[0].reason, db_text(r, 1));
    }
    for (int i = 0; rc >= 0 && i < n; i++)
        rc = release_one(tx, &over[i].o, over[i].reason, "system", "");
    return rc < 0 ? rc : n;
}

/* --- tags --------------------------------------------------------------- */

bool tag_valid(const char *tag) {
    size_t n = strlen(tag);
    if (n == 0 || n >= TAG_TEXT || str_eq(tag, "none") || str_eq(tag, "any"))
        return false;
    for (const unsigned char *p = (const unsigned char *)tag; *p; p++)
        if (*p <= ' ' || *p == 0x7f || strchr(",:\"'*?", *p))
            return false;
    return true;
}

int tag_add(struct db_tx *tx, int64_t store_id, int64_t remote_id,
            const char *tag, const char *who, struct error *e) {
    struct marked o;
    int64_t n = 0;
    if (!tag_valid(tag))
        return error_set(e, ERR_INVALID, "add",
                         "a tag is a word of at most %d bytes without "
                         "commas, colons and quotes",
                         TAG_TEXT - 1);
    int rc = find(tx, store_id, remote_id, &o);
    if (rc >= 0)
        rc = db_value(tx, STMT_TAG_NUMBER, &n, "i", o.id);
    if (rc >= 0 && n >= TAGS_MAX)
        return error_set(e, ERR_TOO_BIG, "add", "it has %d tags already",
                         TAGS_MAX);
    if (rc >= 0)
        rc = db_run(tx, STMT_TAG_ADD, "si", tag, o.id);
    return rc <= 0 ? rc : told(tx, &o, "tagged", who, tag);
}

int tag_remove(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               const char *tag, const char *who) {
    struct marked o;
    int rc = find(tx, store_id, remote_id, &o);
    if (rc >= 0)
        rc = db_run(tx, STMT_TAG_DROP, "is", o.id, tag);
    return rc <= 0 ? rc : told(tx, &o, "untagged", who, tag);
}
