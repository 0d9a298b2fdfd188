#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/zone.h"
#include "tests/shop/list.h"
#include "tests/shop/schema.h"

int64_t *list_ids(struct arena *a, const char *text, size_t *ret_n) {
    size_t n = 0, room = strlen(text) / 2 + 1;
    int64_t *v = arena_alloc(a, room * sizeof *v);
    for (const char *p = text; *p;) {
        char *end;
        int64_t id = strtoll(p, &end, 10);
        if (end > p && n < room)
            v[n++] = id;
        p = *end ? end + 1 : end;
    }
    *ret_n = n;
    return v;
}

/* Zone at the end of a date: none, Z or +hh:mm in seconds. */
static bool zone_read(const char *p, bool *ret_has, int64_t *ret_s) {
    int h = 0, m = 0, used = 0;
    if (*p == '.')
        p += 1 + strspn(p + 1, "0123456789");
    *ret_has = *p != 0;
    *ret_s = 0;
    if (!*p)
        return true;
    if ((*p == 'Z' || *p == 'z') && !p[1])
        return true;
    if ((*p != '+' && *p != '-' && *p != ' ') ||
        sscanf(p + 1, "%2d:%2d%n", &h, &m, &used) != 2 || p[1 + used])
        return false;
    *ret_s = (*p == '-' ? -1 : 1) * (h * 3600 + m * 60); /* ' ' was a '+' */
    return true;
}

bool list_read_date(const struct store *s, const char *text, bool gmt,
                    int64_t *ret) {
    struct tm tm = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    bool has_zone;
    int64_t east;
    if (!rest || !zone_read(rest, &has_zone, &east))
        return false;
    int64_t t = (int64_t)timegm(&tm);
    if (has_zone)
        t -= east;
    /* The trap: WordPress turns a date with a zone into site time first, and
     * then reads that as UTC. */
    if (has_zone == gmt) {
        int64_t off = zone_offset(s->zone, t * 1000);
        t += has_zone ? off : -off;
    }
    *ret = t;
    return true;
}

static bool number(struct exchange *x, const char *key, int64_t low,
                   int64_t high, int64_t *ret) {
    char text[160], *end;
    const char *s = exchange_param(x, key);
    if (!s)
        return true;
    int64_t v = strtoll(s, &end, 10);
    if (!*s || *end) {
        (void)snprintf(text, sizeof text, "%s is not of type integer.", key);
        reply_invalid(x, key, "rest_invalid_type", text, key);
        return false;
    }
    if (v < low || v > high) {
        if (high == INT64_MAX)
            (void)snprintf(text, sizeof text,
                           "%s must be greater than or equal to %" PRId64, key,
                           low);
        else
            (void)snprintf(text, sizeof text,
                           "%s must be between %" PRId64
                           " (inclusive) and %" PRId64 " (inclusive)",
                           key, low, high);
        reply_invalid(x, key, "rest_out_of_bounds", text, NULL);
        return false;
    }
    *ret = v;
    return true;
}

static bool date(struct exchange *x, const char *key, int64_t *ret) {
    const char *s = exchange_param(x, key);
    const char *gmt = exchange_param(x, "dates_are_gmt");
    bool flag = gmt && (!strcmp(gmt, "true") || !strcmp(gmt, "1"));
    if (!s || list_read_date(x->s, s, flag, ret))
        return true;
    reply_invalid(x, key, "rest_invalid_date", "Invalid date.", NULL);
    return false;
}

static bool dates(struct exchange *x, struct list_query *q) {
    return !q->spec->dates ||
           (date(x, "after", &q->after) && date(x, "before", &q->before) &&
            date(x, "modified_after", &q->modified_after) &&
            date(x, "modified_before", &q->modified_before));
}

static bool status_check(struct exchange *x, struct list_query *q) {
    static const char orders[] =
        "any,trash,auto-draft,pending,processing,on-hold,completed,cancelled,"
        "refunded,failed,checkout-draft";
    static const char products[] =
        "any,future,trash,draft,pending,private,publish";
    enum kind k = q->spec->kind;
    q->status = exchange_param(x, "status");
    if (!q->status)
        q->status = exchange_param(x, "status[]");
    if (!q->status || (k != K_ORDER && k != K_PRODUCT && k != K_VARIATION))
        return true;
    for (const char *p = q->status; *p;) {
        size_t n = strcspn(p, ",");
        const char *one = arena_dupn(x->a, p, n);
        if (!schema_enum(x, "status", k == K_ORDER ? "status[0]" : "status",
                         k == K_ORDER ? orders : products, one))
            return false;
        p += n + (p[n] == ',');
    }
    return true;
}

static bool order_check(struct exchange *x, struct list_query *q) {
    const char *by = exchange_param(x, "orderby"),
               *order = exchange_param(x, "order");
    if (by && !schema_enum(x, "orderby", "orderby", q->spec->orderby, by))
        return false;
    if (order && !schema_enum(x, "order", "order", "asc,desc", order))
        return false;
    size_t n = strcspn(q->spec->orderby, ",");
    (void)snprintf(q->orderby, sizeof q->orderby, "%.*s", (int)n,
                   q->spec->orderby);
    if (by)
        (void)snprintf(q->orderby, sizeof q->orderby, "%s", by);
    q->descending = order ? strcmp(order, "desc") == 0 : !q->spec->ascending;
    return true;
}

/* "include=1,2" or "include[]=1&include[]=2". */
static int64_t *ids(struct exchange *x, const char *key, const char *many,
                    size_t *ret_n, bool *ret_given) {
    AUTO_BUF struct buf all = BUF_INIT;
    size_t n = strlen(many);
    for (size_t i = 0; i < x->params_n; i++) {
        const struct param *p = &x->params[i];
        if (strcmp(p->key, key) == 0 || strncmp(p->key, many, n) == 0)
            buf_addf(&all, "%s,", p->value);
    }
    *ret_given = all.len > 1;
    return list_ids(x->a, buf_str(&all), ret_n);
}

static bool filters_given(const struct exchange *x) {
    static const char *const keys[] = {
        "customer", "product", "created_via",  "type",     "sku", "slug",
        "parent",   "email",   "stock_status", "category", "role"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (exchange_param(x, keys[i]))
            return true;
    return false;
}

bool list_read(struct exchange *x, const struct list_spec *spec,
               struct list_query *q) {
    bool given;
    *q = (struct list_query){
        .spec = spec, .per_page = 10, .page = 1, .offset = -1};
    q->filtered = filters_given(x) || spec->kind == K_CUSTOMER;
    q->search = exchange_param(x, "search");
    q->include = ids(x, "include", "include[", &q->include_n, &q->has_include);
    q->exclude = ids(x, "exclude", "exclude[", &q->exclude_n, &given);
    return number(x, "per_page", 1, 100, &q->per_page) &&
           number(x, "page", 1, INT64_MAX, &q->page) &&
           number(x, "offset", 0, INT64_MAX, &q->offset) && order_check(x, q) &&
           status_check(x, q) && dates(x, q);
}
