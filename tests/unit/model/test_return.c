/* Returns: no walk makes a move the states do not know, and nothing comes back
 * that was not sent. */
#include "fixture.h"

#include <stdio.h>

#include "common/arena.h"
#include "common/str.h"
#include "model/list.h"
#include "model/return.h"

enum { ORDER = 7, LINES = 3, ORDERED_E3 = 2000 };

static void put_order(struct db_tx *tx) {
    struct order o = fx_order(ORDER, 1, LINES);
    fx_put_order(tx, &o, 1, "{\"id\":7}");
}

static int64_t line(int i) {
    return ORDER * 10 + i;
}

static int open_one(struct db_tx *tx, struct arena *a, int i, int64_t qty_e3,
                    int64_t *ret_id) {
    struct error e;
    const struct return_want want = {line(i), qty_e3, "Rope"};
    struct return_new n = {.store_id = 1,
                           .remote_id = ORDER,
                           .reason = "defective",
                           .note = "torn",
                           .who = "ayse",
                           .lines = &want,
                           .n = 1};
    return return_create(tx, &n, a, ret_id, &e);
}

static struct return_ get(struct db_tx *tx, struct arena *a, int64_t id) {
    struct return_ r;
    assert_int_equal(return_get(tx, id, a, &r), 1);
    return r;
}

TX_TEST(from_an_order) {
    struct arena *a = arena_new(4096);
    struct return_line *l;
    int64_t id, other;
    size_t n;
    put_order(tx);
    assert_true(open_one(tx, a, 0, 1000, &id) >= 0);
    struct return_ r = get(tx, a, id);
    assert_int_equal(r.state, RETURN_REQUESTED);
    assert_string_equal(r.customer, "Ada Berg");
    assert_int_equal(r.want_e3, 1000);
    assert_true(return_lines(tx, id, a, &l, &n) >= 0);
    assert_int_equal(n, 1);
    assert_string_equal(l[0].sku, "SKU-7");
    /* one of two is taken */
    assert_int_equal(open_one(tx, a, 0, 2000, &other), ERR_INVALID);
    assert_int_equal(open_one(tx, a, 0, 500, &other), ERR_INVALID);
    assert_int_equal(open_one(tx, a, 0, 0, &other), ERR_INVALID);
    assert_int_equal(open_one(tx, a, 5, 1000, &other), ERR_INVALID);
    assert_true(open_one(tx, a, 0, 1000, &other) >= 0);
    assert_int_equal(fx_sql(tx,
                            "SELECT count(*) FROM order_event WHERE "
                            "remote_id = 7 AND what = 'return_requested' "
                            "AND detail IN ('R-%lld', 'R-%lld')",
                            (long long)id, (long long)other),
                     2);
    arena_free(a);
    return 0;
}

TX_TEST(rejected_frees_what_it_took) {
    struct arena *a = arena_new(4096);
    struct error e;
    int64_t id, other;
    put_order(tx);
    (void)open_one(tx, a, 0, 2000, &id);
    struct return_ r = get(tx, a, id);
    assert_true(return_reject(tx, &r, "worn", "ayse", &e) >= 0);
    assert_string_equal(get(tx, a, id).decision, "worn");
    assert_true(open_one(tx, a, 0, 2000, &other) >= 0);
    arena_free(a);
    return 0;
}

/* What was expected and did not come may be asked for again. */
TX_TEST(what_did_not_come_is_free) {
    struct arena *a = arena_new(4096);
    struct error e;
    int64_t id, other;
    put_order(tx);
    (void)open_one(tx, a, 0, 2000, &id);
    struct return_ r = get(tx, a, id);
    assert_true(return_approve(tx, &r, "", "ayse", &e) >= 0);
    r = get(tx, a, id);
    assert_true(return_receive(tx, &r, line(0), 0, 1000, "ayse", &e) >= 0);
    struct return_back *back;
    size_t n;
    assert_int_equal(
        return_came_back(tx, r.store_id, r.remote_id, a, &back, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(back[0].line_id, line(0));
    assert_int_equal(back[0].qty_e3, 1000);
    r = get(tx, a, id);
    const struct return_fate f = {line(0), 1000, 0, 0};
    assert_true(return_inspect(tx, &r, &f, 1, "", "ayse", &e) >= 0);
    assert_int_equal(open_one(tx, a, 0, 2000, &other), ERR_INVALID);
    assert_true(open_one(tx, a, 0, 1000, &other) >= 0);
    arena_free(a);
    return 0;
}

TX_TEST(scanned) {
    struct arena *a = arena_new(4096);
    struct error e;
    int64_t id, at = 0, part = 9;
    put_order(tx);
    (void)open_one(tx, a, 0, 1000, &id);
    struct return_ r = get(tx, a, id);
    assert_int_equal(return_scan(tx, &r, "sku-7", a, &at, &part), 1);
    assert_int_equal(at, line(0));
    assert_int_equal(return_scan(tx, &r, "SKU-8", a, &at, &part), 0);
    assert_int_equal(return_receive(tx, &r, line(0), 0, 1000, "ayse", &e),
                     ERR_CONFLICT); /* not approved */
    assert_true(return_approve(tx, &r, "to the depot", "ayse", &e) >= 0);
    r = get(tx, a, id);
    assert_true(return_receive(tx, &r, line(0), 0, 1000, "ayse", &e) >= 0);
    r = get(tx, a, id);
    assert_int_equal(r.state, RETURN_RECEIVED);
    assert_int_equal(return_scan(tx, &r, "SKU-7", a, &at, &part), 2);
    assert_int_equal(return_receive(tx, &r, line(0), 0, 1000, "ayse", &e),
                     ERR_RANGE);
    assert_int_equal(return_receive(tx, &r, line(1), 0, 1000, "ayse", &e),
                     ERR_NOT_FOUND);
    assert_true(return_receive(tx, &r, line(0), 0, -1000, "ayse", &e) >= 0);
    assert_int_equal(return_receive(tx, &r, line(0), 0, -1000, "ayse", &e),
                     ERR_RANGE);
    arena_free(a);
    return 0;
}

/* --- any walk ----------------------------------------------------------------
 */

static uint64_t chance_state;

static unsigned chance(unsigned below) {
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (unsigned)((chance_state >> 11) % below);
}

static int judge(struct db_tx *tx, const struct return_ *r, struct arena *a) {
    struct return_fate f[LINES];
    struct return_line *l;
    struct error e;
    size_t n;
    (void)return_lines(tx, r->id, a, &l, &n);
    for (size_t i = 0; i < n; i++) {
        int64_t off = chance(8) ? 0 : 1000; /* mostly right */
        int64_t some = chance(3) * 1000;
        if (some > l[i].received_e3)
            some = l[i].received_e3;
        f[i] = (struct return_fate){l[i].line_id, some,
                                    l[i].received_e3 - some + off, 0};
    }
    return return_inspect(tx, r, f, n, "", "ayse", &e);
}

/* One act, whatever it is, in whatever state. */
static void act(struct db_tx *tx, const struct return_ *r, struct arena *a) {
    static int n;
    char change[27];
    struct error e;
    (void)str_format(change, sizeof change, "change-%d", ++n);
    switch (chance(8)) {
    case 0:
        (void)return_approve(tx, r, "", "ayse", &e);
        break;
    case 1:
        if (chance(4) == 0)
            (void)return_reject(tx, r, "no", "ayse", &e);
        break;
    case 2:
    case 3:
        (void)return_receive(tx, r, line((int)chance(LINES)), 0,
                             ((int64_t)chance(5) - 1) * 1000, "ayse", &e);
        break;
    case 4:
        (void)judge(tx, r, a);
        break;
    case 5:
        (void)return_stocked(
            tx, r, &(struct return_line){.line_id = line((int)chance(LINES))},
            change, "ayse");
        break;
    case 6:
        if (return_may_refund(tx, r, a, &e) >= 0 &&
            return_refund(tx, r, change, 100, "ayse") >= 0 && chance(2))
            (void)return_confirmed(tx, change, "can");
        break;
    default:
        if (chance(3) == 0)
            (void)return_close(tx, r, "", a, "ayse", &e);
    }
}

static void conserved(struct db_tx *tx) {
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM return_line l JOIN return_ r ON r.id ="
                   " l.return_id WHERE received_e3 < 0 OR received_e3 > want_e3"
                   " OR (restock_e3 + quarantine_e3 + dispose_e3 <> "
                   "CASE WHEN state IN ('requested', 'approved', 'received') "
                   "OR (state IN ('closed', 'rejected') AND restock_e3 + "
                   "quarantine_e3 + dispose_e3 = 0) THEN 0 "
                   "ELSE received_e3 END)"),
        0);
    assert_int_equal(
        fx_sql(tx,
               "SELECT count(*) FROM (SELECT sum(l.received_e3) AS n FROM "
               "return_line l JOIN return_ r ON r.id = l.return_id WHERE "
               "r.state <> 'rejected' GROUP BY l.line_id) WHERE n > %d",
               ORDERED_E3),
        0);
}

static const char *const legal[RETURN_STATES] = {"approved rejected",
                                                 "received rejected closed",
                                                 "inspected",
                                                 "refunded closed rejected",
                                                 "closed",
                                                 "",
                                                 ""};

TX_TEST(any_walk) {
    enum { WALKS = 60, STEPS = 40 };
    struct arena *a = arena_new(4096);
    int seen[RETURN_STATES] = {0};
    put_order(tx);
    chance_state = 88172645463325252u;
    for (int w = 0; w < WALKS; w++) {
        int64_t id;
        if (open_one(tx, a, (int)chance(LINES), (1 + chance(2)) * 1000, &id) <
            0) /* all has come back: begin anew */
            (void)fx_sql(tx, "DELETE FROM return_ RETURNING 0");
        else
            for (int s = 0; s < STEPS; s++) {
                struct return_ was = get(tx, a, id);
                act(tx, &was, a);
                struct return_ is = get(tx, a, id);
                const char *name = return_state_name(is.state);
                if (is.state != was.state && !strstr(legal[was.state], name))
                    fail_msg("%s to %s", return_state_name(was.state), name);
                seen[is.state]++;
                conserved(tx);
                arena_reset(a);
            }
    }
    for (int s = 0; s < RETURN_STATES; s++)
        assert_true(seen[s] > 0);
    arena_free(a);
    return 0;
}

/* --- money and stock ---------------------------------------------------------
 */

TX_TEST(once_each) {
    struct arena *a = arena_new(4096);
    struct error e;
    int64_t id;
    put_order(tx);
    (void)open_one(tx, a, 0, 1000, &id);
    struct return_ r = get(tx, a, id);
    (void)return_approve(tx, &r, "", "ayse", &e);
    r = get(tx, a, id);
    assert_int_equal(return_may_refund(tx, &r, a, &e), ERR_CONFLICT);
    (void)return_receive(tx, &r, line(0), 0, 1000, "ayse", &e);
    r = get(tx, a, id);
    const struct return_fate f = {line(0), 1000, 0, 0};
    (void)return_inspect(tx, &r, &f, 1, "", "ayse", &e);
    assert_true(return_stocked(tx, &r,
                               &(struct return_line){.line_id = line(0)},
                               "stock-1", "ayse") >= 0);
    assert_int_equal(return_stocked(tx, &r,
                                    &(struct return_line){.line_id = line(0)},
                                    "stock-2", "ayse"),
                     ERR_CONFLICT);
    r = get(tx, a, id);
    assert_int_equal(return_inspect(tx, &r, &f, 1, "", "ayse", &e),
                     ERR_CONFLICT); /* the shop has it already */
    assert_int_equal(return_reject(tx, &r, "no", "ayse", &e), ERR_CONFLICT);
    assert_true(return_refund(tx, &r, "refund-1", 199900, "ayse") >= 0);
    assert_true(return_confirmed(tx, "refund-2", "can") == 0);
    assert_int_equal(get(tx, a, id).state, RETURN_INSPECTED);
    assert_true(return_confirmed(tx, "refund-1", "can") >= 0);
    r = get(tx, a, id);
    assert_int_equal(r.state, RETURN_REFUNDED);
    assert_int_equal(r.amount_e4, 199900);
    assert_int_equal(return_may_refund(tx, &r, a, &e), ERR_CONFLICT);
    assert_true(return_close(tx, &r, "", a, "ayse", &e) >= 0);
    arena_free(a);
    return 0;
}

TX_TEST(only_in_scope) {
    static const int64_t two[] = {2};
    const struct db_scope scope = {.n = 1, .stores = two};
    struct arena *a = arena_new(4096);
    struct return_page page;
    struct return_ r;
    struct error e;
    int64_t id, n[RETURN_STATES];
    put_order(tx);
    (void)open_one(tx, a, 0, 1000, &id);
    struct list_request req = {.filter = "state:open", .limit = 10};
    assert_int_equal(return_list(tx, &req, a, &page, &e), 0);
    assert_int_equal(page.n, 1);
    req.filter = "state:closed";
    assert_int_equal(return_list(tx, &req, a, &page, &e), 0);
    assert_int_equal(page.n, 0);
    req.filter = "berg reason:defective";
    assert_int_equal(return_list(tx, &req, a, &page, &e), 0);
    assert_int_equal(page.n, 1);
    db_set_scope(tx, &scope);
    assert_int_equal(return_get(tx, id, a, &r), 0);
    assert_int_equal(return_list(tx, &req, a, &page, &e), 0);
    assert_int_equal(page.n, 0);
    assert_true(return_count(tx, n) >= 0);
    assert_int_equal(n[RETURN_REQUESTED], 0);
    arena_free(a);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_an_order),
        cmocka_unit_test(rejected_frees_what_it_took),
        cmocka_unit_test(what_did_not_come_is_free),
        cmocka_unit_test(scanned),
        cmocka_unit_test(any_walk),
        cmocka_unit_test(once_each),
        cmocka_unit_test(only_in_scope),
    };
    struct kept *kept = kept_new();
    kept_use(kept);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
