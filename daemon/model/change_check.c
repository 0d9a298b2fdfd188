#include "model/change_check.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/gtin.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/money.h"
#include "common/str.h"
#include "model/change_value.h"
#include "model/store.h"

enum { TEXT_MAX = 200, LONG_MAX = 20000, META_MAX = 64 * 1024 };

enum value_type {
    VALUE_STATUS,
    VALUE_TEXT,    /* one line */
    VALUE_LONG,    /* several */
    VALUE_PRICE,   /* "" takes it away */
    VALUE_DECIMAL, /* the same, no amount */
    VALUE_IDS,
    VALUE_BOOL,
    VALUE_META,
    VALUE_PRODUCT_STATUS,
    VALUE_EMAIL,
    VALUE_DELTA,
    VALUE_GTIN,
};

#define ORDERS (1u << MIRROR_ORDER)
#define PRODUCTS (1u << MIRROR_PRODUCT)
#define PEOPLE (1u << MIRROR_CUSTOMER)
#define TERMS (1u << MIRROR_CATEGORY)

static const struct path_rule {
    const char *path;
    unsigned kinds;
    enum value_type type;
} rules[] = {
    {"status", ORDERS, VALUE_STATUS},
    {"status", PRODUCTS, VALUE_PRODUCT_STATUS},
    {"customer_note", ORDERS, VALUE_LONG},
    {"regular_price", PRODUCTS, VALUE_PRICE},
    {"sale_price", PRODUCTS, VALUE_PRICE},
    {"name", PRODUCTS | TERMS, VALUE_TEXT},
    {"sku", PRODUCTS, VALUE_TEXT},
    {CHANGE_GTIN, PRODUCTS, VALUE_GTIN},
    {"categories", PRODUCTS, VALUE_IDS},
    {"weight", PRODUCTS, VALUE_DECIMAL},
    {"dimensions.length", PRODUCTS, VALUE_DECIMAL},
    {"dimensions.width", PRODUCTS, VALUE_DECIMAL},
    {"dimensions.height", PRODUCTS, VALUE_DECIMAL},
    {"description", PRODUCTS | TERMS, VALUE_LONG},
    {"short_description", PRODUCTS, VALUE_LONG},
    {"manage_stock", PRODUCTS, VALUE_BOOL},
    {"stock", PRODUCTS, VALUE_DELTA},
    {"email", PEOPLE, VALUE_EMAIL},
    {"first_name", PEOPLE, VALUE_TEXT},
    {"last_name", PEOPLE, VALUE_TEXT},
    {"slug", TERMS, VALUE_TEXT},
};

static const char *const address_fields[] = {
    "first_name", "last_name", "company", "address_1", "address_2", "city",
    "state",      "postcode",  "country", "phone",     "email"};

static bool is_address(const char *path) {
    const char *field = str_starts(path, "billing.")    ? path + 8
                        : str_starts(path, "shipping.") ? path + 9
                                                        : NULL;
    if (!field || str_eq(path, "shipping.email"))
        return false;
    for (size_t i = 0; i < sizeof address_fields / sizeof *address_fields; i++)
        if (str_eq(address_fields[i], field))
            return true;
    return false;
}

const char *change_check_field(size_t i, char dst[64]) {
    enum {
        RULES = sizeof rules / sizeof *rules,
        ADDRESS = sizeof address_fields / sizeof *address_fields
    };
    static const char *const sides[] = {"billing", "shipping"};
    size_t side = i < RULES ? 0 : (i - RULES) / ADDRESS;
    if (i < RULES)
        return rules[i].path;
    if (side > 1)
        return NULL;
    (void)str_format(dst, 64, "%s.%s", sides[side],
                     address_fields[(i - RULES) % ADDRESS]);
    return dst;
}

static int rule_of(const struct change_new *n, const char *path,
                   struct path_rule *ret) {
    unsigned kind = 1u << n->kind;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].kinds & kind && str_eq(rules[i].path, path)) {
            *ret = rules[i];
            return 0;
        }
    *ret = (struct path_rule){path, kind, VALUE_TEXT};
    if (kind & (ORDERS | PEOPLE) && is_address(path)) {
        if (str_eq(path, "billing.email"))
            ret->type = VALUE_EMAIL;
        return 0;
    }
    ret->type = VALUE_META;
    return str_starts(path, "meta[") && kind & (ORDERS | PRODUCTS)
               ? 0
               : ERR_INVALID;
}

static int status_known(struct db_tx *tx, int64_t store_id, const char *slug,
                        struct arena *a) {
    struct store_status *s;
    size_t n;
    int rc = store_statuses(tx, store_id, a, &s, &n);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        if (str_eq(s[i].slug, slug))
            return 1;
    /* a store whose list was never read knows core's */
    return n == 0 && status_phase_of(slug) != PHASE_UNMAPPED;
}

int change_check_status(struct db_tx *tx, int64_t store_id, const char *slug,
                        struct arena *a, struct error *e) {
    /* the shop makes a refund of it: money, that one person would move */
    if (str_eq(slug, "refunded"))
        return error_set(e, ERR_INVALID, "status",
                         "an order is refunded by a refund, which a second "
                         "person approves");
    int rc = status_known(tx, store_id, slug, a);
    if (rc < 0)
        return rc;
    return rc ? 0
              : error_set(e, ERR_INVALID, "status",
                          "the shop has no status \"%.60s\"", slug);
}

static bool is_line(const char *s, size_t max) {
    for (const char *p = s; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return false;
    return strlen(s) <= max;
}

static bool is_amount(const char *s) {
    int64_t v;
    return !*s || (*s != '-' && money_parse(s, MONEY_SCALE, &v) == 0);
}

static bool is_email(const char *s) {
    const char *at = strchr(s, '@');
    return !*s || (at && at > s && at[1] && !strchr(at + 1, '@') &&
                   !strpbrk(s, " <>\"\\,;") && is_line(s, 254));
}

static bool is_product_status(const char *s) {
    return str_eq(s, "publish") || str_eq(s, "draft") || str_eq(s, "pending") ||
           str_eq(s, "private");
}

static int bad(struct error *e, const char *path, const char *what) {
    return error_set(e, ERR_INVALID, path, "%s", what);
}

/* --- the number in bars ----------------------------------------------------
 */

/* WooCommerce has the field from 9.2 on; of an older one we know nothing, it
 * takes what it does not know without a word. */
static bool is_before_gtin(const char *version) {
    char *end;
    long major = strtol(version, &end, 10);
    long minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
    return *version && (major < 9 || (major == 9 && minor < 2));
}

/* The version is of when the shop was examined: an object read since that has
 * the field proves more. */
static int shop_has_gtin(struct db_tx *tx, const struct change_new *n,
                         struct arena *a, struct error *e) {
    struct store s = {0};
    const struct json *v = NULL;
    const char *raw;
    size_t len;
    int rc = store_by_id(tx, n->store_id, &s);
    bool old = rc > 0 && is_before_gtin(s.caps.wc_version);
    if (old && n->remote_id) {
        rc = mirror_raw(tx, n->kind, n->store_id, n->remote_id, a, &raw, &len);
        if (rc > 0 && json_parse(a, raw, len, NULL, &v, NULL) == 0)
            old = !json_get(v, CHANGE_GTIN);
    }
    if (rc >= 0 && old)
        rc = error_set(e, ERR_INVALID, "gtin",
                       "the shop runs WooCommerce %.20s, which keeps none: 9.2 "
                       "and later do; once it was updated, give its keys again "
                       "(stores.update)",
                       s.caps.wc_version);
    store_done(&s);
    return rc < 0 ? rc : 0;
}

static int check_gtin(struct db_tx *tx, const struct change_new *n,
                      const char *s, struct arena *a, struct error *e) {
    char digits[GTIN_TEXT];
    int rc = *s ? gtin_digits(digits, s) : 0;
    if (rc == ERR_RANGE)
        return bad(e, "gtin",
                   "a digit is wrong or missing: the last one does not fit "
                   "the others");
    if (rc < 0)
        return bad(e, "gtin", "8, 12, 13 or 14 digits, or empty for none");
    return *s ? shop_has_gtin(tx, n, a, e) : 0;
}

static int check_text(struct db_tx *tx, const struct change_new *n,
                      const struct path_rule *rule, const char *s,
                      struct arena *a, struct error *e) {
    switch (rule->type) {
    case VALUE_STATUS:
        return change_check_status(tx, n->store_id, s, a, e);
    case VALUE_PRODUCT_STATUS:
        return is_product_status(s)
                   ? 0
                   : bad(e, rule->path, "publish, draft, pending or private");
    case VALUE_EMAIL:
        return is_email(s) ? 0 : bad(e, rule->path, "not an e-mail address");
    case VALUE_PRICE:
    case VALUE_DECIMAL:
        return is_amount(s)
                   ? 0
                   : bad(e, rule->path, "a number like 12.50, with a point");
    case VALUE_GTIN:
        return check_gtin(tx, n, s, a, e);
    case VALUE_LONG:
        return strlen(s) <= LONG_MAX ? 0 : bad(e, rule->path, "too long");
    default:
        return is_line(s, TEXT_MAX)
                   ? 0
                   : bad(e, rule->path, "one line of 200 bytes at most");
    }
}

static int check_ids(const struct json *v, const char *path, struct error *e) {
    int64_t id;
    if (json_type(v) != JSON_ARRAY || json_count(v) > 100)
        return bad(e, path, "a list of category ids");
    for (const struct json *c = json_first(v); c; c = json_next(c))
        if (json_i64(c, false, &id) < 0 || id < 1)
            return bad(e, path, "a list of category ids");
    return 0;
}

/* Keys beginning with _ are the shop's or a plugin's own: some are properties
 * in disguise (_billing_email). */
static int check_meta(const char *path, const char *wanted, struct arena *a,
                      struct error *e) {
    const char *key = change_value_meta(path, a);
    if (!key || !is_line(key, 100) || strchr(key, '[') ||
        (key[0] == '_' && !str_starts(key, "_fulexo_")))
        return bad(e, path, "meta data of that key cannot be set");
    return strlen(wanted) <= META_MAX ? 0 : bad(e, path, "too long");
}

static int check_delta(const struct json *v, const char *path,
                       struct error *e) {
    int64_t d;
    return json_i64(v, true, &d) == 0 && d != 0 && d > -1000000 && d < 1000000
               ? 0
               : bad(e, path, "a whole number other than 0");
}

int change_check_path(struct db_tx *tx, const struct change_new *n,
                      struct change_path *p, struct arena *a, struct error *e) {
    struct path_rule rule;
    const struct json *v;
    bool flag;
    if (rule_of(n, p->path, &rule) < 0)
        return bad(e, p->path, "this cannot be changed");
    if (json_parse(a, p->wanted, strlen(p->wanted), NULL, &v, NULL) < 0)
        return bad(e, p->path, "not a value");
    int rc = rule.type == VALUE_IDS     ? check_ids(v, p->path, e)
             : rule.type == VALUE_META  ? check_meta(p->path, p->wanted, a, e)
             : rule.type == VALUE_DELTA ? check_delta(v, p->path, e)
             : rule.type == VALUE_BOOL  ? (json_bool(v, false, &flag) < 0
                                               ? bad(e, p->path, "true or false")
                                               : 0)
             : json_string(v) ? check_text(tx, n, &rule, json_string(v), a, e)
                              : bad(e, p->path, "a text");
    return rc < 0 ? rc
                  : change_value_canonical(p->wanted, p->path, a, &p->wanted);
}

int change_check_members(struct db_tx *tx, const struct change_new *n,
                         const struct json *members, struct arena *a,
                         struct error *e) {
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < sizeof rules / sizeof *rules; i++) {
        const struct json *v = json_path(members, rules[i].path);
        AUTO_BUF struct buf b = BUF_INIT;
        struct change_path p = {.path = rules[i].path};
        if (!v || !(rules[i].kinds & 1u << n->kind))
            continue;
        json_print(&b, v);
        p.wanted = buf_str(&b);
        rc = change_check_path(tx, n, &p, a, e);
    }
    return rc;
}

/* --- the bases of a status ----------------------------------------------- */

static bool may_come_from(enum status_phase to, enum status_phase from) {
    return to == PHASE_DONE   ? from == PHASE_TODO
           : to == PHASE_DEAD ? from == PHASE_UNPAID || from == PHASE_HELD
                              : false;
}

int change_check_accept(struct db_tx *tx, int64_t store_id, const char *wanted,
                        struct arena *a, const char **ret) {
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *v;
    struct store_status *s;
    struct jsonw w;
    size_t n;
    int rc = store_statuses(tx, store_id, a, &s, &n);
    if (rc >= 0)
        rc = json_parse(a, wanted, strlen(wanted), NULL, &v, NULL);
    if (rc < 0)
        return rc;
    enum status_phase to = status_phase_of(json_string(v));
    for (size_t i = 0; i < n; i++)
        if (str_eq(s[i].slug, json_string(v)))
            to = s[i].phase;
    jsonw_init(&w, &b);
    jsonw_begin_array(&w);
    for (size_t i = 0; i < n; i++)
        if (may_come_from(to, s[i].phase))
            jsonw_string(&w, s[i].slug);
    jsonw_end_array(&w);
    *ret = b.len > 2 ? arena_dupn(a, buf_str(&b), b.len) : NULL;
    return 0;
}
