#include "tests/shop/order_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/hook.h"
#include "tests/shop/meta.h"
#include "tests/shop/order.h"
#include "tests/shop/schema.h"
#include "tests/shop/shop.h"

static bool is_paid(const char *status) {
    return !strcmp(status, "processing") || !strcmp(status, "completed");
}

static void trash_marks_drop(struct node *v) {
    struct node *list = node_get(v, "meta_data");
    for (struct node *m = list->child, *next; m; m = next) {
        next = m->next;
        const char *key = node_text(node_get(m, "key"));
        if (!strncmp(key, "_wp_trash_", 10) ||
            !strcmp(key, "_wp_desired_post_slug"))
            node_drop(list, m);
    }
}

void order_write_status(struct store *s, struct arena *a, struct obj *o,
                        struct node *v, const char *status) {
    char note[160];
    const char *before = node_text(node_get(v, "status"));
    if (strcmp(before, status) == 0)
        return;
    bool had_stock = order_takes_stock(before);
    (void)snprintf(note, sizeof note, "Order status changed from %s to %s.",
                   order_status_name(before), order_status_name(status));
    if (strcmp(before, "trash") == 0)
        trash_marks_drop(v);
    node_puts(a, v, "status", arena_dupn(a, status, strlen(status)));
    if (is_paid(status) && node_get(v, "date_paid")->type == N_NULL)
        store_put_date(s, a, v, "date_paid", store_now(s));
    if (!strcmp(status, "completed"))
        store_put_date(s, a, v, "date_completed", store_now(s));
    if (order_takes_stock(status) && !had_stock)
        order_stock_take(s, a, v);
    if (!strcmp(status, "cancelled") || !strcmp(status, "pending"))
        order_stock_give(s, a, v);
    (void)order_note(s, a, o->id, note, false, false);
}

void order_write_trash(struct store *s, struct arena *a, struct obj *o,
                       struct node *v) {
    char text[96];
    struct node *meta = node_get(v, "meta_data");
    (void)snprintf(text, sizeof text, "wc-%s",
                   node_text(node_get(v, "status")));
    (void)order_meta_add(s, a, meta, "_wp_trash_meta_status", node_str(a, text),
                         false);
    (void)snprintf(text, sizeof text, "%" PRId64, store_now(s));
    (void)order_meta_add(s, a, meta, "_wp_trash_meta_time", node_str(a, text),
                         false);
    if (!s->hpos) {
        struct node *notes = node_object(a);
        struct obj *n = NULL;
        while ((n = store_child(s, K_NOTE, o->id, n))) {
            (void)snprintf(text, sizeof text, "%" PRId64, n->id);
            node_puts(a, notes, text, "1");
        }
        (void)snprintf(text, sizeof text, "order-%" PRId64, o->id);
        (void)order_meta_add(s, a, meta, "_wp_desired_post_slug",
                             node_str(a, text), false);
        (void)order_meta_add(s, a, meta, "_wp_trash_meta_comments_status",
                             notes, false);
    }
    node_puts(a, v, "status", "trash");
    store_touch(s, a, o, v);
    order_save(s, a, o, v);
    hook_order_trashed(s, o->id);
}

void order_write_untrash(struct store *s, struct arena *a, struct obj *o,
                         struct node *v) {
    const char *was = node_text(
        node_get(order_meta(node_get(v, "meta_data"), "_wp_trash_meta_status"),
                 "value"));
    if (strcmp(o->status, "trash") != 0)
        return;
    was = strncmp(was, "wc-", 3) == 0 ? was + 3 : "pending";
    was = arena_dupn(a, was, strlen(was));
    trash_marks_drop(v);
    node_puts(a, v, "status", was);
    store_touch(s, a, o, v);
    order_save(s, a, o, v);
    hook_order_untrashed(s, o->id);
}

static void address_apply(struct arena *a, struct node *to,
                          const struct node *from) {
    for (const struct node *c = from ? from->child : NULL; c; c = c->next)
        if (c->key && node_get(to, c->key))
            node_puts(a, to, c->key, node_text(c));
}

static void texts_apply(struct exchange *x, struct node *v) {
    static const char *const keys[] = {
        "currency",       "customer_note",        "payment_method",
        "transaction_id", "payment_method_title", "created_via"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct node *c = exchange_arg(x, keys[i]);
        if (c && c->type != N_ARRAY && c->type != N_OBJECT)
            node_puts(x->a, v, keys[i], node_text(c));
    }
    address_apply(x->a, node_get(v, "billing"), node_get(x->json, "billing"));
    address_apply(x->a, node_get(v, "shipping"), node_get(x->json, "shipping"));
    meta_apply(x->s, x->a, v, node_get(x->json, "meta_data"), false);
}

static bool customer_apply(struct exchange *x, struct node *v) {
    const struct node *c = exchange_arg(x, "customer_id");
    int64_t id = node_i64(c, 0);
    if (!c)
        return true;
    if (id > 1 && !store_find(x->s, K_CUSTOMER, id)) {
        reply_error(x, 400, "woocommerce_rest_invalid_customer_id",
                    "Customer ID is invalid.");
        return false;
    }
    node_puti(x->a, v, "customer_id", id);
    return true;
}

/* Nobody checks the status within a batch: an unknown one becomes pending. */
static const char *status_wanted(struct exchange *x) {
    const struct node *c = exchange_arg(x, "status");
    if (!c || !*node_text(c))
        return NULL;
    return schema_listed(SCHEMA_ORDER_STATUS, node_text(c)) ? node_text(c)
                                                            : "pending";
}

bool order_write_apply(struct exchange *x, struct obj *o, struct node *v) {
    struct arena *a = x->a;
    const char *status = status_wanted(x);
    AUTO_BUF struct buf note = BUF_INIT;
    buf_adds(&note, node_text(node_get(v, "customer_note")));
    char before[24];
    (void)snprintf(before, sizeof before, "%s",
                   node_text(node_get(v, "status")));
    if (!customer_apply(x, v))
        return false;
    texts_apply(x, v);
    if (!order_write_lines(x, o, v))
        return false;
    if (node_true(exchange_arg(x, "set_paid")) && !status)
        status = "processing";
    if (status)
        order_write_status(x->s, a, o, v, status);
    else if (order_takes_stock(before))
        order_stock_take(x->s, a, v); /* of lines just added */
    bool moved =
        strcmp(before, node_text(node_get(v, "status"))) != 0 ||
        strcmp(buf_str(&note), node_text(node_get(v, "customer_note"))) != 0;
    if (x->s->hpos || moved)
        store_touch(x->s, a, o, v);
    return true;
}
