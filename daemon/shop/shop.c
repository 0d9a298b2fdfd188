#include "shop/shop.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "shop/shop_call.h"
#include "shop/url.h"

enum { PER_HOST = 8, CEILING = 2, CEILING_FIRST = 4, CIRCUIT_AFTER = 5 };

static const char *const auth_names[] = {"basic", "query", "oauth"};

const char *shop_auth_name(enum shop_auth a) {
    return auth_names[a];
}

int shop_auth_from(const char *name, enum shop_auth *ret) {
    for (int i = 0; i <= SHOP_OAUTH; i++)
        if (str_eq(name, auth_names[i])) {
            *ret = (enum shop_auth)i;
            return 0;
        }
    return ERR_INVALID;
}

struct shop_hub *shop_hub_new(const struct shop_hub_options *o) {
    struct shop_hub *h = NEW(struct shop_hub);
    h->env = *o->env;
    h->transport = o->transport;
    h->hosts = limit_hosts_new(o->per_host ? o->per_host : PER_HOST);
    h->seq = o->seq;
    h->seq_arg = o->seq_arg;
    h->refs = 1;
    return h;
}

static void hub_unref(struct shop_hub *h) {
    if (--h->refs > 0)
        return;
    limit_hosts_free(h->hosts);
    free(h);
}

void shop_hub_free(struct shop_hub *h) {
    if (!h)
        return;
    REQUIRE(!h->shops);
    hub_unref(h);
}

static void free_secret(const char **s) {
    char *owned = (char *)(uintptr_t)*s;
    if (owned)
        mem_wipe(owned, strlen(owned));
    free(owned);
    *s = NULL;
}

static void config_done(struct shop_config *c) {
    free_secret(&c->key);
    free_secret(&c->secret);
    free_secret(&c->name);
    free_secret(&c->url);
    free_secret(&c->home);
    free_secret(&c->ca);
}

static void config_copy(struct shop_config *dst, const struct shop_config *c) {
    *dst = *c;
    dst->name = mem_dup(c->name ? c->name : "");
    dst->url = mem_dup(c->url);
    dst->home = mem_dup(c->home);
    dst->key = mem_dup(c->key ? c->key : "");
    dst->secret = mem_dup(c->secret ? c->secret : "");
    dst->ca = mem_dup(c->ca);
    if (dst->ceiling <= 0)
        dst->ceiling = CEILING;
    if (dst->ceiling_first <= 0)
        dst->ceiling_first = CEILING_FIRST;
    /* Keys never cross a network in clear text. */
    if (!str_starts(dst->url, "https://"))
        dst->auth = SHOP_OAUTH;
}

static void read_host(struct shop *s) {
    struct url u;
    bool good = url_parse(s->config.url, &u, NULL) == 0;
    (void)str_copy(s->host, sizeof s->host, good ? u.host : s->config.url);
}

struct shop *shop_new(struct shop_hub *h, const struct shop_config *c) {
    REQUIRE(c->url);
    struct shop *s = NEW(struct shop);
    s->hub = h;
    h->refs++;
    config_copy(&s->config, c);
    read_host(s);
    limit_init(&s->limit, s->config.ceiling);
    circuit_init(&s->circuit, CIRCUIT_AFTER);
    for (int i = 0; i < SHOP_PRIOS; i++)
        shop_list_init(&s->queue[i]);
    shop_list_init(&s->flying);
    shop_list_init(&s->waiting);
    s->next = h->shops;
    s->link = &h->shops;
    if (s->next)
        s->next->link = &s->next;
    h->shops = s;
    return s;
}

void shop_configure(struct shop *s, const struct shop_config *c) {
    struct shop_config old = s->config;
    config_copy(&s->config, c); /* first: c may point into the old one */
    config_done(&old);
    shop_wake(s);
}

static void cancel_list(struct shop_list *l) {
    const struct shop_fault f = {.code = ERR_CANCELLED,
                                 .cause = CAUSE_CANCELLED,
                                 .text = "The request was cancelled."};
    while (l->head) {
        struct shop_call *c = l->head;
        if (c->http)
            c->shop->hub->transport.cancel(c->shop->hub->transport.self,
                                           c->http);
        c->http = NULL;
        shop_deliver_fault(c, &f);
    }
}

void shop_unref(struct shop *s) {
    if (s->busy > 0 || !s->dead)
        return;
    struct shop_hub *h = s->hub;
    config_done(&s->config);
    free(s);
    hub_unref(h);
}

void shop_free(struct shop *s) {
    if (!s || s->dead)
        return;
    struct env *env = &s->hub->env;
    s->busy++;
    s->dead = true;
    env->cancel(env->self, s->timer);
    s->timer = NULL;
    for (int i = 0; i < SHOP_PRIOS; i++)
        cancel_list(&s->queue[i]);
    cancel_list(&s->waiting);
    cancel_list(&s->flying);
    *s->link = s->next;
    if (s->next)
        s->next->link = s->link;
    shop_pump_others(s->hub);
    s->busy--;
    shop_unref(s);
}

static void refuse_long(struct shop_call *c) {
    const struct shop_fault f = {.code = ERR_TOO_BIG,
                                 .cause = CAUSE_REQUEST_TOO_LONG,
                                 .text = "The request is too long for a shop."};
    shop_refuse(c, &f);
}

/* It would meet what the last one met; of that nothing was sent. */
static void refuse_as_last(struct shop_call *c) {
    struct shop_fault f = c->shop->last;
    f.retry = SHOP_RETRY_NEVER;
    f.after_ms = 0;
    f.server = f.unknown = false;
    shop_refuse(c, &f);
}

struct shop_call *shop_send(struct shop *s, enum shop_prio prio,
                            const struct shop_request *r, shop_done_fn done,
                            void *arg) {
    REQUIRE(!s->dead && done && prio <= SHOP_SWEEP);
    struct shop_call *c = NEW(struct shop_call);
    c->shop = s;
    c->prio = prio;
    c->request = *r;
    c->done = done;
    c->arg = arg;
    if (r->body_n)
        buf_add(&c->body, r->body, r->body_n);
    c->request.body = c->body.data;
    c->queued_mono = env_mono(&s->hub->env);
    backoff_init(&c->backoff, 500, 30000);
    if (r->overflowed) {
        refuse_long(c);
    } else if (prio == SHOP_INTERACTIVE && s->last.code &&
               !circuit_allows(&s->circuit, env_mono(&s->hub->env))) {
        /* A person does not wait for minutes: say what is known. */
        refuse_as_last(c);
    } else {
        shop_list_add(&s->queue[prio], c);
        shop_pump(s);
    }
    return c;
}

struct shop_call *shop_get(struct shop *s, enum shop_prio prio,
                           const struct shop_request *r, shop_done_fn done,
                           void *arg) {
    REQUIRE(r->method == HTTP_GET);
    return shop_send(s, prio, r, done, arg);
}

void shop_wake(struct shop *s) {
    s->limit.hold_until_ms = 0;
    if (s->circuit.state == CIRCUIT_OPEN)
        s->circuit.until_ms = 0;
    shop_pump(s);
}

static int list_count(const struct shop_list *l) {
    int n = 0;
    for (const struct shop_call *c = l->head; c; c = c->next)
        n++;
    return n;
}

static int64_t rate_e3(const struct shop *s, int64_t now_ms) {
    int64_t sum = 0, age = now_ms / 1000 - s->rate_at;
    for (int64_t i = 0; i + age < SHOP_RATE_S && i < SHOP_RATE_S; i++)
        sum += s->rate[i];
    return sum * 1000 / SHOP_RATE_S;
}

void shop_stats(const struct shop *s, struct shop_stats *ret) {
    int64_t now = env_mono(&s->hub->env);
    int64_t until = s->limit.hold_until_ms;
    if (s->circuit.state == CIRCUIT_OPEN && s->circuit.until_ms > until)
        until = s->circuit.until_ms;
    *ret = (struct shop_stats){
        .in_flight = s->limit.in_flight,
        .queued = list_count(&s->waiting),
        .allowed = s->limit.allowed,
        .ceiling = s->limit.ceiling,
        .circuit = circuit_name(s->circuit.state),
        .hold_ms = until > now ? until - now : 0,
        .requests = s->requests,
        .errors = s->errors,
        .bytes = s->bytes,
        .latency_us = s->latency_us,
        .rate_e3 = rate_e3(s, now),
        .last_error = s->last.code,
        .last_error_ms = s->last_ms,
    };
    for (int i = 0; i < SHOP_PRIOS; i++)
        ret->queued += list_count(&s->queue[i]);
    (void)str_copy(ret->last_error_text, sizeof ret->last_error_text,
                   s->last.text);
}
