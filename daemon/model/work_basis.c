/* What work rests on, a digest a part: the effective status, where the parcel
 * goes and what is wanted. What is on its way to the shop counts as if the shop
 * had it, so that our own change does not stop the work a second time when it
 * is confirmed. */
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/change_value.h"
#include "model/fulfil.h"
#include "model/work.h"

static const char *const address[] = {
    "first_name", "last_name", "company",  "address_1", "address_2",
    "city",       "state",     "postcode", "country",   "phone"};

/* Each text behind its length: no two orders give the same bytes. */
static void add_text(struct buf *b, const char *s) {
    buf_addf(b, "%zu:%s", strlen(s), s);
}

struct basis {
    struct db_tx *tx;
    struct arena *a;
    int64_t store_id, remote_id;
    const struct json *order; /* NULL: not kept */
};

static int add_field(const struct basis *k, const char *part, const char *name,
                     struct buf *out, bool *any) {
    AUTO_ROWS struct db_rows *r = NULL;
    char path[40];
    const char *v = "null";
    (void)str_format(path, sizeof path, "%s.%s", part, name);
    if (k->order)
        v = change_value_of(k->order, MIRROR_ORDER, path, k->a);
    int rc = db_query(k->tx, STMT_CHANGE_WANTED, &r, "Ssis", k->store_id,
                      "order", k->remote_id, path);
    if (rc >= 0)
        rc = db_step(r);
    if (rc < 0)
        return rc;
    if (rc > 0)
        v = db_text(r, 0);
    /* absent and empty are one */
    v = str_eq(v, "null") ? "\"\"" : v;
    *any |= !str_eq(v, "\"\"");
    add_text(out, v);
    return 0;
}

/* The parcel goes to the shipping address; to the one of the bill where the
 * order has no other. */
static int add_address(const struct basis *k, struct buf *out) {
    bool any = false;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof address / sizeof *address; i++)
        rc = add_field(k, "shipping", address[i], out, &any);
    bool own = any;
    for (size_t i = 0; !own && rc >= 0 && i < sizeof address / sizeof *address;
         i++)
        rc = add_field(k, "billing", address[i], out, &any);
    return rc;
}

static int add_status(const struct basis *k, struct buf *out) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(k->tx, STMT_ORDER_STATUS_OF, &r, "Si", k->store_id,
                      k->remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    add_text(out, db_text(r, 1));
    return 0;
}

/* What is in parcels already is wanted all the same: sending the first of two
 * changes nothing for the second. */
static int add_lines(const struct basis *k, struct buf *out) {
    struct fulfil_line *l;
    size_t n;
    int rc = fulfil_lines(k->tx, k->store_id, k->remote_id, k->a, &l, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        buf_addf(out, "|%lld,%lld,%lld,%lld", (long long)l[i].line_id,
                 (long long)l[i].product_id, (long long)l[i].ordered_e3,
                 (long long)l[i].refunded_e3);
    return rc;
}

/* Digest of what stands in b, which is emptied. */
static void take(struct buf *b, uint8_t ret[8]) {
    uint8_t whole[DIGEST_KEY];
    digest_truth(buf_str(b), b->len, whole);
    memcpy(ret, whole, 8);
    buf_clear(b);
}

int work_basis_now(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   struct arena *a, uint8_t ret[WORK_BASIS]) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct basis k = {tx, a, store_id, remote_id, NULL};
    const char *raw;
    size_t n;
    uint8_t now[WORK_BASIS] = {0};
    int rc = add_status(&k, &b);
    take(&b, now);
    if (rc >= 0)
        rc = mirror_raw(tx, MIRROR_ORDER, store_id, remote_id, a, &raw, &n);
    if (rc > 0)
        rc = json_parse(a, raw, n, NULL, &k.order, NULL);
    if (rc >= 0)
        rc = add_address(&k, &b);
    take(&b, now + 8);
    if (rc >= 0)
        rc = add_lines(&k, &b);
    take(&b, now + 16);
    if (rc < 0)
        return rc;
    memcpy(ret, now, sizeof now);
    return 0;
}

unsigned work_basis_differs(const struct work *w,
                            const uint8_t now[WORK_BASIS]) {
    unsigned parts = 0;
    for (size_t i = 0; i < WORK_PARTS; i++)
        if (memcmp(w->basis + 8 * i, now + 8 * i, 8) != 0)
            parts |= 1U << i;
    return parts;
}

const char *work_part_name(enum work_part p) {
    return p == WORK_STATUS    ? "status"
           : p == WORK_ADDRESS ? "address"
                               : "lines";
}

int work_basis_accept(struct db_tx *tx, struct work *w, struct arena *a) {
    uint8_t now[WORK_BASIS];
    int rc = work_basis_now(tx, w->store_id, w->remote_id, a, now);
    if (rc >= 0)
        rc = db_run(tx, STMT_WORK_BASIS_PUT, "bi", now, sizeof now, w->id);
    if (rc < 0)
        return rc;
    memcpy(w->basis, now, sizeof now);
    return 0;
}
