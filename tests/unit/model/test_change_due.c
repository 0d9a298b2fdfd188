/* Whose turn it is: one change an object at a time, and none before it is known
 * what became of those that were sent. */
#include "common/arena.h"
#include "common/mem.h"
#include "db/conn.h"
#include "model/change.h"
#include "tests/unit/model/fixture.h"

enum { MAX = 8 };

/* A delta of a product, as it stands in the outbox; its id is in its ULID. */
static void delta(struct db_tx *tx, int64_t id, int64_t product,
                  const char *state) {
    AUTO_FREE char *sql = mem_printf(
        "INSERT INTO change (id, uuid, store_id, kind, remote_id, act, state, "
        "author, created_ms, changed_ms) VALUES (%d, 'U%d', 1, 'product', %d, "
        "'stock', '%s', 'ann', %d, %d)",
        (int)id, (int)id, (int)product, state, FX_NOW, FX_NOW + (int)id);
    assert_int_equal(conn_exec(tx->conn, sql), 0);
}

static void become(struct db_tx *tx, int64_t id, const char *set) {
    AUTO_FREE char *sql =
        mem_printf("UPDATE change SET %s WHERE id = %d", set, (int)id);
    assert_int_equal(conn_exec(tx->conn, sql), 0);
}

/* Ids of what is due, as digits. */
static int64_t due(struct db_tx *tx, int64_t *next_ms) {
    struct change c[MAX];
    size_t n = MAX;
    int64_t all = 0;
    struct arena *a = arena_new(0);
    assert_int_equal(change_due(tx, 1, db_now(tx), a, c, MAX, &n, next_ms), 0);
    for (size_t i = 0; i < n; i++)
        all = all * 10 + c[i].id;
    arena_free(a);
    return all;
}

TX_TEST(the_oldest_of_an_object_comes_first) {
    int64_t next = -1;
    delta(tx, 1, 7, "conflict");
    delta(tx, 2, 7, "queued");
    delta(tx, 3, 7, "queued");
    delta(tx, 4, 8, "queued");
    assert_int_equal(due(tx, &next), 24);
    assert_int_equal(next, 0);
    become(tx, 2, "next_ms = 2000000");
    assert_int_equal(due(tx, &next), 4); /* 3 comes after 2 */
    assert_int_equal(next, 2000000);
    return 0;
}

/* Approved late, an older one would overwrite the marker that tells whether the
 * younger came through. */
TX_TEST(what_was_sent_is_known_before_anything_else_is_sent) {
    int64_t next = -1;
    delta(tx, 1, 7, "queued");
    delta(tx, 2, 7, "unknown");
    delta(tx, 3, 7, "unknown");
    assert_int_equal(due(tx, &next), 2);
    become(tx, 2, "next_ms = 2000000");
    assert_int_equal(due(tx, &next), 0);
    assert_int_equal(next, 2000000);
    become(tx, 2, "state = 'sending'");
    assert_int_equal(due(tx, &next), 0);
    become(tx, 2, "state = 'confirmed'");
    assert_int_equal(due(tx, &next), 3);
    become(tx, 3, "state = 'confirmed'");
    assert_int_equal(due(tx, &next), 1);
    return 0;
}

TX_TEST(what_a_person_is_to_decide_holds_back_what_follows) {
    int64_t next = -1;
    delta(tx, 1, 7, "queued");
    delta(tx, 2, 7, "unknown");
    delta(tx, 3, 7, "queued");
    become(tx, 2, "ambiguous = 1");
    assert_int_equal(due(tx, &next), 1);
    become(tx, 1, "state = 'confirmed'");
    assert_int_equal(due(tx, &next), 0);
    assert_int_equal(next, 0);
    return 0;
}

/* In a restored file: only what is confirmed in it was surely at the shop
 * before what was still to be sent. */
TX_TEST(a_hold_remembers_whose_marker_stood_there) {
    delta(tx, 1, 7, "queued");
    delta(tx, 2, 7, "confirmed");
    delta(tx, 3, 7, "discarded");
    delta(tx, 4, 7, "awaiting");
    delta(tx, 5, 7, "sending");
    delta(tx, 6, 8, "queued");
    become(tx, 5, "mark = 4");
    become(tx, 6, "mark = 5");
    assert_int_equal(change_hold(tx), 0);
    assert_string_equal(
        fx_text(tx, "SELECT group_concat(id || ':' || mark, ' ') FROM change"),
        "1:2 2:0 3:0 4:2 5:4 6:0");
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_of_an_object_comes_first),
        cmocka_unit_test(what_was_sent_is_known_before_anything_else_is_sent),
        cmocka_unit_test(what_a_person_is_to_decide_holds_back_what_follows),
        cmocka_unit_test(a_hold_remembers_whose_marker_stood_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
