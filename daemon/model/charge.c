#include "model/charge.h"

#include <string.h>

#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/feed.h"
#include "model/list.h"

const char *charge_format(char dst[CHARGE_TEXT], int64_t id) {
    (void)str_format(dst, CHARGE_TEXT, "C-%lld", (long long)id);
    return dst;
}

int charge_parse(const char *text, int64_t *ret_id) {
    bool prefixed = str_starts(text, "C-") || str_starts(text, "c-");
    return str_to_i64(text + (prefixed ? 2 : 0), 1, INT64_MAX, ret_id) < 0
               ? ERR_INVALID
               : 0;
}

static void read_row(struct db_rows *r, struct arena *a, struct charge *ret) {
    *ret = (struct charge){.id = db_i64(r, 0),
                           .store_id = db_i64(r, 1),
                           .remote_id = db_i64(r, 2),
                           .type = list_keep(a, db_text(r, 3)),
                           .amount_e4 = db_i64(r, 4),
                           .currency = list_keep(a, db_text(r, 5)),
                           .note = list_keep(a, db_text(r, 6)),
                           .author = list_keep(a, db_text(r, 7)),
                           .created_ms = db_i64(r, 8),
                           .billed_id = db_i64(r, 9),
                           .tenant = list_keep(a, db_text(r, 10))};
}

/* Open screens of the order read it again. */
static int tell(struct db_tx *tx, const struct charge *c) {
    return feed_add(tx, "order", c->store_id, c->remote_id,
                    "{\"part\":\"charges\"}");
}

static bool is_currency(const char *s) {
    return strlen(s) == 3 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

int charge_add(struct db_tx *tx, struct charge *c, struct error *e) {
    if (c->amount_e4 == 0)
        return error_set(e, ERR_INVALID, "amount", "nothing is no charge");
    if (!is_currency(c->currency))
        return error_set(e, ERR_INVALID, "currency",
                         "a currency is three letters, as EUR");
    int rc = db_run(tx, STMT_CHARGE_ADD, "Sisisssi", c->store_id, c->remote_id,
                    c->type, c->amount_e4, c->currency, c->note, c->author,
                    db_now(tx));
    if (rc < 0)
        return rc;
    c->id = db_last_id(tx);
    c->created_ms = db_now(tx);
    return tell(tx, c);
}

int charge_get(struct db_tx *tx, int64_t id, struct arena *a,
               struct charge *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_CHARGE_BY_ID, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || !db_scope_has(db_get_scope(tx), db_i64(r, 1)))
        return rc < 0 ? rc : 0;
    read_row(r, a, ret);
    return 1;
}

int charge_remove(struct db_tx *tx, const struct charge *c, struct error *e) {
    int rc = db_run(tx, STMT_CHARGE_REMOVE, "i", c->id);
    if (rc == 0)
        return error_set(e, ERR_CONFLICT, "charge",
                         "it stands on an invoice: charge the opposite "
                         "amount");
    return rc < 0 ? rc : tell(tx, c);
}

int charge_list(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                int64_t after, struct arena *a, struct charge **ret,
                size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    struct charge *all = arena_alloc(a, CHARGES_MAX * sizeof *all);
    size_t n = 0;
    int rc =
        db_query(tx, STMT_CHARGES_OF, &r, "Sii", store_id, remote_id, after);
    while (rc >= 0 && n < CHARGES_MAX && (rc = db_step(r)) > 0)
        read_row(r, a, &all[n++]);
    if (rc < 0)
        return rc;
    *ret = all;
    *ret_n = n;
    return 0;
}
