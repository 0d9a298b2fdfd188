/* Lists of products and customers against plain SQL; the parts of an order. */
#include "fixture.h"

#include "common/arena.h"
#include "common/buf.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/customer_list.h"
#include "model/level_list.h"
#include "model/order_get.h"
#include "model/product_list.h"

/* 60 products; every fifth has three variations. Names collide. */
static void fill_products(struct db_tx *tx) {
    (void)fx_sql(
        tx, "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
            "WHERE n < 60) INSERT INTO product SELECT n, 1 + n %% 2, n, 0, "
            "CASE n %% 5 WHEN 0 THEN 'variable' ELSE 'simple' END, 'publish', "
            "n = 7, 'P-' || (n * 11 %% 60), 'Tent ' || (n %% 7), 'tent ' || (n "
            "%% 7), n * 10000, NULL, NULL, 1, n * 17 %% 40 * 1000, 'instock', "
            "NULL, n * 17 %% 40 < 5, 0, 0, 0, x'', x'', 0, '' FROM c");
    (void)fx_sql(
        tx, "INSERT INTO product SELECT 100 + p.id * 3 + v.v, p.store_id, "
            "100 + p.id * 3 + v.v, p.remote_id, 'variation', 'publish', 0, "
            "p.sku || '-' || v.v, p.name || ' red', p.sort_name, 1, NULL, "
            "NULL, 1, 1000, 'instock', NULL, v.v = 1, 0, 0, 0, x'', x'', 0, '' "
            "FROM "
            "product p, (SELECT 0 AS v UNION SELECT 1 UNION SELECT 2) v WHERE "
            "p.type = 'variable'");
    (void)fx_sql(tx, "INSERT INTO product_fts (rowid, text) SELECT id, "
                     "lower(name) || char(10) || lower(sku) FROM product");
}

struct query_case {
    const char *filter;
    int sort;
    bool unfold;
    const char *sql; /* ids in list order */
};

static void products(struct db_tx *tx, const struct query_case *c, int limit,
                     struct buf *out) {
    struct arena *a = arena_new(0);
    const char *after = NULL;
    do {
        struct list_request r = {.filter = c->filter,
                                 .sort = c->sort,
                                 .limit = limit,
                                 .after = after};
        struct product_page page = {0};
        struct error e = {0};
        if (product_list(tx, &r, c->unfold, 0, 0, a, &page, &e) < 0)
            fail_msg("%s: %s", c->filter, e.detail);
        for (size_t i = 0; i < page.n; i++)
            buf_addf(out, "%s%lld", out->len ? "," : "",
                     (long long)page.items[i].id);
        assert_true(page.n <= (size_t)limit && (page.n > 0 || !page.next));
        after = page.next;
    } while (after);
    arena_free(a);
}

static void customers(struct db_tx *tx, const struct query_case *c, int limit,
                      struct buf *out) {
    struct arena *a = arena_new(0);
    const char *after = NULL;
    do {
        struct list_request r = {.filter = c->filter,
                                 .sort = c->sort,
                                 .limit = limit,
                                 .after = after};
        struct customer_page page = {0};
        struct error e = {0};
        if (customer_list(tx, &r, a, &page, &e) < 0)
            fail_msg("%s: %s", c->filter, e.detail);
        for (size_t i = 0; i < page.n; i++)
            buf_addf(out, "%s%lld", out->len ? "," : "",
                     (long long)page.items[i].id);
        assert_true(page.n <= (size_t)limit && (page.n > 0 || !page.next));
        after = page.next;
    } while (after);
    arena_free(a);
}

static void levels(struct db_tx *tx, const struct query_case *c, int limit,
                   struct buf *out) {
    struct arena *a = arena_new(0);
    const char *after = NULL;
    do {
        struct list_request r = {.filter = c->filter,
                                 .sort = c->sort,
                                 .limit = limit,
                                 .after = after};
        struct level_page page = {0};
        struct error e = {0};
        if (level_list(tx, &r, a, &page, &e) < 0)
            fail_msg("%s: %s", c->filter, e.detail);
        for (size_t i = 0; i < page.n; i++)
            buf_addf(out, "%s%lld", out->len ? "," : "",
                     (long long)page.items[i].remote_id);
        assert_true(page.n <= (size_t)limit && (page.n > 0 || !page.next));
        after = page.next;
    } while (after);
    arena_free(a);
}

static void same(struct db_tx *tx, const struct query_case *c,
                 void (*list)(struct db_tx *tx, const struct query_case *c,
                              int limit, struct buf *out)) {
    static const int limits[] = {1, 7, 500};
    AUTO_FREE char *want = mem_dup(
        fx_text(tx, "SELECT coalesce(group_concat(id), '') FROM (%s)", c->sql));
    if (str_empty(want))
        fail_msg("%s: the test finds nothing", c->filter);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        AUTO_BUF struct buf got = BUF_INIT;
        list(tx, c, limits[i], &got);
        if (!str_eq(buf_str(&got), want))
            fail_msg("%s %d %d by %d: got %s, want %s", c->filter, c->sort,
                     c->unfold, limits[i], buf_str(&got), want);
    }
}

#define P "SELECT id FROM product WHERE gone = 0 AND parent_id = 0 "
#define PV "SELECT id FROM product WHERE gone = 0 "
#define BY_NAME " ORDER BY sort_name, id"
/* variations below their product */
#define TREE                                                                   \
    "SELECT p.id FROM product p LEFT JOIN product m ON m.store_id = "          \
    "p.store_id AND m.remote_id = p.parent_id WHERE p.gone = 0 "
#define BY_TREE                                                                \
    " ORDER BY p.sort_name, coalesce(m.id, p.id), p.parent_id > 0, p.id"

TX_TEST(products_are_found) {
    static const struct query_case cases[] = {
        {"", PRODUCT_SORT_NAME, false, P BY_NAME},
        {"", PRODUCT_SORT_NAME_DESC, false,
         P "ORDER BY sort_name DESC, id DESC"},
        {"store:alpine", PRODUCT_SORT_NAME, false,
         P "AND store_id = 1" BY_NAME},
        {"store:alpine,baltic", PRODUCT_SORT_NAME, false, P BY_NAME},
        {"", PRODUCT_SORT_NAME, true, TREE BY_TREE},
        {"store:baltic", PRODUCT_SORT_NAME, true,
         TREE "AND p.store_id = 2" BY_TREE},
        {"", PRODUCT_SORT_SKU, false, P "ORDER BY sku, id"},
        {"", PRODUCT_SORT_STOCK, false, P "ORDER BY stock_e3, id"},
        {"low:yes", PRODUCT_SORT_NAME, false, P "AND low = 1" BY_NAME},
        {"low:yes", PRODUCT_SORT_NAME, true, PV "AND low = 1" BY_NAME},
        {"low:no store:alpine", PRODUCT_SORT_NAME, false,
         P "AND low = 0 AND store_id = 1" BY_NAME},
        {"tent", PRODUCT_SORT_NAME, false, P BY_NAME},
        {"\"ent 3\"", PRODUCT_SORT_NAME_DESC, false,
         P "AND name LIKE '%ent 3%' ORDER BY sort_name DESC, id DESC"},
        {"red", PRODUCT_SORT_NAME, true, PV "AND name LIKE '%red'" BY_NAME},
        {"sku:P-22", PRODUCT_SORT_NAME, false, P "AND sku = 'P-22'" BY_NAME},
        {"sku:p-22", PRODUCT_SORT_NAME, false, P "AND sku = 'P-22'" BY_NAME},
        {"sku:P-2*", PRODUCT_SORT_NAME, true,
         TREE "AND p.sku GLOB 'P-2*'" BY_TREE},
        {"stock:>=30 type:simple", PRODUCT_SORT_NAME, false,
         P "AND stock_e3 >= 30000 AND type = 'simple'" BY_NAME},
        {"price:<5 -type:variable", PRODUCT_SORT_NAME, false,
         P "AND price_e4 < 50000 AND type <> 'variable'" BY_NAME},
    };
    fill_products(tx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        same(tx, &cases[i], products);
    return 0;
}

/* Of these one is low and due: it stands there once. */
TX_TEST(alerts_are_found_page_by_page) {
#define ALERTS                                                                 \
    "SELECT p.id FROM product p WHERE p.gone = 0 AND p.type <> 'variable' "    \
    "AND (p.low = 1 OR p.id = 24) "
    static const struct query_case cases[] = {
        {"alert:yes", LEVEL_SORT_NAME, false, ALERTS "ORDER BY sort_name, id"},
        {"alert:yes", LEVEL_SORT_NAME_DESC, false,
         ALERTS "ORDER BY sort_name DESC, id DESC"},
        {"alert:yes store:alpine", LEVEL_SORT_NAME, false,
         ALERTS "AND p.store_id = 1 ORDER BY sort_name, id"},
        {"alert:yes", LEVEL_SORT_SKU, false, ALERTS "ORDER BY sku, id"},
        {"reorder:yes", LEVEL_SORT_NAME, false,
         ALERTS "AND p.id IN (24, 26) ORDER BY sort_name, id"},
    };
    fill_products(tx);
    (void)fx_sql(tx, "INSERT INTO item (id, tenant_id, sku, title, created_ms, "
                     "due) SELECT p.id, s.tenant_id, p.sku, p.name, 0, 1 FROM "
                     "product p JOIN store s ON s.id = p.store_id WHERE p.id "
                     "IN (24, 26)");
    (void)fx_sql(tx, "INSERT INTO listing (store_id, remote_id, item_id) "
                     "SELECT store_id, remote_id, id FROM product WHERE id IN "
                     "(24, 26)");
    assert_string_equal(fx_text(tx, "SELECT low FROM product WHERE id = 26"),
                        "1");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        same(tx, &cases[i], levels);
    return 0;
}

TX_TEST(variations_of_one_product) {
    struct arena *a = arena_new(0);
    struct list_request r = {.filter = "", .limit = 50};
    struct product_page page;
    struct product_item one;
    fill_products(tx);
    assert_int_equal(product_list(tx, &r, false, 1, 10, a, &page, NULL), 0);
    assert_int_equal(page.n, 3);
    assert_int_equal(page.items[0].parent_id, 10);
    assert_int_equal(product_item_get(tx, 1, 10, a, &one), 1);
    assert_int_equal(one.variations, 3);
    assert_string_equal(one.store, "alpine");
    assert_int_equal(one.low_e3, PRODUCT_NONE);
    assert_int_equal(product_item_get(tx, 2, 10, a, &one), 0);
    arena_free(a);
    return 0;
}

/* The shop calls it "L" alone; the product's name goes before, once. */
TX_TEST(a_variation_is_named_with_its_product) {
    struct arena *a = arena_new(0);
    struct product_item one;
    fill_products(tx);
    (void)fx_sql(tx, "UPDATE product SET name = 'L' WHERE remote_id = 131");
    (void)fx_sql(tx, "UPDATE product SET name = '' WHERE remote_id = 132");
    assert_int_equal(product_item_get(tx, 1, 130, a, &one), 1);
    assert_string_equal(one.name, "Tent 3 red");
    assert_int_equal(product_item_get(tx, 1, 131, a, &one), 1);
    assert_string_equal(one.name, "Tent 3 - L");
    assert_int_equal(product_item_get(tx, 1, 132, a, &one), 1);
    assert_string_equal(one.name, "Tent 3");
    assert_int_equal(product_item_get(tx, 1, 10, a, &one), 1);
    assert_string_equal(one.name, "Tent 3");
    arena_free(a);
    return 0;
}

static void fill_contacts(struct db_tx *tx) {
    (void)fx_sql(
        tx, "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
            "WHERE n < 50) INSERT INTO contact SELECT n, 1 + n %% 2, CASE n %% "
            "3 WHEN 0 THEN 0 ELSE n END, 1, n = 9, 'c' || n || '@x.test', 'c' "
            "|| n || '@x.test', "
            "'Ayşe ' || (n %% 6), 'ayse ' || (n %% 6), '555' || n, 'Oslo', "
            "CASE n %% 4 WHEN 0 THEN 'NO' ELSE 'TR' END, 0, 0, x'', x'' FROM "
            "c");
    (void)fx_sql(tx, "INSERT INTO contact_fts (rowid, text) SELECT id, "
                     "sort_name || char(10) || email FROM contact");
    (void)fx_sql(
        tx, "INSERT INTO orders (id, store_id, remote_id, number, status, "
            "currency, total_e4, created_ms, modified_ms, contact_id, name, "
            "email, lines, items_e3, flags, read_seq, raw_hash, hash) VALUES "
            "(1, 1, 1, '1', 'completed', 'EUR', 100, 5, 5, 4, '', '', 0, 0, 2, "
            "0, x'', x''), (2, 1, 2, '2', 'processing', 'TRY', 50, 7, 7, 4, "
            "'', '', 0, 0, 0, 0, x'', x''), (3, 1, 3, '3', 'cancelled', 'EUR', "
            "9, 6, 6, 4, '', '', 0, 0, 0, 0, x'', x'')");
    (void)fx_sql(tx, "INSERT INTO refund VALUES (1, 1, 9, 1, 6, 30, 'torn', 0, "
                     "0, x'', x'')");
    (void)fx_sql(tx, "INSERT INTO note VALUES (1, 1, 4, 1, 6, 'Ann', 1, 'hi')");
}

#define C "SELECT id FROM contact WHERE gone = 0 "

TX_TEST(customers_are_found) {
    static const struct query_case cases[] = {
        {"", CUSTOMER_SORT_NAME, false, C BY_NAME},
        {"", CUSTOMER_SORT_NAME_DESC, false,
         C "ORDER BY sort_name DESC, id DESC"},
        {"store:baltic", CUSTOMER_SORT_NAME, false,
         C "AND store_id = 2" BY_NAME},
        {"kind:guest", CUSTOMER_SORT_NAME, false,
         C "AND remote_id = 0" BY_NAME},
        {"country:no kind:registered", CUSTOMER_SORT_NAME, false,
         C "AND country = 'NO' AND remote_id > 0" BY_NAME},
        {"AYŞE", CUSTOMER_SORT_NAME, false, C BY_NAME},
        {"c12@x", CUSTOMER_SORT_NAME, false, C "AND id = 12" BY_NAME},
        {"name:\"ayse 2\" store:alpine", CUSTOMER_SORT_NAME, false,
         C "AND id % 6 = 2 AND store_id = 1" BY_NAME},
    };
    fill_contacts(tx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        same(tx, &cases[i], customers);
    return 0;
}

TX_TEST(a_customer_has_his_sums) {
    struct arena *a = arena_new(0);
    struct customer_item c;
    fill_contacts(tx);
    assert_int_equal(customer_item_get(tx, 1, 4, NULL, a, &c), 1);
    assert_int_equal(c.orders, 3);
    assert_int_equal(c.last_order_ms, 7);
    assert_int_equal(c.n_spent, 2);
    assert_string_equal(c.spent[0].currency, "TRY");
    assert_int_equal(c.spent[0].spent_e4, 50);
    assert_string_equal(c.spent[1].currency, "EUR");
    assert_int_equal(c.spent[1].spent_e4, 70);
    assert_int_equal(c.spent[1].paid, 1);
    assert_int_equal(customer_item_get(tx, 2, 0, "C3@X.test", a, &c), 1);
    assert_false(c.registered);
    assert_int_equal(customer_item_get(tx, 1, 0, "c3@x.test", a, &c), 0);
    arena_free(a);
    return 0;
}

TX_TEST(parts_of_an_order) {
    struct arena *a = arena_new(0);
    struct order_parts p;
    fill_contacts(tx);
    (void)fx_sql(tx, "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 "
                     "FROM c WHERE n < 37) INSERT INTO line SELECT 1, n, 1, 5, "
                     "0, 'S' || n, 1000, 1, 0 FROM c");
    assert_int_equal(order_parts_get(tx, 1, 1, 1, a, &p), 0);
    assert_int_equal(p.n_lines, 37);
    assert_string_equal(p.lines[36].sku, "S37");
    assert_int_equal(p.n_refunds, 1);
    assert_string_equal(p.refunds[0].reason, "torn");
    assert_int_equal(p.n_notes, 1);
    assert_true(p.notes[0].to_customer);
    arena_free(a);
    return 0;
}

#define T(name) cmocka_unit_test(name)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(products_are_found),
        T(a_variation_is_named_with_its_product),
        T(variations_of_one_product),
        T(customers_are_found),
        T(alerts_are_found_page_by_page),
        T(a_customer_has_his_sums),
        T(parts_of_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
