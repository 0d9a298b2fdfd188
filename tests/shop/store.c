#include "tests/shop/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/zone.h"
#include "tests/shop/order.h"

static const char *const kind_names[KINDS] = {
    "orders",  "refunds",   "products",   "variations",
    "coupons", "customers", "categories", "tags",
    "taxes",   "webhooks",  "notes",      "fulfillments",
};

const char *store_kind_name(enum kind k) {
    return kind_names[k];
}

int store_kind_of(const char *name) {
    for (int k = 0; k < KINDS; k++)
        if (strcmp(kind_names[k], name) == 0)
            return k;
    return -1;
}

int64_t store_tick(const struct store *s) {
    return s->clock_s ? *s->clock_s : (int64_t)time(NULL);
}

int64_t store_now(const struct store *s) {
    if (s->clock_pin_s)
        return s->clock_pin_s;
    int64_t now = store_tick(s);
    if (s->clock_fixed_s)
        now = s->clock_fixed_s + (now - s->clock_started_s);
    return now + s->clock_offset_s;
}

/* Place of the first row with an id not below `id`. */
static size_t place(const struct table *t, int64_t id) {
    size_t low = 0, high = t->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (t->v[mid]->id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct obj *store_find(const struct store *s, enum kind k, int64_t id) {
    const struct table *t = &s->t[k];
    size_t i = place(t, id);
    return i < t->n && t->v[i]->id == id ? t->v[i] : NULL;
}

struct obj *store_new(struct store *s, enum kind k) {
    struct table *t = &s->t[k];
    struct obj *o = NEW(struct obj);
    o->id = k <= K_COUPON ? s->next_id++ : ++s->next_own[k];
    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 256;
        t->v = mem_resize(t->v, t->cap, sizeof(struct obj *));
    }
    t->v[t->n++] = o;
    t->generation++;
    return o;
}

static void obj_free(struct obj *o) {
    free(o->text);
    free(o->name);
    free(o->sku);
    free(o);
}

void store_drop(struct store *s, enum kind k, struct obj *o) {
    struct table *t = &s->t[k];
    size_t i = place(t, o->id);
    memmove(t->v + i, t->v + i + 1, (t->n - i - 1) * sizeof(struct obj *));
    t->n--;
    t->generation++;
    obj_free(o);
}

struct node *store_edit(struct arena *a, const struct obj *o) {
    return node_parse(a, o->text, o->n);
}

static void keep(char **to, const char *s) {
    if (*to && strcmp(*to, s) == 0)
        return;
    free(*to);
    *to = mem_dup(s);
}

/* Lists ask this of every row, so it is settled once. */
static void status_keep(enum kind k, struct obj *o, const char *status) {
    (void)str_copy(o->status, sizeof o->status, status);
    o->hidden = !strcmp(status, "trash") || !strcmp(status, "auto-draft") ||
                !strcmp(status, "checkout-draft");
    o->unlisted = k == K_ORDER && !o->hidden;
    for (const struct order_status *st = ORDER_STATUSES; st->slug; st++)
        if (strcmp(st->slug, status) == 0)
            o->unlisted = false;
}

/* What lists sort and search by, per kind. */
static const char *name_of(enum kind k, const struct node *v) {
    static const char *const keys[KINDS] = {
        [K_ORDER] = "number",  [K_COUPON] = "code", [K_CUSTOMER] = "first_name",
        [K_WEBHOOK] = "topic", [K_NOTE] = "note",
    };
    return node_text(node_get(v, keys[k] ? keys[k] : "name"));
}

void store_save(struct store *s, enum kind k, struct obj *o,
                const struct node *v) {
    AUTO_BUF struct buf out = BUF_INIT;
    node_print(&out, v);
    free(o->text);
    o->text = mem_dupn(out.data, out.len);
    o->n = out.len;
    status_keep(k, o, node_text(node_get(v, "status")));
    if (k == K_ORDER)
        o->customer = node_i64(node_get(v, "customer_id"), 0);
    if (k == K_CATEGORY)
        o->parent = node_i64(node_get(v, "parent"), 0);
    keep(&o->name, name_of(k, v));
    if (k == K_PRODUCT || k == K_VARIATION)
        keep(&o->sku, node_text(node_get(v, "sku")));
    if (k == K_CUSTOMER)
        keep(&o->sku, node_text(node_get(v, "email")));
    s->t[k].generation++;
}

const char *store_iso(char dst[32], int64_t utc) {
    struct tm tm;
    time_t t = (time_t)utc;
    (void)strftime(dst, 32, "%Y-%m-%dT%H:%M:%S", gmtime_r(&t, &tm));
    return dst;
}

void store_put_date(const struct store *s, struct arena *a, struct node *v,
                    const char *key, int64_t utc) {
    char text[32], gmt[64];
    int32_t off = utc ? zone_offset(s->zone, utc * 1000) : 0;
    (void)snprintf(gmt, sizeof gmt, "%s_gmt", key);
    node_puts(a, v, key, utc ? store_iso(text, utc + off) : NULL);
    node_puts(a, v, gmt, utc ? store_iso(text, utc) : NULL);
}

void store_touch(struct store *s, struct arena *a, struct obj *o,
                 struct node *v) {
    if (s->frozen_dates)
        return;
    o->modified = store_now(s);
    store_put_date(s, a, v, "date_modified", o->modified);
}

struct obj *store_child(const struct store *s, enum kind k, int64_t parent,
                        const struct obj *prev) {
    const struct table *t = &s->t[k];
    for (size_t i = prev ? place(t, prev->id) + 1 : 0; i < t->n; i++)
        if (t->v[i]->parent == parent)
            return t->v[i];
    return NULL;
}

static int by_date(const void *a, const void *b) {
    const struct obj *x = *(struct obj *const *)a, *y = *(struct obj *const *)b;
    if (x->created != y->created)
        return x->created < y->created ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static int by_modified(const void *a, const void *b) {
    const struct obj *x = *(struct obj *const *)a, *y = *(struct obj *const *)b;
    if (x->modified != y->modified)
        return x->modified < y->modified ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

struct obj **store_sorted(struct store *s, enum kind k, bool modified) {
    struct table *t = &s->t[k];
    struct obj ***v = modified ? &t->by_modified : &t->by_date;
    if (t->sorted_at[modified] == t->generation + 1)
        return *v;
    *v = mem_resize(*v, t->n + 1, sizeof(struct obj *));
    if (t->n)
        memcpy(*v, t->v, t->n * sizeof(struct obj *));
    qsort(*v, t->n, sizeof(struct obj *), modified ? by_modified : by_date);
    t->sorted_at[modified] = t->generation + 1;
    return *v;
}

bool store_all_listed(struct store *s, enum kind k) {
    struct table *t = &s->t[k];
    if (t->listed_at == t->generation + 1)
        return t->all_listed;
    t->all_listed = true;
    for (size_t i = 0; i < t->n && t->all_listed; i++)
        t->all_listed = !t->v[i]->hidden && !t->v[i]->unlisted;
    t->listed_at = t->generation + 1;
    return t->all_listed;
}

/* xorshift64*: quick, and the same on every machine. */
uint64_t store_rand(struct store *s) {
    s->rng ^= s->rng >> 12;
    s->rng ^= s->rng << 25;
    s->rng ^= s->rng >> 27;
    return s->rng * 0x2545f4914f6cdd1dull;
}

int64_t store_below(struct store *s, int64_t n) {
    return (int64_t)((store_rand(s) >> 11) % (uint64_t)n);
}

void store_free(struct store *s) {
    for (int k = 0; k < KINDS; k++) {
        struct table *t = &s->t[k];
        for (size_t i = 0; i < t->n; i++)
            obj_free(t->v[i]);
        free(t->v);
        free(t->by_date);
        free(t->by_modified);
    }
    zone_free(s->zone);
}
