/* Bundles: what may be one, how many may be promised, and that an order of one
 * is reserved, picked, packed and counted as its parts. */
#include <stdio.h>
#include <stdlib.h>

#include "common/arena.h"
#include "common/str.h"
#include "fixture.h"
#include "model/bin.h"
#include "model/bundle.h"
#include "model/demand.h"
#include "model/fulfil.h"
#include "model/inbound.h"
#include "model/item.h"
#include "model/movement.h"
#include "model/pack.h"
#include "model/pick.h"
#include "model/return_put.h"

static struct arena *arena;
static struct error err;

/* Product `remote` of store 1, whose shop counts 8 of it. */
static void product(struct db_tx *tx, int remote, const char *type,
                    const char *sku) {
    (void)fx_sql(tx,
                 "INSERT INTO product (store_id, remote_id, parent_id, type, "
                 "status, gone, sku, name, sort_name, manage, stock_e3, "
                 "stock_status, low, created_ms, modified_ms, read_seq, "
                 "raw_hash, hash) VALUES (1, %d, 0, '%s', 'publish', 0, '%s', "
                 "'%s', '', 1, 8000, 'instock', 0, 0, 0, 0, x'', x'')",
                 remote, type, sku, sku);
}

/* A set of 2 ropes (1) and a hook (2), and a leaflet (3) where there is one. */
enum { ROPE = 1, HOOK, LEAFLET, SET, OTHER };
static struct bundle_part set_parts[] = {
    {.product_id = ROPE, .per_e3 = 2000},
    {.product_id = HOOK, .per_e3 = 1000},
    {.product_id = LEAFLET, .per_e3 = 1000, .optional = true}};

static int define(struct db_tx *tx, int64_t remote, struct bundle_part *p,
                  size_t n) {
    const struct bundle b = {.parts = p, .n = n};
    err = (struct error){0};
    return bundle_set(tx, 1, remote, &b, "ali", arena, &err);
}

static void shop(struct db_tx *tx) {
    product(tx, ROPE, "simple", "ROPE");
    product(tx, HOOK, "simple", "HOOK");
    product(tx, LEAFLET, "simple", "LEAFLET");
    product(tx, SET, "simple", "SET");
    product(tx, OTHER, "simple", "OTHER");
    assert_int_equal(define(tx, SET, set_parts, 3), 0);
}

/* Order 70, line 700, of so many sets. */
static void ordered(struct db_tx *tx, int64_t sets_e3, int64_t version) {
    char json[200];
    (void)snprintf(json, sizeof json,
                   "{\"id\":70,\"status\":\"processing\",\"version\":%lld,"
                   "\"line_items\":[{\"id\":700,\"name\":\"Climbing set\"}]}",
                   (long long)version);
    struct order o = fx_order(70, version, 1);
    struct order_line l = o.lines[0];
    l.line_id = 700;
    l.product_id = SET;
    l.sku = "SET";
    l.variation_id = 0;
    l.qty_e3 = sets_e3;
    o.lines = &l;
    o.status = "processing";
    fx_put_order(tx, &o, version, json);
}

static int64_t wanted(struct db_tx *tx, int64_t remote) {
    int64_t e3 = -1;
    assert_int_equal(demand_of(tx, 1, remote, &e3), 0);
    return e3;
}

static int64_t available(struct db_tx *tx, int64_t remote) {
    int64_t e3 = -1;
    assert_int_equal(bundle_available(tx, 1, remote, &e3), 1);
    return e3;
}

static struct pick picking(struct db_tx *tx) {
    const struct pick_order o = {1, 70, "alpine:70"};
    struct pick p;
    assert_int_equal(pick_begin(tx, &o, 1, "batch", "ali", arena, &p, &err), 0);
    return p;
}

static enum pick_verdict scan(struct db_tx *tx, struct pick *p,
                              const char *code, int64_t e3) {
    struct pick_scan s;
    assert_int_equal(pick_scan(tx, p, code, e3, "ali", arena, &s, &err), 0);
    return s.verdict;
}

static struct pack packing(struct db_tx *tx) {
    const struct pack_begin b = {.store_id = 1, .remote_id = 70, .who = "ali"};
    struct pack p;
    assert_int_equal(pack_begin(tx, &b, arena, &p, &err), 0);
    return p;
}

static enum pack_verdict put_in(struct db_tx *tx, struct pack *p,
                                const char *code, int64_t e3) {
    struct pack_scanned s;
    assert_int_equal(pack_scan(tx, p, code, e3, "ali", arena, &s, &err), 0);
    return s.verdict;
}

static int64_t left_of(struct db_tx *tx) {
    struct fulfil_line *l;
    size_t n;
    assert_int_equal(fulfil_lines(tx, 1, 70, arena, &l, &n), 0);
    assert_int_equal(n, 1);
    return fulfil_open(&l[0]);
}

static int64_t in_bin(struct db_tx *tx, int64_t remote, const char *code,
                      int64_t e3) {
    int64_t id = 0;
    struct bin b = {.place = 1};
    if (bin_by_code(tx, code, &b) == 0) {
        (void)str_copy(b.code, sizeof b.code, code);
        assert_int_equal(bin_create(tx, &b, NULL), 0);
    }
    assert_int_equal(item_ensure(tx, 1, remote, &id), 0);
    const struct movement m = {.item_id = id,
                               .bin_id = b.id,
                               .qty_e3 = e3,
                               .reason = "opening",
                               .author = "ali"};
    assert_int_equal(movement_add(tx, &m, NULL), 0);
    return id;
}

static struct item got(struct db_tx *tx, int64_t id) {
    struct item i = {0};
    assert_int_equal(item_get(tx, id, arena, &i), 1);
    return i;
}

/* --- what may be one ------------------------------------------------------ */

TX_TEST(what_is_given_is_what_it_is_made_of) {
    struct bundle b;
    shop(tx);
    assert_int_equal(bundle_get(tx, 1, SET, arena, &b), 1);
    assert_int_equal(b.n, 3);
    assert_int_equal(b.parts[0].part, 1);
    assert_int_equal(b.parts[0].product_id, ROPE);
    assert_int_equal(b.parts[0].per_e3, 2000);
    assert_true(b.parts[2].optional);
    assert_int_equal(b.version, 1);
    assert_int_equal(define(tx, SET, set_parts, 2), 0);
    assert_int_equal(bundle_get(tx, 1, SET, arena, &b), 1);
    assert_int_equal(b.n, 2);
    assert_int_equal(b.version, 2);
    assert_int_equal(bundle_get(tx, 1, ROPE, arena, &b), 0);
    assert_int_equal(bundle_remove(tx, 1, SET, arena), 0);
    assert_int_equal(bundle_get(tx, 1, SET, arena, &b), 0);
    assert_int_equal(bundle_remove(tx, 1, SET, arena), ERR_NOT_FOUND);
    return 0;
}

static void refused(struct db_tx *tx, int64_t remote, struct bundle_part part,
                    int code, const char *why) {
    assert_int_equal(define(tx, remote, &part, 1), code);
    if (!strstr(err.detail, why))
        fail_msg("'%s' is not in '%s'", why, err.detail);
}

TX_TEST(no_bundle_is_made_of_bundles) {
    shop(tx);
    refused(tx, OTHER, (struct bundle_part){.product_id = SET, .per_e3 = 1000},
            ERR_INVALID, "SET is a bundle itself");
    refused(tx, ROPE, (struct bundle_part){.product_id = OTHER, .per_e3 = 1000},
            ERR_CONFLICT, "ROPE is a part of bundle 4");
    refused(tx, SET, (struct bundle_part){.product_id = SET, .per_e3 = 1000},
            ERR_INVALID, "cannot be a part of itself");
    refused(tx, ROPE, (struct bundle_part){.product_id = SET, .per_e3 = 1000},
            ERR_CONFLICT, "part of bundle");
    return 0;
}

TX_TEST(what_has_no_pieces_is_no_part) {
    struct bundle_part twice[] = {{.product_id = ROPE, .per_e3 = 1000},
                                  {.product_id = ROPE, .per_e3 = 2000}};
    shop(tx);
    product(tx, 9, "variable", "TENT");
    refused(tx, OTHER, (struct bundle_part){.product_id = 9, .per_e3 = 1000},
            ERR_INVALID, "name one of its variations");
    refused(tx, OTHER, (struct bundle_part){.product_id = 99, .per_e3 = 1000},
            ERR_INVALID, "no product 99");
    refused(tx, OTHER, (struct bundle_part){.product_id = ROPE, .per_e3 = 0},
            ERR_INVALID, "above 0");
    refused(tx, OTHER,
            (struct bundle_part){
                .product_id = ROPE, .per_e3 = 1000, .optional = true},
            ERR_INVALID, "not optional");
    refused(tx, 9, (struct bundle_part){.product_id = ROPE, .per_e3 = 1000},
            ERR_INVALID, "make bundles of its variations");
    assert_int_equal(define(tx, OTHER, twice, 2), ERR_INVALID);
    assert_non_null(strstr(err.detail, "named twice"));
    assert_int_equal(define(tx, 99, twice, 1), ERR_NOT_FOUND);
    assert_int_equal(bundle_is(tx, 1, OTHER), 0);
    return 0;
}

/* --- how many there are --------------------------------------------------- */

TX_TEST(the_scarcest_required_part_says_how_many) {
    shop(tx);
    assert_int_equal(available(tx, SET), 4000); /* 8 ropes, 2 in each */
    (void)fx_sql(tx, "UPDATE product SET stock_e3 = 3000 WHERE sku = 'HOOK'");
    assert_int_equal(available(tx, SET), 3000);
    (void)fx_sql(tx, "UPDATE product SET stock_e3 = 7000 WHERE sku = 'ROPE'");
    (void)fx_sql(tx, "UPDATE product SET stock_e3 = 0 WHERE sku = 'LEAFLET'");
    assert_int_equal(available(tx, SET), 3000);
    (void)fx_sql(tx, "UPDATE product SET stock_e3 = 5000 WHERE sku = 'ROPE'");
    assert_int_equal(available(tx, SET), 2000);
    (void)fx_sql(tx, "UPDATE product SET manage = 0, stock_e3 = NULL");
    assert_int_equal(available(tx, SET), BUNDLE_ANY);
    (void)fx_sql(tx, "UPDATE product SET stock_status = 'outofstock' "
                     "WHERE sku = 'HOOK'");
    assert_int_equal(available(tx, SET), 0);
    return 0;
}

TX_TEST(the_warehouse_knows_better_than_the_shop) {
    shop(tx);
    (void)in_bin(tx, ROPE, "A-1", 3000);
    assert_int_equal(available(tx, SET), 1000);
    (void)in_bin(tx, ROPE, "A-1", 3000);
    assert_int_equal(available(tx, SET), 3000);
    (void)fx_sql(tx, "UPDATE product SET gone = 1 WHERE sku = 'HOOK'");
    assert_int_equal(available(tx, SET), 0);
    return 0;
}

TX_TEST(orders_of_it_promise_its_parts) {
    shop(tx);
    ordered(tx, 2000, 1);
    assert_int_equal(wanted(tx, SET), 0);
    assert_int_equal(wanted(tx, ROPE), 4000);
    assert_int_equal(wanted(tx, HOOK), 2000);
    assert_int_equal(wanted(tx, LEAFLET), 2000);
    /* its shop took two sets, and no rope */
    assert_int_equal(available(tx, SET), 2000);
    int64_t rope = in_bin(tx, ROPE, "A-1", 6000);
    assert_int_equal(got(tx, rope).reserved_e3, 4000);
    assert_int_equal(available(tx, SET), 1000);
    return 0;
}

TX_TEST(an_edited_bundle_asks_anew) {
    shop(tx);
    ordered(tx, 1000, 1);
    assert_int_equal(define(tx, SET, &set_parts[1], 1), 0);
    assert_int_equal(wanted(tx, ROPE), 0);
    assert_int_equal(wanted(tx, HOOK), 1000);
    assert_int_equal(bundle_remove(tx, 1, SET, arena), 0);
    assert_int_equal(wanted(tx, HOOK), 0);
    assert_int_equal(wanted(tx, SET), 1000);
    assert_int_equal(define(tx, SET, set_parts, 3), 0);
    assert_int_equal(wanted(tx, SET), 0);
    assert_int_equal(wanted(tx, ROPE), 2000);
    return 0;
}

/* --- picked and packed ---------------------------------------------------- */

TX_TEST(parts_are_picked_each_by_its_own_code) {
    shop(tx);
    ordered(tx, 1000, 1);
    struct pick p = picking(tx);
    assert_int_equal(p.n_lines, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(p.lines[i].l.bundle, "Climbing set");
        assert_int_equal(p.lines[i].l.line_id, 700);
    }
    assert_int_equal(scan(tx, &p, "SET", 1000), PICK_WRONG);
    assert_int_equal(scan(tx, &p, "ROPE", 2000), PICK_OK);
    assert_int_equal(scan(tx, &p, "ROPE", 1000), PICK_EXCESS);
    assert_int_equal(pick_finish(tx, &p, "ali", &err), ERR_CONFLICT);
    assert_int_equal(scan(tx, &p, "HOOK", 1000), PICK_OK);
    /* nobody has to look for the leaflet */
    assert_int_equal(pick_finish(tx, &p, "ali", &err), 0);
    struct pack k = packing(tx);
    assert_int_equal(put_in(tx, &k, "ROPE", 2000), PACK_OK);
    assert_int_equal(pack_finish(tx, &k, "ali", arena, &err), ERR_CONFLICT);
    assert_int_equal(left_of(tx), 1000);
    assert_int_equal(put_in(tx, &k, "HOOK", 1000), PACK_OK);
    assert_int_equal(pack_finish(tx, &k, "ali", arena, &err), 0);
    assert_int_equal(left_of(tx), 0);
    return 0;
}

TX_TEST(an_optional_part_that_is_there_goes_too) {
    shop(tx);
    ordered(tx, 1000, 1);
    struct pack k = packing(tx);
    assert_int_equal(pack_rest(tx, &k, "ali", arena, &err), 0);
    assert_int_equal(pack_finish(tx, &k, "ali", arena, &err), 0);
    assert_int_equal(fx_sql(tx, "SELECT sum(qty_e3) FROM parcel_line"), 4000);
    assert_int_equal(fx_sql(tx, "SELECT sum(short_e3) FROM work_line"), 0);
    return 0;
}

TX_TEST(begun_work_keeps_the_parts_it_was_begun_with) {
    struct bundle_part only_hook = {.product_id = HOOK, .per_e3 = 3000};
    shop(tx);
    ordered(tx, 1000, 1);
    struct pick p = picking(tx);
    assert_int_equal(define(tx, SET, &only_hook, 1), 0);
    assert_int_equal(wanted(tx, ROPE), 2000);
    assert_int_equal(wanted(tx, HOOK), 1000);
    struct pack k = packing(tx);
    assert_int_equal(pack_stopped(&k), false);
    assert_int_equal(k.n_lines, 3);
    /* dropped, the order is one like any other again */
    assert_int_equal(pack_put_back(tx, &k, "ali", arena, &err), 0);
    assert_int_equal(wanted(tx, ROPE), 0);
    assert_int_equal(wanted(tx, HOOK), 3000);
    p = picking(tx);
    assert_int_equal(p.n_lines, 1);
    assert_int_equal(p.lines[0].l.want_e3, 3000);
    return 0;
}

TX_TEST(what_is_begun_as_itself_stays_itself) {
    shop(tx);
    assert_int_equal(bundle_remove(tx, 1, SET, arena), 0);
    ordered(tx, 1000, 1);
    struct pick p = picking(tx);
    assert_int_equal(define(tx, SET, set_parts, 3), 0);
    assert_int_equal(wanted(tx, SET), 1000);
    assert_int_equal(wanted(tx, ROPE), 0);
    assert_int_equal(scan(tx, &p, "SET", 1000), PICK_OK);
    return 0;
}

/* The hook comes in a second parcel; the ropes do not come twice. */
TX_TEST(the_second_parcel_holds_the_rest) {
    struct bundle_part only_hook = {.product_id = HOOK, .per_e3 = 3000};
    const struct pack_short missing = {.line_id = 700,
                                       .part = 2,
                                       .qty_e3 = -1,
                                       .reason = "missing",
                                       .way = "split"};
    shop(tx);
    ordered(tx, 2000, 1);
    struct pack k = packing(tx);
    assert_int_equal(put_in(tx, &k, "ROPE", 4000), PACK_OK);
    assert_int_equal(put_in(tx, &k, "HOOK", 1000), PACK_OK);
    assert_int_equal(pack_short(tx, &k, &missing, "ali", arena, &err), 0);
    assert_int_equal(pack_finish(tx, &k, "ali", arena, &err), 0);
    assert_int_equal(left_of(tx), 1000); /* one set is whole */
    assert_int_equal(work_move(tx, &k.w, WORK_DONE, "ali", &err), 0);
    assert_int_equal(define(tx, SET, &only_hook, 1), 0);
    struct pick p = picking(tx);
    assert_int_equal(p.n_lines, 2); /* and the leaflets */
    assert_string_equal(p.lines[0].l.sku, "HOOK");
    assert_int_equal(p.lines[0].l.want_e3, 1000);
    assert_string_equal(p.lines[1].l.sku, "LEAFLET");
    return 0;
}

TX_TEST(a_refund_takes_parts_out_of_the_parcel) {
    const char *out;
    shop(tx);
    ordered(tx, 2000, 1);
    struct pack k = packing(tx);
    assert_int_equal(put_in(tx, &k, "ROPE", 4000), PACK_OK);
    fx_put_refund(tx, 8, 70,
                  "{\"line_items\":[{\"id\":1,\"quantity\":-1,\"meta_data\":[{"
                  "\"key\":\"_refunded_item_id\",\"value\":\"700\"}]}]}");
    k = packing(tx);
    assert_true(pack_stopped(&k));
    assert_int_equal(pack_accept(tx, &k, "ali", arena, &out, &err), 0);
    assert_string_equal(out, "2 x ROPE");
    assert_int_equal(fx_sql(tx, "SELECT want_e3 FROM work_line WHERE part = 1"),
                     2000);
    assert_int_equal(fx_sql(tx, "SELECT want_e3 FROM work_line WHERE part = 2"),
                     1000);
    return 0;
}

/* --- stock ---------------------------------------------------------------- */

TX_TEST(parts_leave_their_bins) {
    shop(tx);
    int64_t rope = in_bin(tx, ROPE, "A-1", 9000);
    int64_t hook = in_bin(tx, HOOK, "A-2", 9000);
    ordered(tx, 2000, 1);
    struct pick p = picking(tx);
    assert_int_equal(scan(tx, &p, "ROPE", 4000), PICK_OK);
    assert_int_equal(scan(tx, &p, "HOOK", 2000), PICK_OK);
    assert_int_equal(pick_finish(tx, &p, "ali", &err), 0);
    assert_int_equal(got(tx, rope).on_hand_e3, 5000);
    assert_int_equal(got(tx, rope).reserved_e3, 0);
    assert_int_equal(got(tx, hook).on_hand_e3, 7000);
    struct pack k = packing(tx);
    assert_int_equal(pack_put_back(tx, &k, "ali", arena, &err), 0);
    assert_int_equal(got(tx, rope).on_hand_e3, 9000);
    assert_int_equal(got(tx, rope).reserved_e3, 4000);
    assert_int_equal(got(tx, hook).on_hand_e3, 9000);
    return 0;
}

/* --- what comes back ------------------------------------------------------ */

/* So many sets, or of a part alone, are to come back: the return's number. */
static int comes_back(struct db_tx *tx, int64_t part, int64_t e3,
                      int64_t *ret_id) {
    const struct return_want want = {700, e3, "Set", part};
    const struct return_new n = {.store_id = 1,
                                 .remote_id = 70,
                                 .reason = "defective",
                                 .note = "",
                                 .who = "ayse",
                                 .lines = &want,
                                 .n = 1};
    return return_create(tx, &n, arena, ret_id, &err);
}

static int64_t wanted_back(const struct return_line *l) {
    return l->want_e3;
}

TX_TEST(a_bundle_comes_back_as_its_parts) {
    struct return_line *l;
    struct fulfil_line *f;
    struct return_ r;
    int64_t id = 0, line = 0, part = 0;
    size_t n, lines;
    shop(tx);
    ordered(tx, 2000, 1);
    assert_int_equal(comes_back(tx, 0, 1000, &id), 0);
    assert_int_equal(return_lines(tx, id, arena, &l, &n), 0);
    assert_int_equal(n, 3);
    assert_int_equal(l[0].product_id, ROPE);
    assert_int_equal(l[0].want_e3, 2000);
    assert_string_equal(l[1].sku, "HOOK");
    assert_int_equal(l[1].part, 2);
    assert_int_equal(fulfil_lines(tx, 1, 70, arena, &f, &lines), 0);
    assert_int_equal(return_bundles(&f[0], l, n, wanted_back), 1000);
    assert_int_equal(return_bundles(&f[0], l, 2, wanted_back), 1000);
    assert_int_equal(return_bundles(&f[0], l, 1, wanted_back), 0);
    assert_int_equal(return_get(tx, id, arena, &r), 1);
    assert_int_equal(return_scan(tx, &r, "hook", arena, &line, &part), 1);
    assert_int_equal(line, 700);
    assert_int_equal(part, 2);
    assert_int_equal(return_scan(tx, &r, "SET", arena, &line, &part), 0);
    return 0;
}

TX_TEST(a_part_comes_back_alone_and_not_twice) {
    int64_t id = 0;
    shop(tx);
    ordered(tx, 2000, 1);
    assert_int_equal(comes_back(tx, 2, 1000, &id), 0);
    assert_int_equal(comes_back(tx, 1, 4000, &id), 0); /* the ropes of both */
    assert_int_equal(comes_back(tx, 2, 1000, &id), 0);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM return_line"), 3);
    assert_int_equal(comes_back(tx, 2, 1000, &id), ERR_INVALID);
    assert_int_equal(comes_back(tx, 0, 1000, &id), ERR_INVALID);
    assert_int_equal(comes_back(tx, 9, 1000, &id), ERR_INVALID);
    return 0;
}

TX_TEST(what_is_fit_goes_to_the_parts_pile) {
    const struct return_fate fit = {700, 1000, 0, 0, 2};
    struct return_line *l;
    struct return_ r;
    size_t n;
    int64_t id = 0;
    shop(tx);
    (void)in_bin(tx, ROPE, "A-1", 9000);
    int64_t hook = in_bin(tx, HOOK, "A-2", 9000);
    ordered(tx, 1000, 1);
    struct pick p = picking(tx);
    assert_int_equal(scan(tx, &p, "ROPE", 2000), PICK_OK);
    assert_int_equal(scan(tx, &p, "HOOK", 1000), PICK_OK);
    assert_int_equal(pick_finish(tx, &p, "ali", &err), 0);
    assert_int_equal(comes_back(tx, 2, 1000, &id), 0);
    assert_int_equal(return_get(tx, id, arena, &r), 1);
    assert_true(return_approve(tx, &r, "", "ayse", &err) >= 0);
    assert_int_equal(return_get(tx, id, arena, &r), 1);
    assert_true(return_receive(tx, &r, 700, 2, 1000, "ayse", &err) >= 0);
    assert_int_equal(return_get(tx, id, arena, &r), 1);
    assert_true(return_inspect(tx, &r, &fit, 1, "", "ayse", &err) >= 0);
    assert_int_equal(return_lines(tx, id, arena, &l, &n), 0);
    assert_int_equal(got(tx, hook).on_hand_e3, 8000);
    const struct return_put put = {.who = "ayse"};
    assert_int_equal(return_put(tx, &r, &l[0], &put, &err), 0);
    assert_int_equal(got(tx, hook).on_hand_e3, 9000);
    return 0;
}

static unsigned seed;
static int64_t below(int64_t n) {
    seed = seed * 1103515245u + 12345u;
    return (int64_t)(seed >> 16) % n;
}

/* Whatever people do: what left a pile is what lies in parcels, what is
 * available is what a person would count, and a bundle has left when a whole
 * one has. */
static void check(struct db_tx *tx, int64_t rope, int64_t hook) {
    struct fulfil_line *l;
    size_t n;
    int64_t ropes = got(tx, rope).on_hand_e3, hooks = got(tx, hook).on_hand_e3;
    assert_int_equal(ropes, fx_sql(tx,
                                   "SELECT sum(qty_e3) FROM movement WHERE "
                                   "item_id = %lld",
                                   (long long)rope));
    int64_t free_ropes = item_available(&(struct item){
        .on_hand_e3 = ropes, .reserved_e3 = got(tx, rope).reserved_e3});
    int64_t free_hooks = item_available(&(struct item){
        .on_hand_e3 = hooks, .reserved_e3 = got(tx, hook).reserved_e3});
    int64_t sets = free_ropes / 2000 < free_hooks / 1000 ? free_ropes / 2000
                                                         : free_hooks / 1000;
    assert_int_equal(available(tx, SET), sets < 0 ? 0 : sets * 1000);
    assert_int_equal(fulfil_lines(tx, 1, 70, arena, &l, &n), 0);
    int64_t whole =
        l->parts[0].shipped_e3 / 2000 < l->parts[1].shipped_e3 / 1000
            ? l->parts[0].shipped_e3 / 2000
            : l->parts[1].shipped_e3 / 1000;
    assert_int_equal(l->shipped_e3, whole * 1000);
}

static void short_of(struct db_tx *tx, struct pick *p) {
    for (size_t i = 0; i < p->n_lines; i++) {
        const struct work_line *l = &p->lines[i].l;
        const struct pick_short s = {.work_id = p->works[0].id,
                                     .line_id = l->line_id,
                                     .part = l->part,
                                     .reason = "missing",
                                     .way = "split"};
        if (pick_due(l))
            assert_int_equal(pick_short(tx, p, &s, "ali", &err), 0);
    }
}

static void a_day(struct db_tx *tx) {
    static const char *const codes[] = {"ROPE", "HOOK", "LEAFLET", "SET"};
    const struct pick_order o = {1, 70, "alpine:70"};
    struct pick p;
    if (pick_begin(tx, &o, 1, "batch", "ali", arena, &p, &err) < 0)
        return;
    for (int64_t i = below(8); i > 0; i--)
        (void)scan(tx, &p, codes[below(4)], 1000 * (1 + below(2)));
    if (below(5) == 0) {
        assert_int_equal(pick_drop(tx, &p, "ali", &err), 0);
        return;
    }
    short_of(tx, &p);
    assert_int_equal(pick_finish(tx, &p, "ali", &err), 0);
    if (p.works[0].state == WORK_DROPPED)
        return;
    struct pack k = packing(tx);
    if (below(5) == 0) {
        assert_int_equal(pack_put_back(tx, &k, "ali", arena, &err), 0);
        return;
    }
    assert_int_equal(pack_rest(tx, &k, "ali", arena, &err), 0);
    if (pack_finish(tx, &k, "ali", arena, &err) < 0)
        assert_int_equal(pack_put_back(tx, &k, "ali", arena, &err), 0);
    else
        assert_int_equal(work_move(tx, &k.w, WORK_DONE, "ali", &err), 0);
}

TX_TEST(no_piece_is_made_or_lost) {
    shop(tx);
    int64_t rope = in_bin(tx, ROPE, "A-1", 40000);
    int64_t hook = in_bin(tx, HOOK, "A-2", 30000);
    ordered(tx, 5000, 1);
    seed = 7;
    for (int64_t day = 0; day < 30; day++) {
        a_day(tx);
        check(tx, rope, hook);
        if (below(4) == 0)
            ordered(tx, 1000 * (5 + below(4)), 2 + day);
    }
    int64_t out =
        fx_sql(tx, "SELECT coalesce(sum(l.qty_e3), 0) FROM "
                   "parcel_line l JOIN parcel p ON p.id = l.parcel_id "
                   "WHERE p.state <> 'void' AND l.part = 1");
    assert_true(out > 0);
    assert_int_equal(got(tx, rope).on_hand_e3, 40000 - out);
    /* never more than was ordered */
    assert_true(out <= 2 * 8000);
    return 0;
}

/* A pallet of sets is a pallet of ropes and hooks, unless another shop of the
 * company sells the set as one thing. */
TX_TEST(what_comes_is_parts) {
    struct inbound i = {.tenant_id = 1,
                        .reference = "PO-1",
                        .supplier = "",
                        .note = "",
                        .created_by = "ali"};
    struct bin b = {.code = "A-1"};
    struct inbound_piece piece = {.e3 = 1000};
    shop(tx);
    assert_int_equal(bin_create(tx, &b, NULL), 0);
    assert_int_equal(inbound_create(tx, &i, NULL), 0);
    i.open = true;
    assert_int_equal(item_ensure(tx, 1, SET, &piece.item_id), 0);
    piece.bin_id = b.id;
    assert_int_equal(inbound_receive(tx, &i, &piece, "ali", &err),
                     ERR_CONFLICT);
    assert_non_null(strstr(err.detail, "take its parts"));
    assert_non_null(strstr(err.detail, "ROPE"));
    assert_non_null(strstr(err.detail, "HOOK"));
    assert_int_equal(inbound_expect(tx, &i, piece.item_id, 5000, &err),
                     ERR_CONFLICT);
    assert_int_equal(fx_sql(tx, "SELECT count(*) FROM movement"), 0);
    (void)fx_sql(tx,
                 "INSERT INTO listing (store_id, remote_id, item_id) VALUES "
                 "(1, %d, %lld)",
                 OTHER, (long long)piece.item_id);
    assert_int_equal(inbound_receive(tx, &i, &piece, "ali", &err), 0);
    return 0;
}

static int setup(void **state) {
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(what_is_given_is_what_it_is_made_of),
        T(no_bundle_is_made_of_bundles),
        T(what_has_no_pieces_is_no_part),
        T(the_scarcest_required_part_says_how_many),
        T(the_warehouse_knows_better_than_the_shop),
        T(orders_of_it_promise_its_parts),
        T(an_edited_bundle_asks_anew),
        T(parts_are_picked_each_by_its_own_code),
        T(an_optional_part_that_is_there_goes_too),
        T(begun_work_keeps_the_parts_it_was_begun_with),
        T(what_is_begun_as_itself_stays_itself),
        T(the_second_parcel_holds_the_rest),
        T(a_refund_takes_parts_out_of_the_parcel),
        T(parts_leave_their_bins),
        T(no_piece_is_made_or_lost),
        T(what_comes_is_parts),
        T(a_bundle_comes_back_as_its_parts),
        T(a_part_comes_back_alone_and_not_twice),
        T(what_is_fit_goes_to_the_parts_pile),
    };
    struct kept *kept = kept_new();
    kept_use(kept);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    kept_use(NULL);
    kept_free(kept);
    return failed;
}
