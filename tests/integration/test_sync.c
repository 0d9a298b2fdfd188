/* The engine against the demo shop over HTTP: after a sync the mirror is the
 * shop, whatever happened on the way. */
#include <stdio.h>
#include <string.h>

#include "tests/lib/engine.h"
#include "tests/lib/shop_proc.h"
#include "tests/lib/test.h"

struct fixture {
    struct engine e;
    struct shop_proc shop;
    int64_t store;
};

static void setup(struct fixture *f, const char *storage) {
    memset(f, 0, sizeof *f);
    shop_proc_start(&f->shop, "--storage", storage, "--seed", "7", "--orders",
                    "730", "--products", "60", "--customers", "140",
                    "--trust-http", NULL);
    engine_start(&f->e, NULL);
    f->store = engine_store(&f->e, "alpine", f->shop.url, "basic");
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
    assert_true(f->e.result.rows > 900);
}

static void first_sync(const char *storage) {
    struct fixture f;
    setup(&f, storage);
    int r = engine_sync(&f.e, f.store, SYNC_ALL_COLLECTIONS, false);
    if (r < 0)
        fail_msg("sync: %s", f.e.result.error.detail);
    assert_true(f.e.result.by[SYNC_ORDERS].inserted >= 730);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_sync_mirrors_a_posts_shop),
        cmocka_unit_test(a_first_sync_mirrors_an_hpos_shop),
        cmocka_unit_test(a_second_sync_changes_nothing_and_is_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
