/* Physical stock over the protocol: bins, adjustments, receiving, counts, and
 * what the shops are told of them. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/str.h"
#include "db/conn.h"
#include "model/kept.h"
#include "model/product.h"
#include "shop/page.h"

enum { AYSE = 54601, CAN, ZOE, NARROW };

static struct kept *kept;

/* As the shop tells of it: nine pieces where it counts them. */
static int product(struct db_tx *tx, int64_t store, int64_t id, const char *sku,
                   bool counted) {
    AUTO_BUF struct buf json = BUF_INIT;
    struct page_options po = {.kind = MIRROR_PRODUCT, .kept = kept_current()};
    struct mirror_read read = {.store_id = store, .sent_seq = 1};
    struct mirror_stats st = {0};
    struct page *p;
    buf_addf(&json,
             "{\"id\":%lld,\"type\":\"simple\",\"status\":\"publish\","
             "\"name\":\"Tent\",\"sku\":\"%s\",\"price\":\"50\","
             "\"regular_price\":\"50\",\"sale_price\":\"\","
             "\"manage_stock\":%s,\"stock_quantity\":%s,"
             "\"stock_status\":\"instock\",\"parent_id\":0,"
             "\"date_created_gmt\":\"2023-11-01T10:00:00\","
             "\"date_modified_gmt\":\"2023-11-01T10:00:00\","
             "\"categories\":[],\"meta_data\":[]}",
             (long long)id, sku, counted ? "true" : "false",
             counted ? "9" : "null");
    assert_int_equal(page_prepare(&po, json.data, json.len, &p, NULL), 0);
    assert_int_equal(p->n, 1);
    int rc = product_apply(tx, &read, p->products, p->n, &st);
    page_free(p);
    return rc;
}

static int plant(struct db_tx *tx, void *unused) {
    (void)unused;
    int rc = product(tx, 1, 34, "T-1", true);
    if (rc >= 0)
        rc = product(tx, 1, 35, "S-1", true);
    if (rc >= 0)
        rc = product(tx, 2, 34, "T-1", true);
    if (rc >= 0)
        rc = product(tx, 2, 36, "L-1", false);
    return rc < 0 ? rc : conn_exec(tx->conn, "UPDATE store SET can_write = 1");
}

static int sql(struct db_tx *tx, void *arg) {
    return conn_exec(tx->conn, arg);
}

static int setup(void **state) {
    int rc = fx_setup(state);
    kept = kept_new();
    kept_use(kept);
    fx_job(*state, plant, NULL);
    fx_person(*state, "ayse", "staff", AYSE, 0);
    fx_person(*state, "can", "admin", CAN, 0);
    fx_person(*state, "zoe", "owner", ZOE, 1);
    return rc;
}

static int teardown(void **state) {
    int rc = fx_teardown(state);
    kept_use(NULL);
    kept_free(kept);
    return rc;
}

static void bins(struct fx_client *c) {
    (void)fx_ok(c, "bins.create", "{\"code\":\"A-1\",\"zone\":\"A\"}");
    (void)fx_ok(c, "bins.create",
                "{\"code\":\"B-1\",\"zone\":\"B\",\"place\":2}");
}

static const struct json *level(struct fx_client *c, const char *ref) {
    char params[80];
    (void)str_format(params, sizeof params, "{\"ref\":\"%s\"}", ref);
    return fx_ok(c, "inventory.get", params);
}

static size_t rows(struct fx_client *c, const char *method,
                   const char *params) {
    return json_count(json_get(fx_ok(c, method, params), "items"));
}

/* --- bins ---------------------------------------------------------------- */

static void bins_are_made_and_walked(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    assert_string_equal(
        fx_code(fx_ask(&c, "bins.create", "{\"code\":\"a-1\"}")), "exists");
    assert_string_equal(
        fx_code(fx_ask(&c, "bins.create", "{\"code\":\"A 1\"}")), "invalid");
    const struct json *l = fx_ok(&c, "bins.list", "{\"limit\":1}");
    assert_string_equal(fx_text(json_first(json_get(l, "items")), "code"),
                        "A-1");
    assert_string_equal(fx_text(l, "next"), "A-1");
    l = fx_ok(&c, "bins.list", "{\"after\":\"A-1\"}");
    assert_string_equal(fx_text(json_first(json_get(l, "items")), "code"),
                        "B-1");
    (void)fx_ok(&c, "bins.update", "{\"bin\":\"b-1\",\"zone\":\"0\"}");
    assert_string_equal(fx_code(fx_ask(&c, "bins.update",
                                       "{\"bin\":\"B-1\",\"if_version\":1,"
                                       "\"place\":3}")),
                        "conflict");
    l = fx_ok(&c, "bins.list", "{}");
    assert_string_equal(fx_text(json_first(json_get(l, "items")), "code"),
                        "B-1");
    fx_close(&c);
}

/* --- adjust, move -----------------------------------------------------------
 */

static void pieces_come_and_every_shop_hears_of_it(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    (void)level(&c, "baltic:34");
    (void)fx_ok(&c, "inventory.limits", "{\"ref\":\"baltic:34\",\"units\":6}");
    const struct json *r = fx_ok(
        &c, "inventory.correct",
        "{\"ref\":\"alpine:34\",\"delta\":\"13\",\"bin\":\"A-1\",\"code\":"
        "\"found\",\"request_id\":\"r1\"}");
    assert_string_equal(fx_text(r, "on_hand"), "13");
    assert_string_equal(fx_text(r, "state"), "queued");
    assert_int_equal(json_count(json_get(r, "told")), 2);
    /* the same once more is the same */
    (void)fx_ok(
        &c, "inventory.correct",
        "{\"ref\":\"alpine:34\",\"delta\":\"13\",\"bin\":\"A-1\",\"code\":"
        "\"found\",\"request_id\":\"r1\"}");
    r = level(&c, "alpine:34");
    assert_string_equal(fx_text(r, "on_hand"), "13");
    assert_string_equal(fx_text(r, "available"), "13");
    assert_string_equal(fx_text(r, "bin"), "A-1");
    assert_string_equal(fx_text(r, "shop"), "22"); /* 9, and 13 on their way */
    assert_int_equal(json_count(json_get(r, "listings")), 2);
    r = level(&c, "baltic:34"); /* two boxes of six */
    assert_string_equal(fx_text(r, "shop"), "11");
    assert_string_equal(fx_text(r, "on_hand"), "13");
    /* one less is a box less */
    (void)fx_ok(&c, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"delta\":\"-1\",\"bin\":\"A-1\","
                "\"code\":\"damaged\"}");
    assert_string_equal(fx_text(level(&c, "baltic:34"), "shop"), "10");
    fx_close(&c);
}

static void shops_are_told_nothing_when_asked_so(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    const struct json *r =
        fx_ok(&c, "inventory.correct",
              "{\"ref\":\"alpine:34\",\"delta\":\"5\",\"bin\":\"A-1\","
              "\"shop\":\"no\"}");
    assert_string_equal(fx_text(r, "on_hand"), "5");
    assert_int_equal(json_type(json_get(r, "change")), JSON_NULL);
    assert_string_equal(fx_text(level(&c, "alpine:34"), "shop"), "9");
    /* one that is not counted says why */
    r = fx_ok(&c, "inventory.correct",
              "{\"ref\":\"baltic:36\",\"delta\":\"5\",\"bin\":\"A-1\"}");
    assert_string_equal(fx_text(json_first(json_get(r, "told")), "why"),
                        "the shop does not count its stock");
    fx_close(&c);
}

/* What staff would have to propose is not told a shop through the back door. */
static void staff_above_their_limit_tell_no_shop(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    rpc_set_limits(f->rpc, 5, 0, 0);
    fx_connect_as(f, &c, AYSE);
    bins(&c);
    assert_string_equal(
        fx_code(fx_ask(&c, "inventory.correct",
                       "{\"ref\":\"alpine:34\",\"delta\":\"6\",\"bin\":"
                       "\"A-1\"}")),
        "needs_approval");
    (void)fx_ok(&c, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"delta\":\"6\",\"bin\":\"A-1\","
                "\"shop\":\"no\"}");
    (void)fx_ok(&c, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"delta\":\"-5\",\"bin\":\"A-1\"}");
    fx_close(&c);
}

static void moving_conserves(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    (void)fx_ok(&c, "inventory.correct",
                "{\"ref\":\"alpine:35\",\"delta\":\"5\",\"bin\":\"A-1\"}");
    const struct json *r =
        fx_ok(&c, "inventory.move",
              "{\"ref\":\"alpine:35\",\"from\":\"A-1\",\"to\":\"b-1\","
              "\"qty\":\"3\"}");
    assert_string_equal(fx_text(r, "left"), "2");
    assert_string_equal(
        fx_code(fx_ask(&c, "inventory.move",
                       "{\"ref\":\"alpine:35\",\"from\":\"A-1\",\"to\":\"B-1\","
                       "\"qty\":\"3\"}")),
        "conflict");
    r = level(&c, "alpine:35");
    assert_string_equal(fx_text(r, "on_hand"), "5");
    assert_int_equal(json_count(json_get(r, "bins")), 2);
    assert_int_equal(rows(&c, "inventory.list", "{\"filter\":\"bin:B-1\"}"), 1);
    assert_int_equal(rows(&c, "inventory.list", "{\"filter\":\"bin:B*\"}"), 1);
    assert_int_equal(
        json_count(
            json_get(fx_ok(&c, "bins.get", "{\"bin\":\"B-1\"}"), "contents")),
        1);
    fx_close(&c);
}

/* --- levels ------------------------------------------------------------------
 */

static void levels_are_filtered_and_paged(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    assert_int_equal(rows(&c, "inventory.list", "{}"), 4);
    assert_int_equal(rows(&c, "inventory.list", "{\"store\":\"baltic\"}"), 2);
    assert_int_equal(rows(&c, "inventory.list", "{\"filter\":\"sku:T-1\"}"), 2);
    assert_int_equal(rows(&c, "inventory.list", "{\"filter\":\"kept:yes\"}"),
                     0);
    (void)fx_ok(&c, "inventory.limits",
                "{\"ref\":\"alpine:34\",\"reorder\":\"3\"}");
    assert_int_equal(rows(&c, "inventory.list", "{\"filter\":\"kept:yes\"}"),
                     2); /* the pile has two listings */
    assert_int_equal(rows(&c, "inventory.low", "{}"), 2);
    assert_int_equal(rows(&c, "inventory.list", "{\"filter\":\"reorder:yes\"}"),
                     2);
    assert_int_equal(
        fx_number(fx_ok(&c, "dashboard.get", "{}"), "waiting.reorder"), 2);
    (void)fx_ok(&c, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"delta\":\"4\",\"bin\":\"A-1\"}");
    assert_int_equal(rows(&c, "inventory.low", "{}"), 0);
    assert_int_equal(
        rows(&c, "inventory.list", "{\"filter\":\"available:>3\"}"), 2);
    (void)fx_ok(&c, "inventory.limits",
                "{\"ref\":\"alpine:34\",\"reorder\":\"\",\"threshold\":\"\"}");
    const struct json *l = fx_ok(&c, "inventory.list", "{\"limit\":3}");
    char params[1200];
    (void)str_format(params, sizeof params,
                     "{\"limit\":3,\"after\":\"%.1000s\"}", fx_text(l, "next"));
    assert_int_equal(rows(&c, "inventory.list", params), 1);
    fx_close(&c);
}

static void the_ledger_tells_both_sides(void **state) {
    static const char *const reasons[] = {"shop", "move", "move", "found"};
    struct fx_client c;
    char params[1200] = "{\"ref\":\"alpine:34\",\"limit\":1}";
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    (void)fx_ok(&c, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"delta\":\"4\",\"bin\":\"A-1\","
                "\"code\":\"found\",\"shop\":\"no\"}");
    fx_pass(*state, 1000);
    (void)fx_ok(&c, "inventory.move",
                "{\"ref\":\"alpine:34\",\"from\":\"A-1\",\"to\":\"B-1\","
                "\"qty\":\"1\"}");
    fx_pass(*state, 1000);
    (void)fx_ok(&c, "inventory.adjust",
                "{\"ref\":\"alpine:34\",\"delta\":\"1\"}");
    for (size_t i = 0; i < 4; i++) {
        const struct json *l = fx_ok(&c, "inventory.ledger", params);
        assert_string_equal(fx_text(json_first(json_get(l, "items")), "reason"),
                            reasons[i]);
        (void)str_format(params, sizeof params,
                         "{\"ref\":\"alpine:34\",\"limit\":1,\"after\":"
                         "\"%.1000s\"}",
                         fx_text(l, "next"));
    }
    fx_close(&c);
}

/* --- receiving
 * ------------------------------------------------------------------ */

static const char *scan(struct fx_client *c, const char *code) {
    char params[120];
    (void)str_format(params, sizeof params, "{\"id\":\"I-1\",\"code\":\"%s\"}",
                     code);
    return fx_text(fx_ok(c, "inbound.receive", params), "verdict");
}

static void what_was_announced_is_received(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    const struct json *r =
        fx_ok(&c, "inbound.create",
              "{\"reference\":\"PO-1\",\"expected_on\":\"2026-11-30\","
              "\"lines\":[{\"code\":\"T-1\",\"qty\":\"2\"}]}");
    assert_string_equal(fx_text(r, "id"), "I-1");
    assert_string_equal(fx_text(r, "expected_on"), "2026-11-30T00:00:00Z");
    assert_string_equal(fx_text(level(&c, "alpine:34"), "incoming"), "2");
    assert_string_equal(fx_code(fx_ask(&c, "inbound.receive",
                                       "{\"id\":\"I-1\",\"code\":\"T-1\"}")),
                        "invalid"); /* which bin? */
    assert_string_equal(scan(&c, "a-1"), "ok");
    assert_string_equal(scan(&c, "T-1"), "ok");
    assert_string_equal(scan(&c, "T-1"), "ok");
    assert_string_equal(scan(&c, "T-1"), "excess");
    assert_string_equal(scan(&c, "alpine:35"), "unannounced");
    assert_string_equal(fx_code(fx_ask(&c, "inbound.receive",
                                       "{\"id\":\"I-1\",\"code\":\"X\"}")),
                        "not_found");
    r = level(&c, "alpine:34");
    assert_string_equal(fx_text(r, "on_hand"), "3");
    assert_string_equal(fx_text(r, "incoming"), "0");
    assert_string_equal(fx_text(r, "shop"), "9"); /* not told yet */
    r = fx_ok(&c, "inbound.tell", "{\"id\":\"I-1\"}");
    assert_int_equal(json_count(json_get(r, "told")), 3);
    assert_string_equal(fx_text(level(&c, "alpine:34"), "shop"), "12");
    assert_string_equal(fx_text(level(&c, "baltic:34"), "shop"), "12");
    fx_close(&c);
}

/* What a receipt of T-1 still asks for, "" nothing; more: members. */
static const char *asks(struct fx_client *c, const char *more) {
    static char got[16];
    char params[160];
    (void)snprintf(params, sizeof params, "{\"id\":\"I-1\",\"code\":\"T-1\"%s}",
                   more);
    const char *a =
        json_string(json_get(fx_ok(c, "inbound.receive", params), "asks"));
    (void)str_copy(got, sizeof got, a ? a : "");
    return got;
}

static const char *refused(struct fx_client *c, const char *method,
                           const char *params) {
    return fx_code(fx_ask(c, method, params));
}

static void lots_are_asked_for_as_they_come(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    (void)fx_ok(&c, "inbound.create", "{\"reference\":\"PO-1\"}");
    (void)scan(&c, "A-1");
    assert_string_equal(asks(&c, ""), "");
    (void)fx_ok(&c, "inventory.limits",
                "{\"ref\":\"alpine:34\",\"tracking\":\"lot\"}");
    assert_string_equal(asks(&c, ""), "lot");
    assert_string_equal(asks(&c, ",\"lot\":\"L1\""), "expires");
    assert_string_equal(fx_text(level(&c, "alpine:34"), "on_hand"), "1");
    assert_string_equal(
        asks(&c, ",\"lot\":\"L1\",\"qty\":\"4\",\"expires\":\"2027-03-31\""),
        "");
    assert_string_equal(asks(&c, ",\"lot\":\"l1\""), ""); /* known by now */
    assert_string_equal(asks(&c, ",\"lot\":\"L2\",\"expires\":\"\""), "");
    assert_string_equal(refused(&c, "inbound.receive",
                                "{\"id\":\"I-1\",\"code\":\"T-1\",\"lot\":"
                                "\"A-1\"}"),
                        "invalid"); /* a bin was scanned instead */
    assert_string_equal(refused(&c, "inbound.receive",
                                "{\"id\":\"I-1\",\"code\":\"T-1\",\"lot\":"
                                "\"L3\",\"expires\":\"2027-02-30\"}"),
                        "invalid");
    const struct json *r = level(&c, "alpine:34");
    assert_string_equal(fx_text(r, "on_hand"), "7");
    assert_string_equal(fx_text(r, "expires"), "2027-03-31");
    assert_int_equal(json_count(json_get(r, "lots")), 2);
    fx_close(&c);
}

static void lots_are_named_by_hand_and_in_the_ledger(void **state) {
    static char expired[] = "UPDATE lot SET expires_ms = 86400000";
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    (void)fx_ok(&c, "inventory.limits",
                "{\"ref\":\"alpine:34\",\"tracking\":\"serial\"}");
    assert_string_equal(refused(&c, "inventory.correct",
                                "{\"ref\":\"alpine:34\",\"bin\":\"A-1\","
                                "\"delta\":\"1\",\"shop\":\"no\"}"),
                        "invalid");
    (void)fx_ok(&c, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"bin\":\"A-1\",\"delta\":\"1\","
                "\"shop\":\"no\",\"lot\":\"SN1\",\"expires\":\"2020-01-01\"}");
    assert_string_equal(refused(&c, "inventory.move",
                                "{\"ref\":\"alpine:34\",\"from\":\"A-1\","
                                "\"to\":\"B-1\",\"qty\":\"1\",\"lot\":"
                                "\"SN9\"}"),
                        "not_found");
    const struct json *r =
        fx_ok(&c, "inventory.ledger", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_text(json_first(json_get(r, "items")), "lot"),
                        "SN1");
    r = fx_ok(&c, "lots.list", "{}"); /* it is 1970 here */
    assert_int_equal(json_count(json_get(r, "items")), 0);
    fx_job(*state, sql, expired);
    r = json_first(json_get(fx_ok(&c, "lots.list", "{}"), "items"));
    assert_string_equal(fx_text(r, "state"), "expired");
    r = fx_ok(&c, "inventory.list", "{\"filter\":\"expiring:yes\"}");
    assert_int_equal(json_count(json_get(r, "items")), 2); /* of both shops */
    r = fx_ok(&c, "lots.update",
              "{\"ref\":\"alpine:34\",\"lot\":\"sn1\",\"expires\":\"\"}");
    assert_string_equal(fx_text(r, "state"), "good");
    r = fx_ok(&c, "inventory.list", "{\"filter\":\"expiring:yes\"}");
    assert_int_equal(json_count(json_get(r, "items")), 0);
    fx_close(&c);
}

static void closing_asks_about_differences(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    (void)fx_ok(&c, "inbound.create",
                "{\"reference\":\"PO-1\",\"lines\":[{\"code\":\"T-1\","
                "\"qty\":\"2\"}]}");
    (void)scan(&c, "A-1");
    (void)scan(&c, "T-1");
    (void)scan(&c, "T-1");
    (void)fx_ok(&c, "inbound.receive",
                "{\"id\":\"I-1\",\"code\":\"T-1\",\"qty\":\"-1\"}");
    assert_string_equal(
        fx_code(fx_ask(&c, "inbound.close", "{\"id\":\"I-1\"}")), "conflict");
    const struct json *r =
        fx_ok(&c, "inbound.close", "{\"id\":\"I-1\",\"differences\":true}");
    assert_int_equal(json_count(json_get(r, "differences")), 1);
    assert_int_equal(json_count(json_get(r, "told")), 2);
    r = level(&c, "alpine:34");
    assert_string_equal(fx_text(r, "incoming"), "0");
    assert_string_equal(fx_text(r, "shop"), "10");
    assert_string_equal(fx_code(fx_ask(&c, "inbound.receive",
                                       "{\"id\":\"I-1\",\"code\":\"T-1\"}")),
                        "conflict");
    assert_int_equal(rows(&c, "inbound.list", "{}"), 0);
    assert_int_equal(rows(&c, "inbound.list", "{\"state\":\"all\"}"), 1);
    assert_string_equal(
        fx_code(fx_ask(&c, "inbound.create", "{\"reference\":\"PO-1\"}")),
        "exists");
    fx_close(&c);
}

/* --- counts
 * --------------------------------------------------------------------- */

static const struct json *count_scan(struct fx_client *c, const char *code) {
    char params[120];
    (void)str_format(params, sizeof params, "{\"id\":\"C-1\",\"code\":\"%s\"}",
                     code);
    return fx_ok(c, "counts.scan", params);
}

/* Four tents said to lie in A-1, two stoves in B-1; ayse counts three tents
 * and a stove where the tents are. */
static void counted(struct fx_client *c) {
    bins(c);
    (void)fx_ok(c, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"delta\":\"4\",\"bin\":\"A-1\","
                "\"shop\":\"no\"}");
    (void)fx_ok(c, "inventory.correct",
                "{\"ref\":\"alpine:35\",\"delta\":\"2\",\"bin\":\"B-1\","
                "\"shop\":\"no\"}");
    (void)fx_ok(c, "counts.begin", "{\"bins\":[\"A-1\",\"B-1\"]}");
    (void)count_scan(c, "A-1");
    for (int i = 0; i < 3; i++)
        (void)count_scan(c, "T-1");
    (void)count_scan(c, "S-1");
}

static void a_blind_count_tells_nothing_before_its_end(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    counted(&c);
    const struct json *r = fx_ok(&c, "counts.get", "{\"id\":\"C-1\"}");
    assert_int_equal(json_count(json_get(r, "lines")), 2);
    assert_int_equal(
        json_type(json_get(json_first(json_get(r, "lines")), "expected")),
        JSON_NULL);
    assert_string_equal(fx_text(r, "next_bin"), "B-1");
    assert_string_equal(fx_text(r, "bin"), "A-1");
    assert_string_equal(
        fx_code(fx_ask(&c, "counts.submit", "{\"id\":\"C-1\"}")), "conflict");
    (void)count_scan(&c, "b-1"); /* and it is empty */
    r = fx_ok(&c, "counts.submit", "{\"id\":\"C-1\"}");
    assert_string_equal(fx_text(r, "state"), "submitted");
    assert_int_equal(json_count(json_get(r, "lines")), 3);
    assert_string_equal(fx_text(level(&c, "alpine:34"), "on_hand"), "4");
    fx_close(&c);
}

static void another_person_approves(void **state) {
    struct fx_client c, d;
    fx_connect_as(*state, &c, AYSE);
    counted(&c);
    (void)count_scan(&c, "B-1");
    (void)fx_ok(&c, "counts.submit", "{\"id\":\"C-1\"}");
    assert_string_equal(
        fx_code(fx_ask(&c, "counts.approve", "{\"id\":\"C-1\"}")), "denied");
    fx_connect_as(*state, &d, CAN);
    const struct json *r = fx_ok(&d, "counts.approve", "{\"id\":\"C-1\"}");
    assert_string_equal(fx_text(r, "state"), "done");
    assert_string_equal(fx_text(level(&c, "alpine:34"), "on_hand"), "3");
    assert_string_equal(fx_text(level(&c, "alpine:34"), "shop"), "8");
    assert_string_equal(fx_text(level(&c, "alpine:35"), "on_hand"), "1");
    assert_string_equal(fx_text(level(&c, "alpine:35"), "bin"), "A-1");
    assert_string_equal(
        fx_code(fx_ask(&d, "counts.approve", "{\"id\":\"C-1\"}")), "conflict");
    fx_close(&d);
    fx_close(&c);
}

/* What moves between the scan and the approval is no difference. */
static void picks_meanwhile_change_nothing(void **state) {
    struct fx_client c, d;
    fx_connect_as(*state, &c, AYSE);
    counted(&c);
    (void)fx_ok(&c, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"delta\":\"-2\",\"bin\":\"A-1\","
                "\"code\":\"own_use\",\"shop\":\"no\"}");
    (void)fx_ok(&c, "counts.submit", "{\"id\":\"C-1\",\"partly\":true}");
    fx_connect_as(*state, &d, CAN);
    (void)fx_ok(&d, "counts.approve", "{\"id\":\"C-1\",\"shop\":\"no\"}");
    assert_string_equal(fx_text(level(&c, "alpine:34"), "on_hand"), "1");
    assert_string_equal(fx_text(level(&c, "alpine:34"), "shop"), "9");
    assert_string_equal(fx_text(level(&c, "alpine:35"), "on_hand"), "3");
    fx_close(&d);
    fx_close(&c);
}

/* One piece more or less is nobody's work. */
static void within_the_tolerance_a_count_is_written(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    rpc_set_limits(f->rpc, 0, 0, 1);
    fx_connect_as(f, &c, AYSE);
    counted(&c);
    assert_string_equal(
        fx_text(fx_ok(&c, "counts.submit", "{\"id\":\"C-1\",\"partly\":true}"),
                "state"),
        "done");
    assert_string_equal(fx_text(level(&c, "alpine:34"), "on_hand"), "3");
    fx_close(&c);
}

static void what_agrees_needs_nobody_else(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    (void)fx_ok(&c, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"delta\":\"2\",\"bin\":\"A-1\"}");
    (void)fx_ok(&c, "counts.begin", "{\"items\":[\"alpine:34\"]}");
    (void)count_scan(&c, "A-1");
    assert_string_equal(
        fx_code(fx_ask(&c, "counts.scan", "{\"id\":\"C-1\",\"code\":\"S-1\"}")),
        "conflict"); /* the count is of tents */
    (void)fx_ok(&c, "counts.scan",
                "{\"id\":\"C-1\",\"code\":\"T-1\",\"qty\":\"2\",\"set\":true}");
    assert_string_equal(
        fx_text(fx_ok(&c, "counts.submit", "{\"id\":\"C-1\"}"), "state"),
        "done");
    fx_close(&c);
}

static const char *count_asks(struct fx_client *c, const char *more) {
    char params[200];
    (void)str_format(params, sizeof params,
                     "{\"id\":\"C-1\",\"code\":\"T-1\"%s}", more);
    const char *a =
        json_string(json_get(fx_ok(c, "counts.scan", params), "asks"));
    return a ? a : "";
}

static void a_count_asks_for_lots_and_tells_each_apart(void **state) {
    struct fx_client c, d;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    (void)fx_ok(&c, "inventory.correct",
                "{\"ref\":\"alpine:34\",\"delta\":\"2\",\"bin\":\"A-1\"}");
    (void)fx_ok(&c, "inventory.limits",
                "{\"ref\":\"alpine:34\",\"tracking\":\"lot\"}");
    (void)fx_ok(&c, "counts.begin", "{\"bins\":[\"A-1\"]}");
    (void)count_scan(&c, "A-1");
    assert_string_equal(count_asks(&c, ""), "lot");
    assert_string_equal(count_asks(&c, ",\"lot\":\"L1\""), "expires");
    assert_string_equal(
        refused(&c, "counts.scan",
                "{\"id\":\"C-1\",\"code\":\"T-1\",\"lot\":\"A-1\"}"),
        "invalid"); /* somebody has moved on */
    assert_string_equal(
        count_asks(&c, ",\"lot\":\"L1\",\"expires\":\"2027-03-31\""), "");
    assert_string_equal(count_asks(&c, ",\"lot\":\"-\""), "");
    const struct json *r = count_scan(&c, "l1");
    assert_string_equal(fx_text(r, "lot"), "L1");
    assert_string_equal(fx_text(r, "counted"), "2");
    r = fx_ok(&c, "counts.submit", "{\"id\":\"C-1\"}");
    r = json_get(r, "lines");
    assert_int_equal(json_count(r), 2);
    assert_string_equal(fx_text(json_first(r), "lot"), "L1");
    assert_string_equal(fx_text(json_first(r), "variance"), "2");
    r = json_next(json_first(r));
    assert_int_equal(json_type(json_get(r, "lot")), JSON_NULL);
    assert_string_equal(fx_text(r, "variance"), "-1");
    fx_connect_as(*state, &d, CAN);
    (void)fx_ok(&d, "counts.approve", "{\"id\":\"C-1\"}");
    assert_string_equal(fx_text(level(&c, "alpine:34"), "on_hand"), "3");
    assert_string_equal(fx_text(level(&c, "alpine:34"), "expires"),
                        "2027-03-31");
    fx_close(&d);
    fx_close(&c);
}

/* --- who
 * -----------------------------------------------------------------------------
 */

static void owners_look_and_touch_nothing(void **state) {
    struct fx_client c, z;
    fx_connect_as(*state, &c, AYSE);
    bins(&c);
    fx_connect_as(*state, &z, ZOE);
    assert_int_equal(rows(&z, "inventory.list", "{}"), 4);
    (void)fx_ok(&z, "inventory.ledger", "{\"ref\":\"alpine:34\"}");
    assert_string_equal(fx_code(fx_ask(&z, "bins.list", "{}")), "denied");
    assert_string_equal(
        fx_code(fx_ask(&z, "inventory.limits", "{\"ref\":\"alpine:34\"}")),
        "denied");
    fx_close(&z);
    fx_close(&c);
}

/* Staff of one store sees the company's pile, and of the other shop nothing. */
static void staff_of_one_store_names_no_other(void **state) {
    static char narrow[] =
        "UPDATE users SET all_stores = 0 WHERE name = 'ayse';"
        "INSERT INTO user_store SELECT id, 1 FROM users WHERE name = 'ayse'";
    struct fx_client c, d;
    fx_connect_as(*state, &d, CAN);
    bins(&d);
    (void)fx_ok(&d, "inventory.limits", "{\"ref\":\"baltic:34\"}");
    fx_job(*state, sql, narrow);
    fx_restart(*state);
    fx_connect_as(*state, &c, AYSE);
    const struct json *r =
        fx_ok(&c, "inventory.correct",
              "{\"ref\":\"alpine:34\",\"delta\":\"3\",\"bin\":\"A-1\"}");
    assert_int_equal(json_count(json_get(r, "told")), 1);
    assert_int_equal(json_count(json_get(level(&c, "alpine:34"), "listings")),
                     1);
    assert_int_equal(rows(&c, "inventory.list", "{\"filter\":\"bin:A-1\"}"), 1);
    assert_string_equal(
        fx_code(fx_ask(&c, "inventory.get", "{\"ref\":\"baltic:34\"}")),
        "not_found");
    assert_string_equal(fx_code(fx_ask(&c, "counts.list", "{}")), "denied");
    fx_close(&c);
    fx_close(&d);
    fx_connect_as(*state, &d, CAN); /* and yet the other shop was told */
    assert_string_equal(fx_text(level(&d, "baltic:34"), "shop"), "12");
    fx_close(&d);
}

#define STOCK_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        STOCK_TEST(bins_are_made_and_walked),
        STOCK_TEST(pieces_come_and_every_shop_hears_of_it),
        STOCK_TEST(shops_are_told_nothing_when_asked_so),
        STOCK_TEST(staff_above_their_limit_tell_no_shop),
        STOCK_TEST(moving_conserves),
        STOCK_TEST(levels_are_filtered_and_paged),
        STOCK_TEST(the_ledger_tells_both_sides),
        STOCK_TEST(what_was_announced_is_received),
        STOCK_TEST(lots_are_asked_for_as_they_come),
        STOCK_TEST(lots_are_named_by_hand_and_in_the_ledger),
        STOCK_TEST(closing_asks_about_differences),
        STOCK_TEST(a_blind_count_tells_nothing_before_its_end),
        STOCK_TEST(another_person_approves),
        STOCK_TEST(picks_meanwhile_change_nothing),
        STOCK_TEST(within_the_tolerance_a_count_is_written),
        STOCK_TEST(what_agrees_needs_nobody_else),
        STOCK_TEST(a_count_asks_for_lots_and_tells_each_apart),
        STOCK_TEST(owners_look_and_touch_nothing),
        STOCK_TEST(staff_of_one_store_names_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
