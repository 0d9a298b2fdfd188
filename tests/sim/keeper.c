#include "tests/sim/keeper.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "tests/shop/store.h"
#include "tests/sim/door.h"
#include "tests/sim/sim.h"

static const char *const statuses[] = {"pending",   "processing", "on-hold",
                                       "completed", "cancelled",  "failed"};
static const char *const names[] = {"Ada", "Bea", "Cem", "Çağrı", "A & B"};

static int64_t any(struct sim *s, enum kind k) {
    const struct table *t = &door_store(s)->t[k];
    return t->n ? t->v[chance_below(&s->keeper, t->n)]->id : 0;
}

static int tell(struct sim *s, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int tell(struct sim *s, const char *what, const char *fmt, ...) {
    AUTO_BUF struct buf path = BUF_INIT;
    AUTO_BUF struct buf body = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_addv(&body, fmt, ap);
    va_end(ap);
    buf_addf(&path, "/__demo/%s", what);
    int status = door_tell(s, "POST", path.data, "%s", body.data);
    sim_note(s, "keeper %s %s -> %d", what, body.data, status);
    return status;
}

/* -- acts ------------------------------------------------------------------ */

static void status(struct sim *s) {
    (void)tell(s, "edit",
               "{\"kind\":\"orders\",\"id\":%" PRId64
               ",\"patch\":{\"status\":\"%s\"}}",
               any(s, K_ORDER), CHANCE_PICK(&s->keeper, statuses));
}

static void address(struct sim *s) {
    (void)tell(s, "edit",
               "{\"kind\":\"orders\",\"id\":%" PRId64
               ",\"patch\":{\"billing\":{\"first_name\":\"%s\"}}}",
               any(s, K_ORDER), CHANCE_PICK(&s->keeper, names));
}

static void customer_note(struct sim *s) {
    (void)tell(s, "edit",
               "{\"kind\":\"orders\",\"id\":%" PRId64
               ",\"patch\":{\"customer_note\":\"%s\"}}",
               any(s, K_ORDER), CHANCE_PICK(&s->keeper, names));
}

static void sell(struct sim *s) {
    enum kind k = chance_hit(&s->keeper, 5000) ? K_PRODUCT : K_VARIATION;
    (void)tell(s, "sell", "{\"lines\":[{\"%s\":%" PRId64 ",\"quantity\":%d}]}",
               k == K_PRODUCT ? "product_id" : "variation_id", any(s, k),
               (int)chance_of(&s->keeper, 1, 3));
}

static void note(struct sim *s) {
    (void)tell(s, "note", "{\"order_id\":%" PRId64 ",\"note\":\"note %d\"}",
               any(s, K_ORDER), (int)chance_of(&s->keeper, 1, 1000));
}

static void rename_product(struct sim *s) {
    (void)tell(s, "edit",
               "{\"kind\":\"products\",\"id\":%" PRId64
               ",\"patch\":{\"name\":\"%s %d\"}}",
               any(s, K_PRODUCT), "Thing &amp; more",
               (int)chance_of(&s->keeper, 1, 99));
}

/* By hand, or as importers write it: without a date. */
static void stock(struct sim *s) {
    enum kind k = chance_hit(&s->keeper, 5000) ? K_PRODUCT : K_VARIATION;
    (void)tell(s, "edit",
               "{\"kind\":\"%s\",\"id\":%" PRId64 ",\"move_date\":%s,"
               "\"patch\":{\"stock_quantity\":%d}}",
               k == K_PRODUCT ? "products" : "variations", any(s, k),
               chance_hit(&s->keeper, 3000) ? "false" : "true",
               (int)chance_of(&s->keeper, 0, 50));
}

static void price(struct sim *s) {
    (void)tell(s, "edit",
               "{\"kind\":\"variations\",\"id\":%" PRId64
               ",\"patch\":{\"regular_price\":\"%d.50\"}}",
               any(s, K_VARIATION), (int)chance_of(&s->keeper, 1, 99));
}

static void person(struct sim *s) {
    (void)tell(s, "edit",
               "{\"kind\":\"customers\",\"id\":%" PRId64
               ",\"patch\":{\"first_name\":\"%s\"}}",
               any(s, K_CUSTOMER), CHANCE_PICK(&s->keeper, names));
}

/* Those the shop began with: one of ours has nothing but its name to be known
 * by. */
static void category(struct sim *s) {
    enum { LAST = 22 };
    if (any(s, K_CATEGORY) > LAST)
        return;
    (void)tell(s, "edit",
               "{\"kind\":\"categories\",\"id\":%" PRId64
               ",\"patch\":{\"name\":\"Cat %d\"}}",
               chance_of(&s->keeper, LAST - 7, LAST),
               (int)chance_of(&s->keeper, 1, 99));
}

static void orders(struct sim *s) {
    (void)tell(s, "orders", "{\"n\":%d}", (int)chance_of(&s->keeper, 1, 3));
}

static void delete (struct sim *s) {
    static const enum kind kinds[] = {
        K_ORDER, K_ORDER, K_PRODUCT, K_VARIATION, K_CUSTOMER, K_REFUND, K_NOTE};
    enum kind k = CHANCE_PICK(&s->keeper, kinds);
    (void)tell(s, "delete", "{\"kind\":\"%s\",\"id\":%" PRId64 ",\"trash\":%s}",
               store_kind_name(k), any(s, k),
               chance_hit(&s->keeper, 6000) ? "true" : "false");
}

static void refund(struct sim *s) {
    char path[96];
    int64_t id = any(s, K_ORDER);
    (void)snprintf(path, sizeof path,
                   "/wp-json/wc/v3/orders/%" PRId64 "/refunds", id);
    int r = door_tell(s, "POST", path,
                      "{\"amount\":\"%d.00\",\"api_refund\":false,"
                      "\"api_restock\":false,\"reason\":\"%s\"}",
                      (int)chance_of(&s->keeper, 1, 3),
                      CHANCE_PICK(&s->keeper, names));
    sim_note(s, "keeper refunds order %" PRId64 " -> %d", id, r);
}

static void new_customer(struct sim *s) {
    int r = door_tell(s, "POST", "/wp-json/wc/v3/customers",
                      "{\"email\":\"c%d@example.test\",\"first_name\":\"%s\"}",
                      (int)chance_of(&s->keeper, 1, 100000),
                      CHANCE_PICK(&s->keeper, names));
    sim_note(s, "keeper: a new customer -> %d", r);
}

/* The shop's own clock is set, a little. */
static void clock_set(struct sim *s) {
    int jump_s = (int)chance_of(&s->keeper, -5, 5);
    s->set_back |= jump_s < 0;
    (void)tell(s, "clock", "{\"jump_s\":%d}", jump_s);
}

static void storage(struct sim *s) {
    struct store *st = door_store(s);
    st->hpos = !st->hpos;
    sim_note(s, "keeper: orders are kept as %s now",
             st->hpos ? "HPOS" : "posts");
}

static void (*const acts[])(struct sim *s) = {
    status, status, address, customer_note, sell,           sell,   note,
    orders, stock,  stock,   price,         rename_product, person, category,
    delete, delete, refund,  new_customer,  clock_set,
};

/* Those that move the date of what they change, on HPOS. */
static void trash_order(struct sim *s) {
    (void)tell(s, "delete",
               "{\"kind\":\"orders\",\"id\":%" PRId64 ",\"trash\":true}",
               any(s, K_ORDER));
}

static void stock_by_hand(struct sim *s) {
    (void)tell(s, "edit",
               "{\"kind\":\"products\",\"id\":%" PRId64
               ",\"patch\":{\"stock_quantity\":%d}}",
               any(s, K_PRODUCT), (int)chance_of(&s->keeper, 0, 50));
}

static void (*const dated_acts[])(struct sim *s) = {
    status, address, customer_note, sell,          orders,
    price,  refund,  trash_order,   stock_by_hand, rename_product,
};

/* -- time ------------------------------------------------------------------ */

static void act(void *arg) {
    struct sim *s = arg;
    if (s->quiet)
        return;
    s->counts.acts++;
    if (chance_hit(&s->keeper, 100) && !s->style.dated)
        storage(s);
    /* seldom alone: a shop has busy minutes */
    int64_t n = chance_hit(&s->keeper, 2000) ? chance_of(&s->keeper, 2, 6) : 1;
    while (n--)
        (s->style.dated ? CHANCE_PICK(&s->keeper, dated_acts)
                        : CHANCE_PICK(&s->keeper, acts))(s);
    int64_t wait = chance_of(&s->keeper, 0, 2 * s->style.keeper_ms);
    (void)agenda_add(&s->agenda, NULL, wait, act, s);
}

void keeper_begin(struct sim *s) {
    if (s->style.keeper_ms)
        (void)agenda_add(&s->agenda, NULL, 0, act, s);
}
