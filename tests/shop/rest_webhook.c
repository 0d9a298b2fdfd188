#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "tests/shop/hook.h"
#include "tests/shop/rest.h"
#include "tests/shop/shape.h"
#include "tests/shop/shop.h"

static bool topic_apply(struct exchange *x, struct node *v) {
    const struct node *topic = exchange_arg(x, "topic");
    const char *names = topic ? hook_names(node_text(topic)) : NULL;
    if (!names) {
        reply_error(x, 400, "woocommerce_rest_shop_webhook_invalid_topic",
                    "Webhook topic is required and must be valid.");
        return false;
    }
    const char *text = node_text(topic);
    size_t n = strcspn(text, ".");
    struct node *list = node_array(x->a);
    for (const char *p = names; *p;) {
        size_t len = strcspn(p, ",");
        node_add(list, node_str(x->a, arena_dupn(x->a, p, len)));
        p += len + (p[len] == ',');
    }
    node_puts(x->a, v, "topic", text);
    node_puts(x->a, v, "resource", arena_dupn(x->a, text, n));
    node_puts(x->a, v, "event", text + n + 1);
    node_put(x->a, v, "hooks", list);
    return true;
}

static bool url_apply(struct exchange *x, struct node *v) {
    const char *url = node_text(exchange_arg(x, "delivery_url"));
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) {
        reply_error(x, 400,
                    "woocommerce_rest_shop_webhook_invalid_delivery_url",
                    "Webhook delivery URL must be a valid URL starting with "
                    "http:// or https://.");
        return false;
    }
    node_puts(x->a, v, "delivery_url", url);
    return true;
}

/* The shop's lock is let go while we wait: the listener may ask the shop. */
static void ping(struct exchange *x, const struct node *v, int64_t id) {
    const char *url = node_text(node_get(v, "delivery_url"));
    if (!hook_may_call(url, x->shop->o.safe_hooks))
        return;
    (void)pthread_mutex_unlock(&x->shop->lock);
    (void)hook_ping(url, id); /* creation succeeds whatever it answers */
    (void)pthread_mutex_lock(&x->shop->lock);
}

static void secret_keep(struct exchange *x, struct obj *o) {
    const struct node *c = exchange_arg(x, "secret");
    if (!c && o->sku)
        return;
    free(o->sku);
    o->sku = c ? mem_dup(node_text(c))
               : mem_printf("%016llx", (unsigned long long)store_rand(x->s));
}

static void create(struct exchange *x) {
    struct node *v = shape_tree(x->a, SHAPE_WEBHOOK);
    char name[96];
    if (!topic_apply(x, v) || !url_apply(x, v))
        return;
    struct obj *o = store_new(x->s, K_WEBHOOK);
    const struct node *named = exchange_arg(x, "name");
    o->created = store_now(x->s);
    (void)snprintf(name, sizeof name, "Webhook created on %lld",
                   (long long)o->created);
    node_puti(x->a, v, "id", o->id);
    node_puts(x->a, v, "name", named ? node_text(named) : name);
    node_puts(x->a, v, "status", "active"); /* whatever was sent */
    store_put_date(x->s, x->a, v, "date_created", o->created);
    shape_links(x->s, x->a, v, "webhooks", SHAPE_ALLOW_ALL, NULL);
    secret_keep(x, o);
    store_save(x->s, K_WEBHOOK, o, v);
    rest_created(x, o, "webhooks");
    ping(x, v, o->id);
}

static void update(struct exchange *x, struct obj *o) {
    struct node *v = store_edit(x->a, o);
    const struct node *status = exchange_arg(x, "status"),
                      *name = exchange_arg(x, "name");
    bool moved = exchange_arg(x, "delivery_url") != NULL;
    if ((exchange_arg(x, "topic") && !topic_apply(x, v)) ||
        (moved && !url_apply(x, v)))
        return;
    if (status)
        node_puts(x->a, v, "status", node_text(status));
    if (name)
        node_puts(x->a, v, "name", node_text(name));
    if (exchange_arg(x, "secret"))
        secret_keep(x, o);
    store_touch(x->s, x->a, o, v);
    store_save(x->s, K_WEBHOOK, o, v);
    rest_show(x, o);
    if (moved)
        ping(x, v, o->id);
}

void rest_webhooks(struct exchange *x) {
    if (rest_is(x, "GET"))
        rest_list(x, K_WEBHOOK, false);
    else
        create(x);
}

void rest_webhook(struct exchange *x) {
    struct obj *o = store_find(x->s, K_WEBHOOK, x->id[0]);
    if (!o)
        reply_error(x, 404, "woocommerce_rest_shop_webhook_invalid_id",
                    "Invalid ID.");
    else if (rest_is(x, "GET"))
        rest_show(x, o);
    else if (!rest_is(x, "DELETE"))
        update(x, o);
    else if (rest_forced(x))
        rest_remove(x, K_WEBHOOK, o);
    else
        rest_no_trash(x, "Webhooks do not support trashing.");
}
