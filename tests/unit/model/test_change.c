/* The outbox: acceptance, overlay, people, the engine's side, and that no walk
 * through it makes a move the states do not know. */
#include <stdio.h>

#include "common/arena.h"
#include "common/digest.h"
#include "common/field.h"
#include "common/json.h"
#include "fixture.h"
#include "model/change.h"
#include "model/change_check.h"
#include "model/change_value.h"
#include "model/feed.h"
#include "model/list.h"
#include "model/overlay.h"
#include "model/product.h"

static void setup(struct db_tx *tx) {
    (void)fx_sql(tx, "UPDATE store SET can_write = 1");
    (void)fx_sql(tx,
                 "INSERT INTO store_status (store_id, slug, name, phase) VALUES"
                 "(1, 'pending', '', 'unpaid'), (1, 'processing', '', 'todo'),"
                 "(1, 'on-hold', '', 'held'), (1, 'completed', '', 'done'),"
                 "(1, 'picked', '', 'todo'), (1, 'cancelled', '', 'dead')");
}

/* An order whose kept object says what the row does. */
static struct order order_kept(int64_t id, const char *json, struct arena *a) {
    struct order o = fx_order(id, id, 2);
    const void *z;
    size_t n;
    int64_t dict;
    assert_int_equal(kept_pack(kept_current(), a, MIRROR_ORDER, json,
                               strlen(json), &z, &n, &dict),
                     0);
    o.o.z = z;
    o.o.z_n = n;
    o.o.dict = dict;
    return o;
}

static void put_order(struct db_tx *tx, int64_t id, int64_t seq,
                      const char *status, struct arena *a) {
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(seq);
    char json[300];
    (void)snprintf(json, sizeof json,
                   "{\"id\":%lld,\"status\":\"%s\",\"billing\":{\"email\":"
                   "\"a@x.org\"},\"customer_note\":\"\",\"meta_data\":[{"
                   "\"key\":\"gift\",\"value\":\"1\"}]}",
                   (long long)id, status);
    struct order o = order_kept(id, json, a);
    o.status = status;
    fx_hash(o.o.hash, id * 1000 + seq);
    fx_hash(o.o.raw_hash, id * 1000 + seq);
    assert_int_equal(order_apply(tx, &read, &o, 1, &st), 0);
}

static struct change_new set(int64_t id, const struct change_path *p) {
    static uint64_t n;
    static uint8_t randoms[16][10];
    uint8_t *random = randoms[++n % 16];
    memcpy(random, &n, sizeof n);
    return (struct change_new){.store_id = 1,
                               .remote_id = id,
                               .kind = MIRROR_ORDER,
                               .act = CHANGE_SET,
                               .paths = p,
                               .n_paths = 1,
                               .author = "ayse",
                               .random = random};
}

static struct change accepted(struct db_tx *tx, const struct change_new *n,
                              struct arena *a) {
    struct change c = {0};
    struct error e = {0};
    int rc = change_create(tx, n, a, &c, &e);
    if (rc < 0)
        fail_msg("%s: %s (%s)", e.where, e.detail, err_name(rc));
    return c;
}

static int refused(struct db_tx *tx, const struct change_new *n,
                   struct arena *a) {
    struct change c;
    struct error e = {0};
    return change_create(tx, n, a, &c, &e);
}

static int settle(struct db_tx *tx, const struct change *c,
                  enum change_state s) {
    struct change_outcome o = {.state = s};
    return change_settle(tx, c->id, &o);
}

static const char *list_status(struct db_tx *tx, int64_t id) {
    return fx_text(tx,
                   "SELECT status || '/' || coalesce(shop_status, '-') || '/' "
                   "|| pending FROM orders WHERE remote_id = %lld",
                   (long long)id);
}

TX_TEST(a_change_overlays_its_order_until_it_is_through) {
    struct arena *a = arena_new(0);
    setup(tx);
    put_order(tx, 7, 1, "processing", a);
    struct change_path p = {.path = "status", .wanted = "\"completed\""};
    struct change_new n = set(7, &p);
    struct change c = accepted(tx, &n, a);
    assert_int_equal(c.state, CHANGE_QUEUED);
    assert_string_equal(c.paths[0].base, "\"processing\"");
    assert_string_equal(c.paths[0].accept, "[\"picked\",\"processing\"]");
    assert_string_equal(list_status(tx, 7), "completed/processing/1");
    assert_int_equal(fx_sql(tx, "SELECT n FROM order_count WHERE store_id = 1 "
                                "AND status = 'completed'"),
                     1);
    /* a read of the shop keeps the overlay */
    put_order(tx, 7, 2, "processing", a);
    assert_string_equal(list_status(tx, 7), "completed/processing/1");
    assert_int_equal(change_sending(tx, &c, 0), 0);
    assert_int_equal(settle(tx, &c, CHANGE_REFUSED), 0);
    assert_string_equal(list_status(tx, 7), "processing/-/1");
    assert_int_equal(change_get(tx, c.uuid, a, &c), 1);
    struct error e;
    assert_int_equal(change_discard(tx, &c, &e), 0);
    assert_string_equal(list_status(tx, 7), "processing/-/0");
    arena_free(a);
    return 0;
}

TX_TEST(trash_is_overlaid_too) {
    struct arena *a = arena_new(0);
    setup(tx);
    put_order(tx, 7, 1, "processing", a);
    struct change_new n = set(7, NULL);
    n.act = CHANGE_TRASH;
    n.n_paths = 0;
    (void)accepted(tx, &n, a);
    assert_string_equal(list_status(tx, 7), "trash/processing/1");
    arena_free(a);
    return 0;
}

TX_TEST(what_the_shop_would_spoil_is_refused) {
    static const struct {
        const char *path, *wanted;
    } bad[] = {{"status", "\"shipped\""},     {"status", "3"},
               {"status", "\"refunded\""}, /* money of one person */
               {"billing.email", "\"no\""},   {"billing.nick", "\"x\""},
               {"total", "\"1.00\""},         {"meta[_billing_email]", "\"x\""},
               {"billing.city", "\"a\\nb\""}, {"shipping.email", "\"a@b.c\""},
               {"customer_note", "not json"}};
    struct arena *a = arena_new(0);
    setup(tx);
    put_order(tx, 7, 1, "processing", a);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct change_path p = {.path = bad[i].path, .wanted = bad[i].wanted};
        struct change_new n = set(7, &p);
        assert_int_equal(refused(tx, &n, a), ERR_INVALID);
    }
    struct change_path p = {.path = "customer_note", .wanted = "\"x\""};
    struct change_new n = set(8, &p);
    assert_int_equal(refused(tx, &n, a), ERR_NOT_FOUND);
    put_order(tx, 9, 1, "trash", a);
    n = set(9, &p);
    assert_int_equal(refused(tx, &n, a), ERR_CONFLICT);
    (void)fx_sql(tx, "UPDATE store SET can_write = 0");
    n = set(7, &p);
    assert_int_equal(refused(tx, &n, a), ERR_DENIED);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM change"), 0);
    arena_free(a);
    return 0;
}

TX_TEST(a_later_change_starts_from_the_one_before) {
    struct arena *a = arena_new(0);
    struct change due[4];
    size_t n_due;
    int64_t next;
    setup(tx);
    put_order(tx, 7, 1, "pending", a);
    struct change_path p = {.path = "status", .wanted = "\"processing\""};
    struct change_path q = {.path = "status", .wanted = "\"picked\""};
    struct change_path other = {.path = "customer_note", .wanted = "\"hi\""};
    struct change_new n = set(7, &p), m = set(7, &q);
    struct change one = accepted(tx, &n, a), two = accepted(tx, &m, a);
    m = set(7, &other);
    struct change three = accepted(tx, &m, a);
    assert_string_equal(two.paths[0].base, "\"processing\"");
    assert_string_equal(list_status(tx, 7), "picked/pending/3");
    assert_int_equal(change_due(tx, 1, db_now(tx), a, due, 4, &n_due, &next),
                     0);
    assert_int_equal(n_due, 1);
    assert_int_equal(due[0].id, one.id);
    assert_int_equal(settle(tx, &one, CHANGE_CONFLICT), 0);
    assert_int_equal(change_get(tx, two.uuid, a, &two), 1);
    assert_int_equal(two.state, CHANGE_CONFLICT);
    assert_string_equal(two.code, "depends");
    /* another path goes on */
    assert_int_equal(change_due(tx, 1, db_now(tx), a, due, 4, &n_due, &next),
                     0);
    assert_int_equal(n_due, 1);
    assert_int_equal(due[0].id, three.id);
    arena_free(a);
    return 0;
}

TX_TEST(a_conflict_is_resolved_by_a_person) {
    struct arena *a = arena_new(0);
    struct error e = {0};
    setup(tx);
    put_order(tx, 7, 1, "processing", a);
    struct change_path p = {.path = "customer_note", .wanted = "\"mine\""};
    struct change_new n = set(7, &p);
    struct change c = accepted(tx, &n, a);
    const char *theirs[1] = {"\"theirs\""};
    struct change_outcome o = {.state = CHANGE_CONFLICT, .theirs = theirs};
    assert_int_equal(change_settle(tx, c.id, &o), 0);
    assert_int_equal(change_get(tx, c.uuid, a, &c), 1);
    assert_string_equal(c.paths[0].theirs, "\"theirs\"");
    assert_int_equal(change_resolve(tx, &c, CHANGE_AGAIN, &e), ERR_CONFLICT);
    assert_int_equal(change_resolve(tx, &c, CHANGE_MINE, &e), 0);
    assert_int_equal(change_get(tx, c.uuid, a, &c), 1);
    assert_int_equal(c.state, CHANGE_QUEUED);
    assert_string_equal(c.paths[0].base, "\"theirs\"");
    assert_null(c.paths[0].theirs);
    arena_free(a);
    return 0;
}

TX_TEST(a_refund_waits_for_a_second_person) {
    struct arena *a = arena_new(0);
    struct error e = {0};
    setup(tx);
    put_order(tx, 7, 1, "processing", a); /* 19.99, lines 70 and 71 */
    struct change_new n = set(7, NULL);
    n.act = CHANGE_REFUND;
    n.n_paths = 0;
    n.payload = "{\"amount\":\"20.00\"}";
    assert_int_equal(refused(tx, &n, a), ERR_INVALID);
    n.payload = "{\"amount\":5}";
    assert_int_equal(refused(tx, &n, a), ERR_INVALID);
    n.payload = "{\"amount\":\"5.00\",\"lines\":[{\"id\":99}]}";
    assert_int_equal(refused(tx, &n, a), ERR_INVALID);
    n.payload = "{\"amount\":\"5.00\",\"lines\":[{\"id\":70,\"quantity\":1}]}";
    struct change c = accepted(tx, &n, a);
    assert_int_equal(c.state, CHANGE_AWAITING);
    assert_int_equal(change_approve(tx, &c, "ayse", &e), ERR_DENIED);
    assert_int_equal(change_approve(tx, &c, "can", &e), 0);
    assert_int_equal(change_get(tx, c.uuid, a, &c), 1);
    assert_int_equal(c.state, CHANGE_QUEUED);
    assert_string_equal(c.approver, "can");
    arena_free(a);
    return 0;
}

TX_TEST(an_edited_refund_is_approved_again) {
    struct arena *a = arena_new(0);
    struct error e = {0};
    const char *more = "{\"amount\":\"19.00\"}";
    setup(tx);
    put_order(tx, 7, 1, "processing", a);
    struct change_new n = set(7, NULL);
    n.act = CHANGE_REFUND;
    n.n_paths = 0;
    n.payload = "{\"amount\":\"5.00\"}";
    struct change c = accepted(tx, &n, a);
    /* whoever changes the amount does not approve it */
    assert_int_equal(change_edit(tx, &c, "can", NULL, 0, more, &e), 0);
    assert_int_equal(change_get(tx, c.uuid, a, &c), 1);
    assert_string_equal(c.author, "can");
    assert_int_equal(change_approve(tx, &c, "can", &e), ERR_DENIED);
    assert_int_equal(change_approve(tx, &c, "ayse", &e), 0);
    /* and nobody changes what was approved */
    assert_int_equal(change_get(tx, c.uuid, a, &c), 1);
    assert_int_equal(change_edit(tx, &c, "ayse", NULL, 0, more, &e), 0);
    assert_int_equal(change_get(tx, c.uuid, a, &c), 1);
    assert_int_equal(c.state, CHANGE_AWAITING);
    assert_string_equal(c.approver, "");
    arena_free(a);
    return 0;
}

TX_TEST(a_held_file_sends_nothing) {
    struct arena *a = arena_new(0);
    struct change due[4];
    size_t n_due = 9;
    int64_t next;
    setup(tx);
    put_order(tx, 7, 1, "processing", a);
    struct change_path p = {.path = "customer_note", .wanted = "\"x\""};
    struct change_new n = set(7, &p), r = set(7, NULL);
    struct change c = accepted(tx, &n, a);
    r.act = CHANGE_REFUND;
    r.n_paths = 0;
    r.payload = "{\"amount\":\"5.00\"}";
    struct change refund = accepted(tx, &r, a);
    assert_int_equal(change_hold(tx), 0);
    assert_int_equal(change_held(tx), 1);
    assert_int_equal(change_sending(tx, &c, 0), ERR_CONFLICT);
    assert_int_equal(change_due(tx, 1, db_now(tx), a, due, 4, &n_due, &next),
                     0);
    assert_int_equal(n_due, 0);
    assert_int_equal(change_resume(tx), 0);
    assert_int_equal(change_due(tx, 1, db_now(tx), a, due, 4, &n_due, &next),
                     0);
    assert_int_equal(n_due, 1);
    assert_int_equal(due[0].state, CHANGE_UNKNOWN);
    /* nobody had approved it: "again" asks for that first */
    struct error e;
    assert_int_equal(change_get(tx, refund.uuid, a, &refund), 1);
    assert_true(refund.ambiguous);
    assert_int_equal(change_resolve(tx, &refund, CHANGE_AGAIN, &e), 0);
    assert_int_equal(change_get(tx, refund.uuid, a, &refund), 1);
    assert_int_equal(refund.state, CHANGE_AWAITING);
    arena_free(a);
    return 0;
}

/* What waited for approval may have been sent since the copy was taken. */
TX_TEST(what_a_hold_makes_unknown_is_shown) {
    struct arena *a = arena_new(0);
    int64_t before = 0, after = 0;
    setup(tx);
    put_order(tx, 7, 1, "processing", a);
    struct change_path p = {.path = "status", .wanted = "\"completed\""};
    struct change_new n = set(7, &p);
    n.awaiting = true;
    (void)accepted(tx, &n, a);
    assert_string_equal(list_status(tx, 7), "processing/-/1");
    assert_int_equal(feed_last(tx, &before), 0);
    assert_int_equal(change_hold(tx), 0);
    assert_string_equal(list_status(tx, 7), "completed/processing/1");
    assert_int_equal(feed_last(tx, &after), 0);
    assert_true(after > before);
    arena_free(a);
    return 0;
}

TX_TEST(a_crash_makes_what_was_sent_unknown) {
    struct arena *a = arena_new(0);
    struct change due[4];
    size_t n_due;
    int64_t next;
    setup(tx);
    put_order(tx, 7, 1, "processing", a);
    struct change_path p = {.path = "status", .wanted = "\"completed\""};
    struct change_new n = set(7, &p);
    struct change c = accepted(tx, &n, a);
    assert_int_equal(change_sending(tx, &c, 0), 0);
    assert_int_equal(change_sending(tx, &c, 0), ERR_CONFLICT);
    assert_int_equal(change_recover(tx, 1, 5000), 1);
    assert_int_equal(change_due(tx, 1, db_now(tx), a, due, 4, &n_due, &next),
                     0);
    assert_int_equal(n_due, 0);
    assert_int_equal(next, db_now(tx) + 5000);
    assert_string_equal(list_status(tx, 7), "completed/processing/1");
    arena_free(a);
    return 0;
}

TX_TEST(reads_sent_before_an_answered_write_are_stale) {
    struct arena *a = arena_new(0);
    setup(tx);
    put_order(tx, 7, 1, "processing", a);
    assert_int_equal(change_barrier(tx, 1, MIRROR_ORDER, 7, 10), 0);
    put_order(tx, 7, 9, "on-hold", a);
    assert_string_equal(list_status(tx, 7), "processing/-/0");
    put_order(tx, 7, 11, "on-hold", a);
    assert_string_equal(list_status(tx, 7), "on-hold/-/0");
    arena_free(a);
    return 0;
}

static struct product shirt(int64_t version, int64_t stock_e3) {
    struct product p = {.o = {.remote_id = 5, .z = "zz", .z_n = 2, .dict = -1},
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
                        .stock_e3 = stock_e3,
                        .low_e3 = PRODUCT_NONE};
    p.o.search = "shirt\ns-1";
    fx_hash(p.o.raw_hash, version);
    fx_hash(p.o.hash, version);
    return p;
}

static void put_product(struct db_tx *tx, const struct product *p,
                        int64_t seq) {
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(seq);
    assert_int_equal(product_apply(tx, &read, p, 1, &st), 0);
}

static const char *product_row(struct db_tx *tx) {
    return fx_text(tx, "SELECT name || '/' || coalesce(price_e4, '-') || '/' "
                       "|| stock_e3 || '/' || low || '/' || pending FROM "
                       "product WHERE remote_id = 5");
}

TX_TEST(products_show_what_they_are_to_become) {
    struct arena *a = arena_new(0);
    setup(tx);
    struct product p = shirt(1, 9000);
    put_product(tx, &p, 1);
    struct change_path paths[] = {
        {.path = "name", .base = "\"Shirt\"", .wanted = "\"Polo\""},
        {.path = "sale_price", .base = "\"\"", .wanted = "\"8.50\""}};
    struct change_new n = set(5, paths);
    n.kind = MIRROR_PRODUCT;
    n.n_paths = 2;
    struct change c = accepted(tx, &n, a);
    struct change_path delta = {.path = "stock", .wanted = "-8"};
    struct change_new m = set(5, &delta);
    m.kind = MIRROR_PRODUCT;
    m.act = CHANGE_STOCK;
    struct change d = accepted(tx, &m, a);
    assert_string_equal(product_row(tx), "Polo/85000/1000/1/2");
    /* the shop sells one meanwhile: its number moves below the overlay */
    p = shirt(2, 8000);
    put_product(tx, &p, 2);
    assert_string_equal(product_row(tx), "Polo/85000/0/1/2");
    assert_int_equal(fx_sql(tx, "SELECT stock_e3 FROM product_under"), 8000);
    assert_int_equal(change_sending(tx, &c, 0), 0);
    assert_int_equal(settle(tx, &c, CHANGE_REFUSED), 0);
    assert_string_equal(product_row(tx), "Shirt/100000/0/1/2");
    struct error e;
    assert_int_equal(change_discard(tx, &d, &e), 0);
    assert_int_equal(change_get(tx, c.uuid, a, &c), 1);
    assert_int_equal(change_discard(tx, &c, &e), 0);
    assert_string_equal(product_row(tx), "Shirt/100000/8000/0/0");
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM product_under"), 0);
    arena_free(a);
    return 0;
}

/* The shop told its number, and the read after that failed. */
TX_TEST(an_order_we_made_shows_that_it_is_not_known_yet) {
    struct arena *a = arena_new(0);
    setup(tx);
    struct product p = shirt(1, 9000);
    put_product(tx, &p, 1);
    struct change_new n = set(0, NULL);
    n.act = CHANGE_CREATE;
    n.n_paths = 0;
    n.payload = "{\"status\":\"processing\",\"lines\":[{\"product_id\":5,"
                "\"quantity\":1}]}";
    struct change c = accepted(tx, &n, a);
    struct change_outcome o = {.state = CHANGE_UNKNOWN, .result_id = 7};
    assert_int_equal(change_sending(tx, &c, 0), 0);
    assert_int_equal(change_settle(tx, c.id, &o), 0);
    put_order(tx, 7, 1, "processing", a);
    assert_string_equal(list_status(tx, 7), "processing/-/1");
    assert_int_equal(settle(tx, &c, CHANGE_CONFIRMED), 0);
    assert_string_equal(list_status(tx, 7), "processing/-/0");
    arena_free(a);
    return 0;
}

static size_t listed(struct db_tx *tx, const char *filter, struct arena *a) {
    struct list_request r = {.filter = filter, .limit = 50};
    struct change_page page = {0};
    struct error e = {0};
    int rc = change_list(tx, &r, a, &page, &e);
    if (rc < 0)
        fail_msg("%s: %s", filter, e.detail);
    return page.n;
}

TX_TEST(changes_are_listed_and_counted) {
    struct arena *a = arena_new(0);
    int64_t counts[CHANGE_STATES] = {0};
    setup(tx);
    for (int64_t id = 1; id <= 5; id++) {
        put_order(tx, id, 1, "processing", a);
        struct change_path p = {.path = "customer_note", .wanted = "\"x\""};
        struct change_new n = set(id, &p);
        struct change c = accepted(tx, &n, a);
        if (id == 3)
            assert_int_equal(settle(tx, &c, CHANGE_CONFIRMED), 0);
    }
    assert_int_equal(listed(tx, "", a), 5);
    assert_int_equal(listed(tx, "state:open", a), 4);
    assert_int_equal(listed(tx, "state:confirmed", a), 1);
    assert_int_equal(listed(tx, "object:alpine:2", a), 1);
    assert_int_equal(listed(tx, "object:alpine:*", a), 5);
    assert_int_equal(listed(tx, "store:baltic", a), 0);
    assert_int_equal(listed(tx, "-author:ayse", a), 0);
    assert_int_equal(listed(tx, "act:set,note", a), 5);
    struct list_request r = {.limit = 2};
    struct change_page page;
    struct error e;
    size_t seen = 0;
    do {
        assert_int_equal(change_list(tx, &r, a, &page, &e), 0);
        seen += page.n;
        r.after = page.next;
    } while (page.next);
    assert_int_equal(seen, 5);
    assert_int_equal(change_count(tx, counts), 0);
    assert_int_equal(counts[CHANGE_QUEUED], 4);
    assert_int_equal(counts[CHANGE_CONFIRMED], 1);
    arena_free(a);
    return 0;
}

/* Whatever is asked of it in whatever order, a change moves along the table
 * and its order's row says what is on its way. */
TX_TEST(random_walks_keep_the_rules) {
    struct arena *a = arena_new(0);
    uint64_t x = 88172645463325252u;
    setup(tx);
    put_order(tx, 7, 1, "processing", a);
    for (int round = 0; round < 300; round++) {
        struct change_path p = {.path = "status", .wanted = "\"completed\""};
        struct change_new n = set(7, &p);
        struct change c = accepted(tx, &n, a), was;
        for (int step = 0; step < 12; step++) {
            struct error e;
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            was = c;
            int pick = (int)(x >> 33) % 12;
            int rc = pick < CHANGE_STATES
                         ? settle(tx, &c, (enum change_state)pick)
                     : pick == 8  ? change_retry(tx, &c, &e)
                     : pick == 9  ? change_discard(tx, &c, &e)
                     : pick == 10 ? change_resolve(tx, &c, CHANGE_MINE, &e)
                                  : change_sending(tx, &c, 0);
            assert_int_equal(change_get(tx, c.uuid, a, &c), 1);
            if (rc < 0)
                assert_int_equal(c.state, was.state);
            else
                assert_true(change_may(was.state, c.state));
            bool over = c.state == CHANGE_QUEUED || c.state == CHANGE_SENDING ||
                        c.state == CHANGE_UNKNOWN;
            assert_int_equal(strncmp(list_status(tx, 7), "completed/", 10) == 0,
                             over);
        }
        (void)fx_sql(tx, "DELETE FROM change WHERE id = %lld", (long long)c.id);
        assert_int_equal(overlay_refresh(tx, 1, MIRROR_ORDER, 7), 0);
    }
    arena_free(a);
    return 0;
}

static void values_mean_the_same(void **state) {
    struct arena *a = arena_new(0);
    const struct json *v;
    static const char text[] =
        "{\"name\":\"A &amp; B\",\"categories\":[{\"id\":9},{\"id\":3}],"
        "\"meta_data\":[{\"key\":\"k\",\"value\":12}],\"stock_quantity\":4}";
    (void)state;
    assert_int_equal(json_parse(a, text, strlen(text), NULL, &v, NULL), 0);
    assert_string_equal(change_value_of(v, MIRROR_PRODUCT, "name", a),
                        "\"A & B\"");
    assert_string_equal(change_value_of(v, MIRROR_PRODUCT, "categories", a),
                        "[3,9]");
    assert_string_equal(change_value_of(v, MIRROR_PRODUCT, "meta[k]", a),
                        "\"12\"");
    assert_string_equal(change_value_of(v, MIRROR_PRODUCT, "stock", a), "4");
    assert_string_equal(change_value_of(v, MIRROR_PRODUCT, "weight", a),
                        "null");
    assert_true(change_value_same("regular_price", "\"12.5\"", "\"12.50\"", a));
    assert_false(change_value_same("sku", "\"12.5\"", "\"12.50\"", a));
    assert_true(change_value_same("sale_price", "\"\"", "null", a));
    assert_true(
        change_value_accepted("status", "\"a\"", "[\"b\",\"c\"]", "\"c\"", a));
    assert_false(
        change_value_accepted("status", "\"a\"", "[\"b\"]", "\"c\"", a));
    arena_free(a);
}

/* People read them on every screen of changes (common/field.h). */
static void each_field_that_can_be_changed_has_words(void **state) {
    char dst[64];
    size_t n = 0;
    (void)state;
    for (const char *path; (path = change_check_field(n, dst)); n++)
        assert_true(field_known(path));
    assert_true(n > 40);
}

int main(void) {
    struct kept *kept = kept_new();
    kept_use(kept);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_overlays_its_order_until_it_is_through),
        cmocka_unit_test(trash_is_overlaid_too),
        cmocka_unit_test(what_the_shop_would_spoil_is_refused),
        cmocka_unit_test(a_later_change_starts_from_the_one_before),
        cmocka_unit_test(an_order_we_made_shows_that_it_is_not_known_yet),
        cmocka_unit_test(a_conflict_is_resolved_by_a_person),
        cmocka_unit_test(a_refund_waits_for_a_second_person),
        cmocka_unit_test(an_edited_refund_is_approved_again),
        cmocka_unit_test(a_held_file_sends_nothing),
        cmocka_unit_test(what_a_hold_makes_unknown_is_shown),
        cmocka_unit_test(a_crash_makes_what_was_sent_unknown),
        cmocka_unit_test(reads_sent_before_an_answered_write_are_stale),
        cmocka_unit_test(products_show_what_they_are_to_become),
        cmocka_unit_test(changes_are_listed_and_counted),
        cmocka_unit_test(random_walks_keep_the_rules),
        cmocka_unit_test(values_mean_the_same),
        cmocka_unit_test(each_field_that_can_be_changed_has_words),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    kept_free(kept);
    return failed;
}
