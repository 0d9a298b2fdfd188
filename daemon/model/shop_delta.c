#include "model/shop_delta.h"

#include "common/arena.h"
#include "common/money.h"
#include "db/sql.h"
#include "model/item.h"
#include "model/list.h"
#include "model/product_list.h"
#include "model/store.h"

enum { LISTINGS_MAX = 64 };

/* A listing while it is told. */
struct listing {
    int64_t store_id, remote_id, units;
};

static int read_listings(struct db_tx *tx, int64_t item_id,
                         struct listing *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int n = 0;
    int rc = db_query(tx, STMT_LISTINGS_OF_ITEM, &r, "i", item_id);
    while (rc >= 0 && n < LISTINGS_MAX && (rc = db_step(r)) > 0)
        ret[n++] = (struct listing){db_i64(r, 0), db_i64(r, 1), db_i64(r, 2)};
    return rc < 0 ? rc : n;
}

/* Whole ones of the shop's, towards fewer: a box that is not full is none. */
static int64_t shop_units(int64_t delta_e3, int64_t units) {
    int64_t one = 1000 * units, n = delta_e3 / one;
    return delta_e3 % one < 0 ? n - 1 : n;
}

static int create(struct db_tx *tx, const struct shop_news *n,
                  const struct listing *l, int64_t whole, struct arena *a,
                  struct shop_told *t) {
    char delta[MONEY_TEXT];
    uint8_t random[10];
    struct change made;
    struct error e = {0};
    const char *text = list_keep(a, money_format_qty(delta, whole * 1000));
    struct change_path path = {.path = "stock", .wanted = text};
    struct change_new c = {.store_id = l->store_id,
                           .remote_id = l->remote_id,
                           .kind = MIRROR_PRODUCT,
                           .act = CHANGE_STOCK,
                           .paths = &path,
                           .n_paths = 1,
                           .author = n->author,
                           .reason = n->reason,
                           .random = random};
    n->random(random, sizeof random);
    int rc = change_create(tx, &c, a, &made, &e);
    if (rc == ERR_DENIED || rc == ERR_CONFLICT || rc == ERR_INVALID ||
        rc == ERR_NOT_FOUND) {
        t->why = list_keep(a, e.detail);
        return 0; /* nothing was written: it is refused before */
    }
    if (rc < 0)
        return rc;
    t->change = list_keep(a, made.uuid);
    t->state = made.state;
    return 0;
}

static int tell(struct db_tx *tx, const struct shop_news *n,
                const struct listing *l, struct arena *a, struct shop_told *t) {
    struct product_item p;
    struct store s = {0};
    int64_t whole = shop_units(n->delta_e3, l->units);
    int rc = store_by_id(tx, l->store_id, &s);
    if (rc > 0)
        rc = product_item_get(tx, l->store_id, l->remote_id, a, &p);
    *t = (struct shop_told){.store_id = l->store_id,
                            .remote_id = l->remote_id,
                            .store = list_keep(a, s.name)};
    store_done(&s);
    if (rc < 0)
        return rc;
    if (rc == 0 || p.gone)
        t->why = "the shop has it no more";
    else if (p.stock_e3 == PRODUCT_NONE)
        t->why = "the shop does not count its stock";
    else if (whole == 0)
        t->why = "less than one of the shop's";
    else
        return create(tx, n, l, whole, a, t);
    return 0;
}

int shop_delta(struct db_tx *tx, const struct shop_news *n, struct arena *a,
               struct shop_told **ret, size_t *ret_n) {
    static const struct db_scope everywhere = {.all = true};
    const struct db_scope *mine = db_get_scope(tx);
    struct listing l[LISTINGS_MAX];
    int got = item_link(tx, n->item_id);
    if (got >= 0)
        got = read_listings(tx, n->item_id, l);
    if (got < 0)
        return got;
    struct shop_told *told = arena_alloc(a, (size_t)(got + 1) * sizeof *told);
    int rc = 0;
    db_set_scope(tx, &everywhere);
    for (int i = 0; rc >= 0 && i < got; i++)
        rc = tell(tx, n, &l[i], a, &told[i]);
    db_set_scope(tx, mine);
    if (rc < 0)
        return rc;
    *ret = told;
    *ret_n = (size_t)got;
    return 0;
}
