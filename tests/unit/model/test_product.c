#include "fixture.h"

#include "model/product.h"
#include "model/refund.h"

static struct product made(int64_t id, int64_t version) {
    struct product p = {.o = {.remote_id = id,
                              .z = "z",
                              .z_n = 1,
                              .dict = -4,
                              .search = "blue mug"},
                        .type = "simple",
                        .status = "publish",
                        .sku = "MUG",
                        .gtin = "36000291452",
                        .name = "Blue mug",
                        .sort_name = "blue mug",
                        .stock_status = "instock",
                        .price_e4 = 100000,
                        .regular_e4 = PRODUCT_NONE,
                        .sale_e4 = PRODUCT_NONE,
                        .manage = PRODUCT_OWN_STOCK,
                        .stock_e3 = 9000,
                        .low_e3 = PRODUCT_NONE,
                        .created_ms = 1,
                        .modified_ms = version};
    fx_hash(p.o.hash, id * 100 + version);
    fx_hash(p.o.raw_hash, id * 100 + version);
    return p;
}

static struct mirror_stats apply(struct db_tx *tx, int64_t seq,
                                 struct product p) {
    struct mirror_read read = fx_read(seq);
    struct mirror_stats st = {0};
    assert_int_equal(product_apply(tx, &read, &p, 1, &st), 0);
    return st;
}

TX_TEST(product_is_kept) {
    static const int64_t cats[] = {3, 8};
    struct product p = made(5, 0);
    p.categories = cats;
    p.n_categories = 2;
    assert_int_equal(apply(tx, 1, p).inserted, 1);
    assert_int_equal(apply(tx, 2, p).same, 1);
    assert_string_equal(fx_text(tx, "SELECT sku || price_e4 || "
                                    "(regular_e4 IS NULL) || low FROM "
                                    "product"),
                        "MUG10000010");
    assert_string_equal(fx_text(tx, "SELECT gtin FROM product"), "36000291452");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM product_fts('mug')"), 1);
    assert_int_equal(
        fx_sql(tx, "SELECT sum(category_id) FROM product_category"), 11);
    struct product q = made(5, 1);
    q.categories = cats + 1;
    q.n_categories = 1;
    q.sku = "CUP";
    q.gtin = "";
    q.o.search = "red cup";
    q.manage = PRODUCT_UNMANAGED;
    q.stock_e3 = PRODUCT_NONE;
    assert_int_equal(apply(tx, 3, q).changed, 1);
    assert_string_equal(
        fx_text(tx, "SELECT sku || (stock_e3 IS NULL) FROM product"), "CUP1");
    assert_int_equal(
        fx_sql(tx, "SELECT sum(category_id) FROM product_category"), 8);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM product_fts('mug')"), 0);
    assert_int_equal(apply(tx, 2, made(5, 2)).stale, 1);
    return 0;
}

TX_TEST(low_stock) {
    static const struct {
        int64_t stock, at;
        enum product_manage manage;
        int low;
    } rows[] = {
        {2000, PRODUCT_NONE, PRODUCT_OWN_STOCK, 1},
        {2001, PRODUCT_NONE, PRODUCT_OWN_STOCK, 0},
        {5000, 5000, PRODUCT_OWN_STOCK, 1},
        {-3000, 0, PRODUCT_OWN_STOCK, 1},
        {1000, 0, PRODUCT_OWN_STOCK, 0},
        {0, PRODUCT_NONE, PRODUCT_UNMANAGED, 0},
        {0, PRODUCT_NONE, PRODUCT_PARENT_STOCK, 0},
        {PRODUCT_NONE, PRODUCT_NONE, PRODUCT_OWN_STOCK, 0},
    };
    for (int i = 0; i < (int)(sizeof rows / sizeof rows[0]); i++) {
        struct product p = made(5, i);
        p.stock_e3 = rows[i].stock;
        p.low_e3 = rows[i].at;
        p.manage = rows[i].manage;
        apply(tx, i + 1, p);
        assert_int_equal(fx_sql(tx, "SELECT low FROM product"), rows[i].low);
    }
    return 0;
}

TX_TEST(variations_sort_under_their_parent) {
    struct product v = made(6, 0), parent = made(5, 0);
    v.parent_id = 5;
    v.sort_name = "own";
    apply(tx, 1, v); /* before its parent is known */
    assert_string_equal(fx_text(tx, "SELECT sort_name FROM product"), "own");
    apply(tx, 2, parent);
    assert_int_equal(fx_sql(tx,
                            "SELECT count(*) FROM product WHERE sort_name = "
                            "'blue mug'"),
                     2);
    struct product renamed = made(5, 1);
    renamed.sort_name = "zebra";
    apply(tx, 3, renamed);
    struct product w = made(7, 0);
    w.parent_id = 5;
    apply(tx, 4, w);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM product WHERE sort_name = 'zebra'"),
        3);
    return 0;
}

TX_TEST(product_trash_and_gone) {
    apply(tx, 1, made(5, 0));
    struct mirror_read read = fx_read(2);
    struct product p = made(5, 1);
    p.status = "trash";
    apply(tx, 2, p);
    assert_int_equal(fx_sql(tx, "SELECT gone FROM product"), 1);
    assert_int_equal(mirror_same(tx, MIRROR_PRODUCT, 1, 5, p.o.raw_hash), 1);
    assert_int_equal(mirror_mark_gone(tx, &read, MIRROR_PRODUCT, 5, 2), 0);
    assert_int_equal(mirror_same(tx, MIRROR_PRODUCT, 1, 5, p.o.raw_hash), 0);
    int64_t n;
    assert_int_equal(mirror_count(tx, MIRROR_PRODUCT, 1, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(apply(tx, 3, made(5, 0)).changed, 1);
    assert_int_equal(fx_sql(tx, "SELECT gone FROM product"), 0);
    return 0;
}

TX_TEST(categories) {
    struct mirror_read read = fx_read(1);
    struct mirror_stats st = {0};
    struct category c = {
        .o = {.remote_id = 4}, .name = "Mugs", .slug = "mugs", .count = 3};
    assert_int_equal(category_apply(tx, &read, &c, 1, &st), 0);
    assert_int_equal(st.inserted, 1);
    c.count = 4;
    fx_hash(c.o.raw_hash, 1);
    assert_int_equal(category_apply(tx, &read, &c, 1, &st), 0);
    assert_int_equal(st.same, 1);
    assert_int_equal(fx_sql(tx, "SELECT count FROM category"), 4);
    c.name = "Cups";
    fx_hash(c.o.hash, 2);
    assert_int_equal(category_apply(tx, &read, &c, 1, &st), 0);
    assert_int_equal(st.changed, 1);
    assert_string_equal(fx_text(tx, "SELECT name FROM category"), "Cups");
    return 0;
}

TX_TEST(refunds) {
    struct mirror_read read = fx_read(1);
    struct mirror_stats st = {0};
    struct refund r = {.o = {.remote_id = 9, .z = "z", .z_n = 1, .dict = -2},
                       .order_remote_id = 5,
                       .total_e4 = INT64_MAX,
                       .reason = "broken"};
    assert_int_equal(refund_apply(tx, &read, &r, 1, &st), 0);
    assert_int_equal(refund_apply(tx, &read, &r, 1, &st), 0);
    assert_true(st.inserted == 1 && st.same == 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM feed WHERE topic = "
                                "'order' AND remote_id = 5"),
                     1);
    assert_int_equal(mirror_mark_gone(tx, &read, MIRROR_REFUND, 9, 2), 0);
    r.reason = "late";
    fx_hash(r.o.hash, 3);
    assert_int_equal(refund_apply(tx, &read, &r, 1, &st), 0);
    assert_string_equal(fx_text(tx, "SELECT reason || gone FROM refund"),
                        "late0");
    return 0;
}

TX_TEST(notes_of_an_order_are_one_answer) {
    struct mirror_read read = fx_read(1);
    struct mirror_stats st = {0};
    struct note n[3] = {{.remote_id = 3, .author = "mia", .text = "c"},
                        {.remote_id = 1, .author = "mia", .text = "a"},
                        {.remote_id = 2, .author = "mia", .text = "b"}};
    assert_int_equal(note_apply(tx, &read, 5, n, 3, &st), 0);
    assert_int_equal(st.inserted, 3);
    assert_string_equal(fx_text(tx, "SELECT topic || data FROM feed"),
                        "order{\"part\":\"notes\"}");
    assert_int_equal(note_apply(tx, &read, 5, n, 3, &st), 0);
    assert_int_equal(st.same, 3);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM feed"), 1);
    n[0].to_customer = true;
    assert_int_equal(note_apply(tx, &read, 5, n, 2, &st), 0);
    assert_int_equal(st.changed, 1);
    assert_string_equal(fx_text(tx, "SELECT group_concat(text || to_customer) "
                                    "FROM (SELECT * FROM note ORDER BY text)"),
                        "a0,c1");
    assert_int_equal(note_apply(tx, &read, 6, NULL, 0, &st), 0);
    int64_t ids[4], count;
    assert_int_equal(mirror_ids(tx, MIRROR_NOTE, 1, 1, ids, 4), 1);
    assert_int_equal(ids[0], 3);
    assert_int_equal(note_apply(tx, &read, 5, NULL, 0, &st), 0);
    assert_int_equal(mirror_count(tx, MIRROR_NOTE, 1, &count), 0);
    assert_int_equal(count, 0);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_is_kept),
        cmocka_unit_test(low_stock),
        cmocka_unit_test(variations_sort_under_their_parent),
        cmocka_unit_test(product_trash_and_gone),
        cmocka_unit_test(categories),
        cmocka_unit_test(refunds),
        cmocka_unit_test(notes_of_an_order_are_one_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
