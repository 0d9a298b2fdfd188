#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shop/hook.h"
#include "tests/shop/meta.h"
#include "tests/shop/rest.h"
#include "tests/shop/schema.h"
#include "tests/shop/shape.h"

static struct obj *email_owner(struct store *s, const char *email,
                               int64_t self) {
    for (size_t i = 0; i < s->t[K_CUSTOMER].n; i++) {
        struct obj *o = s->t[K_CUSTOMER].v[i];
        if (o->id != self && strcasecmp(o->sku, email) == 0)
            return o;
    }
    return NULL;
}

static bool email_free(struct exchange *x, const char *email, int64_t self) {
    AUTO_BUF struct buf text = BUF_INIT;
    if (!email_owner(x->s, email, self))
        return true;
    buf_addf(&text,
             "An account is already registered with %s. Please log in or use a "
             "different email address.",
             email);
    reply_error(x, 400, "registration-error-email-exists", buf_str(&text));
    return false;
}

static void address(struct exchange *x, struct node *v, const char *key) {
    struct node *to = node_get(v, key);
    const struct node *from = node_get(x->json, key);
    for (const struct node *c = from ? from->child : NULL; c; c = c->next)
        if (c->key && node_get(to, c->key))
            node_puts(x->a, to, c->key, node_text(c));
}

static void apply(struct exchange *x, struct node *v) {
    static const char *const keys[] = {"email", "first_name", "last_name"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct node *c = exchange_arg(x, keys[i]);
        if (c)
            node_puts(x->a, v, keys[i], node_text(c));
    }
    address(x, v, "billing");
    address(x, v, "shipping");
    meta_apply(x->s, x->a, v, node_get(x->json, "meta_data"), false);
}

static void create(struct exchange *x) {
    const struct node *email = exchange_arg(x, "email"),
                      *user = exchange_arg(x, "username");
    if (!email) {
        reply_missing(x, "email");
        return;
    }
    if (!schema_check(x, SCHEMA_CUSTOMER) ||
        !email_free(x, node_text(email), 0))
        return;
    struct obj *o = store_new(x->s, K_CUSTOMER);
    struct node *v = shape_tree(x->a, SHAPE_CUSTOMER);
    char name[160];
    size_t n = strcspn(node_text(email), "@");
    (void)snprintf(name, sizeof name, "%.*s", (int)n, node_text(email));
    o->created = o->modified = store_now(x->s);
    node_puti(x->a, v, "id", o->id);
    node_puts(x->a, v, "username", user ? node_text(user) : name);
    node_puts(x->a, v, "avatar_url",
              "https://secure.gravatar.com/avatar/0?s=96&d=mm&r=g");
    store_put_date(x->s, x->a, v, "date_created", o->created);
    store_put_date(x->s, x->a, v, "date_modified", o->modified);
    apply(x, v);
    shape_links(x->s, x->a, v, "customers", SHAPE_ALLOW_ALL, NULL);
    store_save(x->s, K_CUSTOMER, o, v);
    hook_event(x->s, K_CUSTOMER, "created", o->id);
    rest_created(x, o, "customers");
}

static void update(struct exchange *x, struct obj *o) {
    const struct node *email = exchange_arg(x, "email");
    if (!schema_check(x, SCHEMA_CUSTOMER) ||
        (email && !email_free(x, node_text(email), o->id)))
        return;
    struct node *v = store_edit(x->a, o);
    apply(x, v);
    store_touch(x->s, x->a, o, v);
    store_save(x->s, K_CUSTOMER, o, v);
    hook_event(x->s, K_CUSTOMER, "updated", o->id);
    rest_show(x, o);
}

static void discard(struct exchange *x, struct obj *o) {
    if (!rest_forced(x)) {
        rest_no_trash(x, "Customers do not support trashing.");
        return;
    }
    struct node *v = store_edit(x->a, o);
    shape_links(x->s, x->a, v, "customers", NULL, NULL);
    reply_node(x, 200, v);
    x->allow = NULL;
    hook_removed(x->s, K_CUSTOMER, o->id);
    store_drop(x->s, K_CUSTOMER, o);
}

void rest_customers(struct exchange *x) {
    if (rest_is(x, "GET"))
        rest_list(x, K_CUSTOMER, false);
    else
        create(x);
}

void rest_customer(struct exchange *x) {
    struct obj *o = store_find(x->s, K_CUSTOMER, x->id[0]);
    if (!o) {
        reply_error(x, 404, "wc_user_invalid_id", "Invalid user ID.");
        x->allow = NULL;
    } else if (rest_is(x, "GET")) {
        rest_show(x, o);
    } else if (rest_is(x, "DELETE")) {
        discard(x, o);
    } else {
        update(x, o);
    }
}

void rest_customers_batch(struct exchange *x) {
    rest_batch(x, rest_customers, rest_customer, 0);
}
