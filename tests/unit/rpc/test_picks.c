/* Picking over the protocol: a scan counts once however often it is sent, two
 * people, what stands in the way of an order, and its marks. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/str.h"
#include "model/kept.h"
#include "model/order.h"
#include "model/work.h"
#include "shop/page.h"

enum { ALI = 54401, MEHMET, OWNER, ELSEWHERE };

static const char order[] =
    "{\"id\":12,\"number\":\"12\",\"status\":\"processing\","
    "\"currency\":\"TRY\",\"total\":\"100.00\",\"customer_id\":0,"
    "\"date_created_gmt\":\"2023-11-01T10:00:00\","
    "\"date_modified_gmt\":\"2023-11-01T10:00:00\",\"customer_note\":\"\","
    "\"billing\":{\"first_name\":\"Ada\",\"email\":\"ada@example.test\"},"
    "\"shipping\":{\"first_name\":\"Ada\",\"city\":\"Izmir\"},"
    "\"meta_data\":[],\"line_items\":["
    "{\"id\":7,\"product_id\":34,\"variation_id\":0,\"quantity\":2,"
    "\"total\":\"60.00\",\"sku\":\"S-1\",\"name\":\"Tent\"},"
    "{\"id\":8,\"product_id\":35,\"variation_id\":0,\"quantity\":1,"
    "\"total\":\"40.00\",\"sku\":\"S-2\",\"name\":\"Rope\"}]}";

static int apply(struct db_tx *tx, void *unused) {
    struct page_options o = {.kind = MIRROR_ORDER, .kept = kept_current()};
    struct mirror_read read = {.store_id = 1, .sent_seq = 1};
    struct mirror_stats st = {0};
    struct error e = {0};
    struct page *p;
    (void)unused;
    assert_int_equal(page_prepare(&o, order, strlen(order), &p, &e), 0);
    int rc = order_apply(tx, &read, p->orders, p->n, &st);
    page_free(p);
    return rc;
}

static struct kept *kept;

static int setup(void **state) {
    int rc = fx_setup(state);
    struct fx *f = *state;
    kept = kept_new();
    kept_use(kept);
    fx_job(f, apply, NULL);
    fx_person(f, "ali", "staff", ALI, 0);
    fx_person(f, "mehmet", "staff", MEHMET, 0);
    fx_person(f, "zoe", "owner", OWNER, 1);
    fx_person(f, "yan", "owner", ELSEWHERE, 99);
    return rc;
}

static int teardown(void **state) {
    int rc = fx_teardown(state);
    kept_use(NULL);
    kept_free(kept);
    return rc;
}

static const struct json *begun(struct fx_client *c) {
    return fx_ok(c, "picks.begin", "{\"orders\":[\"alpine:12\"]}");
}

static const char *verdict(struct fx_client *c, const char *code) {
    char params[120];
    (void)snprintf(params, sizeof params, "{\"pick\":\"P-1\",\"code\":\"%s\"}",
                   code);
    return fx_text(fx_ok(c, "picks.scan", params), "verdict");
}

static void an_order_is_picked(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    const struct json *p = begun(&c);
    assert_string_equal(fx_text(p, "id"), "P-1");
    assert_string_equal(fx_text(p, "who"), "ali");
    assert_int_equal(fx_number(p, "left"), 2);
    assert_string_equal(verdict(&c, "S-1"), "ok");
    assert_string_equal(verdict(&c, "S-2"), "ok");
    assert_string_equal(verdict(&c, "S-2"), "excess");
    assert_string_equal(verdict(&c, "what"), "unknown");
    p = fx_ask(&c, "picks.finish", "{\"pick\":\"P-1\"}");
    assert_string_equal(fx_code(p), "conflict");
    /* What stands in the way comes first, then what is said of all such. */
    const char *why = fx_text(p, "error.message");
    assert_true(strstr(why, " It cannot be done as things stand.") > why);
    assert_string_equal(verdict(&c, "S-1"), "ok");
    const struct json *o = fx_ok(&c, "orders.get", "{\"ref\":\"alpine:12\"}");
    assert_string_equal(fx_text(o, "work.who"), "ali");
    const struct json *line = json_first(json_get(o, "line_items"));
    assert_string_equal(fx_text(line, "picked"), "2");
    assert_string_equal(fx_text(line, "shipped"), "0");
    p = fx_ok(&c, "picks.finish", "{\"pick\":\"P-1\"}");
    assert_string_equal(fx_text(json_first(json_get(p, "orders")), "state"),
                        "picked");
    p = fx_ok(&c, "picks.list", "{\"state\":\"picked\"}");
    assert_string_equal(fx_text(json_first(json_get(p, "items")), "ref"),
                        "alpine:12");
    fx_close(&c);
}

static void a_scan_sent_twice_counts_once(void **state) {
    static const char scan[] = "{\"pick\":\"P-1\",\"code\":\"S-1\","
                               "\"request_id\":\"one\"}";
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    (void)begun(&c);
    assert_string_equal(fx_text(fx_ok(&c, "picks.scan", scan), "picked"), "1");
    assert_string_equal(fx_text(fx_ok(&c, "picks.scan", scan), "picked"), "1");
    fx_close(&c);
    fx_restart(*state);
    fx_connect_as(*state, &c, ALI);
    assert_string_equal(fx_text(fx_ok(&c, "picks.scan", scan), "picked"), "1");
    const struct json *p = fx_ok(&c, "picks.get", "{\"pick\":\"P-1\"}");
    assert_string_equal(fx_text(json_first(json_get(p, "lines")), "picked"),
                        "1");
    assert_int_equal(fx_number(p, "last.line"), 7);
    fx_close(&c);
}

static void two_people_never_hold_one_order(void **state) {
    struct fx_client ali, mehmet;
    fx_connect_as(*state, &ali, ALI);
    fx_connect_as(*state, &mehmet, MEHMET);
    (void)begun(&ali);
    const struct json *mine =
        fx_ok(&ali, "picks.list", "{\"state\":\"open\",\"mine\":true}");
    assert_true(fx_text(json_first(json_get(mine, "items")), "since")[0]);
    mine = fx_ok(&mehmet, "picks.list", "{\"state\":\"open\",\"mine\":true}");
    assert_int_equal(json_count(json_get(mine, "items")), 0);
    mine = fx_ok(&mehmet, "picks.list", "{\"state\":\"open\"}");
    assert_string_equal(fx_text(json_first(json_get(mine, "items")), "who"),
                        "ali");
    assert_string_equal(
        fx_code(fx_ask(&mehmet, "picks.begin", "{\"orders\":[\"alpine:12\"]}")),
        "exists");
    assert_string_equal(fx_code(fx_ask(&mehmet, "picks.scan",
                                       "{\"pick\":\"P-1\",\"code\":\"S-1\"}")),
                        "conflict");
    assert_string_equal(
        fx_code(fx_ask(&mehmet, "picks.take_over", "{\"pick\":\"P-1\"}")),
        "conflict");
    assert_string_equal(verdict(&ali, "S-1"), "ok");
    fx_pass(*state, WORK_IDLE_MS);
    const struct json *p =
        fx_ok(&mehmet, "picks.take_over", "{\"pick\":\"P-1\"}");
    assert_string_equal(fx_text(p, "who"), "mehmet");
    assert_string_equal(fx_text(json_first(json_get(p, "lines")), "picked"),
                        "1");
    const struct json *a =
        fx_ask(&ali, "picks.scan", "{\"pick\":\"P-1\",\"code\":\"S-1\"}");
    assert_string_equal(fx_code(a), "conflict");
    (void)fx_ok(&mehmet, "picks.give_back", "{\"pick\":\"P-1\"}");
    assert_string_equal(verdict(&ali, "S-1"), "ok");
    fx_close(&ali);
    fx_close(&mehmet);
}

static const char *why(struct fx_client *c, char dst[200]) {
    const struct json *w = fx_ok(c, "orders.why", "{\"ref\":\"alpine:12\"}");
    size_t n = 0;
    dst[0] = '\0';
    for (const struct json *b = json_first(json_get(w, "blockers")); b;
         b = json_next(b)) {
        (void)snprintf(dst + n, 200 - n, "%s%s", n ? " " : "",
                       fx_text(b, "what"));
        n = strlen(dst);
        assert_true(fx_text(b, "text")[0] && fx_text(b, "who")[0]);
        assert_null(strchr(fx_text(b, "text"), '{'));
    }
    return dst;
}

static void all_that_is_in_the_way_is_told(void **state) {
    struct fx_client c;
    char text[200];
    fx_connect_as(*state, &c, ALI);
    assert_string_equal(why(&c, text), "not_begun");
    (void)fx_ok(&c, "orders.hold",
                "{\"ref\":\"alpine:12\",\"reason\":\"fraud\"}");
    assert_string_equal(why(&c, text), "hold not_begun");
    assert_string_equal(
        fx_code(fx_ask(&c, "picks.begin", "{\"orders\":[\"alpine:12\"]}")),
        "conflict");
    (void)fx_ok(&c, "orders.release", "{\"ref\":\"alpine:12\"}");
    (void)begun(&c);
    assert_string_equal(why(&c, text), "not_picked");
    (void)fx_ok(&c, "picks.short", "{\"pick\":\"P-1\",\"line\":7}");
    assert_string_equal(why(&c, text), "not_picked backorder");
    assert_string_equal(verdict(&c, "S-2"), "ok");
    (void)fx_ok(&c, "picks.finish", "{\"pick\":\"P-1\"}");
    assert_string_equal(why(&c, text), "not_packed backorder");
    fx_close(&c);
}

static void owners_look_and_no_more(void **state) {
    struct fx_client ali, zoe, yan;
    char text[200];
    fx_connect_as(*state, &ali, ALI);
    fx_connect_as(*state, &zoe, OWNER);
    fx_connect_as(*state, &yan, ELSEWHERE);
    (void)begun(&ali);
    assert_string_equal(why(&zoe, text), "not_picked");
    const struct json *t =
        fx_ok(&zoe, "orders.timeline", "{\"ref\":\"alpine:12\"}");
    const struct json *row = json_first(json_get(t, "items"));
    while (row && !str_eq(fx_text(row, "what"), "picking"))
        row = json_next(row);
    assert_string_equal(fx_text(row, "who"), "ali");
    assert_string_equal(
        fx_code(fx_ask(&yan, "orders.why", "{\"ref\":\"alpine:12\"}")),
        "not_found");
    assert_string_equal(
        fx_code(fx_ask(&zoe, "picks.get", "{\"pick\":\"P-1\"}")), "denied");
    fx_close(&ali);
    fx_close(&zoe);
    fx_close(&yan);
}

static void marks_are_put_on_and_taken_off(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    const struct json *m =
        fx_ok(&c, "orders.tag",
              "{\"ref\":\"alpine:12\",\"add\":[\"gift\",\"acil\"]}");
    assert_int_equal(json_count(json_get(m, "tags")), 2);
    m = fx_ok(&c, "orders.tag",
              "{\"ref\":\"alpine:12\",\"remove\":[\"acil\"]}");
    assert_int_equal(json_count(json_get(m, "tags")), 1);
    m = fx_ok(&c, "orders.hold",
              "{\"ref\":\"alpine:12\",\"reason\":\"date\","
              "\"until\":\"2099-12-24\",\"note\":\"holiday\"}");
    const struct json *h = json_first(json_get(m, "holds"));
    assert_string_equal(fx_text(h, "until"), "2099-12-24T00:00:00Z");
    assert_string_equal(fx_text(h, "by"), "ali");
    assert_string_equal(
        fx_code(fx_ask(&c, "orders.hold",
                       "{\"ref\":\"alpine:12\",\"reason\":\"date\","
                       "\"until\":\"tomorrow..\"}")),
        "invalid");
    m = fx_ok(&c, "orders.list", "{\"filter\":\"tag:gift hold:date\"}");
    assert_int_equal(json_count(json_get(m, "items")), 1);
    fx_close(&c);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(an_order_is_picked),
        T(a_scan_sent_twice_counts_once),
        T(two_people_never_hold_one_order),
        T(all_that_is_in_the_way_is_told),
        T(owners_look_and_no_more),
        T(marks_are_put_on_and_taken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
