/* Approvals at random: what waits is decided once, by somebody else, with its
 * eyes open when it is stale; and what goes out is what was approved. */
#include <stdio.h>

#include "common/arena.h"
#include "common/str.h"
#include "fixture.h"
#include "model/product.h"
#include "model/proposal.h"
#include "walk.h"

enum { STEPS = 400, PRODUCT = 5, AUTHORS = 2 };

static const char *const people[] = {"olga", "zoe", "can", "ayse"};
static struct arena *arena;

static void put_product(struct db_tx *tx, int64_t seq, int64_t stock) {
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(seq);
    struct product p = {.o = {.remote_id = PRODUCT,
                              .z = "zz",
                              .z_n = 2,
                              .dict = -1,
                              .search = "shirt\ns-1"},
                        .type = "simple",
                        .status = "publish",
                        .sku = "S-1",
                        .name = "Shirt",
                        .sort_name = "shirt",
                        .gtin = "",
                        .stock_status = "instock",
                        .price_e4 = 100000,
                        .regular_e4 = 100000,
                        .sale_e4 = PRODUCT_NONE,
                        .manage = PRODUCT_OWN_STOCK,
                        .stock_e3 = stock * 1000,
                        .low_e3 = PRODUCT_NONE};
    fx_hash(p.o.raw_hash, seq);
    fx_hash(p.o.hash, seq);
    assert_int_equal(product_apply(tx, &read, &p, 1, &st), 0);
}

static void fill(void *dst, size_t n) {
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)dst)[i] = (uint8_t)walk_dice(256);
}

/* One act, and whether it is to be accepted. */
struct act {
    struct proposal p;
    const char *who;
    bool stale, open_eyes;
    unsigned what;
};

static int propose(struct db_tx *tx, void *arg) {
    uint8_t random[10];
    struct change_path delta = {.path = "stock",
                                .wanted = walk_dice(2) ? "3" : "-2"};
    const struct change_new c = {.store_id = 1,
                                 .remote_id = PRODUCT,
                                 .kind = MIRROR_PRODUCT,
                                 .act = CHANGE_STOCK,
                                 .paths = &delta,
                                 .n_paths = 1,
                                 .author = people[walk_dice(AUTHORS)],
                                 .random = random};
    const struct proposal_new n = {.kind = PROPOSAL_STOCK_ADJUST, .change = &c};
    struct error e = {0};
    int64_t id;
    (void)arg;
    fill(random, sizeof random);
    return proposal_create(tx, &n, arena, &id, &e);
}

static int decide(struct db_tx *tx, void *arg) {
    const struct act *x = arg;
    struct error e = {0};
    switch (x->what) {
    case 0:
        return proposal_reject(tx, &x->p, x->who, "no", &e);
    case 1:
        return proposal_withdraw(tx, &x->p, &e);
    default:
        return proposal_approve(tx, &x->p, x->who, "", x->open_eyes, fill,
                                arena, &e);
    }
}

static bool expected(const struct act *x) {
    if (x->p.state != PROPOSAL_PENDING)
        return false;
    if (x->what == 1) /* withdrawn; whose it is, is asked before */
        return true;
    bool own = str_eq(x->who, x->p.author);
    return !own && (x->what == 0 || x->open_eyes || !x->stale);
}

/* Somebody does something to one of them, the newest mostly. */
static void decide_one(struct db_tx *tx) {
    struct act x = {.who = people[walk_dice(4)],
                    .open_eyes = walk_dice(2),
                    .what = walk_dice(4)};
    struct proposal_item *items;
    size_t n;
    int64_t last = fx_sql(tx, "SELECT coalesce(max(id), 0) FROM proposal");
    int64_t back = walk_dice(4);
    if (proposal_get(tx, last > back ? last - back : last, arena, &x.p) == 0)
        return;
    assert_int_equal(proposal_items(tx, &x.p, 0, 4, arena, &items, &n), 0);
    x.stale = n == 1 && items[0].stale;
    int rc = walk_act(tx, decide, &x);
    if ((rc >= 0) != expected(&x))
        fail_msg("%s, act %u on %s of %s%s: %s", x.who, x.what,
                 proposal_state_name(x.p.state), x.p.author,
                 x.stale ? ", stale" : "", err_name(rc));
}

/* What was approved became one change each, of the difference its author
 * wanted. */
static void check(struct db_tx *tx) {
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM proposal p JOIN proposal_item i ON "
                   "i.proposal_id = p.id LEFT JOIN change c ON c.id = "
                   "i.change_id WHERE (p.state = 'approved') <> (c.id IS NOT "
                   "NULL) OR c.author <> p.author"),
        0);
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM change"),
        fx_sql(tx, "SELECT count(*) FROM proposal WHERE state = 'approved'"));
    assert_int_equal(
        fx_sql(tx, "SELECT count(*) FROM proposal WHERE reviewer = author"), 0);
}

static const char *name_of(int s) {
    return proposal_state_name((enum proposal_state)s);
}
static bool legal(int from, int to) {
    return from == PROPOSAL_PENDING && to != PROPOSAL_PENDING;
}

TX_TEST(what_waits_is_decided_once_by_another) {
    static const struct walk_states states = {"proposal", PROPOSAL_STATES,
                                              name_of, legal};
    int64_t seq = 0, stock = 900;
    (void)fx_sql(tx, "UPDATE store SET can_write = 1");
    walk_begin(7);
    put_product(tx, ++seq, stock);
    walk_watch(tx, "proposal");
    for (int i = 0; i < STEPS; i++) {
        unsigned d = walk_dice(10);
        if (d == 0)
            put_product(tx, ++seq, --stock);
        else if (d < 4)
            (void)walk_act(tx, propose, NULL);
        else
            decide_one(tx);
        check(tx);
        arena_reset(arena);
    }
    walk_check(tx, &states);
    for (int to = PROPOSAL_PENDING + 1; to < PROPOSAL_STATES; to++)
        assert_true(walk_made(tx, "proposal", "pending", name_of(to)));
    return 0;
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    arena = arena_new(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_decided_once_by_another),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
