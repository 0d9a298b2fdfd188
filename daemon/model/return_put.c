#include "model/return_put.h"

#include "common/buf.h"
#include "common/money.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/bin.h"
#include "model/item.h"
#include "model/list.h"
#include "model/lot.h"
#include "model/movement.h"
#include "model/order_event.h"
#include "model/return_row.h"

enum { PIECE_E3 = 1000, SENT_MAX = 64 };

/* --- what is known ---------------------------------------------------------
 */

static int read_item(struct db_tx *tx, const struct return_ *r,
                     const struct return_line *l, struct return_home *h) {
    AUTO_ROWS struct db_rows *rows = NULL;
    enum lot_track t;
    int64_t one;
    int rc =
        db_query(tx, STMT_RETURN_ITEM, &rows, "Si", r->store_id, l->product_id);
    if (rc >= 0)
        rc = db_step(rows);
    if (rc <= 0)
        return rc;
    int64_t item = db_i64(rows, 0);
    h->units = db_i64(rows, 1);
    rc = lot_track_parse(db_text(rows, 2), &t);
    if (rc < 0)
        return rc;
    h->track = lot_track_name(t);
    rc = t == LOT_NONE ? db_value(tx, STMT_MOVEMENT_ANY, &one, "i", item) : 1;
    if (rc > 0)
        h->item_id = item;
    return rc;
}

static int read_sent(struct db_tx *tx, const struct return_ *r,
                     const struct return_line *l, struct arena *a,
                     struct return_home *h) {
    AUTO_ROWS struct db_rows *rows = NULL;
    h->sent = arena_alloc(a, SENT_MAX * sizeof *h->sent);
    int rc = db_query(tx, STMT_RETURN_SENT, &rows, "Siii", r->store_id,
                      r->remote_id, l->line_id, l->part);
    while (rc >= 0 && h->n < SENT_MAX && (rc = db_step(rows)) > 0)
        if (db_i64(rows, 0) == h->item_id)
            h->sent[h->n++] = (struct return_sent){
                db_i64(rows, 1), list_keep(a, db_text(rows, 2)),
                db_i64(rows, 3)};
    return rc;
}

static int read_bin(struct db_tx *tx, const struct return_ *r,
                    const struct return_line *l, struct arena *a,
                    struct return_home *h) {
    AUTO_ROWS struct db_rows *rows = NULL;
    int rc = db_query(tx, STMT_RETURN_SENT_FROM, &rows, "Siii", r->store_id,
                      r->remote_id, l->line_id, l->part);
    if (rc >= 0)
        rc = db_step(rows);
    if (rc > 0)
        h->bin = list_keep(a, db_text(rows, 0));
    return rc;
}

int return_home(struct db_tx *tx, const struct return_ *r,
                const struct return_line *l, struct arena *a,
                struct return_home *ret) {
    struct return_home h = {.units = 1, .track = "none", .bin = ""};
    int rc = read_item(tx, r, l, &h);
    if (rc >= 0 && h.item_id)
        rc = read_sent(tx, r, l, a, &h);
    if (rc >= 0 && h.item_id)
        rc = read_bin(tx, r, l, a, &h);
    if (rc < 0)
        return rc;
    *ret = h;
    return 0;
}

/* All that was sent has come back, or it was one lot alone. */
static bool is_plain(const struct return_home *h, int64_t pieces_e3) {
    int64_t sum = 0;
    bool named = h->n > 0;
    for (size_t i = 0; i < h->n; i++) {
        named = named && h->sent[i].lot_id > 0;
        sum += h->sent[i].pieces_e3;
    }
    return named && (sum == pieces_e3 || (h->n == 1 && sum > pieces_e3));
}

const char *return_home_lots(const struct return_home *h, int64_t pieces_e3,
                             struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[MONEY_TEXT];
    if (!is_plain(h, pieces_e3))
        return "";
    for (size_t i = 0; i < h->n; i++) {
        const struct return_sent *s = &h->sent[i];
        int64_t e3 = s->pieces_e3 < pieces_e3 ? s->pieces_e3 : pieces_e3;
        if (i)
            buf_adds(&b, ", ");
        if (h->n > 1 && e3 != PIECE_E3)
            buf_addf(&b, "%s*", money_format_qty(n, e3));
        buf_adds(&b, s->code);
    }
    return arena_dupn(a, buf_str(&b), b.len);
}

/* --- putting ---------------------------------------------------------------
 */

struct putting {
    struct db_tx *tx;
    const struct return_ *r;
    const struct return_line *l;
    const struct return_put *p;
    struct return_home home;
    struct movement m;
    int64_t left_e3;
    struct error *e;
};

static const char *spoken(const struct return_line *l) {
    return *l->sku ? l->sku : l->name;
}

static int add(struct putting *t, int64_t lot_id, int64_t e3) {
    t->m.lot_id = lot_id;
    t->m.qty_e3 = e3;
    t->left_e3 -= e3;
    return movement_add(t->tx, &t->m, t->e);
}

static bool was_sent(const struct putting *t, int64_t lot_id) {
    for (size_t i = 0; i < t->home.n; i++)
        if (t->home.sent[i].lot_id == lot_id)
            return true;
    return false;
}

/* Another serial than the one that was sold is what fraud looks like: somebody
 * says in words why it is taken all the same, where the order's story is read.
 */
static int unsent(struct putting *t, const char *code, int64_t *lot_id) {
    if (str_empty(t->p->unsent))
        return error_set(t->e, ERR_CONFLICT, "lines",
                         "%.64s was not sent with this order: look at the "
                         "label again, set it aside, or say why it is taken",
                         code);
    int rc =
        *lot_id ? 0 : lot_name(t->tx, t->home.item_id, code, 0, lot_id, t->e);
    if (rc < 0)
        return rc;
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "%s: %s", code, t->p->unsent);
    return order_event_add(t->tx, t->r->store_id, t->r->remote_id,
                           "return_unsent", t->p->who, buf_str(&b));
}

static int put_piece(struct putting *t, const struct return_piece *piece) {
    bool serial = str_eq(t->home.track, "serial");
    int64_t e3 = piece->pieces_e3 ? piece->pieces_e3
                 : serial         ? PIECE_E3
                                  : t->left_e3;
    struct lot lot = {0};
    int rc = lot_by_code(t->tx, t->home.item_id, piece->lot, &lot);
    if (rc < 0)
        return rc;
    if (!(serial ? was_sent(t, lot.id) : lot.id > 0))
        rc = unsent(t, piece->lot, &lot.id);
    if (rc >= 0 && (e3 <= 0 || e3 > t->left_e3))
        rc = error_set(t->e, ERR_INVALID, "lines",
                       "of %.60s fewer are fit than lots are named for",
                       spoken(t->l));
    return rc < 0 ? rc : add(t, lot.id, e3);
}

/* As they were sent, when that leaves no doubt. */
static int put_as_sent(struct putting *t) {
    int rc = 0;
    if (!is_plain(&t->home, t->left_e3))
        return error_set(t->e, ERR_INVALID, "lines",
                         "%.60s is kept by %s: name the one that came back",
                         spoken(t->l), t->home.track);
    for (size_t i = 0; rc >= 0 && t->left_e3 > 0 && i < t->home.n; i++) {
        int64_t sent = t->home.sent[i].pieces_e3;
        rc = add(t, t->home.sent[i].lot_id,
                 sent < t->left_e3 ? sent : t->left_e3);
    }
    return rc;
}

static int put_lots(struct putting *t) {
    size_t named = 0;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < t->p->n; i++)
        if (t->p->pieces[i].line_id == t->l->line_id &&
            t->p->pieces[i].part == t->l->part) {
            named++;
            rc = put_piece(t, &t->p->pieces[i]);
        }
    if (str_eq(t->home.track, "none"))
        return rc < 0 || named ? rc : add(t, 0, t->left_e3);
    if (rc >= 0 && named == 0)
        rc = put_as_sent(t);
    if (rc >= 0 && t->left_e3 > 0)
        rc = error_set(t->e, ERR_INVALID, "lines",
                       "of %.60s more are fit than lots are named for",
                       spoken(t->l));
    return rc;
}

/* 1 and the bin; 0: nothing says where, and nobody must. */
static int find_bin(struct putting *t, struct bin *ret) {
    bool must = !str_eq(t->home.track, "none") || t->l->part > 0;
    int rc = 1;
    if (t->p->bin)
        *ret = *t->p->bin;
    else
        rc = *t->home.bin ? bin_by_code(t->tx, t->home.bin, ret) : 0;
    if (rc == 0 && must)
        return error_set(t->e, ERR_INVALID, "bin",
                         "name the bin %.60s goes into", spoken(t->l));
    if (rc > 0 && ret->quarantine)
        return error_set(t->e, ERR_CONFLICT, "bin",
                         "nothing in %s is for sale: inspect what belongs "
                         "there again, with quarantine",
                         ret->code);
    return rc;
}

int return_put(struct db_tx *tx, const struct return_ *r,
               const struct return_line *l, const struct return_put *p,
               struct error *e) {
    AUTO_ARENA struct arena *a = arena_new(4096);
    struct putting t = {.tx = tx, .r = r, .l = l, .p = p, .e = e};
    char text[RETURN_TEXT];
    struct bin b;
    int rc = return_home(tx, r, l, a, &t.home);
    if (rc >= 0 && !t.home.item_id && p->bin) /* from now on somebody does */
        rc = item_ensure(tx, r->store_id, l->product_id, &t.home.item_id);
    if (rc < 0 || (!t.home.item_id && !l->part))
        return rc;
    if (__builtin_mul_overflow(l->restock_e3, t.home.units, &t.left_e3))
        return ERR_RANGE;
    rc = find_bin(&t, &b);
    if (rc <= 0)
        return rc;
    t.m = (struct movement){.item_id = t.home.item_id,
                            .bin_id = b.id,
                            .reason = "return",
                            .ref = return_text(text, r->id),
                            .author = p->who,
                            .store_id = r->store_id,
                            .order_id = r->remote_id,
                            .line_id = l->line_id,
                            .part = l->part};
    return put_lots(&t);
}
