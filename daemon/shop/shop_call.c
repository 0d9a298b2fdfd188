/* A request's way: queued by priority, sent when the shop's limit, its host's
 * and its circuit all allow, after a fault that waiting may cure set aside for
 * its back-off and sent again, delivered otherwise. The limits are per shop and
 * per host: a slow or broken shop fills its own queue and nobody else's. */
#include "shop/shop_call.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/metric.h"
#include "common/str.h"
#include "common/when.h"

enum { RETRIES = 3, FIRST_LINGER_MS = 5000, SMOOTH = 8 };

void shop_list_init(struct shop_list *l) {
    l->head = NULL;
    l->tail = &l->head;
}

void shop_list_add(struct shop_list *l, struct shop_call *c) {
    c->list = l;
    c->next = NULL;
    c->link = l->tail;
    *l->tail = c;
    l->tail = &c->next;
}

void shop_list_push(struct shop_list *l, struct shop_call *c) {
    c->list = l;
    c->next = l->head;
    c->link = &l->head;
    if (c->next)
        c->next->link = &c->next;
    else
        l->tail = &c->next;
    l->head = c;
}

void shop_list_remove(struct shop_call *c) {
    if (c->list->tail == &c->next)
        c->list->tail = c->link;
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    c->list = NULL;
}

static const struct env *env_of(const struct shop *s) {
    return &s->hub->env;
}

static void on_timer(void *arg) {
    struct shop *s = arg;
    s->timer = NULL;
    shop_pump(s);
}

static void wake_at(struct shop *s, int64_t mono_ms) {
    const struct env *env = env_of(s);
    int64_t delay = mono_ms - env_mono(env);
    env->cancel(env->self, s->timer);
    s->timer = env->timer(env->self, delay > 0 ? delay : 0, on_timer, s);
}

static struct shop_call *first_queued(const struct shop *s) {
    for (int i = 0; i < SHOP_PRIOS; i++)
        if (s->queue[i].head)
            return s->queue[i].head;
    return NULL;
}

/* First sync may use more; its ceiling lingers so that the pause between two
 * pages does not throw away what was learnt. */
static void set_ceiling(struct shop *s, int64_t mono) {
    if (s->queue[SHOP_FIRST].head)
        s->first_until = mono + FIRST_LINGER_MS;
    int ceiling =
        mono < s->first_until ? s->config.ceiling_first : s->config.ceiling;
    if (ceiling != s->limit.ceiling)
        limit_set_ceiling(&s->limit, ceiling);
}

/* May one more go now? Arranges to be called again when not. */
static bool may_send(struct shop *s) {
    int64_t mono = env_mono(env_of(s));
    set_ceiling(s, mono);
    if (mono < s->limit.hold_until_ms) {
        wake_at(s, s->limit.hold_until_ms);
        return false;
    }
    if (!circuit_allows(&s->circuit, mono)) {
        if (s->circuit.state == CIRCUIT_OPEN)
            wake_at(s, s->circuit.until_ms);
        return false;
    }
    if (!limit_may_send(&s->limit, mono))
        return false; /* the next answer pumps */
    bool full = !limit_hosts_take(s->hub->hosts, s->host);
    if (full && !s->host_full)
        s->waits_since = ++s->hub->waits;
    s->host_full = full;
    return !full;
}

static void send_call(struct shop *s, struct shop_call *c) {
    struct shop_sign sign;
    struct http_request r;
    struct shop_hub *h = s->hub;
    shop_list_remove(c);
    shop_list_add(&s->flying, c);
    c->holds_place = true;
    c->attempts++;
    c->sent_seq = h->seq ? h->seq(h->seq_arg) : ++h->counter;
    c->sent_ms = env_now(env_of(s));
    c->sent_mono = env_mono(env_of(s));
    limit_sent(&s->limit);
    circuit_sent(&s->circuit);
    s->requests++;
    metric_add(METRIC_SHOP_REQUESTS, 1);
    shop_sign(&s->config, env_of(s), &c->request, &sign, &r);
    c->http = h->transport.send(h->transport.self, &r, shop_on_answer, c);
    shop_sign_done(&sign);
}

static bool expired(const struct shop_call *c) {
    return c->request.within_ms > 0 && c->attempts == 0 &&
           env_mono(env_of(c->shop)) - c->queued_mono > c->request.within_ms;
}

static void refuse(void *arg) {
    struct shop_call *c = arg;
    struct shop *s = c->shop;
    c->wait = NULL;
    s->busy++;
    shop_deliver_fault(c, &c->fault);
    s->busy--;
    shop_unref(s);
}

void shop_refuse(struct shop_call *c, const struct shop_fault *f) {
    const struct env *env = env_of(c->shop);
    c->fault = *f;
    shop_list_add(&c->shop->waiting, c);
    c->wait = env->timer(env->self, 0, refuse, c);
}

/* What it rests on is old by now. */
static void expire(struct shop_call *c) {
    const struct shop_fault f = {
        .code = ERR_CANCELLED,
        .retry = SHOP_RETRY_LATER,
        .cause = CAUSE_NOT_LET_THROUGH,
        .text = "The shop let nothing through for too long."};
    shop_list_remove(c);
    shop_refuse(c, &f);
}

void shop_pump(struct shop *s) {
    struct shop_call *c;
    while (!s->dead && (c = first_queued(s))) {
        if (expired(c))
            expire(c);
        else if (may_send(s))
            send_call(s, c);
        else
            return;
    }
}

/* Who has waited longest for a place at its host, of those before `until`. */
static struct shop *waits_longest(const struct shop_hub *h, int64_t until) {
    struct shop *best = NULL;
    for (struct shop *s = h->shops; s; s = s->next)
        if (s->host_full && s->waits_since <= until &&
            (!best || s->waits_since < best->waits_since))
            best = s;
    return best;
}

void shop_pump_others(struct shop_hub *h) {
    int64_t until = h->waits; /* who waits again waits behind these */
    struct shop *s;
    while ((s = waits_longest(h, until))) {
        s->host_full = false;
        shop_pump(s);
    }
}

static void call_free(struct shop_call *c) {
    buf_done(&c->body);
    free(c);
}

/* Out of every list and counter; the call itself stays. */
static void call_detach(struct shop_call *c) {
    const struct env *env = env_of(c->shop);
    shop_list_remove(c);
    env->cancel(env->self, c->wait);
    c->wait = NULL;
    if (c->holds_place) {
        c->holds_place = false;
        limit_hosts_give(c->shop->hub->hosts, c->shop->host);
    }
}

void shop_deliver(struct shop_call *c, struct shop_answer *a) {
    if (c->list)
        call_detach(c);
    a->attempts = c->attempts;
    a->sent_seq = c->sent_seq;
    a->sent_ms = c->sent_ms;
    a->done_ms = env_now(env_of(c->shop));
    c->done(c->arg, a);
    call_free(c);
}

void shop_deliver_fault(struct shop_call *c, const struct shop_fault *f) {
    struct shop_answer a = {.fault = *f, .total = -1, .pages = -1};
    if (c->holds_place) {
        limit_dropped(&c->shop->limit);
        circuit_dropped(&c->shop->circuit);
    }
    shop_deliver(c, &a);
}

void shop_cancel(struct shop_call *c) {
    struct shop *s = c->shop;
    struct shop_hub *h = s->hub;
    if (c->http) {
        h->transport.cancel(h->transport.self, c->http);
        limit_dropped(&s->limit);
        circuit_dropped(&s->circuit);
    }
    call_detach(c);
    call_free(c);
    shop_pump(s);
    shop_pump_others(h);
}

/* Did the shop itself work, whatever it said about this request? */
static bool shop_works(int code) {
    return code == 0 || code == ERR_SHOP_NOT_FOUND ||
           code == ERR_SHOP_INVALID || code == ERR_SHOP_CONFLICT ||
           code == ERR_SHOP_PERMISSION || code == ERR_SHOP_TOO_LARGE;
}

static void count_rate(struct shop *s, int64_t mono) {
    int64_t gap = mono / 1000 - s->rate_at;
    if (gap > SHOP_RATE_S)
        gap = SHOP_RATE_S;
    for (int64_t i = 0; i < gap; i++) {
        memmove(s->rate + 1, s->rate, (SHOP_RATE_S - 1) * sizeof *s->rate);
        s->rate[0] = 0;
    }
    s->rate_at = mono / 1000;
    s->rate[0]++;
}

/* What an answer teaches about the shop. */
static void learn(struct shop *s, struct shop_call *c,
                  const struct http_answer *a, struct shop_fault *f) {
    int64_t mono = env_mono(env_of(s));
    int64_t took = a->total_us ? a->total_us : (mono - c->sent_mono) * 1000;
    int64_t after = classify_retry_after(a, env_now(env_of(s)));
    limit_answered(&s->limit, (int)c->request.cls, c->sent_mono, mono, took,
                   f->server ? LIMIT_SLOW_DOWN
                   : f->code ? LIMIT_NEUTRAL
                             : LIMIT_OK);
    if (f->server && after >= 0) {
        f->after_ms = after;
        limit_hold(&s->limit, mono + after);
    }
    if (shop_works(f->code))
        circuit_ok(&s->circuit);
    else
        circuit_failed(&s->circuit, mono, env_of(s));
    s->bytes += a->wire_bytes;
    metric_add(METRIC_SHOP_BYTES, a->wire_bytes);
    count_rate(s, mono);
    s->latency_us += s->latency_us ? (took - s->latency_us) / SMOOTH : took;
    if (!f->code)
        return;
    s->errors++;
    metric_add(METRIC_SHOP_ERRORS, 1);
    s->last = *f;
    s->last_ms = env_now(env_of(s));
}

static void again(void *arg) {
    struct shop_call *c = arg;
    c->wait = NULL;
    shop_list_remove(c);
    shop_list_push(&c->shop->queue[c->prio], c);
    shop_pump(c->shop);
}

/* Once more? Only what cannot do harm twice, and not behind an open circuit:
 * who asked hears now what is wrong, not in minutes. */
static bool try_again(struct shop_call *c, const struct shop_fault *f) {
    const struct env *env = env_of(c->shop);
    int max = c->request.retries ? c->request.retries : RETRIES;
    if (c->request.method != HTTP_GET || f->retry != SHOP_RETRY_LATER ||
        c->attempts > max || c->shop->circuit.state != CIRCUIT_CLOSED)
        return false;
    int64_t delay = backoff_next(&c->backoff, env);
    if (f->after_ms > delay)
        delay = f->after_ms;
    call_detach(c);
    shop_list_add(&c->shop->waiting, c);
    c->wait = env->timer(env->self, delay, again, c);
    return true;
}

static int64_t number_header(const struct http_answer *a, const char *name) {
    int64_t n = -1;
    const char *s = http_header(a, name);
    if (s)
        (void)str_to_i64(s, 0, INT32_MAX, &n); /* else absent */
    return n;
}

/* One address may carry many shops, each under a name of its own: from the
 * first answer on their places are counted together. Only while none is taken,
 * for places are given back under the name they were taken by. */
static void learn_address(struct shop *s, const struct http_answer *a) {
    if (a->ip[0] && !s->flying.head)
        (void)str_copy(s->host, sizeof s->host, a->ip);
}

void shop_on_answer(void *arg, struct http_answer *a) {
    struct shop_call *c = arg;
    struct shop *s = c->shop;
    struct shop_verdict v;
    const char *date = http_header(a, "Date");
    c->http = NULL;
    classify(a, c->request.method != HTTP_GET, &v);
    learn(s, c, a, &v.fault);
    s->busy++;
    if (!v.fault.code || !try_again(c, &v.fault)) {
        struct shop_answer answer = {
            .fault = v.fault,
            .http = a,
            .json = v.json,
            .noise = v.noise,
            .total = number_header(a, "X-WP-Total"),
            .pages = number_header(a, "X-WP-TotalPages"),
        };
        if (date)
            (void)when_http(date, &answer.date_ms); /* else 0 */
        shop_deliver(c, &answer);
    }
    learn_address(s, a);
    shop_pump_others(s->hub); /* they have waited, this one has just had it */
    shop_pump(s);
    s->busy--;
    shop_unref(s);
}
