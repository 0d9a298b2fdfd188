/* What was proposed and approved arrives in the shop, and what came of it
 * stands on the proposal. */
#include "tests/integration/pushing.h"

#include <stdio.h>
#include <string.h>

#include "common/digest.h"
#include "common/str.h"
#include "model/proposal.h"
#include "sync/sync.h"

struct task {
    struct pushing *p;
    int64_t product, id;
    const char *wanted; /* of the price */
    enum proposal_state state;
    char answer[24];
};

static int propose(struct db_tx *tx, void *arg) {
    struct task *t = arg;
    struct error e = {0};
    struct change_path path = {.path = "regular_price", .wanted = t->wanted};
    struct change_new c = {.store_id = t->p->store,
                           .remote_id = t->product,
                           .kind = MIRROR_PRODUCT,
                           .act = CHANGE_SET,
                           .paths = &path,
                           .n_paths = 1,
                           .author = "zoe",
                           .reason = "sale"};
    struct proposal_new n = {.kind = PROPOSAL_PRICE, .change = &c};
    return proposal_create(tx, &n, t->p->arena, &t->id, &e);
}

static int approve(struct db_tx *tx, void *arg) {
    struct task *t = arg;
    struct error e = {0};
    struct proposal o;
    assert_int_equal(proposal_get(tx, t->id, t->p->arena, &o), 1);
    assert_int_equal(proposal_approve(tx, &o, "zoe", "", false, digest_random,
                                      t->p->arena, &e),
                     ERR_DENIED);
    return proposal_approve(tx, &o, "can", "", false, digest_random,
                            t->p->arena, &e);
}

static int look(struct db_tx *tx, void *arg) {
    struct task *t = arg;
    struct proposal o;
    struct proposal_item *items;
    size_t n;
    assert_int_equal(proposal_get(tx, t->id, t->p->arena, &o), 1);
    assert_int_equal(proposal_items(tx, &o, 0, 8, t->p->arena, &items, &n), 0);
    assert_int_equal(n, 1);
    t->state = o.state;
    (void)str_copy(t->answer, sizeof t->answer,
                   items[0].change ? change_state_name(items[0].answer) : "");
    return 0;
}

ON_BOTH(an_approved_price_is_the_shops) {
    struct pushing p;
    struct task t = {.p = &p, .wanted = "\"12.34\""};
    pushing_start(&p, storage, NULL);
    t.product = pushing_nth(&p, "products", 1);
    assert_int_equal(engine_job(&p.e, propose, &t), 0);
    engine_turn(&p.e, 300);
    assert_string_not_equal(
        pushing_text(&p, "products", t.product, "regular_price"), "12.34");
    assert_int_equal(engine_job(&p.e, approve, &t), 0);
    sync_push(p.e.sync, p.store);
    for (int i = 0; i < 300 && !str_eq(t.answer, "confirmed"); i++) {
        engine_turn(&p.e, 100);
        (void)engine_job(&p.e, look, &t);
    }
    assert_string_equal(t.answer, "confirmed");
    assert_int_equal(t.state, PROPOSAL_APPROVED);
    assert_string_equal(
        pushing_text(&p, "products", t.product, "regular_price"), "12.34");
    pushing_assert_true(&p);
    pushing_stop(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {BOTH(an_approved_price_is_the_shops)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
