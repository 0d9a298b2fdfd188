/* Parcels: the moves there are, what they hold, what may be written on them,
 * and their list. */
#include <stdio.h>

#include "common/arena.h"
#include "common/str.h"
#include "fixture.h"
#include "model/list.h"
#include "model/parcel.h"

static void setup(struct db_tx *tx) {
    (void)fx_sql(tx, "INSERT INTO work (id, store_id, remote_id, state, basis, "
                     "begun_ms, begun_by) VALUES (1, 1, 7, 'packing', x'00', 0,"
                     " 'ayse'), (2, 2, 8, 'packing', x'00', 0, 'ayse')");
    (void)fx_sql(tx, "INSERT INTO work_line (work_id, line_id, product_id, sku,"
                     " name, want_e3) VALUES (1, 70, 7, 'AO-1', 'Rope', 3000)");
}

static struct parcel got(struct db_tx *tx, int64_t id, struct arena *a) {
    struct parcel p = {0};
    assert_int_equal(parcel_get(tx, id, a, &p), 1);
    return p;
}

static int64_t opened(struct db_tx *tx, int64_t store, int64_t order,
                      int64_t work) {
    int64_t id = 0;
    assert_int_equal(parcel_open(tx, store, order, work, "ayse", &id), 0);
    return id;
}

/* Bring it there by hand, whatever it was. */
static void put_state(struct db_tx *tx, int64_t id, int s) {
    (void)fx_sql(tx, "UPDATE parcel SET state = '%s' WHERE id = %lld",
                 parcel_state_name((enum parcel_state)s), (long long)id);
}

TX_TEST(no_move_happens_that_the_states_do_not_know) {
    struct arena *a = arena_new(0);
    struct error e = {0};
    setup(tx);
    int64_t id = opened(tx, 1, 7, 1);
    for (int from = 0; from < PARCEL_STATES; from++)
        for (int to = 0; to < PARCEL_STATES; to++) {
            put_state(tx, id, from);
            struct parcel p = got(tx, id, a);
            int rc = parcel_move(tx, &p, (enum parcel_state)to, &e);
            bool may =
                parcel_may((enum parcel_state)from, (enum parcel_state)to);
            assert_int_equal(rc, may ? 0 : ERR_CONFLICT);
            assert_int_equal(got(tx, id, a).state, may ? to : from);
        }
    arena_free(a);
    return 0;
}

static void only_forward(void **state) {
    (void)state;
    for (int to = 0; to < PARCEL_STATES; to++) {
        assert_false(parcel_may(PARCEL_VOID, (enum parcel_state)to));
        assert_false(parcel_may(PARCEL_DELIVERED, (enum parcel_state)to));
    }
    /* what has left cannot be voided, opened or shipped again */
    for (int from = PARCEL_SHIPPED; from < PARCEL_VOID; from++) {
        assert_false(parcel_may((enum parcel_state)from, PARCEL_VOID));
        assert_false(parcel_may((enum parcel_state)from, PARCEL_OPEN));
        assert_false(parcel_may((enum parcel_state)from, PARCEL_SHIPPED));
    }
    /* nothing ships while somebody still packs in it */
    assert_false(parcel_may(PARCEL_OPEN, PARCEL_SHIPPED));
}

TX_TEST(a_parcel_holds_what_is_put_in_and_not_what_is_taken_out) {
    struct arena *a = arena_new(0);
    struct parcel_line *l;
    size_t n;
    setup(tx);
    int64_t id = opened(tx, 1, 7, 1);
    assert_int_equal(parcel_put(tx, id, 70, 0, 2000), 0);
    assert_int_equal(parcel_put(tx, id, 70, 0, 1000), 0);
    assert_int_equal(parcel_lines(tx, id, a, &l, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(l[0].qty_e3, 3000);
    assert_string_equal(l[0].sku, "AO-1");
    assert_int_equal(got(tx, id, a).pieces_e3, 3000);
    assert_int_equal(parcel_put(tx, id, 70, 0, -3000), 0);
    assert_int_equal(parcel_lines(tx, id, a, &l, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(opened(tx, 1, 7, 1), id + 1);
    assert_int_equal(got(tx, id + 1, a).n, 2);
    arena_free(a);
    return 0;
}

static struct parcel_facts facts(const char *tracking) {
    return (struct parcel_facts){.tracking = tracking,
                                 .weight_g = -1,
                                 .length_mm = -1,
                                 .width_mm = -1,
                                 .height_mm = -1};
}

TX_TEST(how_it_travels_is_written_until_the_shop_was_told) {
    struct arena *a = arena_new(0);
    struct error e = {0};
    setup(tx);
    int64_t id = opened(tx, 1, 7, 1);
    struct parcel p = got(tx, id, a);
    struct parcel_facts f = facts("1Z9");
    f.weight_g = 1250;
    assert_int_equal(parcel_describe(tx, &p, &f, &e), 0);
    f = facts(NULL);
    f.length_mm = 300;
    assert_int_equal(parcel_describe(tx, &p, &f, &e), 0);
    p = got(tx, id, a);
    assert_string_equal(p.tracking, "1Z9");
    assert_int_equal(p.weight_g, 1250);
    assert_int_equal(p.length_mm, 300);
    f.length_mm = 10001;
    assert_int_equal(parcel_describe(tx, &p, &f, &e), ERR_INVALID);
    assert_string_equal(e.where, "size");
    put_state(tx, id, PARCEL_SHIPPED);
    p = got(tx, id, a);
    f = facts("2Z");
    assert_int_equal(parcel_describe(tx, &p, &f, &e), ERR_CONFLICT);
    arena_free(a);
    return 0;
}

static size_t listed(struct db_tx *tx, const char *filter, const char *after,
                     int limit, struct arena *a, struct parcel_page *ret) {
    struct error e = {0};
    struct list_request r = {.filter = filter, .after = after, .limit = limit};
    int rc = parcel_list(tx, &r, a, ret, &e);
    if (rc < 0)
        fail_msg("%s: %s", filter, e.detail);
    return ret->n;
}

TX_TEST(the_list_filters_pages_and_keeps_to_the_scope) {
    struct arena *a = arena_new(0);
    struct parcel_page page;
    struct parcel p;
    setup(tx);
    for (int i = 0; i < 5; i++)
        (void)opened(tx, 1, 7, 1);
    int64_t other = opened(tx, 2, 8, 2);
    put_state(tx, 2, PARCEL_SHIPPED);
    (void)fx_sql(tx, "UPDATE parcel SET tracking = '1Z', carrier = 'UPS' "
                     "WHERE id = 3");
    assert_int_equal(listed(tx, "", NULL, 50, a, &page), 6);
    assert_int_equal(page.items[0].id, other);
    assert_int_equal(listed(tx, "store:alpine", NULL, 50, a, &page), 5);
    assert_int_equal(listed(tx, "state:shipped", NULL, 50, a, &page), 1);
    assert_int_equal(listed(tx, "state:waiting", NULL, 50, a, &page), 5);
    assert_int_equal(listed(tx, "tracking:1Z", NULL, 50, a, &page), 1);
    assert_int_equal(listed(tx, "carrier:ups", NULL, 50, a, &page), 1);
    assert_int_equal(listed(tx, "-carrier:ups", NULL, 50, a, &page), 5);
    assert_int_equal(listed(tx, "order:\"baltic:8\"", NULL, 50, a, &page), 1);
    size_t seen = listed(tx, "order:\"alpine:7\"", NULL, 2, a, &page);
    while (page.next)
        seen += listed(tx, "order:\"alpine:7\"", page.next, 2, a, &page);
    assert_int_equal(seen, 5);
    const int64_t one = 1;
    struct db_scope scope = {.n = 1, .stores = &one};
    db_set_scope(tx, &scope);
    assert_int_equal(listed(tx, "", NULL, 50, a, &page), 5);
    assert_int_equal(parcel_get(tx, other, a, &p), 0);
    arena_free(a);
    return 0;
}

static void names(void **state) {
    (void)state;
    char text[PARCEL_TEXT];
    int64_t id = 0;
    assert_string_equal(parcel_format(text, 15), "S-15");
    assert_int_equal(parcel_parse("S-15", &id), 0);
    assert_int_equal(id, 15);
    assert_int_equal(parcel_parse("7", &id), 0);
    assert_int_equal(id, 7);
    assert_int_equal(parcel_parse("S-0", &id), ERR_INVALID);
    assert_int_equal(parcel_parse("S-", &id), ERR_INVALID);
    assert_int_equal(parcel_parse("AO-1", &id), ERR_INVALID);
    for (int s = 0; s < PARCEL_STATES; s++)
        assert_int_equal(
            parcel_state_parse(parcel_state_name((enum parcel_state)s)), s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_move_happens_that_the_states_do_not_know),
        cmocka_unit_test(only_forward),
        cmocka_unit_test(
            a_parcel_holds_what_is_put_in_and_not_what_is_taken_out),
        cmocka_unit_test(how_it_travels_is_written_until_the_shop_was_told),
        cmocka_unit_test(the_list_filters_pages_and_keeps_to_the_scope),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
