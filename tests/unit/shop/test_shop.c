/* The queue of a shop: order, limits, retries, holds, the circuit, the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/check.h"
#include "common/env.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "shop/shop.h"

/* A network and a clock that do what the test says. */
struct http_call {
    char url[512];
    http_done_fn done;
    void *arg;
};

struct env_timer {
    int64_t at;
    void (*fn)(void *arg);
    void *arg;
};

enum { MANY = 64 };

struct world {
    struct env env;
    struct shop_hub *hub;
    struct shop *shop;
    int64_t now;
    struct http_call *calls[MANY]; /* under way, in the order sent */
    int n_calls, sent;
    struct env_timer *timers[MANY];
    int n_timers;
    struct shop_answer last; /* http is not kept */
    int done, order[MANY];
    char ip[48];      /* of every answer; "": not told */
    char urls[32768]; /* of all that was sent, a line each */
};

static int64_t world_now(void *self) {
    return ((struct world *)self)->now;
}

static void world_random(void *self, void *dst, size_t n) {
    (void)self;
    memset(dst, 0, n);
}

static struct env_timer *world_timer(void *self, int64_t delay,
                                     void (*fn)(void *arg), void *arg) {
    struct world *w = self;
    struct env_timer *t = NEW(struct env_timer);
    *t = (struct env_timer){w->now + delay, fn, arg};
    REQUIRE(w->n_timers < MANY);
    return w->timers[w->n_timers++] = t;
}

static void world_cancel(void *self, struct env_timer *t) {
    struct world *w = self;
    for (int i = 0; t && i < w->n_timers; i++)
        if (w->timers[i] == t) {
            free(t);
            w->timers[i] = w->timers[--w->n_timers];
            return;
        }
    assert_null(t);
}

static struct http_call *world_send(void *self, const struct http_request *r,
                                    http_done_fn done, void *arg) {
    struct world *w = self;
    struct http_call *c = NEW(struct http_call);
    (void)str_copy(c->url, sizeof c->url, r->url);
    c->done = done;
    c->arg = arg;
    REQUIRE(w->n_calls < MANY);
    w->sent++;
    (void)snprintf(w->urls + strlen(w->urls), sizeof w->urls - strlen(w->urls),
                   "%s\n", r->url);
    return w->calls[w->n_calls++] = c;
}

static struct http_call *take(struct world *w, int at) {
    struct http_call *c = w->calls[at];
    memmove(w->calls + at, w->calls + at + 1,
            (size_t)(--w->n_calls - at) * sizeof *w->calls);
    return c;
}

static void world_drop(void *self, struct http_call *c) {
    struct world *w = self;
    for (int i = 0; i < w->n_calls; i++)
        if (w->calls[i] == c) {
            free(take(w, i));
            return;
        }
    fail_msg("cancelled twice");
}

/* Answer the oldest request under way. */
static void reply(struct world *w, int status, const char *body,
                  const char *retry_after) {
    struct http_answer a = {.status = status, .total_us = 1000};
    struct http_call *c = take(w, 0);
    (void)snprintf(a.ip, sizeof a.ip, "%s", w->ip);
    buf_adds(&a.body, body);
    (void)http_header_add(&a, "X-WP-Total", 10, "12", 2);
    if (retry_after)
        (void)http_header_add(&a, "Retry-After", 11, retry_after,
                              strlen(retry_after));
    c->done(c->arg, &a);
    http_answer_done(&a);
    free(c);
}

static void broken(struct world *w, enum http_error e) {
    struct http_answer a = {.error = e};
    struct http_call *c = take(w, 0);
    c->done(c->arg, &a);
    http_answer_done(&a);
    free(c);
}

static void advance(struct world *w, int64_t ms) {
    int64_t end = w->now + ms;
    for (;;) {
        int first = -1;
        for (int i = 0; i < w->n_timers; i++)
            if (w->timers[i]->at <= end &&
                (first < 0 || w->timers[i]->at < w->timers[first]->at))
                first = i;
        if (first < 0)
            break;
        struct env_timer *t = w->timers[first];
        w->timers[first] = w->timers[--w->n_timers];
        if (t->at > w->now)
            w->now = t->at;
        t->fn(t->arg);
        free(t);
    }
    w->now = end;
}

static struct world world;

static void on_done(void *arg, struct shop_answer *a) {
    world.last = *a;
    world.last.http = NULL;
    world.order[world.done++] = (int)(intptr_t)arg;
}

static struct shop *new_shop(struct world *w, const char *url) {
    const struct shop_config c = {
        .name = "alpine", .url = url, .key = "ck", .secret = "cs"};
    return shop_new(w->hub, &c);
}

static int setup(void **state) {
    struct world *w = &world;
    memset(w, 0, sizeof *w);
    w->now = 1000000;
    w->env = (struct env){.self = w,
                          .now = world_now,
                          .mono = world_now,
                          .random = world_random,
                          .timer = world_timer,
                          .cancel = world_cancel};
    const struct shop_hub_options o = {
        .env = &w->env,
        .transport = {w, world_send, world_drop},
        .per_host = 5,
    };
    w->hub = shop_hub_new(&o);
    w->shop = new_shop(w, "https://a.example");
    *state = w;
    return 0;
}

static int teardown(void **state) {
    struct world *w = *state;
    shop_free(w->shop);
    shop_hub_free(w->hub);
    assert_int_equal(w->n_calls, 0);
    assert_int_equal(w->n_timers, 0);
    return 0;
}

static struct shop_call *get(struct world *w, enum shop_prio prio, int tag) {
    struct shop_request r;
    request_list(&r, COLLECTION_ORDERS, 1, 100, ORDER_BY_ID_ASC);
    return shop_get(w->shop, prio, &r, on_done, (void *)(intptr_t)tag);
}

static void one(void **state) {
    struct world *w = *state;
    (void)get(w, SHOP_INCREMENTAL, 7);
    assert_int_equal(w->n_calls, 1);
    assert_true(str_starts(w->calls[0]->url,
                           "https://a.example/wp-json/wc/v3/orders?page=1&"));
    assert_non_null(strstr(w->calls[0]->url, "&_fx="));
    w->now += 300;
    reply(w, 200, "[]", NULL);
    assert_int_equal(w->done, 1);
    assert_int_equal(w->order[0], 7);
    assert_int_equal(w->last.fault.code, 0);
    assert_int_equal(w->last.total, 12);
    assert_int_equal(w->last.pages, -1);
    assert_int_equal(w->last.sent_seq, 1);
    assert_int_equal(w->last.done_ms - w->last.sent_ms, 300);
    assert_int_equal(w->last.attempts, 1);
}

static void people_first(void **state) {
    struct world *w = *state;
    for (int i = 0; i < 6; i++)
        (void)get(w, SHOP_FIRST, 100 + i);
    (void)get(w, SHOP_INCREMENTAL, 50);
    (void)get(w, SHOP_INTERACTIVE, 1);
    assert_int_equal(w->n_calls, 2); /* until the first answers */
    for (int i = 0; i < 8; i++)
        reply(w, 200, "[]", NULL);
    static const int want[] = {100, 101, 1, 50, 102, 103, 104, 105};
    assert_memory_equal(w->order, want, sizeof want);
    assert_int_equal(w->done, 8);
}

static void ceilings(void **state) {
    struct world *w = *state;
    for (int i = 0; i < 12; i++)
        (void)get(w, SHOP_INCREMENTAL, i);
    for (int i = 0; i < 4; i++)
        reply(w, 200, "[]", NULL);
    assert_int_equal(w->n_calls, 2);
    for (int i = 0; i < 8; i++)
        (void)get(w, SHOP_FIRST, i);
    for (int i = 0; i < 9; i++)
        reply(w, 200, "[]", NULL);
    assert_int_equal(w->n_calls, 4);
    while (w->n_calls)
        reply(w, 200, "[]", NULL);
    assert_int_equal(w->done, 20);
}

static void busy_is_tried_again(void **state) {
    struct world *w = *state;
    (void)get(w, SHOP_INCREMENTAL, 1);
    reply(w, 502, "<html>", NULL);
    assert_int_equal(w->done, 0);
    assert_int_equal(w->n_calls, 0);
    advance(w, 249);
    assert_int_equal(w->n_calls, 0);
    advance(w, 1);
    assert_int_equal(w->n_calls, 1);
    reply(w, 200, "[]", NULL);
    assert_int_equal(w->done, 1);
    assert_int_equal(w->last.attempts, 2);
    assert_int_equal(w->last.sent_seq, 2);
}

static void retries_end(void **state) {
    struct world *w = *state;
    (void)get(w, SHOP_INCREMENTAL, 1);
    for (int i = 0; i < 4; i++) {
        broken(w, HTTP_TIMEOUT);
        advance(w, 60000);
    }
    assert_int_equal(w->done, 1);
    assert_int_equal(w->last.attempts, 4);
    assert_int_equal(w->last.fault.code, ERR_SHOP_TIMEOUT);
}

static void writes_are_never_repeated(void **state) {
    struct world *w = *state;
    struct shop_request r;
    request_init(&r, HTTP_PUT, "/wc/v3/orders/1");
    r.body = "{}";
    r.body_n = 2;
    (void)shop_send(w->shop, SHOP_INTERACTIVE, &r, on_done, NULL);
    broken(w, HTTP_TIMEOUT);
    assert_int_equal(w->done, 1);
    assert_true(w->last.fault.unknown);
    advance(w, 600000);
    assert_int_equal(w->sent, 1);
}

/* A write that waited for the shop longer than the look before it is good for.
 */
static void what_waited_too_long_is_not_sent(void **state) {
    struct world *w = *state;
    struct shop_request r;
    (void)get(w, SHOP_INCREMENTAL, 1);
    reply(w, 429, "", "60");
    request_init(&r, HTTP_PUT, "/wc/v3/orders/1");
    r.within_ms = 30000;
    (void)shop_send(w->shop, SHOP_INTERACTIVE, &r, on_done, NULL);
    advance(w, 61000);
    assert_int_equal(w->done, 1);
    assert_int_equal(w->last.fault.code, ERR_CANCELLED);
    assert_int_equal(w->last.attempts, 0);
    assert_int_equal(w->sent, 2); /* the read alone went out again */
    reply(w, 200, "[]", NULL);
}

static void retry_after_holds_the_shop(void **state) {
    struct world *w = *state;
    (void)get(w, SHOP_INCREMENTAL, 1);
    reply(w, 429, "", "30");
    (void)get(w, SHOP_INTERACTIVE, 2);
    advance(w, 29999);
    assert_int_equal(w->n_calls, 0);
    struct shop_stats st;
    shop_stats(w->shop, &st);
    assert_int_equal(st.hold_ms, 1);
    assert_int_equal(st.queued, 2);
    assert_int_equal(st.last_error, ERR_SHOP_THROTTLED);
    advance(w, 1);
    assert_int_equal(w->n_calls, 1); /* halved */
    reply(w, 200, "[]", NULL);
    reply(w, 200, "[]", NULL);
    assert_int_equal(w->done, 2);
}

static void a_key_refused_is_not_hammered(void **state) {
    static const char body[] =
        "{\"code\":\"woocommerce_rest_authentication_error\","
        "\"message\":\"Consumer secret is invalid.\"}";
    struct world *w = *state;
    for (int i = 0; i < 10; i++)
        (void)get(w, SHOP_INCREMENTAL, i);
    for (int i = 0; i < 10 && w->n_calls; i++)
        reply(w, 401, body, NULL);
    assert_true(w->sent <= 7); /* five in a row, and those under way */
    int sent = w->sent;
    advance(w, 2499);
    assert_int_equal(w->sent, sent);
    /* a person is told at once */
    (void)get(w, SHOP_INTERACTIVE, 99);
    assert_int_equal(w->last.attempts, 1);
    advance(w, 0);
    assert_int_equal(w->order[w->done - 1], 99);
    assert_int_equal(w->last.fault.code, ERR_SHOP_AUTH);
    assert_int_equal(w->last.attempts, 0);
    /* then one probe, and all is well */
    advance(w, 1);
    assert_int_equal(w->sent, sent + 1);
    reply(w, 200, "[]", NULL);
    while (w->n_calls)
        reply(w, 200, "[]", NULL);
    assert_int_equal(w->done, 11);
}

static void what_is_not_there_is_no_failure(void **state) {
    struct world *w = *state;
    for (int i = 0; i < 20; i++) {
        (void)get(w, SHOP_INCREMENTAL, i);
        reply(w, 404, "{\"code\":\"woocommerce_rest_shop_order_invalid_id\"}",
              NULL);
    }
    assert_int_equal(w->done, 20);
    assert_int_equal(w->last.fault.code, ERR_SHOP_NOT_FOUND);
    struct shop_stats st;
    shop_stats(w->shop, &st);
    assert_string_equal(st.circuit, "closed");
}

static void waking_forgets_the_hold(void **state) {
    struct world *w = *state;
    (void)get(w, SHOP_INCREMENTAL, 1);
    reply(w, 503, "", "600");
    (void)get(w, SHOP_INCREMENTAL, 2);
    assert_int_equal(w->n_calls, 0);
    shop_wake(w->shop);
    assert_int_equal(w->n_calls, 1);
    reply(w, 200, "[]", NULL);
    advance(w, 600000);
    reply(w, 200, "[]", NULL);
}

static void one_host_many_shops(void **state) {
    struct world *w = *state;
    struct shop *others[3];
    struct shop_request r;
    request_list(&r, COLLECTION_ORDERS, 1, 10, ORDER_BY_ID_ASC);
    for (int i = 0; i < 3; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "https://a.example/shop%d", i);
        others[i] = new_shop(w, url);
        for (int k = 0; k < 2; k++)
            (void)shop_get(others[i], SHOP_INCREMENTAL, &r, on_done, NULL);
    }
    assert_int_equal(w->n_calls, 5); /* of six */
    reply(w, 200, "[]", NULL);
    assert_int_equal(w->n_calls, 5); /* the sixth took the place */
    while (w->n_calls)
        reply(w, 200, "[]", NULL);
    assert_int_equal(w->done, 6);
    for (int i = 0; i < 3; i++)
        shop_free(others[i]);
}

/* Names tell nothing: from the first answer on it is the address that has only
 * so many places. */
static void one_address_many_names(void **state) {
    struct world *w = *state;
    struct shop *others[4];
    struct shop_request r;
    request_list(&r, COLLECTION_ORDERS, 1, 10, ORDER_BY_ID_ASC);
    (void)str_copy(w->ip, sizeof w->ip, "192.0.2.1");
    for (int i = 0; i < 4; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "https://shop%d.example", i);
        others[i] = new_shop(w, url);
        (void)shop_get(others[i], SHOP_INCREMENTAL, &r, on_done, NULL);
    }
    while (w->n_calls)
        reply(w, 200, "[]", NULL);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 2; k++)
            (void)shop_get(others[i], SHOP_INCREMENTAL, &r, on_done, NULL);
    assert_int_equal(w->n_calls, 5); /* of eight */
    while (w->n_calls)
        reply(w, 200, "[]", NULL);
    assert_int_equal(w->done, 12);
    for (int i = 0; i < 4; i++)
        shop_free(others[i]);
}

/* One that asks without end does not keep the others of its host waiting. */
static void a_host_is_shared_in_turn(void **state) {
    struct world *w = *state;
    struct shop *greedy[3], *modest = new_shop(w, "https://a.example/modest");
    struct shop_request r;
    request_list(&r, COLLECTION_ORDERS, 1, 10, ORDER_BY_ID_ASC);
    for (int i = 0; i < 3; i++) {
        greedy[i] = new_shop(w, "https://a.example/greedy");
        for (int k = 0; k < 10; k++)
            (void)shop_get(greedy[i], SHOP_INCREMENTAL, &r, on_done, NULL);
    }
    int before = w->sent;
    (void)shop_get(modest, SHOP_INCREMENTAL, &r, on_done, NULL);
    assert_int_equal(w->sent, before); /* the host is full */
    reply(w, 200, "[]", NULL);
    for (int i = 0; i < 3; i++)
        reply(w, 200, "[]", NULL);
    assert_non_null(strstr(w->urls, "modest"));
    while (w->n_calls)
        reply(w, 200, "[]", NULL);
    shop_free(modest);
    for (int i = 0; i < 3; i++)
        shop_free(greedy[i]);
}

static void cancelling(void **state) {
    struct world *w = *state;
    struct shop_call *flying = get(w, SHOP_INCREMENTAL, 1);
    (void)get(w, SHOP_INCREMENTAL, 2);
    struct shop_call *queued = get(w, SHOP_INCREMENTAL, 3);
    (void)get(w, SHOP_INCREMENTAL, 4);
    shop_cancel(queued);
    shop_cancel(flying);
    assert_int_equal(w->n_calls, 2);
    reply(w, 200, "[]", NULL);
    reply(w, 502, "", NULL);
    assert_int_equal(w->done, 1);
    struct shop_stats st;
    shop_stats(w->shop, &st);
    assert_int_equal(st.queued, 1); /* waits for its second try */
    assert_int_equal(st.in_flight, 0);
}

static void the_end_answers_all(void **state) {
    struct world *w = *state;
    for (int i = 0; i < 5; i++)
        (void)get(w, SHOP_FIRST, i);
    reply(w, 502, "", NULL); /* one waits for a second try */
    shop_free(w->shop);
    w->shop = NULL;
    assert_int_equal(w->done, 5);
    assert_int_equal(w->last.fault.code, ERR_CANCELLED);
    assert_null(w->last.http);
}

static void free_inside(void *arg, struct shop_answer *a) {
    struct world *w = arg;
    (void)a;
    w->done++;
    shop_free(w->shop);
    w->shop = NULL;
}

/* The engine's last job was this answer: it stops. */
static void free_all_inside(void *arg, struct shop_answer *a) {
    struct world *w = arg;
    free_inside(arg, a);
    shop_hub_free(w->hub);
    w->hub = NULL;
}

static void freed_by_its_own_answer(void **state) {
    struct world *w = *state;
    struct shop_request r;
    request_list(&r, COLLECTION_ORDERS, 1, 10, ORDER_BY_ID_ASC);
    (void)shop_get(w->shop, SHOP_FIRST, &r, free_inside, w);
    (void)get(w, SHOP_FIRST, 1);
    reply(w, 200, "[]", NULL);
    assert_int_equal(w->done, 2);
}

static void the_hub_freed_by_an_answer(void **state) {
    struct world *w = *state;
    struct shop_request r;
    request_list(&r, COLLECTION_ORDERS, 1, 10, ORDER_BY_ID_ASC);
    (void)shop_get(w->shop, SHOP_FIRST, &r, free_all_inside, w);
    reply(w, 200, "[]", NULL);
    assert_int_equal(w->done, 1);
}

static void too_long_is_refused(void **state) {
    struct world *w = *state;
    struct shop_request r;
    request_list(&r, COLLECTION_ORDERS, 1, 10, ORDER_BY_ID_ASC);
    r.overflowed = true;
    (void)shop_get(w->shop, SHOP_FIRST, &r, on_done, NULL);
    assert_int_equal(w->done, 0);
    advance(w, 0);
    assert_int_equal(w->done, 1);
    assert_int_equal(w->last.fault.code, ERR_TOO_BIG);
    assert_int_equal(w->sent, 0);
}

static void clear_text_is_always_signed(void **state) {
    struct world *w = *state;
    struct shop_request r;
    struct shop *s = new_shop(w, "http://b.example");
    request_list(&r, COLLECTION_ORDERS, 1, 10, ORDER_BY_ID_ASC);
    (void)shop_get(s, SHOP_FIRST, &r, on_done, NULL);
    assert_non_null(strstr(w->calls[0]->url, "oauth_signature="));
    assert_null(strstr(w->calls[0]->url, "cs"));
    reply(w, 200, "[]", NULL);
    shop_free(s);
}

#define SHOP_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        SHOP_TEST(one),
        SHOP_TEST(people_first),
        SHOP_TEST(ceilings),
        SHOP_TEST(busy_is_tried_again),
        SHOP_TEST(retries_end),
        SHOP_TEST(writes_are_never_repeated),
        SHOP_TEST(what_waited_too_long_is_not_sent),
        SHOP_TEST(retry_after_holds_the_shop),
        SHOP_TEST(a_key_refused_is_not_hammered),
        SHOP_TEST(what_is_not_there_is_no_failure),
        SHOP_TEST(waking_forgets_the_hold),
        SHOP_TEST(one_host_many_shops),
        SHOP_TEST(one_address_many_names),
        SHOP_TEST(a_host_is_shared_in_turn),
        SHOP_TEST(cancelling),
        SHOP_TEST(the_end_answers_all),
        SHOP_TEST(freed_by_its_own_answer),
        SHOP_TEST(the_hub_freed_by_an_answer),
        SHOP_TEST(too_long_is_refused),
        SHOP_TEST(clear_text_is_always_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
