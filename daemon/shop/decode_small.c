/* The small kinds: customers, categories, refunds and notes. */
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/fold.h"
#include "common/json.h"
#include "common/money.h"
#include "shop/field.h"
#include "shop/truth.h"

static const char *name_of(struct field_reader *r, const struct json *o) {
    return field_join(r, field_text(r, o, "first_name", FIELD_TEXT),
                      field_text(r, o, "last_name", FIELD_TEXT));
}

static void read_place(struct field_reader *r, const struct json *v,
                       struct customer *c) {
    const struct json *bill = json_get(v, "billing");
    const struct json *ship = json_get(v, "shipping");
    c->phone = field_text(r, bill, "phone", FIELD_TEXT);
    c->city = field_text(r, bill, "city", FIELD_TEXT);
    c->country = field_text(r, bill, "country", FIELD_SLUG);
    if (!*c->city) {
        c->city = field_text(r, ship, "city", FIELD_TEXT);
        if (*c->city)
            c->country = field_text(r, ship, "country", FIELD_SLUG);
    }
}

int decode_customer(struct arena *a, struct buf *scratch, const struct json *v,
                    struct customer *ret, struct decode_fault *f) {
    struct field_reader r;
    struct customer c = {0};
    field_init(&r, a, scratch, f);
    if (json_type(v) != JSON_OBJECT)
        return field_fail(&r, "", "Not an object.");
    c.o.remote_id = field_id(&r, v, "id");
    c.email = field_text(&r, v, "email", FIELD_TEXT);
    c.email_key = field_fold(&r, c.email);
    c.name = name_of(&r, v);
    if (!*c.name)
        c.name = name_of(&r, json_get(v, "billing"));
    if (!*c.name)
        c.name = field_text(&r, v, "username", FIELD_TEXT);
    c.sort_name = field_fold(&r, c.name);
    read_place(&r, v, &c);
    c.created_ms = field_time(&r, v, "date_created_gmt");
    if (r.failed)
        return ERR_INVALID;
    buf_clear(scratch);
    buf_addf(scratch, "%s\n%s\n", c.sort_name, c.email_key);
    fold_text(scratch, c.phone, strlen(c.phone));
    c.o.search = arena_dupn(a, buf_str(scratch), scratch->len);
    truth_hash(scratch, MIRROR_CUSTOMER, v, c.o.hash);
    *ret = c;
    return 0;
}

int decode_refund(struct arena *a, struct buf *scratch, const struct json *v,
                  int64_t parent_id, struct refund *ret,
                  struct decode_fault *f) {
    struct field_reader r;
    struct refund x = {0};
    field_init(&r, a, scratch, f);
    if (json_type(v) != JSON_OBJECT)
        return field_fail(&r, "", "Not an object.");
    x.o.remote_id = field_id(&r, v, "id");
    x.order_remote_id = field_ref(&r, v, "parent_id");
    if (x.order_remote_id == 0)
        x.order_remote_id = parent_id;
    if (x.order_remote_id == 0)
        (void)field_fail(&r, "parent_id", "A refund without its order.");
    x.created_ms = field_time(&r, v, "date_created_gmt");
    /* An amount left out at creation reads "" for ever: nothing given back. */
    x.total_e4 = field_decimal(&r, v, "amount", MONEY_SCALE, 0);
    if (x.total_e4 < 0)
        x.total_e4 = x.total_e4 == INT64_MIN ? INT64_MAX : -x.total_e4;
    x.reason = field_text(&r, v, "reason", FIELD_TEXT);
    if (r.failed)
        return ERR_INVALID;
    truth_hash(scratch, MIRROR_REFUND, v, x.o.hash);
    *ret = x;
    return 0;
}

int decode_category(struct arena *a, struct buf *scratch, const struct json *v,
                    struct category *ret, struct decode_fault *f) {
    struct field_reader r;
    struct category c = {0};
    field_init(&r, a, scratch, f);
    if (json_type(v) != JSON_OBJECT)
        return field_fail(&r, "", "Not an object.");
    c.o.remote_id = field_id(&r, v, "id");
    c.parent_id = field_ref(&r, v, "parent");
    c.count = field_ref(&r, v, "count");
    c.name = field_decoded(&r, v, "name", FIELD_TEXT);
    c.slug = field_text(&r, v, "slug", FIELD_TEXT);
    if (r.failed)
        return ERR_INVALID;
    truth_hash(scratch, MIRROR_CATEGORY, v, c.o.hash);
    *ret = c;
    return 0;
}

int decode_note(struct arena *a, struct buf *scratch, const struct json *v,
                struct note *ret, struct decode_fault *f) {
    struct field_reader r;
    struct note n = {0};
    field_init(&r, a, scratch, f);
    if (json_type(v) != JSON_OBJECT)
        return field_fail(&r, "", "Not an object.");
    n.remote_id = field_id(&r, v, "id");
    n.created_ms = field_time(&r, v, "date_created_gmt");
    n.author = field_text(&r, v, "author", FIELD_TEXT);
    n.text = field_decoded(&r, v, "note", FIELD_LONG);
    n.to_customer = field_bool(v, "customer_note");
    if (r.failed)
        return ERR_INVALID;
    *ret = n;
    return 0;
}
