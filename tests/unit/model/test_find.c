/* The line that finds anything: exact codes first, words after, nothing
 * twice, and only what the caller may see. */
#include "fixture.h"

#include "common/arena.h"
#include "common/buf.h"
#include "model/find.h"
#include "model/mirror.h"

static struct arena *arena;

/* What a text finds, as "order alpine:7!" (! exact), blank separated. */
static const char *found(struct db_tx *tx, const char *text, int limit) {
    static struct buf out;
    struct found_list l = {0};
    struct error e = {0};
    if (!arena)
        arena = arena_new(0);
    int rc = find_anything(tx, text, true, limit, arena, &l, &e);
    if (rc < 0)
        fail_msg("%s: %s %s", text, e.where, e.detail);
    buf_clear(&out);
    for (size_t i = 0; i < l.n; i++)
        buf_addf(&out, "%s%s %s%s", i ? " " : "",
                 found_kind_name(l.items[i].kind), l.items[i].ref,
                 l.items[i].exact ? "!" : "");
    return buf_str(&out);
}

static void fill(struct db_tx *tx) {
    struct mirror_read read = fx_read(1);
    struct mirror_stats st = {0};
    struct order o = fx_order(7, 1, 1);
    o.number = "1779";
    o.name = "Ann Lee";
    o.email = "ann@x.test";
    o.o.search = "1779\nann lee\nann@x.test\nao-34";
    assert_int_equal(order_apply(tx, &read, &o, 1, &st), 0);
    (void)fx_sql(
        tx, "INSERT INTO product (id, store_id, remote_id, parent_id, type, "
            "status, sku, name, sort_name, manage, stock_status, low, "
            "created_ms, modified_ms, read_seq, raw_hash, hash, gtin) VALUES "
            "(1, 1, 34, 0, 'simple', 'publish', 'AO-34', 'Tent', 'tent', "
            "0, 'instock', 0, 0, 0, 0, x'', x'', '36000291452')");
    (void)fx_sql(tx, "INSERT INTO product_fts (rowid, text) VALUES (1, "
                     "'ao-34' || char(10) || 'tent')");
    (void)fx_sql(tx, "INSERT INTO work (id, store_id, remote_id, state, basis, "
                     "begun_ms, begun_by) VALUES (1, 1, 7, 'packed', x'', 0, "
                     "'x')");
    (void)fx_sql(tx, "INSERT INTO parcel (id, store_id, remote_id, work_id, n, "
                     "state, tracking, created_ms, created_by) VALUES (15, 1, "
                     "7, 1, 1, 'shipped', 'TRK9', 0, 'x')");
}

TX_TEST(a_code_finds_what_it_is) {
    fill(tx);
    assert_string_equal(found(tx, "alpine:7", 50), "order alpine:7!");
    assert_string_equal(found(tx, " 1779\r", 50), "order alpine:7!");
    assert_string_equal(found(tx, "TRK9", 50), "shipment S-15!");
    /* UPC-A, the same as EAN-13, and not a digit less */
    assert_string_equal(found(tx, "036000291452", 50), "product alpine:34!");
    assert_string_equal(found(tx, "0036000291452", 50), "product alpine:34!");
    assert_string_equal(found(tx, "03600029145", 50), "");
    assert_string_equal(found(tx, "s-15", 50), "shipment S-15!");
    /* the product is that SKU, the order has it in a line */
    assert_string_equal(found(tx, "AO-34", 50),
                        "product alpine:34! order alpine:7");
    assert_string_equal(found(tx, "AO-34", 1), "product alpine:34!");
    return 0;
}

TX_TEST(words_find_in_every_list) {
    fill(tx);
    assert_non_null(strstr(found(tx, "ann lee", 50), "order alpine:7"));
    assert_non_null(strstr(found(tx, "tent", 50), "product alpine:34"));
    return 0;
}

/* What would be a key, an operator or a broken quote elsewhere is text. */
/* What the house's own labels and papers say leads there too. */
TX_TEST(bins_totes_lots_and_papers_are_found) {
    fill(tx);
    (void)fx_sql(tx, "INSERT INTO item (id, tenant_id, sku, title, created_ms) "
                     "VALUES (1, 1, 'AO-34', 'Tent', 0)");
    (void)fx_sql(tx, "INSERT INTO listing VALUES (1, 34, 1, 1)");
    (void)fx_sql(tx, "INSERT INTO lot (id, item_id, code, created_ms) VALUES "
                     "(1, 1, 'L2407', 0)");
    (void)fx_sql(tx, "INSERT INTO bin (id, code, created_ms) VALUES (1, "
                     "'B-04-2', 0)");
    (void)fx_sql(tx, "INSERT INTO work (id, store_id, remote_id, state, tote, "
                     "basis, begun_ms, begun_by) VALUES (77, 1, 8, 'picking', "
                     "'T9', x'', 0, 'x')");
    (void)fx_sql(tx, "UPDATE work SET tote = 'T8' WHERE id = 1");
    (void)fx_sql(tx, "INSERT INTO inbound (id, tenant_id, reference, state, "
                     "shop, created_ms, created_by) VALUES (12, 1, 'PO-1', "
                     "'open', 0, 0, 'x')");
    (void)fx_sql(tx, "INSERT INTO stock_count (id, state, whole, blind, "
                     "begun_ms, begun_by) VALUES (7, 'open', 1, 1, 0, 'x')");
    assert_string_equal(found(tx, "l2407", 50), "lot alpine:34!");
    assert_string_equal(found(tx, "b-04-2", 50), "bin B-04-2!");
    assert_string_equal(found(tx, "t9", 50), "pick P-77!");
    assert_string_equal(found(tx, "T8", 50), "work alpine:7!");
    assert_string_equal(found(tx, "p-77", 50), "pick P-77!");
    assert_string_equal(found(tx, "I-12", 50), "inbound I-12!");
    assert_string_equal(found(tx, "c-7", 50), "count C-7!");
    struct found_list l = {0};
    struct error e = {0};
    assert_int_equal(find_anything(tx, "B-04-2", false, 50, arena, &l, &e), 0);
    assert_int_equal(l.n, 0); /* an owner's search */
    return 0;
}

TX_TEST(anything_may_be_typed) {
    fill(tx);
    assert_string_equal(found(tx, "status:", 50), "");
    assert_string_equal(found(tx, "-\"x", 50), "");
    assert_string_equal(found(tx, "q\\", 50), "");
    assert_string_equal(found(tx, "*", 50), "");
    assert_string_equal(found(tx, "   ", 50), "");
    assert_string_equal(found(tx, "no-such-store:1", 50), "");
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_finds_what_it_is),
        cmocka_unit_test(bins_totes_lots_and_papers_are_found),
        cmocka_unit_test(words_find_in_every_list),
        cmocka_unit_test(anything_may_be_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
