#include "model/at_bin.h"

#include "common/gtin.h"
#include "common/ref.h"
#include "db/sql.h"
#include "model/item.h"
#include "model/store.h"

enum { SAME_CODE_MAX = 64 };

int at_bin_get(struct db_tx *tx, const char *work, const char *author,
               struct bin *ret) {
    int64_t id;
    int rc = db_value(tx, STMT_AT_BIN_GET, &id, "ss", work, author);
    return rc <= 0 ? rc : bin_by_id(tx, id, ret);
}

int at_bin_set(struct db_tx *tx, const char *work, const char *author,
               int64_t bin_id) {
    int rc = db_run(tx, STMT_AT_BIN_PUT, "ssi", work, author, bin_id);
    return rc < 0 ? rc : 0;
}

int at_bin_end(struct db_tx *tx, const char *work) {
    int rc = db_run(tx, STMT_AT_BIN_DROP, "s", work);
    return rc < 0 ? rc : 0;
}

struct listed {
    int64_t store_id, remote_id;
};

static int read_code(struct db_tx *tx, enum stmt_id id, const char *code,
                     int64_t tenant_id, struct listed *ret, int *n) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, id, &r, "si", code, tenant_id);
    while (rc >= 0 && *n < SAME_CODE_MAX && (rc = db_step(r)) > 0)
        ret[(*n)++] = (struct listed){db_i64(r, 0), db_i64(r, 1)};
    return rc;
}

static int read_products(struct db_tx *tx, int64_t tenant_id, const char *code,
                         bool known, struct listed *ret) {
    char key[GTIN_TEXT];
    int n = 0;
    int rc =
        known ? 0 : read_code(tx, STMT_CODE_PRODUCTS, code, tenant_id, ret, &n);
    if (rc >= 0 && *gtin_key(key, code))
        rc = read_code(tx, STMT_CODE_GTIN, key, tenant_id, ret, &n);
    return rc < 0 ? rc : n;
}

/* Products of the company that show the code, as their SKU or in bars: one
 * item, or it is not told which (variations that only show their product's
 * SKU, goods with one number). *ret_item is the one that has it for its SKU, or
 * 0. 1 found, 0 not. */
static int by_code(struct db_tx *tx, int64_t tenant_id, const char *code,
                   int64_t *ret_item, struct error *e) {
    static const struct db_scope everywhere = {.all = true};
    const struct db_scope *mine = db_get_scope(tx);
    struct listed l[SAME_CODE_MAX];
    int64_t id = 0, first = *ret_item;
    int n = read_products(tx, tenant_id, code, first != 0, l);
    int rc = n;
    /* the pile is the company's: a shop of it the caller does not work for may
     * be the one that lists it */
    db_set_scope(tx, &everywhere);
    for (int i = 0; rc >= 0 && i < n; i++) {
        rc = item_ensure(tx, l[i].store_id, l[i].remote_id, &id);
        first = first ? first : id;
        if (rc >= 0 && id != first)
            rc = error_set(e, ERR_CONFLICT, "code",
                           "several products have the code %.60s: type the "
                           "reference of one, as in alpine:34",
                           code);
    }
    db_set_scope(tx, mine);
    if (rc >= 0 && n > 0)
        *ret_item = first;
    return rc < 0 ? rc : n > 0;
}

/* "alpine:34" of that company: 1, 0. */
static int by_ref(struct db_tx *tx, int64_t tenant_id, const char *code,
                  int64_t *ret_item) {
    struct store s = {0};
    struct ref ref;
    int64_t tenant = 0, id;
    if (ref_parse(code, &ref) < 0 || ref.kind != REF_OBJECT)
        return 0;
    int rc = store_by_name(tx, ref.store, &s);
    int64_t store_id = s.id;
    store_done(&s);
    if (rc > 0)
        rc = db_value(tx, STMT_TENANT_OF_STORE, &tenant, "S", store_id);
    if (rc <= 0 || tenant != tenant_id)
        return rc < 0 ? rc : 0;
    rc = item_ensure(tx, store_id, ref.id, &id);
    if (rc == ERR_NOT_FOUND || rc == ERR_INVALID)
        return 0;
    if (rc >= 0)
        *ret_item = id;
    return rc < 0 ? rc : 1;
}

int at_bin_item(struct db_tx *tx, int64_t tenant_id, const char *code,
                int64_t *ret_item, struct error *e) {
    int64_t item = 0;
    int rc = item_by_sku(tx, tenant_id, code, &item);
    if (rc >= 0) {
        int found = by_code(tx, tenant_id, code, &item, e);
        rc = found != 0 ? found : rc;
    }
    if (rc == 0)
        rc = by_ref(tx, tenant_id, code, &item);
    if (rc > 0)
        *ret_item = item;
    if (rc == 0)
        return error_set(e, ERR_NOT_FOUND, "code",
                         "%.60s is no bin, and no SKU, number in bars or "
                         "reference of a product",
                         code);
    return rc < 0 ? rc : 0;
}
