/* Bundles over the protocol: made by SKU, looked at by their owner, picked,
 * packed and printed as their parts. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/base64.h"
#include "common/buf.h"
#include "common/str.h"
#include "db/conn.h"
#include "model/kept.h"
#include "model/order.h"
#include "model/product.h"
#include "shop/page.h"

enum { ALI = 54401, OWNER };

static const char order[] =
    "{\"id\":12,\"number\":\"12\",\"status\":\"processing\","
    "\"currency\":\"TRY\",\"total\":\"100.00\",\"customer_id\":0,"
    "\"date_created_gmt\":\"2023-11-01T10:00:00\","
    "\"date_modified_gmt\":\"2023-11-01T10:00:00\",\"customer_note\":\"\","
    "\"billing\":{\"first_name\":\"Ada\",\"email\":\"ada@example.test\"},"
    "\"shipping\":{\"first_name\":\"Ada\",\"city\":\"Izmir\"},"
    "\"meta_data\":[],\"line_items\":["
    "{\"id\":7,\"product_id\":90,\"variation_id\":0,\"quantity\":2,"
    "\"total\":\"100.00\",\"sku\":\"SET\",\"name\":\"Climbing set\"}]}";

static int plant(struct db_tx *tx, void *unused) {
    struct page_options o = {.kind = MIRROR_ORDER, .kept = kept_current()};
    struct mirror_read read = {.store_id = 1, .sent_seq = 1};
    struct mirror_stats st = {0};
    struct error e = {0};
    struct page *p;
    (void)unused;
    assert_int_equal(
        conn_exec(tx->conn,
                  "INSERT INTO product (store_id, remote_id, parent_id, type,"
                  " status, gone, sku, name, sort_name, price_e4, manage,"
                  " stock_e3, stock_status, low, created_ms, modified_ms,"
                  " read_seq, raw_hash, hash) VALUES"
                  " (1, 90, 0, 'simple', 'publish', 0, 'SET', 'Climbing set',"
                  " 'c', 500000, 1, 9000, 'instock', 0, 0, 0, 0, x'', x''),"
                  " (1, 34, 0, 'simple', 'publish', 0, 'ROPE', 'Rope', 'r',"
                  " 200000, 1, 9000, 'instock', 0, 0, 0, 0, x'', x''),"
                  " (1, 35, 0, 'simple', 'publish', 0, 'HOOK', 'Hook', 'h',"
                  " 60000, 1, 5000, 'instock', 0, 0, 0, 0, x'', x''),"
                  " (1, 36, 0, 'simple', 'publish', 0, 'LEAF', 'Leaflet', 'l',"
                  " NULL, 0, NULL, 'instock', 0, 0, 0, 0, x'', x''),"
                  " (2, 34, 0, 'simple', 'publish', 0, 'ELSE', 'Other', 'o',"
                  " 1, 0, NULL, 'instock', 0, 0, 0, 0, x'', x'');"),
        0);
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
    fx_job(f, plant, NULL);
    fx_person(f, "ali", "staff", ALI, 0);
    fx_person(f, "zoe", "owner", OWNER, 1);
    return rc;
}

static int teardown(void **state) {
    int rc = fx_teardown(state);
    kept_use(NULL);
    kept_free(kept);
    return rc;
}

#define SET                                                                    \
    "{\"ref\":\"alpine:90\",\"discount\":10,\"parts\":["                       \
    "{\"product\":\"ROPE\",\"quantity\":\"2\"},"                               \
    "{\"product\":\"alpine:35\",\"quantity\":1},"                              \
    "{\"product\":\"LEAF\",\"quantity\":\"1\",\"optional\":true}]}"

static const struct json *item(const struct json *list, const char *key,
                               const char *value) {
    const struct json *v = json_first(list);
    while (v && !str_eq(fx_text(v, key), value))
        v = json_next(v);
    assert_non_null(v);
    return v;
}

static bool is_bundle(const struct json *b) {
    bool yes = false;
    assert_int_equal(json_bool(json_get(b, "bundle"), false, &yes), 0);
    return yes;
}

static void it_is_made_and_unmade(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    const struct json *b = fx_ok(&c, "bundles.get", "{\"ref\":\"alpine:90\"}");
    assert_false(is_bundle(b));
    b = fx_ok(&c, "bundles.set", SET);
    assert_true(is_bundle(b));
    assert_string_equal(fx_text(b, "cost"), "41.40"); /* 46 less a tenth */
    /* 9 ropes and 5 hooks, of which the order has 4 and 2 */
    assert_string_equal(fx_text(b, "available"), "2");
    const struct json *rope = item(json_get(b, "parts"), "sku", "ROPE");
    assert_string_equal(fx_text(rope, "ref"), "alpine:34");
    assert_string_equal(fx_text(rope, "available"), "5");
    b = fx_ok(&c, "bundles.get", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(json_string(json_first(json_get(b, "in"))),
                        "alpine:90");
    b = fx_ok(&c, "products.list", "{\"filter\":\"bundle:yes\"}");
    assert_int_equal(json_count(json_get(b, "items")), 1);
    b = json_first(json_get(b, "items"));
    assert_string_equal(fx_text(b, "sku"), "SET");
    assert_string_equal(fx_text(b, "available"), "2");
    b = fx_ok(&c, "inventory.get", "{\"ref\":\"alpine:90\"}");
    assert_string_equal(fx_text(b, "available"), "2");
    assert_string_equal(
        fx_code(fx_ask(&c, "bundles.remove",
                       "{\"ref\":\"alpine:90\",\"if_version\":7}")),
        "conflict");
    b = fx_ok(&c, "bundles.set", "{\"ref\":\"alpine:90\",\"parts\":[]}");
    assert_false(is_bundle(b));
    assert_string_equal(
        fx_code(fx_ask(&c, "bundles.remove", "{\"ref\":\"alpine:90\"}")),
        "not_found");
    fx_close(&c);
}

/* Nothing is put on the pile of what is packed as its parts. */
static void no_pieces_of_it_are_found(void **state) {
    static const char found[] =
        "{\"ref\":\"alpine:90\",\"bin\":\"A-1\",\"delta\":\"1\"}";
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    (void)fx_ok(&c, "bins.create", "{\"code\":\"A-1\"}");
    (void)fx_ok(&c, "bundles.set", SET);
    const struct json *m = fx_ask(&c, "inventory.correct", found);
    assert_string_equal(fx_code(m), "conflict");
    assert_non_null(strstr(fx_text(m, "error.message"), "ROPE"));
    (void)fx_ok(&c, "bundles.remove", "{\"ref\":\"alpine:90\"}");
    (void)fx_ok(&c, "inventory.correct", found);
    fx_close(&c);
}

static void what_cannot_be_a_part_is_named(void **state) {
    static const char *const bad[][2] = {
        {"{\"product\":\"NONE\",\"quantity\":1}", "no product NONE"},
        {"{\"product\":\"ELSE\",\"quantity\":1}", "no product ELSE"},
        {"{\"product\":\"baltic:34\",\"quantity\":1}", "its own store"},
        {"{\"product\":\"ROPE\",\"quantity\":0}", "Rope needs a quantity"},
        {"{\"product\":\"SET\",\"quantity\":1}", "part of itself"}};
    struct fx_client c;
    char params[200];
    fx_connect_as(*state, &c, ALI);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        (void)snprintf(params, sizeof params,
                       "{\"ref\":\"alpine:90\",\"parts\":[%s]}", bad[i][0]);
        const struct json *m = fx_ask(&c, "bundles.set", params);
        assert_string_equal(fx_code(m), "invalid");
        if (!strstr(fx_text(m, "error.message"), bad[i][1]))
            fail_msg("%s: %s", bad[i][0], fx_text(m, "error.message"));
    }
    fx_close(&c);
}

static void an_owner_looks_and_does_not_touch(void **state) {
    struct fx_client ali, zoe;
    fx_connect_as(*state, &ali, ALI);
    fx_connect_as(*state, &zoe, OWNER);
    (void)fx_ok(&ali, "bundles.set", SET);
    const struct json *b =
        fx_ok(&zoe, "bundles.get", "{\"ref\":\"alpine:90\"}");
    assert_int_equal(json_count(json_get(b, "parts")), 3);
    assert_string_equal(fx_code(fx_ask(&zoe, "bundles.set", SET)), "denied");
    assert_string_equal(
        fx_code(fx_ask(&zoe, "bundles.remove", "{\"ref\":\"alpine:90\"}")),
        "denied");
    fx_close(&ali);
    fx_close(&zoe);
}

/* One sent twice is one. */
static void it_is_set_once(void **state) {
    static const char twice[] =
        "{\"ref\":\"alpine:90\",\"parts\":[{\"product\":\"ROPE\","
        "\"quantity\":1}],\"request_id\":\"one\"}";
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    assert_int_equal(fx_number(fx_ok(&c, "bundles.set", twice), "version"), 1);
    assert_int_equal(fx_number(fx_ok(&c, "bundles.set", twice), "version"), 1);
    assert_int_equal(
        fx_number(fx_ok(&c, "bundles.get", "{\"ref\":\"alpine:90\"}"),
                  "version"),
        1);
    fx_close(&c);
}

static void scan(struct fx_client *c, const char *code, const char *qty) {
    char params[120];
    (void)snprintf(params, sizeof params,
                   "{\"pick\":\"P-1\",\"code\":\"%s\",\"quantity\":\"%s\"}",
                   code, qty);
    assert_string_equal(fx_text(fx_ok(c, "picks.scan", params), "verdict"),
                        "ok");
}

/* The paper as text, its blanks as they are. */
static const char *paper(struct fx_client *c, const char *kind, char *dst,
                         size_t size) {
    AUTO_BUF struct buf text = BUF_INIT;
    char params[120];
    (void)snprintf(params, sizeof params,
                   "{\"ref\":\"alpine:12\",\"kind\":\"%s\",\"format\":\"text\","
                   "\"lang\":\"en\"}",
                   kind);
    const char *data = fx_text(fx_ok(c, "documents.render", params), "data");
    assert_int_equal(base64_decode(data, strlen(data), &text), 0);
    (void)str_copy(dst, size, buf_str(&text));
    return dst;
}

static void an_order_of_it_is_its_parts(void **state) {
    static char text[20000];
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    (void)fx_ok(&c, "bundles.set", SET);
    assert_non_null(
        strstr(paper(&c, "pick", text, sizeof text), "Rope (of Climbing set)"));
    assert_null(strstr(text, "SET"));
    const struct json *p =
        fx_ok(&c, "picks.begin", "{\"orders\":[\"alpine:12\"]}");
    assert_int_equal(fx_number(p, "left"), 2); /* the leaflet is optional */
    assert_int_equal(json_count(json_get(p, "lines")), 3);
    const struct json *rope = item(json_get(p, "lines"), "sku", "ROPE");
    assert_string_equal(fx_text(rope, "bundle"), "Climbing set");
    assert_string_equal(fx_text(rope, "quantity"), "4");
    scan(&c, "ROPE", "4");
    p = fx_ok(&c, "picks.get", "{\"pick\":\"P-1\"}");
    assert_int_equal(fx_number(p, "last.part"), 1);
    scan(&c, "HOOK", "1");
    p = fx_ok(&c, "picks.short",
              "{\"pick\":\"P-1\",\"line\":7,\"part\":2,\"way\":\"split\"}");
    assert_string_equal(
        fx_text(item(json_get(p, "lines"), "sku", "HOOK"), "short"), "1");
    (void)fx_ok(&c, "picks.finish", "{\"pick\":\"P-1\"}");
    const struct json *o = fx_ok(&c, "orders.get", "{\"ref\":\"alpine:12\"}");
    const struct json *line = json_first(json_get(o, "line_items"));
    assert_string_equal(fx_text(line, "picked"), "1"); /* one whole set */
    assert_string_equal(
        fx_text(item(json_get(line, "parts"), "sku", "ROPE"), "picked"), "4");
    fx_close(&c);
}

static void it_is_packed_and_printed(void **state) {
    static char text[20000];
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    (void)fx_ok(&c, "bundles.set", SET);
    (void)fx_ok(&c, "packs.begin", "{\"ref\":\"alpine:12\"}");
    (void)fx_ok(&c, "packs.scan",
                "{\"ref\":\"alpine:12\",\"code\":\"ROPE\",\"quantity\":\"4\"}");
    assert_string_equal(
        fx_code(fx_ask(&c, "packs.finish", "{\"ref\":\"alpine:12\"}")),
        "conflict");
    (void)fx_ok(&c, "packs.scan",
                "{\"ref\":\"alpine:12\",\"code\":\"HOOK\",\"quantity\":\"2\"}");
    (void)fx_ok(&c, "packs.finish", "{\"ref\":\"alpine:12\"}");
    const struct json *o = fx_ok(&c, "orders.get", "{\"ref\":\"alpine:12\"}");
    const struct json *line = json_first(json_get(o, "line_items"));
    assert_string_equal(fx_text(line, "packed"), "2");
    (void)paper(&c, "slip", text, sizeof text);
    const char *set = strstr(text, "Climbing set");
    assert_non_null(set);
    const char *rope = strstr(set, "- Rope");
    assert_non_null(rope); /* below its bundle */
    assert_non_null(strstr(rope, "- Leaflet"));
    fx_close(&c);
}

static const struct json *act(struct fx_client *c, const char *verb,
                              const char *params) {
    char method[40];
    (void)str_format(method, sizeof method, "returns.%s", verb);
    return fx_ok(c, method, params);
}

/* Until it is known what becomes of it; codes: what is scanned, NULL-ended. */
static void looked_at(struct fx_client *c, const char *id,
                      const char *const *codes) {
    char p[120];
    (void)str_format(p, sizeof p, "{\"return\":\"%s\"}", id);
    (void)act(c, "approve", p);
    for (; *codes; codes++) {
        (void)str_format(p, sizeof p, "{\"return\":\"%s\",\"code\":\"%s\"}", id,
                         *codes);
        (void)act(c, "receive", p);
    }
    (void)str_format(p, sizeof p, "{\"return\":\"%s\",\"fate\":\"restock\"}",
                     id);
    (void)act(c, "inspect", p);
}

static const char *on_hand(struct fx_client *c, const char *ref) {
    char p[40];
    (void)str_format(p, sizeof p, "{\"ref\":\"%s\"}", ref);
    return fx_text(fx_ok(c, "inventory.get", p), "on_hand");
}

/* The set as the shop tells of it: nine, and it may be told of more. */
static int may_write(struct db_tx *tx, void *unused) {
    static const char set[] =
        "{\"id\":90,\"type\":\"simple\",\"status\":\"publish\",\"name\":"
        "\"Climbing set\",\"sku\":\"SET\",\"price\":\"50\",\"regular_price\":"
        "\"50\",\"sale_price\":\"\",\"manage_stock\":true,\"stock_quantity\":9,"
        "\"stock_status\":\"instock\",\"parent_id\":0,\"date_created_gmt\":"
        "\"2023-11-01T10:00:00\",\"date_modified_gmt\":\"2023-11-01T10:00:00\","
        "\"categories\":[],\"meta_data\":[]}";
    struct page_options o = {.kind = MIRROR_PRODUCT, .kept = kept_current()};
    struct mirror_read read = {.store_id = 1, .sent_seq = 2};
    struct mirror_stats st = {0};
    struct page *p;
    (void)unused;
    assert_int_equal(page_prepare(&o, set, strlen(set), &p, NULL), 0);
    int rc = product_apply(tx, &read, p->products, p->n, &st);
    page_free(p);
    return rc < 0 ? rc : conn_exec(tx->conn, "UPDATE store SET can_write = 1");
}

/* A set that is back whole is one more of it at the shop, where it was one
 * less; of a hook alone the shop hears nothing, and it lies in its bin. */
static void what_comes_back_is_parts(void **state) {
    struct fx_client c;
    fx_job(*state, may_write, NULL);
    fx_connect_as(*state, &c, ALI);
    (void)fx_ok(&c, "bundles.set", SET);
    (void)fx_ok(&c, "bins.create", "{\"code\":\"A-1\"}");
    (void)act(&c, "create",
              "{\"ref\":\"alpine:12\",\"reason\":\"defective\",\"lines\":[{"
              "\"line\":7,\"quantity\":\"1\"}]}");
    looked_at(&c, "R-1",
              (const char *[]){"rope", "ROPE", "HOOK", "LEAF", NULL});
    assert_string_equal(
        fx_code(fx_ask(&c, "returns.restock", "{\"return\":\"R-1\"}")),
        "invalid"); /* nobody knows where they lay */
    const struct json *r =
        act(&c, "restock", "{\"return\":\"R-1\",\"bin\":\"A-1\"}");
    assert_int_equal(json_count(json_get(r, "changes")), 1);
    assert_string_equal(on_hand(&c, "alpine:34"), "2");
    assert_string_equal(on_hand(&c, "alpine:35"), "1");
    assert_string_equal(
        fx_text(fx_ok(&c, "inventory.get", "{\"ref\":\"alpine:90\"}"), "shop"),
        "10");
    r = item(json_get(fx_ok(&c, "orders.get", "{\"ref\":\"alpine:12\"}"),
                      "line_items"),
             "sku", "SET");
    assert_string_equal(fx_text(r, "returned"), "1");
    (void)act(&c, "create",
              "{\"ref\":\"alpine:12\",\"reason\":\"defective\",\"lines\":[{"
              "\"line\":7,\"part\":2,\"quantity\":\"1\"}]}");
    looked_at(&c, "R-2", (const char *[]){"HOOK", NULL});
    r = act(&c, "restock", "{\"return\":\"R-2\",\"bin\":\"A-1\"}");
    assert_int_equal(json_count(json_get(r, "changes")), 0);
    assert_string_equal(on_hand(&c, "alpine:35"), "2");
    assert_string_equal(fx_code(fx_ask(&c, "returns.restock",
                                       "{\"return\":\"R-2\",\"bin\":\"A-1\"}")),
                        "conflict"); /* once */
    fx_close(&c);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(it_is_made_and_unmade),
        T(no_pieces_of_it_are_found),
        T(what_cannot_be_a_part_is_named),
        T(an_owner_looks_and_does_not_touch),
        T(it_is_set_once),
        T(an_order_of_it_is_its_parts),
        T(it_is_packed_and_printed),
        T(what_comes_back_is_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
