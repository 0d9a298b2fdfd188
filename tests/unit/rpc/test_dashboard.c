/* The day in figures: what is in hand, packed and gone, by whom it may be
 * seen, and what waits. */
#include "fixture.h"

#include <string.h>

#include "common/str.h"
#include "db/conn.h"
#include "model/kept.h"
#include "model/order.h"
#include "shop/page.h"

enum { ALI = 54401, OWNER, ELSEWHERE };

/* The fixture lives on 20 January 1970. */
#define ORDER(id, created, status)                                             \
    "{\"id\":" id ",\"number\":\"" id "\",\"status\":\"" status "\","          \
    "\"currency\":\"TRY\",\"total\":\"100.00\",\"customer_id\":0,"             \
    "\"date_created_gmt\":\"" created "\",\"date_modified_gmt\":\"" created    \
    "\",\"customer_note\":\"\",\"billing\":{},\"shipping\":{},"                \
    "\"meta_data\":[],\"line_items\":[{\"id\":7,\"product_id\":34,"            \
    "\"variation_id\":0,\"quantity\":1,\"total\":\"100.00\",\"sku\":"          \
    "\"S-1\",\"name\":\"Tent\"}]}"

static const char *const orders[] = {
    ORDER("12", "1970-01-20T14:00:00", "processing"),
    ORDER("13", "1970-01-20T15:00:00", "completed"),
    ORDER("14", "1970-01-02T10:00:00", "on-hold"),
};

static int apply(struct db_tx *tx, void *unused) {
    struct page_options o = {.kind = MIRROR_ORDER, .kept = kept_current()};
    struct mirror_read read = {.store_id = 1, .sent_seq = 1};
    struct mirror_stats st = {0};
    int rc = 0;
    (void)unused;
    for (size_t i = 0; rc >= 0 && i < sizeof orders / sizeof *orders; i++) {
        struct error e = {0};
        struct page *p;
        assert_int_equal(page_prepare(&o, orders[i], strlen(orders[i]), &p, &e),
                         0);
        rc = order_apply(tx, &read, p->orders, p->n, &st);
        page_free(p);
    }
    return rc;
}

static int may_write(struct db_tx *tx, void *unused) {
    (void)unused;
    return conn_exec(tx->conn, "UPDATE store SET can_write = 1");
}

static struct kept *kept;

static int setup(void **state) {
    int rc = fx_setup(state);
    struct fx *f = *state;
    kept = kept_new();
    kept_use(kept);
    fx_job(f, may_write, NULL);
    fx_job(f, apply, NULL);
    fx_person(f, "ali", "staff", ALI, 0);
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

static const struct json *today(struct fx_client *c) {
    return fx_ok(c, "dashboard.get", NULL);
}

static int64_t sum(const struct json *d, const char *key) {
    int64_t all = 0;
    const struct json *n = json_first(json_get(d, key));
    for (; n; n = json_next(n)) {
        int64_t one = 0;
        assert_int_equal(json_i64(n, false, &one), 0);
        all += one;
    }
    return all;
}

/* The row of a status; NULL when there is none. */
static const struct json *of_status(const struct json *d, const char *status) {
    const struct json *s = json_first(json_get(d, "by_status"));
    while (s && !str_eq(fx_text(s, "status"), status))
        s = json_next(s);
    return s;
}

static void orders_stand_by_status_and_day(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    const struct json *d = today(&c);
    assert_int_equal(fx_number(d, "today.orders"), 2);
    assert_int_equal(sum(d, "hours"), 2);
    const struct json *s = of_status(d, "processing");
    assert_non_null(s);
    assert_int_equal(fx_number(s, "orders"), 1);
    assert_int_equal(fx_number(s, "today"), 1);
    /* held since weeks: open, none of today */
    s = of_status(d, "on-hold");
    assert_non_null(s);
    assert_int_equal(fx_number(s, "orders"), 1);
    assert_int_equal(fx_number(s, "today"), 0);
    /* done: it counts as of today */
    s = of_status(d, "completed");
    assert_non_null(s);
    assert_int_equal(fx_number(s, "today"), 1);
    fx_close(&c);
}

static void what_is_packed_and_leaves_is_counted(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    (void)fx_ok(&c, "picks.begin", "{\"orders\":[\"alpine:12\"]}");
    assert_int_equal(fx_number(today(&c), "in_hand.picking"), 1);
    (void)fx_ok(&c, "picks.scan", "{\"pick\":\"P-1\",\"code\":\"S-1\"}");
    (void)fx_ok(&c, "picks.finish", "{\"pick\":\"P-1\"}");
    assert_int_equal(fx_number(today(&c), "in_hand.picked"), 1);
    (void)fx_ok(&c, "packs.begin", "{\"ref\":\"alpine:12\"}");
    (void)fx_ok(&c, "packs.scan", "{\"ref\":\"alpine:12\",\"code\":\"S-1\"}");
    assert_int_equal(fx_number(today(&c), "today.packed"), 0);
    (void)fx_ok(&c, "packs.finish", "{\"ref\":\"alpine:12\"}");
    const struct json *d = today(&c);
    assert_int_equal(fx_number(d, "in_hand.packed"), 1);
    assert_int_equal(fx_number(d, "today.packed"), 1);
    assert_int_equal(sum(d, "packed"), 1);
    assert_int_equal(fx_number(d, "today.shipped"), 0);
    (void)fx_ok(&c, "shipments.update",
                "{\"id\":\"S-1\",\"carrier\":\"ups\",\"tracking\":\"1Z1\"}");
    (void)fx_ok(&c, "shipments.ship", "{\"ref\":\"alpine:12\"}");
    d = today(&c);
    assert_int_equal(fx_number(d, "today.shipped"), 1);
    assert_int_equal(sum(d, "shipped"), 1);
    assert_int_equal(fx_number(d, "in_hand.packed"), 0);
    fx_close(&c);
    /* the day after, none of it is today's */
    fx_pass(*state, 86400000);
    fx_connect_as(*state, &c, ALI);
    d = today(&c);
    assert_int_equal(fx_number(d, "today.packed"), 0);
    assert_int_equal(fx_number(d, "today.shipped"), 0);
    assert_null(of_status(d, "completed"));
    fx_close(&c);
}

static void open_returns_and_tickets_wait(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    (void)fx_ok(&c, "returns.create",
                "{\"ref\":\"alpine:13\",\"reason\":\"defective\",\"lines\":[{"
                "\"line\":7,\"quantity\":\"1\"}]}");
    (void)fx_ok(&c, "tickets.create",
                "{\"store\":\"alpine\",\"subject\":\"Late\",\"text\":\"When?\","
                "\"priority\":\"urgent\"}");
    const struct json *d = today(&c);
    assert_int_equal(fx_number(d, "waiting.returns"), 1);
    assert_int_equal(fx_number(d, "waiting.requested"), 1);
    assert_int_equal(fx_number(d, "waiting.open_tickets"), 1);
    assert_int_equal(fx_number(d, "waiting.urgent"), 1);
    (void)fx_ok(&c, "returns.approve", "{\"return\":\"R-1\"}");
    (void)fx_ok(&c, "tickets.update",
                "{\"id\":\"T-1\",\"state\":"
                "\"closed\"}");
    d = today(&c);
    assert_int_equal(fx_number(d, "waiting.returns"), 1);
    assert_int_equal(fx_number(d, "waiting.requested"), 0);
    assert_int_equal(fx_number(d, "waiting.open_tickets"), 0);
    assert_int_equal(fx_number(d, "waiting.urgent"), 0);
    fx_close(&c);
}

/* An owner's figures are of their own stores. */
static void an_owner_sees_their_own(void **state) {
    struct fx_client c;
    fx_connect_as(*state, &c, ALI);
    (void)fx_ok(&c, "picks.begin", "{\"orders\":[\"alpine:12\"]}");
    fx_close(&c);
    fx_connect_as(*state, &c, OWNER);
    assert_int_equal(fx_number(today(&c), "in_hand.picking"), 1);
    fx_close(&c);
    fx_connect_as(*state, &c, ELSEWHERE);
    const struct json *d = today(&c);
    assert_int_equal(fx_number(d, "in_hand.picking"), 0);
    assert_int_equal(fx_number(d, "today.orders"), 0);
    assert_null(json_first(json_get(d, "by_status")));
    assert_null(json_first(json_get(d, "stores")));
    fx_close(&c);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(orders_stand_by_status_and_day),
        CASE(what_is_packed_and_leaves_is_counted),
        CASE(open_returns_and_tickets_wait),
        CASE(an_owner_sees_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
