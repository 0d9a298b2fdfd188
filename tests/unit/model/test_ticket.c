/* Tickets: what may be done to them from where, and what an owner's eye does
 * not see. */
#include "fixture.h"

#include <stdlib.h>

#include "common/arena.h"
#include "common/str.h"
#include "model/list.h"
#include "model/ticket.h"

static const struct ticket_eye zoe = {"zoe", false}; /* an owner */
static const struct ticket_eye ali = {"ali", true};  /* works here */

static int64_t open_one(struct db_tx *tx, int64_t store, const char *who,
                        const char *subject) {
    struct ticket_new n = {.store_id = store,
                           .subject = subject,
                           .text = "hello",
                           .author = who,
                           .priority = TICKET_NORMAL,
                           .about_kind = ""};
    struct error e = {0};
    int64_t id = 0, message = 0;
    assert_int_equal(ticket_create(tx, &n, &id, &message, &e), 0);
    return id;
}

static struct arena *arena;

static struct ticket look(struct db_tx *tx, int64_t id,
                          const struct ticket_eye *eye) {
    struct ticket t;
    assert_int_equal(ticket_get(tx, id, eye, arena, &t), 1);
    return t;
}

static int say(struct db_tx *tx, int64_t id, enum ticket_kind kind,
               const struct ticket_eye *eye, const char *text) {
    struct ticket t = look(tx, id, eye);
    struct error e = {0};
    int64_t message;
    return ticket_say(tx, &t, kind, eye, text, false, &message, &e);
}

static int set_state(struct db_tx *tx, int64_t id, enum ticket_state to) {
    struct ticket t = look(tx, id, &ali);
    struct ticket_set set = {.state = (int)to, .priority = -1};
    struct error e = {0};
    return ticket_update(tx, &t, &set, &ali, &e);
}

/* --- states ----------------------------------------------------------------
 */

/* Whatever people do in whatever order: only moves there are were made, each
 * stands in the history, and the version has counted them. */
TX_TEST(no_history_has_a_move_that_is_none) {
    int64_t id = open_one(tx, 1, "zoe", "torn");
    srand(7);
    for (int i = 0; i < 400; i++) {
        struct ticket was = look(tx, id, &ali);
        enum ticket_state to = (enum ticket_state)(rand() % TICKET_STATES);
        int rc = set_state(tx, id, to);
        struct ticket is = look(tx, id, &ali);
        bool may = ticket_may_move(was.state, to);
        assert_int_equal(rc == 0, may);
        assert_int_equal(is.state, may ? to : was.state);
        assert_int_equal(is.version, was.version + may);
        if (rand() % 4 == 0)
            (void)say(tx, id, TICKET_REPLY, rand() % 2 ? &zoe : &ali, "x");
    }
    /* each begins where the one before it ended */
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM (SELECT was, lag(text, 1, 'open')"
                   " OVER (ORDER BY id) AS before FROM ticket_message"
                   " WHERE kind = 'state') WHERE was <> before"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM ticket_message WHERE kind = 'state'"
                   " AND (was = text OR (was = 'closed' AND text <> 'open'))"),
        0);
    assert_true(fx_sql(tx, "SELECT count(*) FROM ticket_message"
                           " WHERE kind = 'state'") > 100);
    return 0;
}

TX_TEST(an_owners_reply_opens_it_again) {
    int64_t id = open_one(tx, 1, "zoe", "torn");
    assert_int_equal(set_state(tx, id, TICKET_IN_PROGRESS), 0);
    assert_int_equal(say(tx, id, TICKET_REPLY, &zoe, "any news?"), 0);
    assert_int_equal(look(tx, id, &zoe).state, TICKET_IN_PROGRESS);
    assert_int_equal(set_state(tx, id, TICKET_CLOSED), 0);
    assert_int_equal(say(tx, id, TICKET_REPLY, &ali, "bye"), ERR_CONFLICT);
    assert_int_equal(say(tx, id, TICKET_NOTE, &ali, "noted"), 0);
    assert_int_equal(look(tx, id, &ali).state, TICKET_CLOSED);
    assert_int_equal(say(tx, id, TICKET_REPLY, &zoe, "not yet"), 0);
    assert_int_equal(look(tx, id, &ali).state, TICKET_OPEN);
    return 0;
}

TX_TEST(nothing_is_no_message) {
    int64_t id = open_one(tx, 1, "zoe", "torn");
    struct ticket_new n = {.store_id = 1,
                           .subject = " ",
                           .text = "x",
                           .author = "zoe",
                           .about_kind = ""};
    struct error e = {0};
    int64_t made, message;
    assert_int_equal(ticket_create(tx, &n, &made, &message, &e), ERR_INVALID);
    assert_int_equal(say(tx, id, TICKET_REPLY, &zoe, " \n"), ERR_INVALID);
    return 0;
}

TX_TEST(it_goes_to_who_works_here_and_sees_the_store) {
    struct error e = {0};
    int64_t id = open_one(tx, 1, "zoe", "torn");
    assert_int_equal(
        conn_exec(tx->conn,
                  "INSERT INTO users (id, uuid, name, title, role, tenant_id,"
                  " all_stores, created_ms) VALUES"
                  " (1, 'a', 'ali', '', 'staff', NULL, 0, 1),"
                  " (2, 'b', 'can', '', 'admin', NULL, 0, 1),"
                  " (3, 'c', 'dana', '', 'staff', NULL, 1, 1),"
                  " (4, 'd', 'zoe', '', 'owner', 1, 0, 1);"
                  "INSERT INTO user_store VALUES (1, 2)"),
        0);
    static const struct {
        const char *name;
        int rc;
    } tries[] = {{"ali", ERR_INVALID}, {"zoe", ERR_INVALID},
                 {"eve", ERR_INVALID}, {"can", 0},
                 {"dana", 0},          {"", 0}};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct ticket t = look(tx, id, &ali);
        struct ticket_set set = {-1, -1, tries[i].name};
        assert_int_equal(ticket_update(tx, &t, &set, &ali, &e), tries[i].rc);
        if (tries[i].rc == 0)
            assert_string_equal(look(tx, id, &ali).assignee, tries[i].name);
    }
    return 0;
}

/* --- notes -----------------------------------------------------------------
 */

/* All an owner can see of a ticket is the same before and after a note. */
TX_TEST(a_note_leaves_no_trace_for_an_owner) {
    int64_t id = open_one(tx, 1, "zoe", "torn");
    struct ticket was = look(tx, id, &zoe), is;
    struct ticket_counts before, after;
    struct ticket_message *m;
    size_t n;
    bool more;
    assert_int_equal(ticket_count(tx, &zoe, &before), 0);
    fx_clock += 5000;
    assert_int_equal(say(tx, id, TICKET_NOTE, &ali, "kanarya"), 0);
    is = look(tx, id, &zoe);
    assert_int_equal(is.version, was.version);
    assert_int_equal(is.changed_ms, was.changed_ms);
    assert_false(ticket_unread(&is, &zoe));
    assert_int_equal(ticket_count(tx, &zoe, &after), 0);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(
        ticket_messages(tx, &is, &zoe, INT64_MAX, arena, &m, &n, &more), 0);
    assert_int_equal(n, 1);
    assert_false(more);
    assert_int_equal(
        ticket_messages(tx, &is, &ali, INT64_MAX, arena, &m, &n, &more), 0);
    assert_int_equal(n, 2);
    assert_string_equal(m[1].text, "kanarya");
    assert_string_equal(
        fx_text(tx, "SELECT topic FROM feed ORDER BY seq DESC LIMIT 1"),
        "ticket_note");
    return 0;
}

/* --- what was read ----------------------------------------------------------
 */

TX_TEST(unread_is_what_others_wrote_since) {
    static const struct ticket_eye can = {"can", true};
    int64_t id = open_one(tx, 1, "zoe", "torn");
    struct ticket t = look(tx, id, &ali);
    assert_false(
        ticket_unread(&(struct ticket){.open_id = 1, .read_id = 1}, &zoe));
    assert_true(ticket_unread(&t, &ali));
    assert_int_equal(ticket_mark_read(tx, &t, &ali), 0);
    t = look(tx, id, &ali);
    assert_false(ticket_unread(&t, &ali));
    assert_int_equal(say(tx, id, TICKET_NOTE, &ali, "mine"), 0);
    t = look(tx, id, &ali);
    assert_false(ticket_unread(&t, &ali));
    assert_int_equal(say(tx, id, TICKET_NOTE, &can, "his"), 0);
    /* what came before one's own is still to be read */
    assert_int_equal(say(tx, id, TICKET_NOTE, &ali, "mine too"), 0);
    t = look(tx, id, &ali);
    assert_true(ticket_unread(&t, &ali));
    t = look(tx, id, &zoe);
    assert_false(ticket_unread(&t, &zoe));
    return 0;
}

/* --- the list ---------------------------------------------------------------
 */

static size_t listed(struct db_tx *tx, const struct ticket_eye *eye,
                     const char *filter, const char *after,
                     struct ticket_page *p) {
    struct list_request r = {.filter = filter, .limit = 2, .after = after};
    struct error e = {0};
    assert_int_equal(ticket_list(tx, &r, eye, arena, p, &e), 0);
    return p->n;
}

TX_TEST(the_list_goes_on_where_it_was) {
    struct ticket_page p;
    int64_t ids[5];
    for (int i = 0; i < 5; i++) {
        fx_clock += i % 2; /* some in one instant */
        ids[i] = open_one(tx, 1 + i % 2, "zoe", i == 3 ? "torn" : "late");
    }
    const char *after = NULL;
    for (int i = 4; i >= 0; i -= 2) {
        assert_int_equal(listed(tx, &ali, "", after, &p), i ? 2 : 1);
        assert_int_equal(p.items[0].id, ids[i]);
        after = p.next;
    }
    assert_null(after);
    assert_int_equal(listed(tx, &ali, "torn", NULL, &p), 1);
    assert_int_equal(p.items[0].id, ids[3]);
    assert_int_equal(set_state(tx, ids[0], TICKET_CLOSED), 0);
    assert_int_equal(listed(tx, &ali, "state:closed", NULL, &p), 1);
    assert_int_equal(listed(tx, &ali, "-state:active", NULL, &p), 1);
    assert_int_equal(listed(tx, &ali, "unread:yes state:closed", NULL, &p), 1);
    assert_int_equal(listed(tx, &zoe, "unread:yes", NULL, &p), 1);
    return 0;
}

static int setup(void **state) {
    (void)state;
    arena = arena_new(4096);
    fx_clock = 0;
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(no_history_has_a_move_that_is_none),
        TEST(an_owners_reply_opens_it_again),
        TEST(nothing_is_no_message),
        TEST(it_goes_to_who_works_here_and_sees_the_store),
        TEST(a_note_leaves_no_trace_for_an_owner),
        TEST(unread_is_what_others_wrote_since),
        TEST(the_list_goes_on_where_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
