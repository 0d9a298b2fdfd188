/* The doctor's hops: against the demo shop, and against what is no shop.
 *
 * "https://shop.test" is carried to the demo shop by the transport below, so
 * that a shop behind TLS is examined without certificates; TLS itself is tried
 * with a server of its own. */
#include "tests/lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <uv.h>

#include "common/check.h"
#include "common/digest.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "shop/doctor.h"
#include "tests/lib/shop_proc.h"
#include "tests/lib/tiny_server.h"

#define FAR "https://shop.test"

enum { HOPS = 24 };

struct env_timer {
    uv_timer_t uv;
    void (*fn)(void *arg);
    void *arg;
};

struct fixture {
    uv_loop_t loop;
    struct env env;
    struct http *http;
    struct http_transport real;
    char near[64]; /* what FAR stands for */
    struct doctor_hop hops[HOPS];
    int n_hops;
    struct doctor_result result;
    bool done;
    int64_t behind_ms; /* our clock is wrong by that much */
};

static int64_t env_time(void *self) {
    struct timespec t;
    struct fixture *f = self;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 - f->behind_ms;
}

static void env_random(void *self, void *dst, size_t n) {
    (void)self;
    digest_random(dst, n);
}

static void timer_closed(uv_handle_t *h) {
    free(h->data);
}

static void timer_fired(uv_timer_t *uv) {
    struct env_timer *t = uv->data;
    t->fn(t->arg);
    uv_close((uv_handle_t *)uv, timer_closed);
}

static struct env_timer *env_timer(void *self, int64_t ms,
                                   void (*fn)(void *arg), void *arg) {
    struct fixture *f = self;
    struct env_timer *t = NEW(struct env_timer);
    t->fn = fn;
    t->arg = arg;
    (void)uv_timer_init(&f->loop, &t->uv);
    t->uv.data = t;
    (void)uv_timer_start(&t->uv, timer_fired, (uint64_t)ms, 0);
    return t;
}

static void env_cancel(void *self, struct env_timer *t) {
    (void)self;
    if (t)
        uv_close((uv_handle_t *)&t->uv, timer_closed);
}

static struct http_call *carry(void *self, const struct http_request *r,
                               http_done_fn done, void *arg) {
    struct fixture *f = self;
    struct http_request copy = *r;
    AUTO_BUF struct buf url = BUF_INIT;
    if (str_starts(r->url, FAR)) {
        buf_addf(&url, "%s%s", f->near, r->url + strlen(FAR));
        copy.url = url.data;
    }
    return f->real.send(f->real.self, &copy, done, arg);
}

static void carry_cancel(void *self, struct http_call *c) {
    struct fixture *f = self;
    f->real.cancel(f->real.self, c);
}

static int setup(void **state) {
    static struct fixture f;
    memset(&f, 0, sizeof f);
    assert_int_equal(uv_loop_init(&f.loop), 0);
    f.env =
        (struct env){&f, env_time, env_time, env_random, env_timer, env_cancel};
    f.http = http_new(&f.loop, NULL);
    f.real = http_transport(f.http);
    *state = &f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    http_close(f->http, NULL, NULL);
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&f->loop), 0);
    return 0;
}

static void on_hop(void *arg, const struct doctor_hop *h) {
    struct fixture *f = arg;
    REQUIRE(f->n_hops < HOPS);
    f->hops[f->n_hops++] = *h;
}

static void on_done(void *arg, const struct doctor_result *r) {
    struct fixture *f = arg;
    f->result = *r;
    f->done = true;
}

struct patient {
    const char *url, *key, *secret, *ca;
    bool allow_http;
};

static struct doctor *start(struct fixture *f, const struct patient *p) {
    const struct doctor_options o = {
        .env = &f->env,
        .transport = {f, carry, carry_cancel},
        .url = p->url,
        .key = p->key ? p->key : "ck_demo",
        .secret = p->secret ? p->secret : "cs_demo",
        .ca = p->ca,
        .allow_http = p->allow_http,
    };
    f->n_hops = 0;
    f->done = false;
    return doctor_start(&o, on_hop, on_done, f);
}

static void examine(struct fixture *f, struct patient p) {
    (void)start(f, &p);
    assert_int_equal(f->n_hops, 0);
    while (!f->done)
        (void)uv_run(&f->loop, UV_RUN_ONCE);
    assert_true(f->n_hops > 0);
}

/* The level of the last hop of that name; fails when it was not told. */
static void assert_hop(struct fixture *f, const char *name,
                       enum doctor_level level) {
    for (int i = f->n_hops; i-- > 0;)
        if (str_eq(f->hops[i].name, name)) {
            if (f->hops[i].level != level)
                fail_msg("%s is %s: %s", name,
                         doctor_level_name(f->hops[i].level),
                         f->hops[i].detail);
            if (level != DOCTOR_OK && !str_eq(name, "url"))
                assert_string_not_equal(f->hops[i].cure, "");
            return;
        }
    fail_msg("hop %s was not told", name);
}

/* It ended there, with that error, and told nothing behind it. */
static void assert_failed(struct fixture *f, const char *name, int error) {
    const struct doctor_hop *last = &f->hops[f->n_hops - 1];
    if (!str_eq(last->name, name) || f->result.error != error)
        fail_msg("ended at %s with %s: %s", last->name,
                 err_name(f->result.error), last->detail);
    assert_int_equal(last->level, DOCTOR_FAIL);
    assert_string_not_equal(last->cure, "");
    for (int i = 0; i + 1 < f->n_hops; i++)
        assert_int_not_equal(f->hops[i].level, DOCTOR_FAIL);
}

static void reach(struct fixture *f, const struct shop_proc *s) {
    (void)str_copy(f->near, sizeof f->near, s->url);
}

static void healthy(void **state) {
    static const char *const names[] = {
        "url",  "connect", "tls",   "wordpress", "rest",    "woocommerce",
        "auth", "read",    "write", "time",      "statuses"};
    struct fixture *f = *state;
    struct shop_proc s;
    shop_proc_start(&s, "--trust-http", "--storage", "hpos", "--orders", "5",
                    "--products", "5", "--customers", "5", NULL);
    reach(f, &s);
    examine(f, (struct patient){.url = " shop.test/wp-admin/ "});
    assert_int_equal(f->result.error, 0);
    assert_int_equal(f->n_hops, 11);
    for (int i = 0; i < 11; i++)
        assert_string_equal(f->hops[i].name, names[i]);
    for (int i = 0; i < 9; i++)
        assert_hop(f, names[i], DOCTOR_OK);
    assert_string_equal(f->result.url, FAR);
    assert_int_equal(f->result.auth, SHOP_BASIC);
    assert_false(f->result.route);
    assert_true(f->result.can_write);
    assert_true(f->result.caps.hpos);
    assert_string_not_equal(f->result.caps.wc_version, "");
    assert_string_equal(f->result.caps.zone, "Europe/Istanbul");
    assert_string_not_equal(f->result.caps.currency, "");
    assert_true(f->result.caps.decimals >= 0);
    assert_true(f->result.n_statuses >= 7);
    assert_string_equal(f->result.statuses[1].slug, "processing");
    assert_int_equal(f->result.statuses[1].phase, PHASE_TODO);
    shop_proc_stop(&s);
}

static void clear_text(void **state) {
    struct fixture *f = *state;
    struct shop_proc s;
    shop_proc_start(&s, "--orders", "1", NULL);
    examine(f, (struct patient){.url = s.url});
    assert_failed(f, "url", ERR_INVALID);
    examine(f, (struct patient){.url = s.url, .allow_http = true});
    assert_int_equal(f->result.error, 0);
    assert_hop(f, "tls", DOCTOR_WARN);
    assert_hop(f, "auth", DOCTOR_OK);
    assert_int_equal(f->result.auth, SHOP_OAUTH);
    assert_true(f->result.can_write);
    assert_false(f->result.caps.hpos);
    examine(f, (struct patient){
                   .url = s.url, .allow_http = true, .secret = "cs_other"});
    assert_failed(f, "auth", ERR_SHOP_AUTH);
    shop_proc_stop(&s);
}

static void plain_permalinks(void **state) {
    struct fixture *f = *state;
    struct shop_proc s;
    shop_proc_start(&s, "--orders", "1", "--plain-permalinks", "--trust-http",
                    "--home", FAR, NULL);
    reach(f, &s);
    examine(f, (struct patient){.url = FAR});
    assert_int_equal(f->result.error, 0);
    assert_hop(f, "rest", DOCTOR_WARN);
    assert_true(f->result.route);
    assert_int_equal(f->result.auth, SHOP_BASIC);
    shop_proc_stop(&s);
    shop_proc_start(&s, "--orders", "1", "--plain-permalinks", NULL);
    examine(f, (struct patient){.url = s.url, .allow_http = true});
    assert_int_equal(f->result.error, 0);
    assert_int_equal(f->result.auth, SHOP_OAUTH);
    assert_true(f->result.route);
    shop_proc_stop(&s);
}

static void keys(void **state) {
    struct fixture *f = *state;
    struct shop_proc s;
    shop_proc_start(&s, "--orders", "1", "--trust-http", NULL);
    reach(f, &s);
    examine(f, (struct patient){.url = FAR, .secret = "cs_wrong"});
    assert_failed(f, "auth", ERR_SHOP_AUTH);
    examine(f, (struct patient){.url = FAR, .key = "ck_wrong"});
    assert_failed(f, "auth", ERR_SHOP_AUTH);
    examine(f, (struct patient){.url = FAR, .key = ""});
    assert_failed(f, "auth", ERR_SHOP_AUTH);
    shop_proc_stop(&s);
}

static void permissions(void **state) {
    struct fixture *f = *state;
    struct shop_proc s;
    shop_proc_start(&s, "--orders", "1", "--trust-http", "--permission", "read",
                    NULL);
    reach(f, &s);
    examine(f, (struct patient){.url = FAR});
    assert_int_equal(f->result.error, 0);
    assert_false(f->result.can_write);
    assert_hop(f, "write", DOCTOR_WARN);
    shop_proc_stop(&s);
    shop_proc_start(&s, "--orders", "1", "--trust-http", "--permission",
                    "write", NULL);
    reach(f, &s);
    examine(f, (struct patient){.url = FAR});
    assert_failed(f, "read", ERR_SHOP_PERMISSION);
    shop_proc_stop(&s);
}

/* PHP does not know that TLS ended before it. */
static void behind_a_proxy(void **state) {
    struct fixture *f = *state;
    struct shop_proc s;
    shop_proc_start(&s, "--orders", "1", NULL);
    reach(f, &s);
    examine(f, (struct patient){.url = FAR});
    assert_int_equal(f->result.error, 0);
    assert_hop(f, "auth", DOCTOR_WARN);
    assert_int_equal(f->result.auth, SHOP_OAUTH);
    shop_proc_stop(&s);
}

static void clock_offset(void **state) {
    struct fixture *f = *state;
    struct shop_proc s;
    shop_proc_start(&s, "--orders", "1", NULL);
    f->behind_ms = 3600000;
    examine(f, (struct patient){.url = s.url, .allow_http = true});
    assert_int_equal(f->result.error, 0); /* OAuth uses the shop's clock */
    assert_hop(f, "time", DOCTOR_WARN);
    assert_true(f->result.caps.clock_offset_ms > 3590000 &&
                f->result.caps.clock_offset_ms < 3610000);
    shop_proc_stop(&s);
}

/* A fresh shop with one fault. */
static void sick_shop(struct fixture *f, struct shop_proc *s,
                      const char *kind) {
    char body[80];
    shop_proc_start(s, "--orders", "1", "--trust-http", NULL);
    reach(f, s);
    (void)snprintf(body, sizeof body, "{\"kind\":\"%s\"}", kind);
    free(shop_proc_admin(s, "faults", body));
}

static void troubles(void **state) {
    static const struct {
        const char *fault, *hop;
        int error;
    } rows[] = {
        {"waf", "rest", ERR_SHOP_BLOCKED},
        {"throttle", "rest", ERR_SHOP_THROTTLED},
        {"gateway", "wordpress", ERR_SHOP_BUSY},
        {"maintenance", "wordpress", ERR_SHOP_BUSY},
        {"login", "rest", ERR_SHOP_NOT_JSON},
        {"fatal", "wordpress", ERR_SHOP_BUSY},
        {"junk", "wordpress", 0},
    };
    struct fixture *f = *state;
    struct shop_proc s;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sick_shop(f, &s, rows[i].fault);
        examine(f, (struct patient){.url = FAR});
        assert_failed(f, rows[i].hop,
                      rows[i].error ? rows[i].error : f->result.error);
        assert_int_not_equal(f->result.error, 0);
        shop_proc_stop(&s);
    }
    sick_shop(f, &s, "strip_auth");
    examine(f, (struct patient){.url = FAR});
    assert_int_equal(f->result.error, 0);
    assert_hop(f, "auth", DOCTOR_WARN);
    assert_int_equal(f->result.auth, SHOP_QUERY);
    assert_true(f->result.caps.query_keys);
    shop_proc_stop(&s);
    sick_shop(f, &s, "notice");
    examine(f, (struct patient){.url = FAR});
    assert_int_equal(f->result.error, 0);
    assert_hop(f, "rest", DOCTOR_WARN);
    shop_proc_stop(&s);
}

/* Servers that are no shop. */
struct script {
    const char *bytes;
    char redirect[256];
};

static struct tiny_reply answer(void *arg, const char *request) {
    struct script *s = arg;
    (void)request;
    return (struct tiny_reply){.bytes = s->redirect[0] ? s->redirect : s->bytes,
                               .close = true};
}

static const char *tiny_url(const struct tiny_server *s, const char *scheme) {
    static char url[64];
    (void)snprintf(url, sizeof url, "%s://127.0.0.1:%d", scheme,
                   tiny_server_port(s));
    return url;
}

#define HTML_404                                                               \
    "HTTP/1.1 404 Not Found\r\nContent-Length: 13\r\n\r\n<html></html>"
#define BARE_WORDPRESS                                                         \
    "HTTP/1.1 200 OK\r\nContent-Length: 38\r\n\r\n"                            \
    "{\"name\":\"Blog\",\"namespaces\":[\"wp/v2\"]}"

static void no_shop(void **state) {
    struct fixture *f = *state;
    struct script script = {.bytes = HTML_404};
    struct tiny_server *t = tiny_server_start(false, answer, &script);
    struct patient p = {.url = tiny_url(t, "http"), .allow_http = true};
    examine(f, p);
    assert_failed(f, "wordpress", ERR_SHOP_NOT_WOO);
    script.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n"
                   "<html>Hi</html>";
    examine(f, p);
    assert_failed(f, "wordpress", ERR_SHOP_NOT_JSON);
    script.bytes = BARE_WORDPRESS;
    examine(f, p);
    assert_failed(f, "woocommerce", ERR_SHOP_NOT_WOO);
    script.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"name\"";
    examine(f, p);
    assert_failed(f, "wordpress", ERR_SHOP_TIMEOUT);
    tiny_server_stop(t);
}

static void nobody(void **state) {
    struct fixture *f = *state;
    examine(f, (struct patient){.url = "https://127.0.0.1:1"});
    assert_failed(f, "connect", ERR_SHOP_REFUSED);
    examine(f, (struct patient){.url = "https://nowhere.invalid"});
    assert_failed(f, "connect", ERR_SHOP_DNS);
    examine(f, (struct patient){.url = "ftp://x"});
    assert_failed(f, "url", ERR_INVALID);
}

static void self_signed(void **state) {
    struct fixture *f = *state;
    struct script script = {.bytes = HTML_404};
    struct tiny_server *t = tiny_server_start(true, answer, &script);
    struct patient p = {.url = tiny_url(t, "https")};
    examine(f, p);
    assert_failed(f, "tls", ERR_SHOP_TLS);
    assert_hop(f, "connect", DOCTOR_OK);
    p.ca = tiny_server_pem(t);
    examine(f, p);
    assert_hop(f, "tls", DOCTOR_OK);
    assert_failed(f, "wordpress", ERR_SHOP_NOT_WOO);
    tiny_server_stop(t);
}

static void redirect_to(struct script *s, const char *url) {
    (void)snprintf(s->redirect, sizeof s->redirect,
                   "HTTP/1.1 301 Moved\r\nLocation: %s\r\n"
                   "Content-Length: 0\r\n\r\n",
                   url);
}

static void redirects(void **state) {
    struct fixture *f = *state;
    struct shop_proc s;
    struct script script = {0};
    char to[128];
    struct tiny_server *t = tiny_server_start(false, answer, &script);
    struct patient p = {.url = tiny_url(t, "http"), .allow_http = true};
    shop_proc_start(&s, "--orders", "1", NULL);
    (void)snprintf(to, sizeof to, "%s/wp-json/?_fields=x", s.url);
    redirect_to(&script, to);
    examine(f, p);
    assert_int_equal(f->result.error, 0);
    assert_string_equal(f->result.url, s.url); /* and it says so */
    int told = 0;
    for (int i = 0; i < f->n_hops; i++)
        told +=
            str_eq(f->hops[i].name, "url") && f->hops[i].level == DOCTOR_WARN;
    assert_int_equal(told, 1);
    shop_proc_stop(&s);
    /* round and round; without an aim; down to clear text */
    redirect_to(&script, "/elsewhere/wp-json/");
    examine(f, p);
    assert_failed(f, "rest", ERR_SHOP_REDIRECT);
    redirect_to(&script, "ftp://x/");
    examine(f, p);
    assert_failed(f, "wordpress", ERR_SHOP_REDIRECT);
    tiny_server_stop(t);
    redirect_to(&script, "http://plain.example/");
    t = tiny_server_start(true, answer, &script);
    examine(f, (struct patient){.url = tiny_url(t, "https"),
                                .ca = tiny_server_pem(t)});
    assert_failed(f, "url", ERR_SHOP_REDIRECT);
    tiny_server_stop(t);
}

static void cancelled(void **state) {
    struct fixture *f = *state;
    struct script script = {.bytes = HTML_404};
    struct tiny_server *t = tiny_server_start(false, answer, &script);
    struct patient p = {.url = tiny_url(t, "http"), .allow_http = true};
    doctor_cancel(start(f, &p)); /* before it began */
    struct doctor *d = start(f, &p);
    while (f->n_hops == 0)
        (void)uv_run(&f->loop, UV_RUN_ONCE);
    doctor_cancel(d); /* and while a request is under way */
    for (int i = 0; i < 3; i++)
        (void)uv_run(&f->loop, UV_RUN_NOWAIT);
    assert_false(f->done);
    tiny_server_stop(t);
}

#define DOCTOR_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        DOCTOR_TEST(healthy),          DOCTOR_TEST(clear_text),
        DOCTOR_TEST(plain_permalinks), DOCTOR_TEST(keys),
        DOCTOR_TEST(permissions),      DOCTOR_TEST(behind_a_proxy),
        DOCTOR_TEST(clock_offset),     DOCTOR_TEST(troubles),
        DOCTOR_TEST(no_shop),          DOCTOR_TEST(nobody),
        DOCTOR_TEST(self_signed),      DOCTOR_TEST(redirects),
        DOCTOR_TEST(cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
