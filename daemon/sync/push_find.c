#include "sync/push_find.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/entities.h"
#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "model/cause.h"
#include "model/change_value.h"

enum { FIND_MAX = 100 };

static const struct json *payload(const struct push_view *v) {
    const struct json *p = NULL;
    const char *text = v->c->payload;
    if (!text || json_parse(v->a, text, strlen(text), NULL, &p, NULL) < 0)
        return NULL;
    return p;
}

static const char *member(const struct json *o, const char *key) {
    const char *s = json_string(json_get(o, key));
    return s ? s : "";
}

static int64_t id_of(const struct json *o) {
    int64_t id = 0;
    (void)json_i64(json_get(o, "id"), true, &id);
    return id;
}

/* A POST was answered with its number: that is the one. */
static bool posted(const struct push_view *v, const struct json *o) {
    return v->posted_id > 0 && id_of(o) == v->posted_id;
}

static void found(const struct json *o, struct push_finding *ret) {
    ret->found = PUSH_THERE;
    ret->result_id = id_of(o);
}

static void note_mark(const struct json *o, struct push_finding *ret) {
    if (id_of(o) > ret->mark)
        ret->mark = id_of(o);
}

/* --- notes ---------------------------------------------------------------- */

/* WordPress filters notes (kses): & becomes &amp;, tags it does not know go.
 * So both texts are compared without entities, tags and line ends. */
static void plain(struct buf *out, const char *s) {
    AUTO_BUF struct buf b = BUF_INIT;
    entities_decode(&b, s);
    for (const char *p = buf_str(&b); *p; p++) {
        const char *end = *p == '<' ? strchr(p, '>') : NULL;
        if (end)
            p = end;
        else if (!strchr(" \t\r\n", *p))
            buf_addc(out, *p);
    }
}

bool push_find_same_text(const char *x, const char *y) {
    AUTO_BUF struct buf a = BUF_INIT;
    AUTO_BUF struct buf b = BUF_INIT;
    plain(&a, x);
    plain(&b, y);
    return str_eq(buf_str(&a), buf_str(&b));
}

/* One that was sent has a mark: older notes of the same words are not it. Of
 * one that came out of a backup it is not known what came after. */
void push_find_note(const struct push_view *v, struct push_finding *ret) {
    const char *text = member(payload(v), "text");
    const struct change *c = v->c;
    for (const struct json *n = json_first(v->read[PUSH_NOTES]); n;
         n = json_next(n)) {
        note_mark(n, ret);
        bool same = push_find_same_text(member(n, "note"), text);
        if (posted(v, n) || (same && c->attempts > 0 && id_of(n) > c->mark))
            found(n, ret);
        else if (same && c->attempts == 0 && !v->first &&
                 ret->found == PUSH_ABSENT)
            ret->found = PUSH_DOUBT;
    }
}

/* --- refunds -------------------------------------------------------------- */

static bool same_amount(const struct json *refund, const struct json *p) {
    int64_t x, y;
    return json_decimal(json_get(refund, "amount"), MONEY_SCALE, &x) == 0 &&
           json_decimal(json_get(p, "amount"), MONEY_SCALE, &y) == 0 && x == y;
}

/* A shop that does not keep meta data with refunds leaves the amount: one that
 * came since and could be it is for a person to judge. */
void push_find_refund(const struct push_view *v, struct push_finding *ret) {
    const struct json *p = payload(v);
    const struct change *c = v->c;
    for (const struct json *r = json_first(v->read[PUSH_REFUNDS]); r;
         r = json_next(r)) {
        const char *op = json_string(push_judge_meta(r, ENCODE_OP));
        note_mark(r, ret);
        if (posted(v, r) || str_eq(op, c->uuid))
            found(r, ret);
        else if (!op && !v->first && id_of(r) > c->mark && same_amount(r, p) &&
                 ret->found == PUSH_ABSENT)
            ret->found = PUSH_DOUBT;
    }
}

/* --- tracking ------------------------------------------------------------- */

static bool lists_number(const struct json *order, const char *key,
                         const char *number) {
    for (const struct json *e = json_first(push_judge_meta(order, key)); e;
         e = json_next(e)) {
        char text[40];
        const char *s = json_text(json_get(e, "tracking_number"), text);
        if (str_eq(s, number))
            return true;
    }
    return false;
}

enum encode_way push_judge_way(const struct push_view *v) {
    const struct json *order = v->read[PUSH_OBJECT];
    if (v->fulfillments)
        return ENCODE_FULFILLMENT;
    if (push_judge_meta(order, ENCODE_PLUGIN_KEY))
        return ENCODE_PLUGIN;
    return lists_number(order, ENCODE_TRACKING_KEY,
                        member(payload(v), "number"))
               ? ENCODE_TELL
               : ENCODE_META;
}

static void find_fulfillment(const struct push_view *v, const char *number,
                             struct push_finding *ret) {
    for (const struct json *f = json_first(v->read[PUSH_FULFILLMENTS]); f;
         f = json_next(f)) {
        char text[40];
        const char *s = json_text(push_judge_meta(f, "_tracking_number"), text);
        if (posted(v, f) || str_eq(s, number))
            found(f, ret);
    }
}

void push_find_tracking(const struct push_view *v, struct push_finding *ret) {
    const char *number = member(payload(v), "number");
    switch (push_judge_way(v)) {
    case ENCODE_FULFILLMENT:
        find_fulfillment(v, number, ret);
        break;
    case ENCODE_PLUGIN:
        if (lists_number(v->read[PUSH_OBJECT], ENCODE_PLUGIN_KEY, number))
            ret->found = PUSH_THERE;
        break;
    case ENCODE_META:
        break;
    case ENCODE_TELL: /* the number makes the words ours */
        for (const struct json *n = json_first(v->read[PUSH_NOTES]); n;
             n = json_next(n))
            if (push_find_same_text(member(n, "note"), encode_tell(v->c, v->a)))
                found(n, ret);
    }
}

/* --- creations ------------------------------------------------------------ */

static bool marked(const struct change *c) {
    return c->kind == MIRROR_ORDER || c->kind == MIRROR_PRODUCT;
}

void push_find_request(const struct push_view *v, bool trash,
                       struct shop_request *r) {
    const struct json *p = payload(v);
    encode_route(v->c, r);
    if (v->c->kind == MIRROR_CUSTOMER) {
        request_param(r, "email", member(p, "email"));
        request_param(r, "role", "all");
    } else if (v->c->kind == MIRROR_CATEGORY) {
        int64_t parent = 0;
        const char *name = member(p, "name");
        (void)json_i64(json_get(p, "parent"), true, &parent);
        request_param_i64(r, "parent", parent);
        request_param_i64(r, "per_page", FIND_MAX);
        if (!strpbrk(name, "&<>\"'")) /* kept as entities: not to be found */
            request_param(r, "search", name);
    } else {
        /* numbers grow whatever the shop's clock does */
        request_param(r, "orderby", "id");
        request_param(r, "order", "desc");
        request_param_i64(r, "per_page", v->first ? 1 : FIND_MAX);
        request_fields(r, "id,meta_data");
        if (trash)
            request_status(r, "trash");
    }
}

/* Newest first. Behind the mark it is sure that it is not there; a list that
 * is full before it tells nothing. */
static void find_marked(const struct push_view *v, const struct json *list,
                        struct push_finding *ret) {
    int64_t oldest = INT64_MAX;
    for (const struct json *o = json_first(list); o; o = json_next(o)) {
        note_mark(o, ret);
        if (id_of(o) < oldest)
            oldest = id_of(o);
        if (posted(v, o) ||
            str_eq(json_string(push_judge_meta(o, ENCODE_OP)), v->c->uuid))
            found(o, ret);
    }
    if (ret->found == PUSH_ABSENT && !v->first &&
        json_count(list) >= FIND_MAX && oldest > v->c->mark)
        ret->found = PUSH_DOUBT;
}

/* An e-mail belongs to one customer of a shop. One that bears our marker, or
 * the very name, is the one that was to be made. */
static void find_customer(const struct push_view *v, struct push_finding *ret) {
    const struct json *p = payload(v);
    for (const struct json *o = json_first(v->read[PUSH_FIND]); o;
         o = json_next(o)) {
        if (strcasecmp(member(o, "email"), member(p, "email")) != 0)
            continue;
        bool ours =
            posted(v, o) ||
            str_eq(json_string(push_judge_meta(o, ENCODE_OP)), v->c->uuid) ||
            (!v->first &&
             str_eq(member(o, "first_name"), member(p, "first_name")) &&
             str_eq(member(o, "last_name"), member(p, "last_name")));
        if (ours) {
            found(o, ret);
            return;
        }
        char ref[40];
        (void)str_format(ref, sizeof ref, "\"customer/%lld\"",
                         (long long)id_of(o));
        ret->found = PUSH_REFUSED;
        ret->cause =
            cause_json(v->a, CAUSE_EMAIL_TAKEN, (struct cause_of){.is = ref});
    }
}

static void find_category(const struct push_view *v, struct push_finding *ret) {
    const struct json *p = payload(v);
    int64_t parent = 0;
    (void)json_i64(json_get(p, "parent"), true, &parent);
    for (const struct json *o = json_first(v->read[PUSH_FIND]); o;
         o = json_next(o)) {
        int64_t its = 0;
        (void)json_i64(json_get(o, "parent"), true, &its);
        bool same = its == parent &&
                    push_find_same_text(member(o, "name"), member(p, "name"));
        if (posted(v, o) || same)
            found(o, ret);
    }
}

void push_find_created(const struct push_view *v, struct push_finding *ret) {
    if (marked(v->c)) {
        find_marked(v, v->read[PUSH_FIND], ret);
        if (ret->found != PUSH_THERE)
            find_marked(v, v->read[PUSH_FIND_TRASH], ret);
    } else if (v->c->kind == MIRROR_CUSTOMER)
        find_customer(v, ret);
    else
        find_category(v, ret);
}

/* Members of a creation that are compared with what was made of them. */
static const char *const compared[] = {
    "status",        "name",   "sku",        "regular_price",
    "sale_price",    "email",  "first_name", "last_name",
    "customer_note", "weight", CHANGE_GTIN};

/* The shop makes a line of nothing of a product it does not know. */
static bool empty_line(const struct json *made) {
    for (const struct json *l = json_first(json_get(made, "line_items")); l;
         l = json_next(l)) {
        int64_t product = 0;
        (void)json_i64(json_get(l, "product_id"), true, &product);
        if (product == 0)
            return true;
    }
    return false;
}

void push_find_made(const struct push_view *v, struct push_finding *ret) {
    const struct json *made = v->read[PUSH_OBJECT], *p = payload(v);
    found(made, ret);
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
        const char *path = compared[i];
        if (!json_get(p, path))
            continue;
        const char *want = change_value_of(p, v->c->kind, path, v->a);
        const char *got = change_value_of(made, v->c->kind, path, v->a);
        if (change_value_same(path, want, got, v->a))
            continue;
        ret->cause = cause_json(
            v->a, CAUSE_MADE_WITH,
            (struct cause_of){.path = path, .asked = want, .is = got});
    }
    if (empty_line(made))
        ret->cause = cause_plain(CAUSE_LINE_OF_NONE);
}
