#include <stdlib.h>
#include <string.h>

#include "tests/shop/list.h"

static bool listed(const char *list, const char *value) {
    size_t n = strlen(value);
    for (const char *p = list; *p;) {
        size_t len = strcspn(p, ",");
        if (len == n && memcmp(p, value, n) == 0)
            return true;
        p += len + (p[len] == ',');
    }
    return false;
}

static bool status_match(const struct store *s, const struct list_query *q,
                         const struct obj *o) {
    enum kind k = q->spec->kind;
    if (k > K_COUPON || k == K_REFUND)
        return k != K_WEBHOOK || !q->status || listed(q->status, "all") ||
               listed(q->status, o->status);
    if (!q->status || listed(q->status, "any"))
        return !o->hidden && !(o->unlisted && s->hpos); /* posts list those */
    return listed(q->status, o->status);
}

static bool dates_match(const struct list_query *q, const struct obj *o) {
    return (!q->after || o->created > q->after) &&
           (!q->before || o->created < q->before) &&
           (!q->modified_after || o->modified > q->modified_after) &&
           (!q->modified_before || o->modified < q->modified_before);
}

static bool excluded(const struct list_query *q, int64_t id) {
    for (size_t i = 0; i < q->exclude_n; i++)
        if (q->exclude[i] == id)
            return true;
    return false;
}

static bool number_match(const struct exchange *x, const char *key,
                         int64_t value) {
    const char *s = exchange_param(x, key);
    return !s || strtoll(s, NULL, 10) == value;
}

/* The object's text holds "key":"value" or "key":value. */
static bool holds(const struct obj *o, const char *key, const char *value,
                  bool quoted) {
    AUTO_BUF struct buf want = BUF_INIT;
    buf_addf(&want, "\"%s\":", key);
    if (quoted)
        node_quote(&want, value, strlen(value));
    else
        buf_adds(&want, value);
    const char *at = o->text;
    size_t left = o->n;
    while ((at = memmem(at, left, want.data, want.len))) {
        char after = at[want.len];
        if (after == ',' || after == '}')
            return true;
        at++;
        left = o->n - (size_t)(at - o->text);
    }
    return false;
}

static bool order_match(const struct exchange *x, const struct obj *o) {
    const char *product = exchange_param(x, "product");
    const char *via = exchange_param(x, "created_via");
    return number_match(x, "customer", o->customer) &&
           (!product || holds(o, "product_id", product, false)) &&
           (!via || holds(o, "created_via", via, true));
}

static bool product_match(const struct exchange *x, const struct obj *o) {
    const char *type = exchange_param(x, "type"),
               *sku = exchange_param(x, "sku"),
               *slug = exchange_param(x, "slug"),
               *stock = exchange_param(x, "stock_status"),
               *category = exchange_param(x, "category");
    return (!type || holds(o, "type", type, true)) &&
           (!sku || listed(sku, o->sku)) &&
           (!slug || holds(o, "slug", slug, true)) &&
           (!stock || holds(o, "stock_status", stock, true)) &&
           (!category || holds(o, "id", category, false));
}

static bool customer_match(const struct exchange *x, const struct obj *o) {
    const char *email = exchange_param(x, "email"),
               *role = exchange_param(x, "role");
    if (email && strcmp(email, o->sku) != 0)
        return false;
    if (role && strcmp(role, "all") == 0)
        return true;
    return holds(o, "role", role ? role : "customer", true);
}

static bool kind_match(const struct exchange *x, const struct list_query *q,
                       const struct obj *o) {
    switch (q->spec->kind) {
    case K_ORDER:
        return order_match(x, o);
    case K_PRODUCT:
    case K_VARIATION:
        return product_match(x, o);
    case K_CUSTOMER:
        return customer_match(x, o);
    case K_CATEGORY:
    case K_TAG:
        return number_match(x, "parent", o->parent);
    default:
        return true;
    }
}

bool list_matches(const struct exchange *x, const struct list_query *q,
                  const struct obj *o) {
    if (q->spec->parent && o->parent != q->spec->parent)
        return false;
    if (!status_match(x->s, q, o) || !dates_match(q, o) || excluded(q, o->id) ||
        !kind_match(x, q, o))
        return false;
    if (!q->search || !*q->search)
        return true;
    AUTO_BUF struct buf want = BUF_INIT;
    node_quote(&want, q->search, strlen(q->search));
    return memmem(o->text, o->n, want.data + 1, want.len - 2) != NULL;
}
