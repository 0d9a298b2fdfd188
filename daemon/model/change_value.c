#include "model/change_value.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/entities.h"
#include "common/gtin.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/money.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/category_list.h"
#include "model/list.h"

enum { CATEGORIES_MAX = 500 };

static const char *keep(struct arena *a, const struct buf *b) {
    return arena_dupn(a, buf_str(b), b->len);
}

static const char *print(struct arena *a, const struct json *v) {
    AUTO_BUF struct buf b = BUF_INIT;
    json_print(&b, v);
    return keep(a, &b);
}

static const char *quoted(struct arena *a, const char *s) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_string(&w, s);
    return keep(a, &b);
}

const char *change_value_meta(const char *path, struct arena *a) {
    size_t n = strlen(path);
    if (!str_starts(path, "meta[") || n < 7 || path[n - 1] != ']')
        return NULL;
    return arena_dupn(a, path + 5, n - 6);
}

static int by_id(const void *x, const void *y) {
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

/* [{"id":3},...] or [3,...], in any order, as [3,...] ascending. */
static const char *categories(const struct json *v, struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    int64_t ids[CATEGORIES_MAX];
    size_t n = 0;
    for (const struct json *c = json_first(v); c && n < CATEGORIES_MAX;
         c = json_next(c)) {
        const struct json *id =
            json_type(c) == JSON_OBJECT ? json_get(c, "id") : c;
        if (json_i64(id, true, &ids[n]) == 0)
            n++;
    }
    if (n)
        qsort(ids, n, sizeof *ids, by_id);
    buf_addc(&b, '[');
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, i ? ",%lld" : "%lld", (long long)ids[i]);
    buf_addc(&b, ']');
    return keep(a, &b);
}

/* Shops give meta data back as text whatever it was: 12 comes as "12". */
static const char *meta_text(const struct json *v, struct arena *a) {
    char number[40];
    const char *s = json_text(v, number);
    return s ? quoted(a, s) : print(a, v);
}

/* Names come entity-encoded from WooCommerce, everything else raw
 * (woocommerce-facts 11). */
static const char *decoded(const struct json *v, struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *s = json_string(v);
    if (!s)
        return print(a, v);
    entities_decode(&b, s);
    return quoted(a, buf_str(&b));
}

/* Hyphens and blanks are people's; what is no number stays as the shop has it.
 */
static const char *gtin(const struct json *v, struct arena *a) {
    char digits[GTIN_TEXT];
    const char *s = json_string(v);
    return s && gtin_digits(digits, s) == 0 ? quoted(a, digits) : print(a, v);
}

static const char *canonical(const struct json *v, const char *path,
                             struct arena *a) {
    if (!v || json_type(v) == JSON_NULL)
        return "null";
    if (str_eq(path, "categories"))
        return categories(v, a);
    if (str_eq(path, "name"))
        return decoded(v, a);
    if (str_eq(path, CHANGE_GTIN))
        return gtin(v, a);
    return str_starts(path, "meta[") ? meta_text(v, a) : print(a, v);
}

static const struct json *meta_of(const struct json *object, const char *key) {
    for (const struct json *m = json_first(json_get(object, "meta_data")); m;
         m = json_next(m))
        if (str_eq(json_string(json_get(m, "key")), key))
            return json_get(m, "value");
    return NULL;
}

const char *change_value_of(const struct json *object, enum mirror_kind kind,
                            const char *path, struct arena *a) {
    const char *key = change_value_meta(path, a);
    const struct json *v = key ? meta_of(object, key)
                           : str_eq(path, "stock")
                               ? json_get(object, "stock_quantity")
                               : json_path(object, path);
    (void)kind;
    return canonical(v, path, a);
}

int change_value_canonical(const char *json, const char *path, struct arena *a,
                           const char **ret) {
    const struct json *v;
    if (json_parse(a, json, strlen(json), NULL, &v, NULL) < 0)
        return ERR_INVALID;
    *ret = canonical(v, path, a);
    return 0;
}

static bool is_decimal(const char *path) {
    return str_ends(path, "_price") || str_eq(path, "weight") ||
           str_starts(path, "dimensions.");
}

/* Text of a JSON text; "" for null. */
static const char *plain(const char *json, struct arena *a) {
    const struct json *v;
    char number[40];
    if (json_parse(a, json, strlen(json), NULL, &v, NULL) < 0)
        return json;
    const char *s = json_text(v, number);
    return s ? list_keep(a, s) : json_type(v) == JSON_NULL ? "" : json;
}

bool change_value_same(const char *path, const char *x, const char *y,
                       struct arena *a) {
    int64_t i, j;
    if (str_eq(x, y))
        return true;
    if (!x || !y)
        return false;
    const char *s = plain(x, a), *t = plain(y, a);
    if (is_decimal(path) && money_parse(s, MONEY_SCALE, &i) == 0 &&
        money_parse(t, MONEY_SCALE, &j) == 0)
        return i == j;
    return str_eq(s, t);
}

bool change_value_accepted(const char *path, const char *base,
                           const char *accept, const char *v, struct arena *a) {
    const struct json *list;
    if (base && change_value_same(path, base, v, a))
        return true;
    if (!accept || json_parse(a, accept, strlen(accept), NULL, &list, NULL) < 0)
        return false;
    for (const struct json *c = json_first(list); c; c = json_next(c))
        if (change_value_same(path, print(a, c), v, a))
            return true;
    return false;
}

static int on_its_way(const struct change_source *s, const char *path,
                      const char **ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(s->tx, STMT_CHANGE_WANTED, &r, "Ssis", s->store_id,
                      mirror_kind_name(s->kind), s->remote_id, path);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        *ret = list_keep(s->a, db_text(r, 0));
    return rc;
}

/* Categories are not kept as received: their row says what they are. */
static int category_now(const struct change_source *s, const char *path,
                        const char **ret) {
    struct category_item *c;
    size_t n;
    int rc = category_list(s->tx, s->store_id, s->a, &c, &n);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n; i++) {
        if (c[i].remote_id != s->remote_id)
            continue;
        /* of anything else the base is not known */
        *ret = str_eq(path, "name")   ? quoted(s->a, c[i].name)
               : str_eq(path, "slug") ? quoted(s->a, c[i].slug)
                                      : NULL;
        return 0;
    }
    return ERR_NOT_FOUND;
}

static int read_object(struct change_source *s) {
    const char *raw;
    size_t n;
    int rc =
        mirror_raw(s->tx, s->kind, s->store_id, s->remote_id, s->a, &raw, &n);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    return json_parse(s->a, raw, n, NULL, &s->object, NULL) < 0 ? ERR_DB_CORRUPT
                                                                : 0;
}

int change_value_next(struct change_source *s, const char *path,
                      const char **ret) {
    int rc = on_its_way(s, path, ret);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    if (s->kind == MIRROR_CATEGORY)
        return category_now(s, path, ret);
    rc = s->object ? 0 : read_object(s);
    if (rc >= 0)
        *ret = change_value_of(s->object, s->kind, path, s->a);
    return rc;
}

int change_value_now(struct db_tx *tx, int64_t store_id, enum mirror_kind kind,
                     int64_t remote_id, const char *path, struct arena *a,
                     const char **ret) {
    struct change_source s = {.tx = tx,
                              .store_id = store_id,
                              .kind = kind,
                              .remote_id = remote_id,
                              .a = a};
    return change_value_next(&s, path, ret);
}
