/* The engine against the demo shop over HTTP: after a sync the mirror is the
 * shop, whatever happened on the way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "db/conn.h"
#include "tests/lib/engine.h"
#include "tests/lib/shop_proc.h"
#include "tests/lib/test.h"

/* Orders of a shop: enough for a second page and a third, and where it is the
 * pages that matter for eight. */
enum { FEW = 230, MANY_PAGES = 730, OTHERS = 170 };

struct fixture {
    struct engine e;
    struct shop_proc shop;
    int64_t store;
    int orders;
};

static void setup_of(struct fixture *f, const char *storage, int orders) {
    char number[12];
    memset(f, 0, sizeof *f);
    f->orders = orders;
    (void)snprintf(number, sizeof number, "%d", orders);
    shop_proc_start(&f->shop, "--storage", storage, "--seed", "7", "--orders",
                    number, "--products", "60", "--customers", "140",
                    "--trust-http", NULL);
    engine_start(&f->e, NULL);
    f->store = engine_store(&f->e, "alpine", f->shop.url, "basic");
}

static void setup(struct fixture *f, const char *storage) {
    setup_of(f, storage, FEW);
}

static void setup_pages(struct fixture *f) {
    setup_of(f, "hpos", MANY_PAGES);
}

static void teardown(struct fixture *f) {
    engine_stop(&f->e, false);
    shop_proc_stop(&f->shop);
}

static void assert_true_mirror(struct fixture *f) {
    if (engine_verify(&f->e, f->store) < 0)
        fail_msg("verify: %s", f->e.result.error.detail);
    if (f->e.result.differences)
        fail_msg("differences: %s", f->e.report);
    assert_true(f->e.result.rows > f->orders + OTHERS);
}

static void first_sync(const char *storage) {
    struct fixture f;
    setup_of(&f, storage, MANY_PAGES);
    int r = engine_sync(&f.e, f.store, SYNC_ALL_COLLECTIONS, false);
    if (r < 0)
        fail_msg("sync: %s", f.e.result.error.detail);
    assert_true(f.e.result.by[SYNC_ORDERS].inserted >= MANY_PAGES);
    assert_int_equal(f.e.result.by[SYNC_ORDERS].aside, 0);
    assert_true(f.e.progress > 8);
    assert_true_mirror(&f);
    teardown(&f);
}

static void a_first_sync_mirrors_a_posts_shop(void **arg) {
    (void)arg;
    first_sync("posts");
}

static void a_first_sync_mirrors_an_hpos_shop(void **arg) {
    (void)arg;
    first_sync("hpos");
}

/* Open orders that came after closed ones, the newest page aside. */
static int late_job(struct db_tx *tx, void *arg) {
#define OPEN "status IN ('pending', 'processing', 'on-hold')"
    return conn_get_i64(tx->conn,
                        "SELECT count(*) FROM orders WHERE " OPEN
                        " AND id > 100 + (SELECT count(*) FROM orders "
                        "WHERE " OPEN ")",
                        arg);
}

static int64_t late_ones(const struct sync_options *so) {
    struct fixture f;
    int64_t late = -1;
    setup_pages(&f);
    engine_stop(&f.e, false);
    engine_start_with(&f.e, NULL, so);
    f.store = engine_store(&f.e, "alpine", f.shop.url, "basic");
    assert_int_equal(engine_sync(&f.e, f.store, 1u << SYNC_ORDERS, false), 0);
    assert_true(engine_job(&f.e, late_job, &late) >= 0);
    assert_true(f.e.result.by[SYNC_ORDERS].inserted >= MANY_PAGES);
    teardown(&f);
    return late;
}

/* The day's work is there while a slow shop is read; a quick one is not asked
 * for anything twice. */
static void open_orders_come_first_where_a_scan_takes_long(void **arg) {
    (void)arg;
    static const struct sync_options long_one = {.soon_ms = 1};
    assert_int_equal(late_ones(&long_one), 0);
    assert_true(late_ones(NULL) > 0);
}

struct look {
    int64_t id;
    struct store store;
};

static int look_job(struct db_tx *tx, void *arg) {
    struct look *l = arg;
    return store_by_id(tx, l->id, &l->store);
}

static void the_last_verify_is_kept(void **arg) {
    (void)arg;
    struct fixture f;
    setup(&f, "hpos");
    assert_int_equal(engine_sync(&f.e, f.store, SYNC_ALL_COLLECTIONS, false),
                     0);
    assert_true_mirror(&f);
    struct look l = {.id = f.store};
    assert_true(engine_job(&f.e, look_job, &l) >= 0);
    assert_true(l.store.verify_ms > 0);
    assert_int_equal(l.store.verify_differences, 0);
    assert_true(l.store.verify_rows > FEW + OTHERS);
    store_done(&l.store);
    teardown(&f);
}

static void a_second_sync_changes_nothing_and_is_cheap(void **arg) {
    (void)arg;
    struct fixture f;
    setup(&f, "hpos");
    assert_int_equal(engine_sync(&f.e, f.store, SYNC_ALL_COLLECTIONS, false),
                     0);
    assert_int_equal(engine_sync(&f.e, f.store, 1u << SYNC_ORDERS, false), 0);
    assert_int_equal(f.e.result.by[SYNC_ORDERS].changed, 0);
    assert_int_equal(f.e.result.by[SYNC_ORDERS].inserted, 0);
    assert_true(f.e.result.requests <= 3);
    teardown(&f);
}

/* -- what changes in the shop ------------------------------------------- */

static int64_t an_order(struct fixture *f, int at) {
    char *text = shop_proc_admin(&f->shop, "truth?kind=orders", NULL);
    const char *p = text;
    for (int i = 0; i <= at; i++) {
        p = strstr(p + (i > 0), "{\"id\":");
        assert_non_null(p);
    }
    int64_t id = strtoll(p + 6, NULL, 10);
    free(text);
    return id;
}

static void door(struct fixture *f, const char *path, const char *fmt, ...) {
    char body[512];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(body, sizeof body, fmt, ap);
    va_end(ap);
    free(shop_proc_admin(&f->shop, path, body));
}

static void mirrored(struct fixture *f, const char *storage) {
    setup(f, storage);
    if (engine_sync(&f->e, f->store, SYNC_ALL_COLLECTIONS, false) < 0)
        fail_msg("sync: %s", f->e.result.error.detail);
}

static void a_status_changed_in_the_shop_arrives(void **arg) {
    (void)arg;
    struct fixture f;
    mirrored(&f, "posts");
    door(&f, "edit",
         "{\"kind\":\"orders\",\"id\":%lld,\"patch\":{\"status\":\"completed\"}"
         "}",
         (long long)an_order(&f, 3));
    assert_int_equal(engine_sync(&f.e, f.store, 1u << SYNC_ORDERS, false), 0);
    assert_int_equal(f.e.result.by[SYNC_ORDERS].changed, 1);
    assert_true_mirror(&f);
    teardown(&f);
}

static void new_orders_and_their_stock_arrive(void **arg) {
    (void)arg;
    struct fixture f;
    mirrored(&f, "hpos");
    door(&f, "orders", "{\"n\":130}");
    assert_int_equal(engine_sync(&f.e, f.store, SYNC_ALL_COLLECTIONS, false),
                     0);
    assert_int_equal(f.e.result.by[SYNC_ORDERS].inserted, 130);
    assert_true_mirror(&f);
    teardown(&f);
}

/* On posts an address moves no date: only a full read sees it, and verify says
 * exactly where. */
static void verify_names_the_field_that_differs(void **arg) {
    (void)arg;
    struct fixture f;
    mirrored(&f, "posts");
    door(&f, "edit",
         "{\"kind\":\"orders\",\"id\":%lld,"
         "\"patch\":{\"billing\":{\"city\":\"Nowhere\"}}}",
         (long long)an_order(&f, 5));
    assert_int_equal(engine_sync(&f.e, f.store, 1u << SYNC_ORDERS, false), 0);
    assert_int_equal(engine_verify(&f.e, f.store), 0);
    if (f.e.result.differences != 1)
        fail_msg("differences: %s", f.e.report);
    assert_non_null(strstr(f.e.report, "\"path\":\"billing.city\""));
    assert_non_null(strstr(f.e.report, "Nowhere"));
    assert_int_equal(engine_sync(&f.e, f.store, 1u << SYNC_ORDERS, true), 0);
    assert_true_mirror(&f);
    teardown(&f);
}

static void what_is_deleted_is_marked_gone_by_a_full_read(void **arg) {
    (void)arg;
    struct fixture f;
    mirrored(&f, "hpos");
    for (int i = 0; i < 3; i++)
        door(&f, "delete", "{\"kind\":\"orders\",\"id\":%lld}",
             (long long)an_order(&f, 10 * i));
    assert_int_equal(engine_verify(&f.e, f.store), 0);
    assert_true(f.e.result.differences >= 3);
    assert_int_equal(engine_sync(&f.e, f.store, SYNC_ALL_COLLECTIONS, true), 0);
    assert_int_equal(f.e.result.by[SYNC_ORDERS].gone, 3);
    assert_true_mirror(&f);
    teardown(&f);
}

static void what_goes_to_the_trash_arrives(void **arg) {
    (void)arg;
    struct fixture f;
    mirrored(&f, "hpos");
    door(&f, "delete", "{\"kind\":\"orders\",\"id\":%lld,\"trash\":true}",
         (long long)an_order(&f, 2));
    assert_int_equal(engine_sync(&f.e, f.store, 1u << SYNC_ORDERS, false), 0);
    assert_int_equal(f.e.result.by[SYNC_ORDERS].changed, 1);
    assert_true_mirror(&f);
    teardown(&f);
}

/* A shop that suddenly lists ten rows lost nothing: nobody believes it. */
static void a_shop_that_lists_ten_rows_deletes_nothing(void **arg) {
    (void)arg;
    struct fixture f;
    mirrored(&f, "hpos");
    door(&f, "faults", "{\"kind\":\"few_rows\"}");
    assert_int_equal(engine_sync(&f.e, f.store, 1u << SYNC_ORDERS, true),
                     ERR_SHOP_CONFLICT);
    assert_int_equal(f.e.result.by[SYNC_ORDERS].gone, 0);
    free(shop_proc_delete(&f.shop, "faults"));
    assert_true_mirror(&f);
    teardown(&f);
}

/* -- what goes wrong on the way ------------------------------------------ */

/* One fault during a first sync: it ends true all the same. */
static void survives(const char *fault) {
    struct fixture f;
    setup_pages(&f);
    door(&f, "faults", "%s", fault);
    int r = ERR_SHOP_BUSY;
    for (int tries = 0; r < 0 && tries < 20; tries++)
        r = engine_sync(&f.e, f.store, SYNC_ALL_COLLECTIONS, false);
    if (r < 0)
        fail_msg("%s: %s", fault, f.e.result.error.detail);
    free(shop_proc_delete(&f.shop, "faults"));
    assert_true_mirror(&f);
    teardown(&f);
}

static void every_seventh_answer_is_a_502(void **arg) {
    (void)arg;
    survives("{\"kind\":\"gateway\",\"every\":7}");
}

static void every_fifth_answer_is_cut(void **arg) {
    (void)arg;
    survives("{\"kind\":\"cut\",\"value\":20000,\"every\":5}");
}

static void every_fifth_answer_is_truncated(void **arg) {
    (void)arg;
    survives("{\"kind\":\"truncate\",\"every\":5}");
}

static void php_notices_stand_before_the_json(void **arg) {
    (void)arg;
    survives("{\"kind\":\"notice\",\"every\":2}");
}

static void the_shop_asks_to_slow_down(void **arg) {
    (void)arg;
    survives("{\"kind\":\"throttle\",\"value\":1,\"every\":9,\"next\":3}");
}

static void odd_rows_are_set_aside_and_their_page_goes_on(void **arg) {
    (void)arg;
    struct fixture f;
    for (int odd = 0; odd < 5; odd++) {
        setup(&f, "hpos");
        door(&f, "faults",
             "{\"kind\":\"odd_row\",\"value\":%d,\"path\":\"/wc/v3/orders\"}",
             odd);
        if (engine_sync(&f.e, f.store, 1u << SYNC_ORDERS, false) < 0)
            fail_msg("odd row %d: %s", odd, f.e.result.error.detail);
        assert_true(f.e.result.by[SYNC_ORDERS].inserted >= FEW - 30);
        teardown(&f);
    }
}

static void a_firewall_is_told_as_such(void **arg) {
    (void)arg;
    struct fixture f;
    setup(&f, "hpos");
    door(&f, "faults", "{\"kind\":\"waf\"}");
    assert_int_equal(engine_sync(&f.e, f.store, 1u << SYNC_ORDERS, false),
                     ERR_SHOP_BLOCKED);
    teardown(&f);
}

static void ignore_result(const struct sync_result *r, void *arg) {
    (void)r;
    (void)arg;
}

static void a_stopped_engine_goes_on_where_it_was(void **arg) {
    (void)arg;
    struct fixture f;
    char dir[64];
    setup_pages(&f);
    int64_t requests = 0;
    for (int stops = 0; stops < 12; stops++) {
        struct sync_run *run;
        f.e.done = false;
        (void)sync_run(f.e.sync, f.store, SYNC_ALL_COLLECTIONS, false, NULL,
                       ignore_result, NULL, &run);
        engine_turn(&f.e, 5 + stops * 9);
        memcpy(dir, f.e.dir, sizeof dir);
        engine_stop(&f.e, true);
        engine_start(&f.e, dir);
        engine_turn(&f.e, 50);
    }
    assert_int_equal(engine_sync(&f.e, f.store, SYNC_ALL_COLLECTIONS, false),
                     0);
    requests += f.e.result.requests;
    assert_true(requests < 60);
    assert_true_mirror(&f);
    teardown(&f);
}

enum { MANY = 700 };

static int many_stores(struct db_tx *tx, void *arg) {
    (void)arg;
    int r = 0;
    for (int i = 0; r >= 0 && i < MANY; i++) {
        struct store s = {.paused = true, .can_write = true};
        (void)snprintf(s.name, sizeof s.name, "s%d", i);
        (void)snprintf(s.url, sizeof s.url, "http://127.0.0.1:1/%d", i);
        (void)snprintf(s.auth, sizeof s.auth, "basic");
        (void)snprintf(s.rest, sizeof s.rest, "path");
        (void)snprintf(s.state, sizeof s.state, "new");
        s.allow_http = true;
        uint8_t random[10] = {(uint8_t)i, (uint8_t)(i >> 8)};
        struct error e = {0};
        r = store_create(tx, random, &s, &e);
        if (r >= 0)
            r = store_update(tx, &s);
    }
    return r;
}

/* More than the queue of reads holds. */
static void every_one_of_many_stores_is_loaded(void **arg) {
    (void)arg;
    struct fixture f;
    struct sync_status st;
    char dir[64];
    setup(&f, "hpos");
    assert_int_equal(engine_job(&f.e, many_stores, NULL), 0);
    memcpy(dir, f.e.dir, sizeof dir);
    engine_stop(&f.e, true);
    engine_start(&f.e, dir);
    int loaded = 0;
    for (int turn = 0; loaded < MANY && turn < 600; turn++) {
        engine_turn(&f.e, 20);
        loaded = 0;
        for (int64_t id = f.store + 1; id <= f.store + MANY; id++)
            loaded += sync_get_status(f.e.sync, id, &st) == 0 && st.first;
    }
    assert_int_equal(loaded, MANY);
    teardown(&f);
}

/* The scan of orders has read its first pages, those with the newest. */
static void scan_progress(const struct sync_progress *p, void *arg) {
    bool *begun = arg;
    if (strcmp(p->step, "scan") == 0 && strcmp(p->collection, "orders") == 0 &&
        p->done >= 200)
        *begun = true;
}

static int64_t newest_order(struct fixture *f) {
    AUTO_FREE char *text = shop_proc_admin(&f->shop, "truth?kind=orders", NULL);
    int64_t newest = 0;
    for (const char *p = text; (p = strstr(p, "{\"id\":")); p += 6) {
        int64_t id = strtoll(p + 6, NULL, 10);
        newest = id > newest ? id : newest;
    }
    return newest;
}

static void a_full_read_asked_for_meanwhile_follows_the_first(void **arg) {
    (void)arg;
    struct fixture f;
    struct sync_run *run;
    bool begun = false;
    setup_pages(&f);
    door(&f, "latency", "{\"ms\":60}");
    assert_int_equal(sync_run(f.e.sync, f.store, 1u << SYNC_ORDERS, false,
                              scan_progress, ignore_result, &begun, &run),
                     0);
    for (int i = 0; !begun && i < 2000; i++)
        engine_turn(&f.e, 5);
    assert_true(begun);
    door(&f, "delete", "{\"kind\":\"orders\",\"id\":%lld,\"trash\":true}",
         (long long)newest_order(&f));
    assert_int_equal(engine_sync(&f.e, f.store, SYNC_ALL_COLLECTIONS, true), 0);
    assert_true_mirror(&f);
    teardown(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_sync_mirrors_a_posts_shop),
        cmocka_unit_test(a_first_sync_mirrors_an_hpos_shop),
        cmocka_unit_test(a_second_sync_changes_nothing_and_is_cheap),
        cmocka_unit_test(open_orders_come_first_where_a_scan_takes_long),
        cmocka_unit_test(the_last_verify_is_kept),
        cmocka_unit_test(a_status_changed_in_the_shop_arrives),
        cmocka_unit_test(new_orders_and_their_stock_arrive),
        cmocka_unit_test(verify_names_the_field_that_differs),
        cmocka_unit_test(what_is_deleted_is_marked_gone_by_a_full_read),
        cmocka_unit_test(what_goes_to_the_trash_arrives),
        cmocka_unit_test(a_shop_that_lists_ten_rows_deletes_nothing),
        cmocka_unit_test(every_seventh_answer_is_a_502),
        cmocka_unit_test(every_fifth_answer_is_cut),
        cmocka_unit_test(every_fifth_answer_is_truncated),
        cmocka_unit_test(php_notices_stand_before_the_json),
        cmocka_unit_test(the_shop_asks_to_slow_down),
        cmocka_unit_test(odd_rows_are_set_aside_and_their_page_goes_on),
        cmocka_unit_test(a_firewall_is_told_as_such),
        cmocka_unit_test(every_one_of_many_stores_is_loaded),
        cmocka_unit_test(a_stopped_engine_goes_on_where_it_was),
        cmocka_unit_test(a_full_read_asked_for_meanwhile_follows_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
