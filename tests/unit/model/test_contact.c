#include "fixture.h"

#include "model/customer.h"

static void order(struct db_tx *tx, int64_t seq, const struct order *o) {
    struct mirror_read read = fx_read(seq);
    struct mirror_stats st = {0};
    assert_int_equal(order_apply(tx, &read, o, 1, &st), 0);
}

static struct customer made(int64_t id, const char *email) {
    struct customer c = {.o = {.remote_id = id,
                               .z = "z",
                               .z_n = 1,
                               .dict = -5,
                               .search = "ada account"},
                         .email = email,
                         .email_key = email,
                         .name = "Ada",
                         .sort_name = "ada",
                         .phone = "1",
                         .city = "X",
                         .country = "DE",
                         .created_ms = 5};
    fx_hash(c.o.hash, id * 31 + email[0]);
    memcpy(c.o.raw_hash, c.o.hash, sizeof c.o.hash);
    return c;
}

static struct mirror_stats customer(struct db_tx *tx, int64_t seq,
                                    struct customer c) {
    struct mirror_read read = fx_read(seq);
    struct mirror_stats st = {0};
    assert_int_equal(customer_apply(tx, &read, &c, 1, &st), 0);
    return st;
}

TX_TEST(guest_is_one_by_email_and_store) {
    struct order a = fx_order(1, 0, 0), b = fx_order(2, 0, 0);
    order(tx, 1, &a);
    order(tx, 1, &b);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact"), 1);
    struct mirror_read other = {.store_id = 2, .sent_seq = 1};
    struct mirror_stats st = {0};
    assert_int_equal(order_apply(tx, &other, &a, 1, &st), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact"), 2);
    a.o.remote_id = 3;
    a.email_key = a.email = "";
    order(tx, 1, &a);
    assert_int_equal(fx_sql(tx, "SELECT contact_id FROM orders WHERE "
                                "remote_id = 3"),
                     0);
    return 0;
}

TX_TEST(newest_order_speaks_for_a_guest) {
    struct order o = fx_order(1, 0, 0);
    o.created_ms = 100;
    order(tx, 1, &o);
    struct order older = fx_order(2, 0, 0), newer = fx_order(3, 0, 0);
    older.created_ms = 50;
    older.name = "Older";
    order(tx, 1, &older);
    assert_string_equal(fx_text(tx, "SELECT name FROM contact"), "Ada Berg");
    newer.created_ms = 150;
    newer.name = "Newer";
    newer.sort_name = "newer";
    order(tx, 1, &newer);
    assert_string_equal(fx_text(tx, "SELECT name || created_ms FROM contact"),
                        "Newer150");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact_fts('new')"), 1);
    return 0;
}

TX_TEST(account_known_from_an_order_is_filled_in) {
    struct order o = fx_order(1, 0, 0);
    o.customer_id = 9;
    order(tx, 1, &o);
    assert_int_equal(fx_sql(tx, "SELECT mirrored FROM contact"), 0);
    int64_t n;
    assert_int_equal(mirror_count(tx, MIRROR_CUSTOMER, 1, &n), 0);
    assert_int_equal(n, 0);
    struct mirror_stats st = customer(tx, 2, made(9, "ada@home"));
    assert_int_equal(st.inserted, 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact"), 1);
    assert_string_equal(
        fx_text(tx, "SELECT email || mirrored || remote_id FROM contact"),
        "ada@home19");
    assert_int_equal(mirror_count(tx, MIRROR_CUSTOMER, 1, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(customer(tx, 3, made(9, "ada@home")).same, 1);
    struct order again = fx_order(4, 0, 0);
    again.customer_id = 9;
    again.created_ms = INT64_MAX;
    order(tx, 4, &again);
    assert_string_equal(fx_text(tx, "SELECT email FROM contact"), "ada@home");
    return 0;
}

TX_TEST(guest_becomes_part_of_the_account) {
    struct order o = fx_order(1, 0, 0);
    order(tx, 1, &o);
    customer(tx, 2, made(9, "ada@x.org"));
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact"), 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact_fts"), 1);
    assert_int_equal(fx_sql(tx, "SELECT contact_id FROM orders"),
                     fx_sql(tx, "SELECT id FROM contact"));
    struct order later = fx_order(2, 0, 0);
    order(tx, 3, &later);
    assert_int_equal(fx_sql(tx, "SELECT count(DISTINCT contact_id) FROM "
                                "orders"),
                     1);
    return 0;
}

TX_TEST(changed_email_absorbs_too) {
    struct order o = fx_order(1, 0, 0);
    order(tx, 1, &o);
    customer(tx, 2, made(9, "old@x.org"));
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact"), 2);
    struct mirror_stats st = customer(tx, 3, made(9, "ada@x.org"));
    assert_int_equal(st.changed, 1);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact"), 1);
    return 0;
}

TX_TEST(forsaken_guest_goes) {
    struct order o = fx_order(1, 0, 0);
    order(tx, 1, &o);
    struct order moved = fx_order(1, 1, 0);
    moved.email = moved.email_key = "bo@x.org";
    order(tx, 2, &moved);
    assert_string_equal(fx_text(tx, "SELECT group_concat(email) FROM contact"),
                        "bo@x.org");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact_fts"), 1);
    return 0;
}

TX_TEST(account_gone_and_back) {
    struct mirror_read read = fx_read(2);
    customer(tx, 1, made(9, "a@x"));
    assert_int_equal(mirror_mark_gone(tx, &read, MIRROR_CUSTOMER, 9, 2), 0);
    assert_int_equal(mirror_mark_gone(tx, &read, MIRROR_CUSTOMER, 9, 2), 1);
    int64_t ids[4];
    assert_int_equal(mirror_ids(tx, MIRROR_CUSTOMER, 1, 0, ids, 4), 0);
    assert_int_equal(customer(tx, 1, made(9, "a@x")).stale, 1);
    assert_int_equal(customer(tx, 3, made(9, "a@x")).changed, 1);
    assert_int_equal(mirror_ids(tx, MIRROR_CUSTOMER, 1, 0, ids, 4), 1);
    assert_int_equal(ids[0], 9);
    return 0;
}

TX_TEST(contact_for_one_order) {
    struct order o = fx_order(1, 0, 0);
    int64_t id = 0, again = 0;
    assert_int_equal(contact_for_order(tx, 1, &o, &id), 0);
    assert_int_equal(contact_for_order(tx, 1, &o, &again), 0);
    assert_true(id > 0 && id == again);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact_fts"), 1);
    return 0;
}

/* What the house said of a guest. */
static void mark(struct db_tx *tx) {
    (void)fx_sql(tx, "INSERT INTO contact_tag SELECT 'vip', id FROM contact"
                     " WHERE remote_id = 0");
    (void)fx_sql(tx, "INSERT INTO contact_note (contact_id, at_ms, author,"
                     " text) SELECT id, 1, 'x', 'rings twice' FROM contact"
                     " WHERE remote_id = 0");
}

static const char *marks(struct db_tx *tx) {
    return fx_text(tx, "SELECT group_concat(email || tag || text) FROM contact"
                       " JOIN contact_tag t ON t.contact_id = contact.id"
                       " JOIN contact_note n ON n.contact_id = contact.id");
}

TX_TEST(what_was_said_of_a_guest_goes_to_the_account) {
    struct order o = fx_order(1, 0, 0);
    order(tx, 1, &o);
    mark(tx);
    customer(tx, 2, made(9, "ada@x.org"));
    assert_string_equal(marks(tx), "ada@x.orgviprings twice");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact_tag"), 1);
    return 0;
}

/* Another e-mail on the last order: the same person, unless it is what an
 * eraser writes there. */
TX_TEST(what_was_said_goes_along_with_the_order) {
    struct order o = fx_order(1, 0, 0);
    order(tx, 1, &o);
    mark(tx);
    struct order right = fx_order(1, 1, 0);
    right.email = right.email_key = "ada@right.org";
    order(tx, 2, &right);
    assert_string_equal(marks(tx), "ada@right.orgviprings twice");
    struct order erased = fx_order(1, 2, 0);
    erased.email = erased.email_key = "deleted@site.invalid";
    order(tx, 3, &erased);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact_tag"), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM contact_note"), 0);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guest_is_one_by_email_and_store),
        cmocka_unit_test(newest_order_speaks_for_a_guest),
        cmocka_unit_test(account_known_from_an_order_is_filled_in),
        cmocka_unit_test(guest_becomes_part_of_the_account),
        cmocka_unit_test(what_was_said_of_a_guest_goes_to_the_account),
        cmocka_unit_test(what_was_said_goes_along_with_the_order),
        cmocka_unit_test(changed_email_absorbs_too),
        cmocka_unit_test(forsaken_guest_goes),
        cmocka_unit_test(account_gone_and_back),
        cmocka_unit_test(contact_for_one_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
