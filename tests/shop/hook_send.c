#include "tests/shop/hook_send.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/digest.h"
#include "tests/shop/route.h"

enum { SEND_LIMIT_MS = 5000, FAILURES_MAX = 6 };

void delivery_done(struct delivery *d) {
    buf_done(&d->heads);
    buf_done(&d->body);
}

/* The object as the REST interface shows it now; its error when it is gone. */
static void object_render(struct demo_shop *s, const char *resource, int64_t id,
                          struct buf *out) {
    AUTO_EXCHANGE struct exchange x = {.a = arena_new(1 << 14),
                                       .shop = s,
                                       .s = &s->s,
                                       .method = "GET",
                                       .raw_uri = "",
                                       .url = "",
                                       .authorised = true};
    char route[80];
    (void)snprintf(route, sizeof route, "/wc/v3/%.40ss/%" PRId64, resource, id);
    x.route = route;
    route_dispatch(&x);
    buf_add(out, x.out.data, x.out.len);
}

static void body_render(struct demo_shop *s, const char *topic, int64_t id,
                        struct buf *out) {
    char resource[64];
    const char *event = strchr(topic, '.') + 1;
    (void)snprintf(resource, sizeof resource, "%.*s", (int)(event - topic - 1),
                   topic);
    if (strcmp(resource, "action") == 0)
        buf_addf(out, "{\"action\":\"%s\",\"arg\":%" PRId64 "}", event, id);
    else if (strcmp(event, "deleted") == 0)
        buf_addf(out, "{\"id\":%" PRId64 "}", id);
    else
        object_render(s, resource, id, out);
}

/* The same within one second, as WooCommerce makes it. */
static void delivery_id(struct demo_shop *s, int64_t hook, char hex[33]) {
    char text[64];
    uint8_t key[DIGEST_KEY];
    int n = snprintf(text, sizeof text, "%" PRId64 "%" PRId64, hook,
                     store_now(&s->s));
    digest_raw(text, (size_t)n, key);
    digest_hex(key, sizeof key, hex);
}

static void sign(const struct obj *hook, const struct delivery *d,
                 char base64[64]) {
    uint8_t mac[32];
    digest_hmac(hook->sku, strlen(hook->sku), d->body.data, d->body.len, mac);
    if (d->hits & fault_hook_bit(FAULT_HOOK_BAD_SIGN))
        mac[0] ^= 1;
    digest_base64(mac, sizeof mac, base64);
}

static void heads_render(struct demo_shop *s, const struct obj *hook,
                         struct delivery *d) {
    const char *topic = hook->name, *event = strchr(topic, '.') + 1;
    bool stale = (d->hits & fault_hook_bit(FAULT_HOOK_STALE_SOURCE)) != 0;
    char id[33], mac[64];
    delivery_id(s, hook->id, id);
    sign(hook, d, mac);
    buf_addf(&d->heads,
             "X-WC-Webhook-Source: %s/\r\nX-WC-Webhook-Topic: %s\r\n"
             "X-WC-Webhook-Resource: %.*s\r\nX-WC-Webhook-Event: %s\r\n"
             "X-WC-Webhook-Signature: %s\r\nX-WC-Webhook-ID: %" PRId64
             "\r\nX-WC-Webhook-Delivery-ID: %s\r\n",
             stale ? "https://staging.example.test" : shop_home(s), topic,
             (int)(event - topic - 1), topic, event, mac, hook->id, id);
}

void hook_send_render(struct demo_shop *s, const struct obj *hook, int64_t id,
                      struct delivery *ret) {
    struct arena *a = arena_new(0);
    const struct node *v = store_edit(a, hook);
    *ret = (struct delivery){.hits = fault_hook_hits(&s->faults, hook->name)};
    (void)snprintf(ret->url, sizeof ret->url, "%s",
                   node_text(node_get(v, "delivery_url")));
    arena_free(a);
    body_render(s, hook->name, id, &ret->body);
    heads_render(s, hook, ret);
}

int hook_send_post(struct wire *w, const struct delivery *d) {
    const struct wire_message m = {.type = "application/json",
                                   .heads = buf_str(&d->heads),
                                   .body = buf_str(&d->body),
                                   .body_n = d->body.len};
    return wire_post(w, d->url, &m, SEND_LIMIT_MS);
}

void hook_send_disable(struct demo_shop *s, struct obj *hook) {
    struct arena *a = arena_new(0);
    struct node *v = store_edit(a, hook);
    node_puts(a, v, "status", "disabled");
    store_touch(&s->s, a, hook, v);
    store_save(&s->s, K_WEBHOOK, hook, v);
    arena_free(a);
}

bool hook_send_count(struct demo_shop *s, struct obj *hook, int status) {
    bool ok = (status >= 200 && status < 300) || status == 301 || status == 302;
    if (ok)
        hook->stash = 0;
    else if (hook->stash < FAILURES_MAX)
        hook->stash++;
    else
        hook_send_disable(s, hook);
    return ok;
}
