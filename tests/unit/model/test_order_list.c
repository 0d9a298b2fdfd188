/* Lists of orders against plain SQL over the same rows, page by page. */
#include "fixture.h"

#include "common/arena.h"
#include "common/buf.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/order_list.h"
#include "model/status_count.h"

enum { ORDERS = 400, MANY = 1100, LATE_MS = 5000 };

/* Orders whose columns follow from n by small multipliers; dates collide. */
static void fill_n(struct db_tx *tx, int orders) {
    (void)fx_sql(
        tx,
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
        "WHERE n < %d) INSERT INTO orders SELECT n, 1 + n %% 2, n, "
        "'N' || (n * 7 %% 500), "
        "CASE n %% 11 WHEN 0 THEN 'trash' WHEN 1 THEN 'on-hold' WHEN 2 THEN "
        "'weird' WHEN 3 THEN 'completed' ELSE 'processing' END, "
        "CASE n %% 13 WHEN 0 THEN 'pending' END, n %% 11 = 0, "
        "CASE n %% 3 WHEN 0 THEN 'EUR' ELSE 'TRY' END, n * 37 %% 101 * 10000, "
        "900000 + n * 7919 %% 97 * 1000, 950000 + n * 31 %% 211, 1 + n %% 5, "
        "CASE n %% 4 WHEN 0 THEN 'Jürgen Müller' ELSE 'Ann Lee' END, "
        "'p' || (n %% 9) || '@example.test', 1, 1000, n %% 2, "
        "CASE n %% 6 WHEN 0 THEN ',gift,' WHEN 1 THEN ',gift,vip,' END, "
        "CASE n %% 10 WHEN 0 THEN ',fraud,' END, 0, x'', x'', n %% 13 = 0 FROM "
        "c",
        orders);
    (void)fx_sql(tx, "INSERT INTO order_count SELECT store_id, status, "
                     "count(*) FROM orders GROUP BY store_id, status");
    (void)fx_sql(tx, "INSERT INTO order_tag SELECT 'gift', created_ms, id FROM "
                     "orders WHERE tags LIKE '%%,gift,%%'");
    (void)fx_sql(tx, "INSERT INTO order_tag SELECT 'vip', created_ms, id FROM "
                     "orders WHERE tags LIKE '%%,vip,%%'");
    (void)fx_sql(tx, "INSERT INTO order_hold SELECT 'fraud', created_ms, id, "
                     "'', 0, 'x', 0 FROM orders WHERE holds IS NOT NULL");
    (void)fx_sql(tx, "INSERT INTO line SELECT id, 1, store_id, 5, 0, 'SK-' || "
                     "(id %% 20), 1000, 1, 0 FROM orders");
    (void)fx_sql(tx,
                 "INSERT INTO contact SELECT n, 1 + n %% 2, n, 1, 0, 'c' || n "
                 "|| '@x.test', 'c' || n || '@x.test', 'C', 'c', '555000' || n,"
                 " 'Oslo', CASE n WHEN 2 THEN 'NO' ELSE 'TR' END, 0, 0, x'', "
                 "x'' FROM (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3 UNION "
                 "SELECT 4 UNION SELECT 5)");
    (void)fx_sql(
        tx, "INSERT INTO order_fts (rowid, text) SELECT id, lower(number) || "
            "char(10) || CASE id %% 4 WHEN 0 THEN 'jurgen muller' ELSE "
            "'ann lee' END || char(10) || email || char(10) || 'sk-' || "
            "(id %% 20) FROM orders");
    (void)fx_sql(tx, "INSERT OR REPLACE INTO store_status (store_id, slug, "
                     "name, phase) VALUES (1, 'processing', 'P', 'todo'), (2, "
                     "'processing', 'P', 'todo'), (1, 'on-hold', 'H', 'held'), "
                     "(2, 'on-hold', 'H', 'todo'), (1, 'completed', 'C', "
                     "'done'), (2, 'completed', 'C', 'done')");
}

static void fill(struct db_tx *tx) {
    fill_n(tx, ORDERS);
}

/* All pages of a filter as "id,id,..."; n_pages counts them. */
static void all_pages(struct db_tx *tx, const char *filter, enum order_sort s,
                      int limit, struct buf *out) {
    struct arena *a = arena_new(0);
    const char *after = NULL;
    for (int pages = 0; pages < 1000; pages++) {
        struct list_request r = {
            .filter = filter, .sort = (int)s, .limit = limit, .after = after};
        struct order_page page = {0};
        struct error e = {0};
        int rc = order_list(tx, &r, LATE_MS, a, &page, &e);
        if (rc < 0)
            fail_msg("%s: %s %s", filter, e.where, e.detail);
        assert_true(page.n <= (size_t)limit);
        for (size_t i = 0; i < page.n; i++)
            buf_addf(out, "%s%lld", out->len ? "," : "",
                     (long long)page.items[i].id);
        after = page.next;
        if (!after)
            break;
        assert_true(page.n > 0);
    }
    assert_null(after);
    arena_free(a);
}

static void same(struct db_tx *tx, const char *filter, const char *where,
                 enum order_sort s, const char *order) {
    static const int limits[] = {7, 50, 500};
    AUTO_FREE char *want = mem_dup(fx_text(
        tx,
        "SELECT coalesce(group_concat(id), '') FROM (SELECT id FROM orders o "
        "WHERE (%s) ORDER BY %s)",
        where, order));
    if (str_empty(want))
        fail_msg("%s: the test finds nothing", filter);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        AUTO_BUF struct buf got = BUF_INIT;
        all_pages(tx, filter, s, limits[i], &got);
        if (!str_eq(buf_str(&got), want))
            fail_msg("%s by %d: got %s, want %s", filter, limits[i],
                     buf_str(&got), want);
    }
}

#define NEWEST "created_ms DESC, id DESC"

TX_TEST(filters_find_what_sql_finds) {
    static const struct {
        const char *filter, *where;
    } cases[] = {
        {"", "gone = 0"},
        {"status:processing", "status = 'processing'"},
        {"status:processing,on-hold", "status IN ('processing', 'on-hold')"},
        {"status:pro*", "status = 'processing'"},
        {"-status:processing", "status <> 'processing' AND gone = 0"},
        {"status:trash", "status = 'trash'"},
        {"shopstatus:pending", "shop_status = 'pending' AND gone = 0"},
        {"pending:yes", "pending > 0 AND gone = 0"},
        {"phase:held", "status = 'on-hold' AND store_id = 1"},
        {"phase:todo", "status = 'processing' OR (status = 'on-hold' AND "
                       "store_id = 2)"},
        {"store:alpine", "store_id = 1 AND gone = 0"},
        {"-store:alpine", "store_id = 2 AND gone = 0"},
        {"store:alpine,baltic status:on-hold", "status = 'on-hold'"},
        {"tag:gift", "tags LIKE '%gift%' AND gone = 0"},
        {"tag:gift,vip", "tags IS NOT NULL AND gone = 0"},
        {"tag:vip store:baltic",
         "tags LIKE '%vip%' AND store_id = 2 AND gone = "
         "0"},
        {"tag:none", "tags IS NULL AND gone = 0"},
        {"hold:any", "holds IS NOT NULL AND gone = 0"},
        {"hold:none status:processing", "holds IS NULL AND status = "
                                        "'processing'"},
        {"total:>=50 currency:eur", "total_e4 >= 500000 AND currency = 'EUR' "
                                    "AND gone = 0"},
        {"note:yes", "flags = 1 AND gone = 0"},
        {"number:N7", "number = 'N7' AND gone = 0"},
        {"number:N1*", "number LIKE 'N1%' AND gone = 0"},
        {"number:*7", "number LIKE '%7' AND gone = 0"},
        {"sku:SK-3", "id % 20 = 3 AND gone = 0"},
        {"sku:SK-1*", "'SK-' || (id % 20) LIKE 'SK-1%' AND gone = 0"},
        {"country:no", "contact_id = 2 AND gone = 0"},
        {"customer:baltic:customer/3", "contact_id = 3 AND gone = 0"},
        {"customer:c4@x.test", "contact_id = 4 AND gone = 0"},
        {"customer:müller", "name LIKE 'J%' AND gone = 0"},
        {"email:p3@example.test", "email LIKE 'p3@%' AND gone = 0"},
        {"MULLER", "name LIKE 'J%' AND gone = 0"},
        {"jurg müll", "name LIKE 'J%' AND gone = 0"},
        {"-muller status:on-hold", "name NOT LIKE 'J%' AND status = "
                                   "'on-hold'"},
        {"muller store:alpine", "name LIKE 'J%' AND store_id = 1 AND gone = 0"},
        {"n70", "number = 'N70' AND gone = 0"},
    };
    fill(tx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (i != 25 && !str_eq(cases[i].filter, "muller store:alpine"))
            same(tx, cases[i].filter, cases[i].where, ORDER_SORT_CREATED_DESC,
                 NEWEST);
    return 0;
}

TX_TEST(every_sort_pages_without_loss) {
    fill(tx);
    same(tx, "", "gone = 0", ORDER_SORT_CREATED, "created_ms, id");
    same(tx, "store:alpine", "gone = 0 AND store_id = 1", ORDER_SORT_CREATED,
         "created_ms, id");
    same(tx, "tag:gift", "gone = 0 AND tags LIKE '%gift%'", ORDER_SORT_CREATED,
         "created_ms, id");
    same(tx, "muller", "gone = 0 AND name LIKE 'J%'", ORDER_SORT_CREATED,
         "created_ms, id");
    same(tx, "", "gone = 0", ORDER_SORT_TOTAL_DESC, "total_e4 DESC, id DESC");
    same(tx, "status:completed", "status = 'completed'", ORDER_SORT_TOTAL,
         "total_e4, id");
    same(tx, "", "gone = 0", ORDER_SORT_MODIFIED_DESC,
         "modified_ms DESC, id DESC");
    same(tx, "", "gone = 0", ORDER_SORT_NUMBER, "id * 7 % 500, id");
    same(tx, "", "gone = 0", ORDER_SORT_NUMBER_DESC,
         "id * 7 % 500 DESC, id DESC");
    return 0;
}

/* Enough orders that a common word is walked for and a rare one looked up; the
 * size of the page, too, decides. */
TX_TEST(a_search_finds_the_same_either_way) {
    static const struct {
        const char *filter, *where;
    } cases[] = {
        {"ann", "id % 4 <> 0 AND gone = 0"},
        {"ann lee", "id % 4 <> 0 AND gone = 0"},
        {"ann store:alpine", "id % 4 <> 0 AND store_id = 1 AND gone = 0"},
        {"ann status:processing", "id % 4 <> 0 AND status = 'processing'"},
        {"ann -sk-3", "id % 4 <> 0 AND id % 20 <> 3 AND gone = 0"},
        {"ann age:>50s", "id % 4 <> 0 AND created_ms < 950000 AND gone = 0"},
        {"ann p3@example.test", "id % 4 <> 0 AND id % 9 = 3 AND gone = 0"},
        {"sk-7", "id % 20 = 7 AND gone = 0"},
        {"sku:sk-7", "id % 20 = 7 AND gone = 0"},
        {"wxyz", "id % 42 = 0 AND gone = 0"},
        {"wxyz ann", "id % 42 = 0 AND id % 4 <> 0 AND gone = 0"},
        {"wxyz status:trash", "id % 42 = 0 AND status = 'trash'"},
        {"wvut", "id % 5 = 0 AND id % 15 <> 0 AND gone = 0"},
        {"rare", "id = 1004"},
    };
    fill_n(tx, MANY);
    /* the index finds wxy and xyz, only the text tells whether it is wxyz */
    (void)fx_sql(tx, "UPDATE order_fts SET text = text || char(10) || CASE "
                     "rowid %% 42 WHEN 0 THEN 'wxyz' ELSE 'wxy xyz' END "
                     "WHERE rowid %% 7 = 0");
    (void)fx_sql(tx, "UPDATE order_fts SET text = text || char(10) || CASE "
                     "rowid %% 15 WHEN 0 THEN 'wvu vut' ELSE 'wvut' END "
                     "WHERE rowid %% 5 = 0");
    (void)fx_sql(tx, "UPDATE order_fts SET text = text || char(10) || 'rare' "
                     "WHERE rowid = 1004");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *filter = cases[i].filter, *where = cases[i].where;
        same(tx, filter, where, ORDER_SORT_CREATED_DESC, NEWEST);
        same(tx, filter, where, ORDER_SORT_CREATED, "created_ms, id");
        if (i % 3 == 0)
            same(tx, filter, where, ORDER_SORT_TOTAL_DESC,
                 "total_e4 DESC, id DESC");
    }
    return 0;
}

/* The fixture's clock stands at 1,000 s of 1 January 1970; the orders were made
 * 900 to 996 s into it. */
TX_TEST(dates_and_ages) {
    fill(tx);
    same(tx, "age:>50s", "gone = 0 AND created_ms < 950000",
         ORDER_SORT_CREATED_DESC, NEWEST);
    same(tx, "age:<50s status:completed",
         "status = 'completed' AND created_ms > 950000",
         ORDER_SORT_CREATED_DESC, NEWEST);
    same(tx, "age:>50s", "gone = 0 AND created_ms < 950000", ORDER_SORT_CREATED,
         "created_ms, id");
    same(tx, "date:today", "gone = 0", ORDER_SORT_CREATED_DESC, NEWEST);
    same(tx, "date:>yesterday", "gone = 0", ORDER_SORT_CREATED_DESC, NEWEST);
    same(tx, "-date:yesterday", "gone = 0", ORDER_SORT_CREATED_DESC, NEWEST);
    same(tx, "date:<1970-01-02", "gone = 0", ORDER_SORT_CREATED_DESC, NEWEST);
    return 0;
}

#define TODO                                                                   \
    "gone = 0 AND (status IN ('processing', 'weird') OR (status = 'on-hold' "  \
    "AND store_id = 2)) AND created_ms < "

TX_TEST(late_is_as_each_store_says) {
    fill(tx);
    same(tx, "late:yes", TODO "995000", ORDER_SORT_CREATED_DESC, NEWEST);
    same(tx, "late:yes", TODO "995000", ORDER_SORT_CREATED, "created_ms, id");
    (void)fx_sql(tx, "UPDATE store SET late_s = 50 WHERE id = 1");
    same(tx, "late:yes", TODO "iif(store_id = 1, 950000, 995000)",
         ORDER_SORT_CREATED_DESC, NEWEST);
    (void)fx_sql(tx, "UPDATE store SET late_s = 60 WHERE id = 2");
    same(tx, "late:yes age:>70s", TODO "930000", ORDER_SORT_CREATED_DESC,
         NEWEST);
    same(tx, "late:yes store:baltic", TODO "940000 AND store_id = 2",
         ORDER_SORT_CREATED_DESC, NEWEST);
    return 0;
}

static int list(struct db_tx *tx, const char *filter, const char *after,
                struct arena *a, struct order_page *ret, struct error *e) {
    struct list_request r = {.filter = filter, .limit = 5, .after = after};
    return order_list(tx, &r, LATE_MS, a, ret, e);
}

/* From the old end or from the new one, whichever is the shorter way. */
TX_TEST(old_ones_are_counted_from_either_end) {
    struct arena *a = arena_new(0);
    struct status_count *c;
    size_t n, either[2] = {0};
    fill_n(tx, MANY);
    assert_int_equal(status_count_list(tx, 1, a, &c, &n), 0);
    for (size_t i = 0; i < n; i++)
        for (int64_t before = 899000; before < 999000; before += 3500) {
            int64_t got = -1;
            int64_t want = fx_sql(
                tx,
                "SELECT count(*) FROM orders WHERE store_id = 1 AND status = "
                "'%s' AND created_ms < %lld",
                c[i].status, (long long)before);
            assert_int_equal(status_count_before(tx, 1, &c[i], before, &got),
                             0);
            assert_int_equal(got, want);
            either[c[i].n > 200 && want > c[i].n / 2]++;
        }
    assert_true(either[0] > 0 && either[1] > 0);
    arena_free(a);
    return 0;
}

TX_TEST(a_foreign_cursor_is_refused) {
    struct arena *a = arena_new(0);
    struct order_page page;
    struct error e = {0};
    fill(tx);
    assert_int_equal(list(tx, "tag:gift", NULL, a, &page, &e), 0);
    const char *next = page.next;
    assert_non_null(next);
    assert_int_equal(list(tx, "tag:gift", next, a, &page, &e), 0);
    assert_int_equal(list(tx, "tag:vip", next, a, &page, &e), ERR_INVALID);
    assert_string_equal(e.where, "after");
    assert_int_equal(list(tx, "tag:gift", "x", a, &page, &e), ERR_INVALID);
    AUTO_FREE char *cut = mem_dupn(next, strlen(next) - 3);
    cut[0] = cut[0] == 'a' ? 'b' : 'a';
    assert_int_equal(list(tx, "tag:gift", cut, a, &page, &e), ERR_INVALID);
    arena_free(a);
    return 0;
}

TX_TEST(a_scope_is_a_wall) {
    static const int64_t two[] = {2};
    static const struct db_scope scope = {.n = 1, .stores = two};
    static const char *const filters[] = {"",           "status:processing",
                                          "tag:gift",   "hold:any",
                                          "muller",     "n*",
                                          "number:N*",  "customer:c1@x.test",
                                          "customer:1", "sku:SK-1*"};
    struct arena *a = arena_new(0);
    struct order_item one;
    struct error e = {0};
    fill(tx);
    db_set_scope(tx, &scope);
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        struct order_page page = {0};
        assert_int_equal(list(tx, filters[i], NULL, a, &page, &e), 0);
        for (size_t k = 0; k < page.n; k++)
            assert_int_equal(page.items[k].store_id, 2);
        if (i < 3)
            assert_true(page.n > 0);
    }
    struct order_page page;
    assert_int_equal(list(tx, "store:alpine", NULL, a, &page, &e),
                     ERR_NOT_FOUND);
    assert_int_equal(order_item_get(tx, 1, 2, 0, a, &one), 0);
    assert_int_equal(order_item_get(tx, 2, 3, 0, a, &one), 1);
    arena_free(a);
    return 0;
}

TX_TEST(a_removed_store_is_not_listed) {
    fill(tx);
    (void)fx_sql(tx, "UPDATE store SET removed_ms = 1 WHERE id = 1");
    same(tx, "", "gone = 0 AND store_id = 2", ORDER_SORT_CREATED_DESC, NEWEST);
    return 0;
}

TX_TEST(a_row_has_all_a_list_shows) {
    struct arena *a = arena_new(0);
    struct order_item o;
    fill(tx);
    assert_int_equal(order_item_get(tx, 1, 36, LATE_MS, a, &o), 1);
    assert_string_equal(o.store, "alpine");
    assert_string_equal(o.status, "completed");
    assert_string_equal(o.name, "Jürgen Müller");
    assert_int_equal(o.customer_id, 2);
    assert_string_equal(o.phone, "5550002");
    assert_string_equal(o.country, "NO");
    assert_string_equal(o.tags, ",gift,");
    assert_false(o.late);
    assert_false(o.unmapped);
    assert_int_equal(order_item_get(tx, 1, 2, LATE_MS, a, &o), 1);
    assert_true(o.unmapped);
    assert_int_equal(order_item_get(tx, 1, 4, LATE_MS, a, &o), 1);
    assert_true(o.late);
    /* the store says how long it may take, else the setting */
    (void)fx_sql(tx, "UPDATE store SET late_s = 31536000 WHERE id = 1");
    assert_int_equal(order_item_get(tx, 1, 4, LATE_MS, a, &o), 1);
    assert_false(o.late);
    (void)fx_sql(tx, "UPDATE store SET late_s = 1 WHERE id = 1");
    assert_int_equal(order_item_get(tx, 1, 4, 0, a, &o), 1);
    assert_true(o.late);
    assert_int_equal(order_item_get(tx, 1, 9999, LATE_MS, a, &o), 0);
    arena_free(a);
    return 0;
}

#define T(name) cmocka_unit_test(name)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(filters_find_what_sql_finds),
        T(every_sort_pages_without_loss),
        T(late_is_as_each_store_says),
        T(old_ones_are_counted_from_either_end),
        T(a_search_finds_the_same_either_way),
        T(dates_and_ages),
        T(a_foreign_cursor_is_refused),
        T(a_scope_is_a_wall),
        T(a_removed_store_is_not_listed),
        T(a_row_has_all_a_list_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
