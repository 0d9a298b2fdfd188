/* stores.create and stores.test through the real daemon: whatever is wrong with
 * the address, the shop or the key, the failing hop is named with a cure in
 * words, nothing is kept, and the secret is seen nowhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "tests/lib/test.h"
#include "tests/lib/tiny_server.h"
#include "tests/lib/world.h"

#define KEY "ck_0123456789abcdef0123456789abcdef01234567"
#define SECRET "cs_f00dfacef00dfacef00dfacef00dfacef00dface"

/* --- asking ------------------------------------------------------------ */

/* All the daemon ever said, to look for the secret in. */
static struct buf heard;

static const struct json *hear(const struct json *v) {
    json_print(&heard, v);
    return v;
}

static const struct json *run(struct world *w, const char *method,
                              const char *params) {
    return hear(rpc_call_job(&w->c, method, params, WORLD_JOB_MS));
}

static char *store_params(const char *name, const char *url, const char *more) {
    return mem_printf("{\"name\":\"%s\",\"url\":\"%s\",\"key\":\"" KEY "\","
                      "\"secret\":\"" SECRET "\"%s}",
                      name, url, more);
}

static const char *text(const struct json *v, const char *key) {
    const char *s = json_string(json_get(v, key));
    return s ? s : "";
}

static const struct json *last(const struct json *list) {
    const struct json *v = NULL;
    for (const struct json *c = json_first(list); c; c = json_next(c))
        v = c;
    return v;
}

static void assert_text(const struct json *where, const char *got,
                        const char *want) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (strcmp(got, want) == 0)
        return;
    json_print(&b, where);
    fail_msg("'%s', not '%s', in %s", got, want, buf_str(&b));
}

static size_t stores(struct world *w) {
    const struct json *l = hear(world_call(w, "stores.list", "{}"));
    return json_count(json_get(l, "items"));
}

/* The set-up fails at that hop with that error, a sentence and a cure; the test
 * of the same address says the same; no store is left. */
static void assert_fails(struct world *w, const char *url, const char *more,
                         const char *hop, const char *code) {
    AUTO_FREE char *params = store_params("alpine", url, more);
    AUTO_FREE char *same = mem_printf("{%s", strchr(params, ',') + 1);
    size_t before = stores(w);
    for (int test = 0; test < 2; test++) {
        const struct json *j = test ? run(w, "stores.test", same)
                                    : run(w, "stores.create", params);
        const struct json *step = last(json_get(j, "steps"));
        assert_text(j, text(j, "state"), "failed");
        assert_text(j, text(json_get(j, "error"), "code"), code);
        assert_true(strlen(text(json_get(j, "error"), "message")) > 10);
        assert_text(j, text(step, "hop"), hop);
        assert_text(j, text(step, "state"), "failed");
        assert_true(strlen(text(step, "detail")) > 10);
        assert_true(strlen(text(step, "cure")) > 20);
    }
    assert_int_equal(stores(w), before);
}

/* It is connected; the hop's state is `state`. */
static void assert_connects(struct world *w, const char *url, const char *more,
                            const char *hop, const char *state) {
    AUTO_FREE char *params = store_params("alpine", url, more);
    const struct json *j = run(w, "stores.create", params), *h;
    assert_text(j, text(j, "state"), "done");
    for (h = json_first(json_get(j, "steps")); h; h = json_next(h)) {
        if (strcmp(text(h, "hop"), hop) == 0)
            break;
    }
    assert_text(j, h ? text(h, "state") : "no such hop", state);
    (void)hear(world_call(w, "stores.get", "{\"store\":\"alpine\"}"));
}

static void forget(struct world *w) {
    (void)hear(world_call(w, "stores.remove",
                          "{\"store\":\"alpine\",\"confirm\":\"alpine\"}"));
    assert_int_equal(stores(w), 0);
}

#define SHOP_ARGS                                                              \
    "--orders", "20", "--products", "5", "--customers", "5", "--key", KEY,     \
        "--secret", SECRET

static void a_shop(struct world *w) {
    world_start(w, SHOP_ARGS, NULL);
}

static const char http_ok[] = ",\"allow_http\":true";

/* --- the secret -------------------------------------------------------- */

static bool file_holds(const char *path, const char *needle) {
    AUTO_BUF struct buf b = BUF_INIT;
    FILE *f = fopen(path, "re");
    size_t n;
    if (!f)
        return false;
    while ((n = fread(buf_reserve(&b, 65536), 1, 65536, f)) > 0)
        buf_added(&b, n);
    (void)fclose(f);
    return memmem(b.data, b.len, needle, strlen(needle)) != NULL;
}

static void assert_kept_secret(const struct world *w) {
    static const char *const files[] = {"fulexo.db", "fulexo.db-wal"};
    char path[160];
    assert_true(heard.len > 0);
    assert_null(strstr(buf_str(&heard), SECRET));
    assert_null(strstr(buf_str(&heard), &SECRET[4]));
    assert_null(strstr(buf_str(&heard), KEY));
    assert_false(file_holds(w->d.log, SECRET));
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", w->d.data, files[i]);
        assert_false(file_holds(path, SECRET));
        assert_false(file_holds(path, KEY));
    }
}

static void done(struct world *w) {
    world_disconnect(w);
    assert_kept_secret(w);
    assert_int_equal(daemon_proc_stop(&w->d), 0);
    assert_kept_secret(w);
    world_done(w);
    buf_done(&heard);
}

/* --- address ----------------------------------------------------------- */

static void a_wrong_address_is_named(void **state) {
    (void)state;
    struct world w;
    a_shop(&w);
    assert_fails(&w, "not an address", "", "url", "invalid");
    assert_fails(&w, "ftp://shop.example", "", "url", "invalid");
    assert_fails(&w, "https://user:pw@shop.example", "", "url", "invalid");
    assert_fails(&w, w.shop.url, "", "url", "invalid"); /* http */
    assert_fails(&w, "https://no-such-shop.invalid", "", "connect", "shop_dns");
    assert_fails(&w, "https://127.0.0.1:1", "", "connect", "shop_refused");
    done(&w);
}

static struct tiny_reply plain_site(void *arg, const char *request) {
    (void)request;
    return (struct tiny_reply){.bytes = arg, .close = true};
}

static char other_site[] =
    "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"
    "Connection: close\r\n\r\n<html><h1>My bicycle blog</h1></html>";
static char other_json[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    "Connection: close\r\n\r\n{\"name\":\"weather\",\"degrees\":21}";
static char bare_wordpress[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    "Connection: close\r\n\r\n{\"name\":\"Blog\",\"url\":\"http://127.0.0.1\","
    "\"home\":\"http://127.0.0.1\",\"gmt_offset\":3,\"timezone_string\":"
    "\"Europe/Istanbul\",\"namespaces\":[\"oembed/1.0\",\"wp/v2\"]}";

static void a_host_without_a_shop_is_named(void **state) {
    (void)state;
    static const struct {
        char *bytes;
        const char *hop;
    } sites[] = {{other_site, "wordpress"},
                 {other_json, "wordpress"},
                 {bare_wordpress, "woocommerce"}};
    struct world w;
    world_start_daemon(&w);
    for (size_t i = 0; i < 3; i++) {
        char url[64];
        struct tiny_server *s =
            tiny_server_start(false, plain_site, sites[i].bytes);
        (void)snprintf(url, sizeof url, "http://127.0.0.1:%d",
                       tiny_server_port(s));
        assert_fails(&w, url, http_ok, sites[i].hop, "shop_not_woo");
        tiny_server_stop(s);
    }
    done(&w);
}

/* --- what stands before the shop --------------------------------------- */

static void what_stands_before_the_shop_is_named(void **state) {
    (void)state;
    static const struct {
        const char *fault, *hop, *code;
    } cases[] = {
        {"{\"kind\":\"login\"}", "rest", "shop_not_json"},
        {"{\"kind\":\"maintenance\"}", "wordpress", "shop_busy"},
        {"{\"kind\":\"maintenance\",\"value\":1}", "wordpress", "shop_busy"},
        {"{\"kind\":\"waf\"}", "rest", "shop_blocked"},
        {"{\"kind\":\"gateway\"}", "wordpress", "shop_busy"},
        {"{\"kind\":\"fatal\"}", "wordpress", "shop_busy"},
        {"{\"kind\":\"throttle\",\"value\":9}", "rest", "shop_throttled"},
        {"{\"kind\":\"cut\",\"value\":10}", "wordpress", "shop_timeout"},
    };
    struct world w;
    a_shop(&w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world_door(&w, "faults", "%s", cases[i].fault);
        assert_fails(&w, w.shop.url, http_ok, cases[i].hop, cases[i].code);
        free(shop_proc_delete(&w.shop, "faults"));
    }
    done(&w);
}

static void plain_permalinks_are_found(void **state) {
    (void)state;
    struct world w;
    world_start(&w, SHOP_ARGS, "--plain-permalinks", NULL);
    assert_connects(&w, w.shop.url, http_ok, "rest", "warn");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    world_assert_true(&w, 25);
    done(&w);
}

/* --- the key ----------------------------------------------------------- */

static void a_wrong_key_is_named(void **state) {
    (void)state;
    struct world w;
    world_start(&w, "--orders", "5", "--key", "ck_other", "--secret", SECRET,
                NULL);
    assert_fails(&w, w.shop.url, http_ok, "auth", "shop_auth");
    done(&w);
    world_start(&w, "--orders", "5", "--key", KEY, "--secret", "cs_other",
                NULL);
    assert_fails(&w, w.shop.url, http_ok, "auth", "shop_auth");
    done(&w);
}

static void a_key_that_may_not_read_is_named(void **state) {
    (void)state;
    struct world w;
    a_shop(&w);
    world_door(&w, "permission", "{\"permission\":\"write\"}");
    assert_fails(&w, w.shop.url, http_ok, "read", "shop_permission");
    done(&w);
}

static bool can_write(struct world *w) {
    const struct json *s =
        world_call(w, "stores.get", "{\"store\":\"alpine\"}");
    bool can = false;
    assert_int_equal(json_bool(json_get(s, "can_write"), false, &can), 0);
    return can;
}

static void a_key_that_only_reads_will_do(void **state) {
    (void)state;
    struct world w;
    a_shop(&w);
    world_door(&w, "permission", "{\"permission\":\"read\"}");
    assert_connects(&w, w.shop.url, http_ok, "write", "warn");
    assert_false(can_write(&w));
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    world_assert_true(&w, 25);
    done(&w);
}

/* The shop's owner gave the key more: who tries the store again need not enter
 * it again. */
static void what_a_test_finds_is_kept(void **state) {
    (void)state;
    struct world w;
    a_shop(&w);
    world_door(&w, "permission", "{\"permission\":\"read\"}");
    assert_connects(&w, w.shop.url, http_ok, "write", "warn");
    assert_false(can_write(&w));
    world_door(&w, "permission", "{\"permission\":\"read_write\"}");
    (void)world_job(&w, "stores.test", "{\"store\":\"alpine\"}");
    assert_true(can_write(&w));
    world_door(&w, "permission", "{\"permission\":\"write\"}");
    const struct json *j = run(&w, "stores.test", "{\"store\":\"alpine\"}");
    assert_text(j, text(j, "state"), "failed");
    assert_true(can_write(&w)); /* of a store that fails nothing is */
    done(&w);
}

/* New keys are tried before they replace the old ones. */
static void a_worse_key_does_not_replace_a_good_one(void **state) {
    (void)state;
    struct world w;
    a_shop(&w);
    assert_connects(&w, w.shop.url, http_ok, "auth", "ok");
    const struct json *j =
        run(&w, "stores.update",
            "{\"store\":\"alpine\",\"key\":\"ck_no\",\"secret\":\"cs_no\"}");
    assert_text(j, text(j, "state"), "failed");
    assert_text(j, text(json_get(j, "error"), "code"), "shop_auth");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    world_assert_true(&w, 25);
    done(&w);
}

static void a_store_has_a_budget_of_its_own(void **state) {
    (void)state;
    struct world w;
    a_shop(&w);
    assert_connects(&w, w.shop.url, http_ok, "auth", "ok");
    const struct json *j =
        run(&w, "stores.update",
            "{\"store\":\"alpine\",\"requests_per_hour\":1200,"
            "\"late\":28800}");
    assert_text(j, text(j, "state"), "done");
    j = world_call(&w, "stores.get", "{\"store\":\"alpine\"}");
    assert_int_equal(world_number(j, "requests_per_hour"), 1200);
    assert_int_equal(world_number(j, "late"), 28800);
    (void)rpc_call_error(&w.c, "stores.update",
                         "{\"store\":\"alpine\",\"requests_per_hour\":19}");
    done(&w);
}

/* --- TLS --------------------------------------------------------------- */

static char *slurp(const char *path) {
    AUTO_BUF struct buf b = BUF_INIT;
    FILE *f = fopen(path, "re");
    int c;
    assert_non_null(f);
    while ((c = fgetc(f)) != EOF) {
        if (c == '\n')
            buf_adds(&b, "\\n");
        else
            buf_addc(&b, (char)c);
    }
    (void)fclose(f);
    return buf_take(&b);
}

static void make_certificate(const char *dir, const char *name) {
    AUTO_FREE char *command = mem_printf(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
        "-nodes -days 2 -subj /CN=%s -addext subjectAltName=IP:127.0.0.1 "
        "-keyout %s/%s.key -out %s/%s.pem 2>/dev/null",
        name, dir, name, dir, name);
    assert_int_equal(system(command), 0);
}

static void a_private_certificate_wants_its_ca(void **state) {
    (void)state;
    struct world w;
    world_start_daemon(&w);
    make_certificate(w.d.dir, "own");
    make_certificate(w.d.dir, "other");
    AUTO_FREE char *cert = mem_printf("%s/own.pem", w.d.dir);
    AUTO_FREE char *key = mem_printf("%s/own.key", w.d.dir);
    AUTO_FREE char *stranger = mem_printf("%s/other.pem", w.d.dir);
    shop_proc_start(&w.shop, SHOP_ARGS, "--tls-cert", cert, "--tls-key", key,
                    NULL);
    AUTO_FREE char *url = mem_printf("https://127.0.0.1:%d", w.shop.port);
    AUTO_FREE char *pem = slurp(cert);
    AUTO_FREE char *wrong = slurp(stranger);
    AUTO_FREE char *with = mem_printf(",\"ca\":\"%s\"", pem);
    AUTO_FREE char *without = mem_printf(",\"ca\":\"%s\"", wrong);
    assert_fails(&w, url, "", "tls", "shop_tls");
    assert_fails(&w, url, without, "tls", "shop_tls");
    assert_fails(&w, url, ",\"ca\":\"no certificate\"", "tls", "shop_tls");
    assert_connects(&w, url, with, "tls", "ok");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    world_assert_true(&w, 25);
    done(&w);
}

/* --- names ------------------------------------------------------------- */

static void assert_refused(struct world *w, const char *name, const char *url,
                           const char *code) {
    AUTO_FREE char *params = store_params(name, url, http_ok);
    const struct json *e = hear(rpc_call_error(&w->c, "stores.create", params));
    assert_text(e, text(json_get(e, "data"), "code"), code);
}

static void bad_names_are_refused(void **state) {
    (void)state;
    static const char *const names[] = {
        "",           "1shop",
        "Alpine",     "al pine",
        "-alpine",    "alpine!",
        "alp:ine",    "a.b",
        "\u00e7anta", "abcdefghijklmnopqrstuvwxyz0123456789"};
    struct world w;
    a_shop(&w);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_refused(&w, names[i], w.shop.url, "invalid_params");
    done(&w);
}

static void a_name_or_a_shop_is_connected_once(void **state) {
    (void)state;
    struct world w;
    a_shop(&w);
    assert_connects(&w, w.shop.url, http_ok, "woocommerce", "ok");
    assert_refused(&w, "alpine", w.shop.url, "exists");
    AUTO_FREE char *slash = mem_printf("%s/", w.shop.url);
    AUTO_FREE char *again = store_params("other", slash, http_ok);
    const struct json *j = run(&w, "stores.create", again);
    assert_text(j, text(j, "state"), "failed");
    assert_text(j, text(json_get(j, "error"), "code"), "exists");
    assert_int_equal(stores(&w), 1);
    forget(&w);
    /* its name stands in references of what is kept; its address is free */
    AUTO_FREE char *same = store_params("alpine", w.shop.url, http_ok);
    j = run(&w, "stores.create", same);
    assert_text(j, text(json_get(j, "error"), "code"), "exists");
    assert_non_null(strstr(text(json_get(j, "error"), "message"), "removed"));
    j = run(&w, "stores.create", again);
    assert_text(j, text(j, "state"), "done");
    done(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_address_is_named),
        cmocka_unit_test(a_host_without_a_shop_is_named),
        cmocka_unit_test(what_stands_before_the_shop_is_named),
        cmocka_unit_test(plain_permalinks_are_found),
        cmocka_unit_test(a_wrong_key_is_named),
        cmocka_unit_test(a_key_that_may_not_read_is_named),
        cmocka_unit_test(a_key_that_only_reads_will_do),
        cmocka_unit_test(what_a_test_finds_is_kept),
        cmocka_unit_test(a_worse_key_does_not_replace_a_good_one),
        cmocka_unit_test(a_store_has_a_budget_of_its_own),
        cmocka_unit_test(a_private_certificate_wants_its_ca),
        cmocka_unit_test(bad_names_are_refused),
        cmocka_unit_test(a_name_or_a_shop_is_connected_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
