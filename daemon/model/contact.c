/* A contact is an account of the shop (remote_id > 0; mirrored once the shop
 * listed it) or a guest (remote_id 0, by folded e-mail). What is only known
 * from orders says what the newest of them says: created_ms of such a row is
 * that order's date. */
#include "model/contact.h"

#include <string.h>

#include "common/buf.h"
#include "common/fold.h"
#include "common/str.h"
#include "model/contact_mark.h"

/* What a lookup found; id 0: nothing. */
struct known {
    int64_t id, created_ms;
    bool mirrored, same; /* same: it says what the order says */
};

static const char *text(const char *s) {
    return s ? s : "";
}

/* Columns from `at`: email, name, phone, city, country. */
static bool says(struct db_rows *r, int at, const struct order *o) {
    const char *const of[] = {o->email, o->name, o->phone, o->city, o->country};
    for (int i = 0; i < (int)(sizeof of / sizeof *of); i++)
        if (!str_eq(db_text(r, at + i), text(of[i])))
            return false;
    return true;
}

static int by_account(struct db_tx *tx, int64_t store_id, const struct order *o,
                      struct known *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc =
        db_query(tx, STMT_CONTACT_FIND, &r, "Si", store_id, o->customer_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        *ret = (struct known){.id = db_i64(r, 0),
                              .mirrored = db_i64(r, 5) != 0,
                              .created_ms = db_i64(r, 6),
                              .same = says(r, 8, o)};
    return rc;
}

/* The columns of a guest or of an account found by e-mail. */
static struct known read_known(struct db_rows *r, const struct order *o) {
    return (struct known){.id = db_i64(r, 0),
                          .mirrored = db_i64(r, 1) != 0,
                          .created_ms = db_i64(r, 2),
                          .same = says(r, 3, o)};
}

static int by_email(struct db_tx *tx, int64_t store_id, const struct order *o,
                    struct known *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc =
        db_query(tx, STMT_CONTACT_BY_EMAIL, &r, "sS", o->email_key, store_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        *ret = read_known(r, o);
    return rc;
}

/* A look by its own id is half the price of one by account or e-mail. */
static int still(struct db_tx *tx, const struct order *o, int64_t was,
                 struct known *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_CONTACT_AT, &r, "i", was);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    bool mirrored = db_i64(r, 1) != 0;
    int64_t remote = db_i64(r, 9);
    if (o->customer_id > 0
            ? remote == o->customer_id
            : (remote == 0 || mirrored) && str_eq(db_text(r, 8), o->email_key))
        *ret = read_known(r, o);
    return 0;
}

static void add_text(struct search_batch *texts, int64_t id,
                     const struct order *o, bool fresh) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_adds(&b, text(o->sort_name));
    buf_addc(&b, '\n');
    buf_adds(&b, text(o->email_key));
    buf_addc(&b, '\n');
    fold_text(&b, text(o->phone), strlen(text(o->phone)));
    search_add(texts, id, buf_str(&b), fresh);
}

static int make(struct db_tx *tx, struct search_batch *texts, int64_t store_id,
                const struct order *o, int64_t *ret) {
    int rc = db_run(tx, STMT_CONTACT_INSERT, "Siisssssssiibb", store_id,
                    o->customer_id, (int64_t)0, text(o->email),
                    text(o->email_key), text(o->name), text(o->sort_name),
                    text(o->phone), text(o->city), text(o->country),
                    o->created_ms, (int64_t)0, "", (size_t)0, "", (size_t)0);
    if (rc < 0)
        return rc;
    *ret = db_last_id(tx);
    add_text(texts, *ret, o, true);
    return 0;
}

static int renew(struct db_tx *tx, struct search_batch *texts,
                 const struct known *k, const struct order *o) {
    if (k->mirrored || o->created_ms < k->created_ms)
        return 0;
    int rc = 0;
    if (!k->same)
        rc = db_run(tx, STMT_CONTACT_NEWER, "sssssssi", text(o->email),
                    text(o->email_key), text(o->name), text(o->sort_name),
                    text(o->phone), text(o->city), text(o->country), k->id);
    if (rc > 0)
        add_text(texts, k->id, o, false);
    if (rc >= 0 && o->created_ms > k->created_ms)
        rc = db_run(tx, STMT_CONTACT_DATE, "ii", o->created_ms, k->id);
    return rc < 0 ? rc : 0;
}

int contact_resolve(struct db_tx *tx, struct search_batch *texts,
                    int64_t store_id, const struct order *o, int64_t was,
                    int64_t *ret) {
    struct known k = {0};
    if (o->customer_id <= 0 && str_empty(o->email_key)) {
        *ret = 0;
        return 0;
    }
    int rc = was ? still(tx, o, was, &k) : 0;
    if (rc >= 0 && k.id == 0)
        rc = o->customer_id > 0 ? by_account(tx, store_id, o, &k)
                                : by_email(tx, store_id, o, &k);
    if (rc < 0)
        return rc;
    if (k.id == 0)
        return make(tx, texts, store_id, o, ret);
    *ret = k.id;
    return renew(tx, texts, &k, o);
}

int contact_for_order(struct db_tx *tx, int64_t store_id, const struct order *o,
                      int64_t *ret) {
    AUTO_SEARCH struct search_batch texts = SEARCH_INIT(&search_contacts);
    int64_t id;
    int rc = contact_resolve(tx, &texts, store_id, o, 0, &id);
    if (rc >= 0)
        rc = search_flush(&texts, tx);
    if (rc >= 0)
        *ret = id;
    return rc;
}

int contact_release(struct db_tx *tx, struct search_batch *texts, int64_t id,
                    int64_t to) {
    if (id == 0)
        return 0;
    int rc = db_run(tx, STMT_CONTACT_DROP_UNUSED, "i", id);
    if (rc <= 0)
        return rc;
    search_add(texts, id, NULL, false);
    return contact_marks_leave(tx, id, to);
}

int contact_absorb_guest(struct db_tx *tx, struct search_batch *texts,
                         int64_t store_id, const char *email_key, int64_t id) {
    int64_t guest;
    if (str_empty(email_key))
        return 0;
    int rc =
        db_value(tx, STMT_CONTACT_GUEST, &guest, "sS", email_key, store_id);
    if (rc <= 0)
        return rc;
    rc = db_run(tx, STMT_CONTACT_ORDERS_MOVE, "ii", id, guest);
    if (rc >= 0)
        rc = contact_marks_leave(tx, guest, id);
    if (rc >= 0)
        rc = db_run(tx, STMT_CONTACT_DROP, "i", guest);
    if (rc >= 0)
        search_add(texts, guest, NULL, false);
    return rc < 0 ? rc : 0;
}
