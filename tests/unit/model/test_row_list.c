/* Lists of our own rows: stores are read a few rows at a time and merged, and
 * no row is shown twice, out of order or left out, whatever the pages. */
#include "fixture.h"

#include "common/arena.h"
#include "common/str.h"
#include "model/list.h"
#include "model/return.h"
#include "model/ticket.h"

enum { ROWS = 300 };

static struct arena *arena;

/* Runs of one store, then of the other, of every state. */
static void add_returns(struct db_tx *tx) {
    static const char *const states[] = {"requested", "approved", "received",
                                         "inspected", "closed",   "rejected"};
    for (int i = 1; i <= ROWS; i++)
        (void)fx_sql(tx,
                     "INSERT INTO return_ (id, store_id, remote_id, state, "
                     "reason, note, created_ms, created_by, changed_ms) VALUES "
                     "(%d, %d, 7, '%s', '%s', '', 0, 'ali', 0) RETURNING id",
                     i, 1 + (i / 37) % 2, states[i * i % 6],
                     i % 50 ? "defective" : "other");
}

/* All pages of a filter against what SQL says; how many rows. */
static int walk_returns(struct db_tx *tx, const char *filter, const char *where,
                        int limit) {
    struct list_request r = {.filter = filter, .limit = limit};
    struct return_page page;
    struct error e = {0};
    int64_t before = INT64_MAX;
    int n = 0;
    do {
        assert_int_equal(return_list(tx, &r, arena, &page, &e), 0);
        assert_false(page.partial);
        for (size_t i = 0; i < page.n; i++, n++) {
            int64_t next = fx_sql(tx,
                                  "SELECT coalesce(max(id), 0) FROM return_ "
                                  "WHERE id < %lld AND %s",
                                  (long long)before, where);
            assert_int_equal(page.items[i].id, next);
            before = next;
        }
        assert_true(page.n == (size_t)limit || !page.next);
        r.after = page.next;
    } while (page.next);
    return n;
}

TX_TEST(pages_of_several_stores_and_states_are_one_order) {
    arena = arena_new(0);
    add_returns(tx);
    for (int limit = 1; limit <= 41; limit += 8) {
        assert_int_equal(walk_returns(tx, "", "1", limit), ROWS);
        assert_true(walk_returns(tx, "state:open",
                                 "state NOT IN ('closed', 'rejected')",
                                 limit) > 0);
        assert_true(walk_returns(tx, "state:requested,closed",
                                 "state IN ('requested', 'closed')",
                                 limit) > 0);
        assert_int_equal(
            walk_returns(tx, "reason:other", "reason = 'other'", limit),
            ROWS / 50);
        assert_int_equal(walk_returns(tx, "reason:changed_mind", "0", limit),
                         0);
    }
    arena_free(arena);
    return 0;
}

/* Many of one instant, in both stores. */
static void add_tickets(struct db_tx *tx) {
    for (int i = 1; i <= ROWS; i++)
        (void)fx_sql(tx,
                     "INSERT INTO ticket (id, store_id, subject, priority, "
                     "state, author, created_ms, changed_ms) VALUES (%d, %d, "
                     "'s', 'normal', '%s', 'ali', 0, %d) RETURNING id",
                     i, 1 + i % 2, i % 3 ? "open" : "waiting", i / 90);
}

TX_TEST(rows_of_one_instant_come_once) {
    static const struct ticket_eye ali = {"ali", true};
    arena = arena_new(0);
    add_tickets(tx);
    for (int limit = 1; limit <= 31; limit += 10) {
        struct list_request r = {.filter = "state:active", .limit = limit};
        struct ticket_page page;
        struct error e = {0};
        int64_t ms = INT64_MAX, id = INT64_MAX;
        int n = 0;
        do {
            assert_int_equal(ticket_list(tx, &r, &ali, arena, &page, &e), 0);
            for (size_t i = 0; i < page.n; i++, n++) {
                const struct ticket *t = &page.items[i];
                assert_true(t->changed_ms < ms ||
                            (t->changed_ms == ms && t->id < id));
                ms = t->changed_ms;
                id = t->id;
            }
            r.after = page.next;
        } while (page.next);
        assert_int_equal(n, ROWS);
    }
    arena_free(arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_several_stores_and_states_are_one_order),
        cmocka_unit_test(rows_of_one_instant_come_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
