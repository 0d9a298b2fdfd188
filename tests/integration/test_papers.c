/* Papers and share links of the whole: a PDF by the real helper under the real
 * daemon, a link read by a browser's request. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base64.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "tests/lib/test.h"
#include "tests/lib/web_client.h"
#include "tests/lib/world.h"

static struct world w;
static int port;
static char ref[64];

static int setup(void **state) {
    char yaml[400];
    (void)state;
    shop_proc_start(&w.shop, "--orders", "6", "--products", "6", "--customers",
                    "3", NULL);
    daemon_proc_init(&w.d);
    (void)snprintf(yaml, sizeof yaml,
                   "http:\n  public_url: http://share.test\n"
                   "documents:\n  pdf_helper: %s\n",
                   FULEXO_PDF_BUILT);
    daemon_proc_configure(&w.d, yaml);
    daemon_proc_start(&w.d, "--http", "127.0.0.1:0", NULL);
    world_connect(&w);
    world_store(&w, "alpine", "");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    port = daemon_proc_http(&w.d); /* it is told after the socket answers */
    const struct json *first = json_first(
        json_get(world_call(&w, "orders.list", "{\"limit\":1}"), "items"));
    (void)snprintf(ref, sizeof ref, "%s", json_string(json_get(first, "ref")));
    return 0;
}

static int teardown(void **state) {
    (void)state;
    world_disconnect(&w);
    assert_int_equal(daemon_proc_stop(&w.d), 0);
    world_done(&w);
    return 0;
}

static void a_slip_is_drawn(void **state) {
    AUTO_BUF struct buf pdf = BUF_INIT;
    (void)state;
    const struct json *r = world_call(
        &w, "documents.render",
        "{\"ref\":\"%s\",\"kind\":\"slip\",\"format\":\"pdf\"}", ref);
    const char *data = json_string(json_get(r, "data"));
    assert_int_equal(base64_decode(data, strlen(data), &pdf), 0);
    assert_int_equal(world_number(r, "bytes"), (int64_t)pdf.len);
    assert_int_equal(strncmp(buf_str(&pdf), "%PDF-1.", 7), 0);
    assert_non_null(memmem(pdf.data, pdf.len, "%%EOF", 5));
}

/* --- links ---------------------------------------------------------------- */

static int get(struct web_client *c, const char *path, const char *more) {
    return web_client_get(c, port, path, more);
}

static void a_link_shows_the_order_and_nobody(void **state) {
    struct web_client c;
    char path[200], id[32];
    (void)state;
    const struct json *r =
        world_call(&w, "orders.share", "{\"ref\":\"%s\",\"hours\":1}", ref);
    (void)snprintf(id, sizeof id, "%s", json_string(json_get(r, "id")));
    (void)snprintf(path, sizeof path, "%s",
                   strstr(json_string(json_get(r, "url")), "/share/"));
    const struct json *o =
        world_call(&w, "orders.get", "{\"ref\":\"%s\"}", ref);
    const char *mail = json_string(json_path(o, "billing.email"));
    const char *street = json_string(json_path(o, "billing.address_1"));
    const char *number = json_string(json_get(o, "number"));
    assert_int_equal(get(&c, path, ""), 200);
    assert_non_null(strstr(c.head, "text/html; charset=utf-8"));
    assert_non_null(
        strstr(c.head, "Content-Security-Policy: default-src 'none'"));
    assert_non_null(strstr(c.head, "Referrer-Policy: no-referrer"));
    assert_non_null(strstr(c.body, number));
    assert_null(strstr(c.body, "<script"));
    if (mail && *mail)
        assert_null(strstr(c.body, mail));
    if (street && *street)
        assert_null(strstr(c.body, street));
    web_client_close(&c);
    assert_int_equal(get(&c, path, "Accept: application/json\r\n"), 200);
    assert_int_equal(strncmp(c.body, "{\"number\":", 10), 0);
    web_client_close(&c);
    /* revoked and made up look the same */
    (void)world_call(&w, "orders.unshare", "{\"share\":\"%s\"}", id);
    assert_int_equal(get(&c, path, ""), 404);
    AUTO_FREE char *revoked = mem_dup(c.body);
    web_client_close(&c);
    path[20] = path[20] == 'A' ? 'B' : 'A';
    assert_int_equal(get(&c, path, ""), 404);
    assert_string_equal(c.body, revoked);
    web_client_close(&c);
    assert_int_equal(get(&c, "/share/", ""), 404);
    web_client_close(&c);
}

/* Whoever tries tokens is slowed down. */
static void trying_is_limited(void **state) {
    int limited = 0;
    (void)state;
    for (int i = 0; i < 60 && !limited; i++) {
        struct web_client c;
        limited = get(&c, "/share/nonsense", "") == 429;
        web_client_close(&c);
    }
    assert_true(limited);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_is_drawn),
        cmocka_unit_test(a_link_shows_the_order_and_nobody),
        cmocka_unit_test(trying_is_limited),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
