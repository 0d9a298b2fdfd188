#include "model/lot.h"

#include <stdatomic.h>
#include <string.h>

#include "common/check.h"
#include "common/money.h"
#include "common/str.h"
#include "common/zone.h"
#include "db/sql.h"
#include "model/bin.h"
#include "model/item.h"
#include "model/movement.h"

enum { PIECE_E3 = 1000, DAY_MS = 24 * 60 * 60 * 1000 };

/* As item.track has them; people say "none" for the first. */
static const char *const tracks[LOT_TRACKS] = {
    [LOT_NONE] = "", [LOT_BATCH] = "lot", [LOT_SERIAL] = "serial"};

const char *lot_track_name(enum lot_track t) {
    REQUIRE(t < LOT_TRACKS);
    return t == LOT_NONE ? "none" : tracks[t];
}

int lot_track_parse(const char *track, enum lot_track *ret) {
    for (int t = 0; t < LOT_TRACKS; t++)
        if (str_eq(tracks[t], track)) {
            *ret = (enum lot_track)t;
            return 0;
        }
    return ERR_DB;
}

int lot_track_of(struct db_tx *tx, int64_t item_id, enum lot_track *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ITEM_TRACK, &r, "i", item_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    return lot_track_parse(db_text(r, 0), ret);
}

/* Pieces that are there already go on without a lot until somebody who looks at
 * their labels counts them; but what has a name keeps it. */
int lot_track_set(struct db_tx *tx, int64_t item_id, enum lot_track t,
                  struct error *e) {
    enum lot_track now;
    int64_t one;
    int rc = lot_track_of(tx, item_id, &now);
    if (rc < 0 || now == t)
        return rc;
    rc = db_value(tx, STMT_LOT_ANY_LEFT, &one, "i", item_id);
    if (rc > 0)
        return error_set(e, ERR_CONFLICT, "tracking",
                         "pieces of it lie in bins by %s: take them out first, "
                         "or their names are lost",
                         tracks[now]);
    if (rc >= 0)
        rc = db_run(tx, STMT_ITEM_SET_TRACK, "si", tracks[t], item_id);
    return rc < 0 ? rc : item_refresh(tx, item_id);
}

/* --- one ------------------------------------------------------------------ */

/* Columns of the lot statements. */
static void read_lot(struct db_rows *r, struct lot *ret) {
    *ret = (struct lot){.id = db_i64(r, 0),
                        .item_id = db_i64(r, 1),
                        .expires_ms = db_i64(r, 3),
                        .qty_e3 = db_i64(r, 4)};
    (void)str_copy(ret->code, sizeof ret->code, db_text(r, 2));
}

static int read_one(struct db_rows *r, int rc, struct lot *ret) {
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        read_lot(r, ret);
    return rc;
}

int lot_get(struct db_tx *tx, int64_t id, struct lot *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LOT_GET, &r, "i", id);
    return read_one(r, rc, ret);
}

int lot_by_code(struct db_tx *tx, int64_t item_id, const char *code,
                struct lot *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LOT_BY_CODE, &r, "is", item_id, code);
    return read_one(r, rc, ret);
}

const char *lot_ask_name(enum lot_ask a) {
    static const char *const names[] = {"", "lot", "serial", "expires"};
    REQUIRE((size_t)a < sizeof names / sizeof *names);
    return names[a];
}

int lot_asks(struct db_tx *tx, int64_t item_id, const char *code, bool dated,
             enum lot_ask *ret) {
    enum lot_track t;
    struct lot l;
    int rc = lot_track_of(tx, item_id, &t);
    if (rc < 0)
        return rc;
    *ret = LOT_ASK_NOTHING;
    if (t == LOT_NONE)
        return 0;
    if (str_empty(code)) {
        *ret = t == LOT_SERIAL ? LOT_ASK_SERIAL : LOT_ASK_LOT;
        return 0;
    }
    if (t == LOT_SERIAL || dated) /* few serials expire: told, not asked */
        return 0;
    rc = lot_by_code(tx, item_id, code, &l);
    if (rc == 0)
        *ret = LOT_ASK_DAY;
    return rc < 0 ? rc : 0;
}

/* Labels carry blanks too ("LOT 12 A"), but none at the ends, where a person
 * does not see them, and nothing a line of text trips over. A dash is what
 * people type for none. */
static bool is_code(const char *s) {
    size_t n = strlen(s);
    if (n == 0 || n >= LOT_CODE || s[0] == ' ' || s[n - 1] == ' ' ||
        str_eq(s, "-"))
        return false;
    for (; *s; s++)
        if (*s < ' ' || *s > '~' || strchr("\"\\", *s))
            return false;
    return true;
}

/* What a label says is said once. Two days for one lot are a misread label:
 * picking by expiry would rest on whichever came last. */
static int same_day(struct db_tx *tx, const struct lot *l, int64_t expires_ms,
                    struct error *e) {
    if (expires_ms == 0 || l->expires_ms == expires_ms)
        return 0;
    if (l->expires_ms == 0)
        return lot_set_expires(tx, l, expires_ms);
    return error_set(e, ERR_CONFLICT, "expires",
                     "%s was said to expire on another day: look at the label "
                     "again, and correct the lot if it is this one",
                     l->code);
}

int lot_name(struct db_tx *tx, int64_t item_id, const char *code,
             int64_t expires_ms, int64_t *ret_id, struct error *e) {
    enum lot_track t;
    struct lot l;
    int rc = lot_track_of(tx, item_id, &t);
    if (rc >= 0 && t == LOT_NONE)
        return error_set(e, ERR_INVALID, "lot",
                         "it is not kept by lots or serials: name none");
    if (rc >= 0 && !is_code(code))
        return error_set(e, ERR_INVALID, "lot",
                         "a lot or serial is 1 to %d letters, digits and "
                         "signs, without quotes",
                         LOT_CODE - 1);
    if (rc >= 0)
        rc = lot_by_code(tx, item_id, code, &l);
    if (rc > 0) {
        rc = same_day(tx, &l, expires_ms, e);
    } else if (rc == 0) {
        rc = db_run(tx, STMT_LOT_ADD, "isii", item_id, code, expires_ms,
                    db_now(tx));
        l.id = db_last_id(tx);
    }
    if (rc < 0)
        return rc;
    *ret_id = l.id;
    return 0;
}

int lot_set_expires(struct db_tx *tx, const struct lot *l, int64_t expires_ms) {
    int rc = db_run(tx, STMT_LOT_EXPIRES, "ii", expires_ms, l->id);
    return rc < 0 ? rc : item_refresh(tx, l->item_id);
}

/* --- how long it is good ---------------------------------------------------
 */

static const struct zone *_Atomic house_zone;
static _Atomic int64_t soon_days = 30;

void lot_set_zone(const struct zone *z) {
    atomic_store(&house_zone, z);
}

void lot_set_soon(int64_t days) {
    atomic_store(&soon_days, days);
}

/* A label's day is kept as its start in UTC: so is the house's clock read, that
 * both are days of the same calendar. */
static int64_t house_clock(int64_t now_ms) {
    return now_ms +
           INT64_C(1000) * zone_offset(atomic_load(&house_zone), now_ms);
}

bool lot_expired(const struct lot *l, int64_t now_ms) {
    return l->expires_ms > 0 && house_clock(now_ms) >= l->expires_ms + DAY_MS;
}

int64_t lot_until(int64_t now_ms, int64_t days) {
    return house_clock(now_ms) +
           (days < 0 ? atomic_load(&soon_days) : days) * DAY_MS;
}

bool lot_expires_soon(const struct lot *l, int64_t now_ms) {
    return l->expires_ms > 0 && !lot_expired(l, now_ms) &&
           l->expires_ms <= lot_until(now_ms, -1);
}

bool lot_pickable(const struct lot *l, const struct bin *b, int64_t qty_e3,
                  int64_t now_ms) {
    return qty_e3 > 0 && !b->quarantine && !b->disabled &&
           !lot_expired(l, now_ms);
}

int lot_each(struct db_tx *tx, int64_t item_id,
             int (*fn)(const struct lot *l, const struct bin *b, int64_t qty_e3,
                       void *arg),
             void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LOTS_OF_ITEM, &r, "i", item_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct bin b = {.id = db_i64(r, 6),
                        .place = db_i64(r, 9),
                        .quarantine = db_i64(r, 10) != 0,
                        .disabled = db_i64(r, 11) != 0};
        struct lot l;
        read_lot(r, &l);
        (void)str_copy(b.code, sizeof b.code, db_text(r, 7));
        (void)str_copy(b.zone, sizeof b.zone, db_text(r, 8));
        rc = fn(&l, &b, db_i64(r, 5), arg);
        if (rc != 0)
            return rc;
    }
    return rc;
}

int lot_quarantined(struct db_tx *tx, int64_t id, int64_t *ret_e3) {
    int64_t e3 = 0;
    int rc = db_value(tx, STMT_LOT_QUARANTINED, &e3, "i", id);
    if (rc < 0)
        return rc;
    *ret_e3 = e3;
    return 0;
}

int lot_expiring(struct db_tx *tx, int64_t until_ms, const struct lot *after,
                 int (*fn)(const struct lot *l, void *arg), void *arg) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LOTS_EXPIRING, &r, "iii", until_ms,
                      after->expires_ms, after->id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        struct lot l;
        read_lot(r, &l);
        rc = fn(&l, arg);
        if (rc != 0)
            return rc;
    }
    return rc;
}

/* --- movements ------------------------------------------------------------ */

static int here(struct db_tx *tx, const struct movement *m, int64_t *ret_e3) {
    *ret_e3 = 0;
    int rc =
        db_value(tx, STMT_LOT_BALANCE_GET, ret_e3, "ii", m->lot_id, m->bin_id);
    return rc < 0 ? rc : 0;
}

int lot_lies(struct db_tx *tx, int64_t item_id, int64_t lot_id, int64_t bin_id,
             int64_t *ret_e3) {
    int64_t e3 = 0, named = 0;
    int rc = lot_id
                 ? db_value(tx, STMT_LOT_BALANCE_GET, &e3, "ii", lot_id, bin_id)
                 : movement_balance(tx, item_id, bin_id, &e3);
    if (rc >= 0 && !lot_id)
        rc = db_value(tx, STMT_LOTS_IN_BIN_SUM, &named, "ii", item_id, bin_id);
    if (rc < 0)
        return rc;
    *ret_e3 = e3 - named;
    return 0;
}

int lot_held(struct db_tx *tx, int64_t id, int64_t *ret_work) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_LOT_IN_HAND, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        *ret_work = db_i64(r, 0);
    return rc;
}

/* A serial is one piece, and the world has it once: what lies in a bin or is in
 * somebody's hand cannot come again. One that left with an order may. */
static int check_serial(struct db_tx *tx, const struct movement *m,
                        const struct lot *l, bool arrives, struct error *e) {
    int64_t work = 0;
    if (m->qty_e3 != PIECE_E3 && m->qty_e3 != -PIECE_E3)
        return error_set(e, ERR_INVALID, "qty",
                         "a serial is one piece: name one serial for each");
    if (m->qty_e3 < 0 || arrives)
        return 0;
    if (l->qty_e3 > 0)
        return error_set(e, ERR_CONFLICT, "lot",
                         "serial %s lies in a bin already", l->code);
    int rc = lot_held(tx, l->id, &work);
    return rc <= 0 ? rc
                   : error_set(e, ERR_CONFLICT, "lot",
                               "serial %s was picked for P-%lld", l->code,
                               (long long)work);
}

static int check_named(struct db_tx *tx, const struct movement *m,
                       enum lot_track t, bool arrives, struct error *e) {
    char have[MONEY_TEXT];
    struct lot l;
    int64_t lies = 0;
    int rc = lot_get(tx, m->lot_id, &l);
    if (rc <= 0 || l.item_id != m->item_id)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    if (t == LOT_SERIAL)
        rc = check_serial(tx, m, &l, arrives, e);
    if (rc >= 0)
        rc = here(tx, m, &lies);
    if (rc < 0)
        return rc;
    if (m->qty_e3 < 0 && !m->below && lies + m->qty_e3 < 0)
        return error_set(e, ERR_CONFLICT, "lot", "there are only %s of %s",
                         money_format_qty(have, lies), l.code);
    return 0;
}

/* What lay there before the item asked for lots may go without one; all else
 * has one. */
static int check_nameless(struct db_tx *tx, const struct movement *m,
                          enum lot_track t, int64_t here_e3, struct error *e) {
    char have[MONEY_TEXT];
    int64_t named = 0;
    if (m->below)
        return 0;
    int rc =
        db_value(tx, STMT_LOTS_IN_BIN_SUM, &named, "ii", m->item_id, m->bin_id);
    if (rc < 0)
        return rc;
    if (m->qty_e3 < 0 && here_e3 - named + m->qty_e3 >= 0)
        return 0;
    if (m->qty_e3 > 0)
        return error_set(e, ERR_INVALID, "lot",
                         "it is kept by %s: name the one that came", tracks[t]);
    return error_set(
        e, ERR_INVALID, "lot",
        "it is kept by %s: name one; only %s there have none", tracks[t],
        money_format_qty(have, here_e3 > named ? here_e3 - named : 0));
}

int lot_check(struct db_tx *tx, const struct movement *m, int64_t here_e3,
              bool arrives, struct error *e) {
    enum lot_track t;
    int rc = lot_track_of(tx, m->item_id, &t);
    if (rc < 0)
        return rc;
    if (t == LOT_NONE)
        return m->lot_id
                   ? error_set(e, ERR_INVALID, "lot",
                               "it is not kept by lots or serials: name none")
                   : 0;
    if (m->lot_id)
        return check_named(tx, m, t, arrives, e);
    return arrives ? 0 : check_nameless(tx, m, t, here_e3, e);
}

static int write_part(struct db_tx *tx, const struct movement *m, int64_t e3) {
    int rc = e3 > 0 ? db_run(tx, STMT_LOT_BALANCE_ADD, "iii", m->lot_id,
                             m->bin_id, e3)
                    : db_run(tx, STMT_LOT_BALANCE_TAKE, "iii", -e3, m->lot_id,
                             m->bin_id);
    if (rc >= 0)
        rc = db_run(tx, STMT_LOT_BALANCE_DROP_ZERO, "ii", m->lot_id, m->bin_id);
    if (rc >= 0)
        rc = db_run(tx, STMT_LOT_QTY, "ii", e3, m->lot_id);
    return rc;
}

/* A balance may be less than nothing when figures and shelf disagree, a lot may
 * not: what is taken beyond it is taken of no lot, for a count to cure. */
int lot_moved(struct db_tx *tx, const struct movement *m, int64_t *ret_e3) {
    int64_t e3 = m->qty_e3, lies = 0;
    int rc = e3 < 0 ? here(tx, m, &lies) : 0;
    if (e3 < 0 && -e3 > lies)
        e3 = -lies;
    if (rc >= 0 && e3 != 0)
        rc = write_part(tx, m, e3);
    if (rc < 0)
        return rc;
    *ret_e3 = e3;
    return 0;
}

int lot_rebuild(struct db_tx *tx, int64_t item_id) {
    int rc = db_run(tx, STMT_LOT_BALANCE_CLEAR, "i", item_id);
    if (rc >= 0)
        rc = db_run(tx, STMT_LOT_BALANCE_FILL, "i", item_id);
    if (rc >= 0)
        rc = db_run(tx, STMT_LOT_QTY_DERIVE, "i", item_id);
    return rc < 0 ? rc : 0;
}
