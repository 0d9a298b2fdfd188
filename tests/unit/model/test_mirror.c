#include "fixture.h"

#include "common/mem.h"

static int aside(struct db_tx *tx, int64_t remote_id, int64_t hash,
                 const char *raw, size_t n) {
    struct mirror_read read = fx_read(1);
    uint8_t h[16];
    fx_hash(h, hash);
    return mirror_set_aside(tx, &read, MIRROR_ORDER, remote_id, h, "id",
                            "is no number", raw, n);
}

static void apply(struct db_tx *tx, int64_t seq, struct order o) {
    struct mirror_read read = fx_read(seq);
    struct mirror_stats st = {0};
    assert_int_equal(order_apply(tx, &read, &o, 1, &st), 0);
}

TX_TEST(sequence_grows) {
    int64_t a, b;
    assert_int_equal(mirror_reserve_seq(tx, 10, &a), 0);
    assert_int_equal(a, 1);
    assert_int_equal(mirror_reserve_seq(tx, 1, &b), 0);
    assert_int_equal(b, 11);
    assert_int_equal(mirror_reserve_seq(tx, 5, &b), 0);
    assert_int_equal(b, 12);
    return 0;
}

TX_TEST(questions_about_orders) {
    uint8_t hash[16];
    int gone;
    int64_t ids[2], n;
    struct order o = fx_order(5, 0, 0);
    assert_int_equal(mirror_hash(tx, MIRROR_ORDER, 1, 5, hash, &gone), 0);
    for (int64_t id = 3; id < 7; id++)
        apply(tx, 1, fx_order(id, 0, 0));
    assert_int_equal(mirror_hash(tx, MIRROR_ORDER, 1, 5, hash, &gone), 1);
    assert_memory_equal(hash, o.o.hash, 16);
    assert_int_equal(gone, 0);
    assert_int_equal(mirror_same(tx, MIRROR_ORDER, 1, 5, o.o.raw_hash), 1);
    assert_int_equal(mirror_same(tx, MIRROR_ORDER, 2, 5, o.o.raw_hash), 0);
    assert_int_equal(mirror_same(tx, MIRROR_ORDER, 1, 4, o.o.raw_hash), 0);
    assert_int_equal(mirror_ids(tx, MIRROR_ORDER, 1, 3, ids, 2), 2);
    assert_true(ids[0] == 4 && ids[1] == 5);
    struct mirror_read read = fx_read(2);
    assert_int_equal(mirror_mark_gone(tx, &read, MIRROR_ORDER, 5, 2), 0);
    assert_int_equal(mirror_ids(tx, MIRROR_ORDER, 1, 4, ids, 2), 1);
    assert_int_equal(ids[0], 6);
    assert_int_equal(mirror_count(tx, MIRROR_ORDER, 1, &n), 0);
    assert_int_equal(n, 3);
    assert_int_equal(mirror_hash(tx, MIRROR_ORDER, 1, 5, hash, &gone), 1);
    assert_int_equal(gone, 2);
    return 0;
}

TX_TEST(scope_holds) {
    const int64_t mine[] = {2};
    const struct db_scope scope = {.n = 1, .stores = mine};
    int64_t ids[2];
    apply(tx, 1, fx_order(5, 0, 0));
    const struct db_scope *before = db_get_scope(tx);
    db_set_scope(tx, &scope);
    assert_int_equal(mirror_ids(tx, MIRROR_ORDER, 1, 0, ids, 2), ERR_NOT_FOUND);
    struct order o = fx_order(6, 0, 0);
    struct mirror_read read = fx_read(1);
    struct mirror_stats st = {0};
    assert_int_equal(order_apply(tx, &read, &o, 1, &st), ERR_NOT_FOUND);
    assert_int_equal(st.seen, 0);
    db_set_scope(tx, before);
    return 0;
}

TX_TEST(set_aside_once_an_object) {
    assert_int_equal(aside(tx, 5, 1, "{bad", 4), 0);
    assert_int_equal(aside(tx, 5, 2, "{worse", 6), 0);
    assert_string_equal(
        fx_text(tx, "SELECT times || CAST(raw AS TEXT) FROM aside"), "2{worse");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM feed WHERE topic = "
                                "'attention'"),
                     1);
    apply(tx, 1, fx_order(6, 0, 0));
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM aside"), 1);
    apply(tx, 1, fx_order(5, 0, 0)); /* it decodes again */
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM aside"), 0);
    return 0;
}

TX_TEST(what_is_gone_is_no_longer_set_aside) {
    struct mirror_read read = fx_read(2);
    apply(tx, 1, fx_order(5, 0, 0));
    assert_int_equal(aside(tx, 5, 1, "{bad", 4), 0);
    assert_int_equal(aside(tx, 6, 1, "{bad", 4), 0); /* it never read */
    assert_int_equal(aside(tx, 7, 1, "{bad", 4), 0);
    assert_int_equal(mirror_mark_gone(tx, &read, MIRROR_ORDER, 5, 2), 0);
    assert_int_equal(mirror_mark_gone(tx, &read, MIRROR_ORDER, 6, 2),
                     ERR_NOT_FOUND);
    assert_string_equal(
        fx_text(tx, "SELECT group_concat(remote_id) FROM aside"), "7");
    return 0;
}

TX_TEST(set_aside_text_is_cut) {
    AUTO_FREE char *raw = mem_zalloc(1, 70000);
    assert_int_equal(aside(tx, 5, 1, raw, 70000), 0);
    assert_int_equal(fx_sql(tx, "SELECT length(raw) FROM aside"), 65536);
    assert_int_equal(aside(tx, 6, 1, NULL, 0), 0);
    return 0;
}

TX_TEST(set_aside_is_bounded) {
    AUTO_FREE char *raw = mem_zalloc(1, 4096);
    for (int i = 0; i < 300; i++)
        assert_int_equal(aside(tx, 0, i, raw, 4096), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM aside"), 200);
    assert_int_equal(aside(tx, 0, 299, raw, 4096), 0);
    assert_int_equal(fx_sql(tx, "SELECT max(times) FROM aside"), 2);
    for (int i = 1; i <= 850; i++)
        assert_int_equal(aside(tx, i, i, raw, 4096), 0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM aside WHERE length(raw) = 4096"),
        1000);
    assert_int_equal(fx_sql(tx, "SELECT min(length(raw)) FROM aside"), 1024);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequence_grows),
        cmocka_unit_test(questions_about_orders),
        cmocka_unit_test(scope_holds),
        cmocka_unit_test(set_aside_once_an_object),
        cmocka_unit_test(what_is_gone_is_no_longer_set_aside),
        cmocka_unit_test(set_aside_text_is_cut),
        cmocka_unit_test(set_aside_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
