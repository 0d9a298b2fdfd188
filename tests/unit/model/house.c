#include "house.h"

#include <stdio.h>

#include "common/arena.h"
#include "common/str.h"
#include "fixture.h"
#include "model/bin.h"
#include "model/count.h"
#include "model/hold.h"
#include "model/inbound.h"
#include "model/item.h"
#include "model/movement.h"
#include "model/pack.h"
#include "model/pick.h"
#include "model/ship.h"
#include "walk.h"

enum { ORDERS = 3, GOODS = 3, BINS = 4 };

static const char *const people[] = {"ali", "ayse"};

static struct {
    int64_t items[GOODS], bins[BINS];
    int64_t seq;
    struct inbound inbound;
    /* of the act: */
    const char *who;
    int64_t order;
    int (*work)(struct db_tx *tx, void *arg); /* picks or packs */
} house;

#define A house_arena
struct arena *house_arena;

/* --- the house ------------------------------------------------------------ */

static const char *sku(unsigned i) {
    static const char *const all[GOODS] = {"SKU-7", "SKU-8", "SKU-9"};
    return all[i];
}

static void put_order(struct db_tx *tx, int64_t id, const char *status,
                      int64_t pieces, const char *city) {
    char json[600];
    struct order o = fx_order(id, ++house.seq, 2);
    o.status = status;
    o.lines[0].sku = sku(0);
    o.lines[0].qty_e3 = pieces * 1000;
    o.lines[1].sku = sku(1);
    (void)snprintf(json, sizeof json,
                   "{\"id\":%lld,\"status\":\"%s\",\"total\":\"%lld\","
                   "\"shipping\":{\"first_name\":\"Ada\",\"city\":\"%s\"},"
                   "\"line_items\":[{\"id\":%lld,\"name\":\"Rope\"},"
                   "{\"id\":%lld,\"name\":\"Tent\"}]}",
                   (long long)id, status, (long long)house.seq, city,
                   (long long)id * 10, (long long)id * 10 + 1);
    fx_put_order(tx, &o, house.seq, json);
}

static void lay(struct db_tx *tx, unsigned i) {
    (void)fx_sql(tx,
                 "INSERT INTO product (store_id, remote_id, parent_id, type, "
                 "status, gone, sku, name, sort_name, manage, stock_status, "
                 "low, created_ms, modified_ms, read_seq, raw_hash, hash) "
                 "VALUES (1, %u, 0, 'simple', 'publish', 0, '%s', 'Tent', '', "
                 "0, '', 0, 0, 0, 0, x'', x'')",
                 7 + i, sku(i));
    assert_int_equal(item_ensure(tx, 1, 7 + i, &house.items[i]), 0);
}

void house_build(struct db_tx *tx) {
    (void)fx_sql(tx, "UPDATE store SET can_write = 1");
    (void)fx_sql(tx, "INSERT INTO store_status (store_id, slug, name, phase) "
                     "VALUES (1, 'processing', '', 'todo'), (1, 'completed', "
                     "'', 'done'), (1, 'cancelled', '', 'dead')");
    for (unsigned i = 0; i < GOODS; i++)
        lay(tx, i);
    for (int i = 0; i < BINS; i++) {
        struct bin b = {.place = i, .quarantine = i == BINS - 1};
        (void)snprintf(b.code, sizeof b.code, "B-%d", i);
        assert_int_equal(bin_create(tx, &b, NULL), 0);
        house.bins[i] = b.id;
    }
    /* in a bin nobody counts: what no figure knows of is picked unwritten */
    for (int i = 0; i < GOODS; i++)
        assert_int_equal(
            movement_add(tx,
                         &(struct movement){.item_id = house.items[i],
                                            .bin_id = house.bins[2],
                                            .qty_e3 = 5000000,
                                            .reason = "opening",
                                            .author = "ali"},
                         NULL),
            0);
    house.inbound = (struct inbound){.tenant_id = 1,
                                     .reference = "PO-1",
                                     .supplier = "",
                                     .note = "",
                                     .created_by = "ali"};
    assert_int_equal(inbound_create(tx, &house.inbound, NULL), 0);
    for (int i = 0; i < ORDERS; i++)
        put_order(tx, 11 + i, "processing", 2, "Berlin");
}

/* --- goods ---------------------------------------------------------------- */

static int64_t some(unsigned n) {
    return 1000 * (1 + (int64_t)walk_dice(n));
}

static int receive(struct db_tx *tx, void *arg) {
    struct inbound_piece piece = {0};
    struct inbound i;
    (void)arg;
    assert_int_equal(inbound_get(tx, house.inbound.id, A, &i), 1);
    piece.item_id = house.items[walk_dice(GOODS)];
    piece.bin_id = house.bins[walk_dice(BINS)];
    piece.e3 = walk_dice(4) ? some(4) : -1000;
    return inbound_receive(tx, &i, &piece, house.who, NULL);
}

static int put_right(struct db_tx *tx, void *arg) {
    (void)arg;
    return movement_add(
        tx,
        &(struct movement){.item_id = house.items[walk_dice(GOODS)],
                           .bin_id = house.bins[walk_dice(BINS)],
                           .qty_e3 = walk_dice(2) ? some(3) : -some(3),
                           .reason = "correction",
                           .author = house.who},
        NULL);
}

static int move_goods(struct db_tx *tx, void *arg) {
    (void)arg;
    return movement_move(
        tx,
        &(struct movement){.item_id = house.items[walk_dice(GOODS)],
                           .bin_id = house.bins[walk_dice(BINS)],
                           .qty_e3 = some(3),
                           .reason = "move",
                           .author = house.who},
        house.bins[walk_dice(BINS)], NULL);
}

/* Of the newest count, or a new one. */
static int count_goods(struct db_tx *tx, void *arg) {
    struct stock_count c;
    struct bin b;
    struct count_delta *d;
    struct error e = {0};
    int64_t e3, id = fx_sql(tx, "SELECT coalesce(max(id), 0) FROM stock_count");
    size_t n;
    bool within;
    (void)arg;
    if (id == 0 || count_get(tx, id, &c) == 0 || str_eq(c.state, "done") ||
        str_eq(c.state, "dropped"))
        return count_begin(tx,
                           &(struct count_new){.bins = house.bins,
                                               .n_bins = 2,
                                               .blind = true,
                                               .note = "",
                                               .author = house.who},
                           &id, &e);
    assert_int_equal(bin_by_id(tx, house.bins[walk_dice(BINS)], &b), 1);
    switch (walk_dice(9)) {
    case 0:
    case 6:
    case 7:
        return count_submit(tx, &c, true, 0, house.who, &within, &e);
    case 1:
    case 2:
        return count_apply(tx, &c, house.who, A, &d, &n, &e);
    case 3:
        return count_reopen(tx, &c, house.who, &e);
    case 4:
        return count_drop(tx, &c, house.who, &e);
    case 5:
        return count_visit(tx, &c, &b, house.who, &e);
    default:
        return count_enter(
            tx, &c,
            &(struct count_at){.bin_id = b.id,
                               .item_id = house.items[walk_dice(GOODS)]},
            some(6) - 1000, walk_dice(2), house.who, &e3, &e);
    }
}

/* --- the shop and the hands that stop ------------------------------------- */

/* It comes to its senses mostly, or nothing would ever leave. */
static int shop_changes(struct db_tx *tx, void *arg) {
    const char *status = walk_dice(8)   ? "processing"
                         : walk_dice(2) ? "cancelled"
                                        : "on-hold";
    (void)arg;
    put_order(tx, house.order, status,
              walk_dice(4) ? 2 : (int64_t)walk_dice(4) + 1,
              walk_dice(8) ? "Berlin" : "Bonn");
    return 0;
}

static int hold_it(struct db_tx *tx, void *arg) {
    struct error e = {0};
    (void)arg;
    if (walk_dice(4))
        return hold_release(tx, 1, house.order, NULL, house.who, "", &e);
    return hold_place(tx,
                      &(struct hold_new){.store_id = 1,
                                         .remote_id = house.order,
                                         .reason = "address",
                                         .note = "",
                                         .who = house.who},
                      &e);
}

static int time_passes(struct db_tx *tx, void *arg) {
    (void)tx;
    (void)arg;
    fx_clock += (int64_t)walk_dice(WORK_IDLE_MS);
    return 0;
}

/* --- picking -------------------------------------------------------------- */

/* A step back, which no screen offers. */
static int back(struct db_tx *tx, struct work *w, enum work_state to) {
    struct error e = {0};
    int rc = work_touch(tx, w, house.who, &e);
    return rc < 0 ? rc : work_move(tx, w, to, house.who, &e);
}

static int pick_acts(struct db_tx *tx, const struct work *w, struct pick *p) {
    struct error e = {0};
    struct pick_scan s;
    struct work now = *w;
    const struct pick_short sh = {.work_id = w->id,
                                  .line_id = house.order * 10 + walk_dice(2),
                                  .qty_e3 = walk_dice(2) * 1000,
                                  .reason = "missing",
                                  .way = walk_dice(2) ? "split" : "backorder"};
    switch (walk_dice(14)) {
    case 0:
        return pick_undo(tx, p, house.who, A, &s, &e);
    case 1:
        return pick_short(tx, p, &sh, house.who, &e);
    case 2:
        return walk_dice(4) ? 0 : pick_drop(tx, p, house.who, &e);
    case 3:
        return pick_give_back(tx, p, house.who, &e);
    case 4:
        return walk_dice(2) ? pick_take_over(tx, p, house.who, &e)
                            : back(tx, &now, WORK_PICKING);
    case 5:
    case 6:
    case 7:
    case 8:
        return pick_finish(tx, p, house.who, &e);
    case 9:
        return pick_scan(tx, p, sku(2), 1000, house.who, A, &s, &e);
    default:
        return pick_scan(tx, p, sku(walk_dice(2)), 1000, house.who, A, &s, &e);
    }
}

static int pick_work(struct db_tx *tx, void *arg) {
    const struct work *w = arg;
    struct pick_order o = {1, house.order, "alpine"};
    struct pick p;
    struct error e = {0};
    char id[24];
    if (!w)
        return pick_begin(tx, &o, 1, "single", house.who, A, &p, &e);
    (void)snprintf(id, sizeof id, "P-%lld", (long long)w->id);
    assert_int_equal(pick_get(tx, id, A, &p), 1);
    return pick_acts(tx, w, &p);
}

/* --- packing and shipping ------------------------------------------------- */

static int pack_acts(struct db_tx *tx, struct pack *p) {
    struct error e = {0};
    struct pack_scanned s;
    char code[PARCEL_TEXT];
    const char *out;
    const struct pack_short sh = {.line_id = house.order * 10 + walk_dice(2),
                                  .qty_e3 = walk_dice(3) ? -1 : 1000,
                                  .reason = "damaged",
                                  .way = "split"};
    const struct parcel *parcel =
        p->n_parcels ? &p->parcels[walk_dice((unsigned)p->n_parcels)] : NULL;
    switch (walk_dice(14)) {
    case 0:
        return pack_undo(tx, p, house.who, A, &e);
    case 1:
        return pack_short(tx, p, &sh, house.who, A, &e);
    case 2:
        return pack_new_parcel(tx, p, house.who, A, &e);
    case 3:
    case 4:
        return pack_finish(tx, p, house.who, A, &e);
    case 5:
        return pack_accept(tx, p, house.who, A, &out, &e);
    case 6:
        return walk_dice(3) ? 0 : pack_put_back(tx, p, house.who, A, &e);
    case 7:
        return parcel ? pack_void(tx, parcel, house.who, A, &e) : 0;
    case 8:
        return back(tx, &p->w, WORK_PICKED);
    case 9:
        return pack_scan(tx, p, parcel_format(code, parcel ? parcel->id : 999),
                         0, house.who, A, &s, &e);
    default:
        return pack_scan(tx, p, sku(walk_dice(2)), some(2), house.who, A, &s,
                         &e);
    }
}

static int pack_work(struct db_tx *tx, void *arg) {
    const struct pack_begin b = {.store_id = 1,
                                 .remote_id = house.order,
                                 .who = house.who,
                                 .take = walk_dice(2),
                                 .again = walk_dice(4) == 0};
    struct pack p;
    struct error e = {0};
    (void)arg;
    if (walk_dice(5) == 0) /* as it is */
        return pack_get(tx, 1, house.order, A, &p) ? pack_acts(tx, &p)
                                                   : ERR_NOT_FOUND;
    int rc = pack_begin(tx, &b, A, &p, &e);
    return rc < 0 ? rc : pack_acts(tx, &p);
}

static int ship_work(struct db_tx *tx, void *arg) {
    struct shipped s;
    struct error e = {0};
    struct ship ship = {.store_id = 1, .remote_id = house.order};
    (void)arg;
    ship.who = house.who;
    for (size_t i = 0; i < sizeof ship.random; i++)
        ship.random[i] = (uint8_t)walk_dice(256);
    return ship_order(tx, &ship, A, &s, &e);
}

/* Of the newest parcel that is on its way, else of any. */
static int carrier_says(struct db_tx *tx, void *arg) {
    static const enum parcel_state words[] = {
        PARCEL_LABEL,     PARCEL_IN_TRANSIT, PARCEL_OUT_FOR_DELIVERY,
        PARCEL_EXCEPTION, PARCEL_IN_TRANSIT, PARCEL_OUT_FOR_DELIVERY,
        PARCEL_EXCEPTION, PARCEL_DELIVERED};
    struct parcel *all;
    struct error e = {0};
    size_t n, at = 0;
    (void)arg;
    assert_int_equal(parcel_of_order(tx, 1, house.order, A, &all, &n), 0);
    for (size_t i = 0; i < n; i++)
        if (parcel_left(all[i].state) && all[i].state != PARCEL_DELIVERED)
            at = i;
    if (n == 0)
        return 0;
    if (walk_dice(4) == 0)
        at = walk_dice((unsigned)n);
    enum parcel_state to = words[walk_dice(sizeof words / sizeof *words)];
    if (to != PARCEL_LABEL)
        return ship_mark(tx, &all[at], to, house.who, "", &e);
    return parcel_left(all[at].state) ? ERR_CONFLICT
                                      : parcel_move(tx, &all[at], to, &e);
}

/* --- the walk ------------------------------------------------------------- */

static const struct {
    int (*act)(struct db_tx *tx, void *arg);
    unsigned weight;
} acts[] = {
    {receive, 3},       {put_right, 2}, {move_goods, 3},  {count_goods, 6},
    {shop_changes, 2},  {hold_it, 3},   {time_passes, 2}, {ship_work, 8},
    {carrier_says, 14}, {NULL, 60}, /* what these hands do */
};

static unsigned draw(void) {
    unsigned all = 0, i = 0;
    for (; i < sizeof acts / sizeof *acts; i++)
        all += acts[i].weight;
    unsigned at = walk_dice(all);
    for (i = 0; at >= acts[i].weight; i++)
        at -= acts[i].weight;
    return i;
}

/* In another's hand who scanned lately: every act on it must be refused. */
static bool is_anothers(const struct work *w) {
    return *w->lease_user && !str_eq(w->lease_user, house.who) &&
           w->idle_ms < WORK_IDLE_MS;
}

/* Mostly the same hands at the same order and at what is next for it, or
 * nothing would ever get done. */
static bool choose(struct db_tx *tx, struct work *w) {
    if (walk_dice(12) == 0 || !house.who) {
        house.who = people[walk_dice(2)];
        house.order = 11 + walk_dice(ORDERS);
    }
    bool open = work_of(tx, 1, house.order, A, w) == 1;
    bool early = !open || w->state == WORK_PICKING;
    bool picks = early ? walk_dice(16) > 0 : walk_dice(4) == 0;
    house.work = picks ? pick_work : pack_work;
    if (open && walk_dice(4))
        for (size_t i = 0; i < sizeof people / sizeof *people; i++)
            if (str_eq(people[i], w->lease_user))
                house.who = people[i];
    return open;
}

void house_step(struct db_tx *tx) {
    struct work w, after;
    bool open = choose(tx, &w);
    unsigned i = draw();
    bool hands = acts[i].act == NULL;
    (void)walk_act(tx, hands ? house.work : acts[i].act,
                   hands && open ? &w : NULL);
    if (hands && open && is_anothers(&w)) {
        assert_int_equal(work_get(tx, w.id, A, &after), 1);
        if (after.version != w.version)
            fail_msg("%s: %s of %s became %s of %s", house.who,
                     work_state_name(w.state), w.lease_user,
                     work_state_name(after.state), after.lease_user);
    }
}
