#include "model/ship.h"

#include <string.h>
#include <strings.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/jsonw.h"
#include "common/str.h"
#include "model/change.h"
#include "model/line_part.h"
#include "model/order_event.h"
#include "model/pack_room.h"
#include "model/parcel_row.h"

struct shipping {
    struct db_tx *tx;
    const struct ship *s;
    struct arena *a;
    struct error *e;
    struct parcel *all; /* of the order */
    size_t n_all;
    const struct parcel *go[SHIP_MAX]; /* those that leave now */
    size_t n_go;
    int n_changes;
    struct shipped *ret;
};

/* --- which ---------------------------------------------------------------- */

static bool waits(const struct parcel *p) {
    return p->state == PARCEL_CREATED || p->state == PARCEL_LABEL;
}

static int add(struct shipping *g, const struct parcel *p) {
    char name[PARCEL_TEXT];
    if (g->n_go == SHIP_MAX)
        return error_set(g->e, ERR_TOO_BIG, "parcels", "at most %d at once",
                         SHIP_MAX);
    if (p->tracking[0] && !p->carrier[0])
        return error_set(g->e, ERR_INVALID, "carrier",
                         "%s has a tracking number: say who carries it",
                         parcel_format(name, p->id));
    g->go[g->n_go++] = p;
    return 0;
}

static int choose_one(struct shipping *g, int64_t id) {
    char name[PARCEL_TEXT];
    (void)parcel_format(name, id);
    for (size_t i = 0; i < g->n_all; i++) {
        const struct parcel *p = &g->all[i];
        if (p->id != id)
            continue;
        if (parcel_left(p->state))
            return 0; /* pressed twice */
        return waits(p) ? add(g, p)
                        : error_set(g->e, ERR_CONFLICT, "parcels",
                                    "%s is %s: finish packing first", name,
                                    parcel_state_name(p->state));
    }
    return error_set(g->e, ERR_NOT_FOUND, "parcels", "it has no parcel %s",
                     name);
}

static int choose(struct shipping *g) {
    bool any = false;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && g->s->ids && i < g->s->n; i++)
        rc = choose_one(g, g->s->ids[i]);
    for (size_t i = 0; rc >= 0 && i < g->n_all; i++) {
        any |= waits(&g->all[i]) || parcel_left(g->all[i].state);
        if (!g->s->ids && waits(&g->all[i]))
            rc = add(g, &g->all[i]);
    }
    if (rc >= 0 && !any)
        rc = error_set(g->e, ERR_CONFLICT, "ref",
                       "nothing of it is packed: pack it first");
    return rc;
}

/* --- may it leave ------------------------------------------------------ */

static int refuse_changed(unsigned parts, struct error *e) {
    AUTO_BUF struct buf b = BUF_INIT;
    for (int i = 0; i < WORK_PARTS; i++)
        if (parts & 1u << i)
            buf_addf(&b, "%s%s", b.len ? ", " : "",
                     work_part_name((enum work_part)(1u << i)));
    return error_set(e, ERR_CONFLICT, "ref",
                     "the shop changed it since it was packed (%s): look at it "
                     "on the Pack screen and accept it, or put it back",
                     buf_str(&b));
}

/* Held, cancelled, refunded, changed: whatever was packed stays here. */
static int check(const struct shipping *g) {
    struct pack p;
    int rc = work_may_ship(g->tx, g->s->store_id, g->s->remote_id, g->a, g->e);
    if (rc < 0)
        return rc;
    rc = pack_get(g->tx, g->s->store_id, g->s->remote_id, g->a, &p);
    return rc > 0 && p.stop ? refuse_changed(p.stop, g->e) : rc;
}

/* --- what the shop is told --------------------------------------------- */

static int change(struct shipping *g, enum change_act act, const char *payload,
                  const struct change_path *path, int64_t *ret_id) {
    uint8_t seed[12], all[DIGEST_SHA256];
    memcpy(seed, g->s->random, sizeof g->s->random);
    seed[10] = (uint8_t)g->n_changes++;
    seed[11] = (uint8_t)act;
    digest_sha256(seed, sizeof seed, all);
    const struct change_new n = {.store_id = g->s->store_id,
                                 .remote_id = g->s->remote_id,
                                 .kind = MIRROR_ORDER,
                                 .act = act,
                                 .paths = path,
                                 .n_paths = path ? 1 : 0,
                                 .payload = payload,
                                 .author = g->s->who,
                                 .random = all};
    struct change made;
    int rc = change_create(g->tx, &n, g->a, &made, g->e);
    if (rc < 0)
        return rc;
    g->ret->any_change = true;
    if (ret_id)
        *ret_id = made.id;
    return 0;
}

/* How many of its line a part counts as. */
static int64_t bundles(const struct parcel_line *l) {
    int64_t e3 = l->part ? line_part_bundles(l->qty_e3, l->per_e3) : l->qty_e3;
    return l->part && e3 % 1000 ? e3 - e3 % 1000 + 1000 : e3;
}

/* Parts are the shop's line: it knows no others. The bundle is said to be in
 * every parcel with a part of it, as often as the most complete part is. */
static int64_t items_of(const struct parcel_line *l, size_t n, size_t i) {
    int64_t most = 0;
    for (size_t k = 0; k < n; k++)
        if (l[k].line_id == l[i].line_id && bundles(&l[k]) > most)
            most = bundles(&l[k]);
    return most;
}

static void write_items(struct jsonw *w, const struct parcel_line *l,
                        size_t n) {
    jsonw_key(w, "items");
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && l[i].line_id == l[i - 1].line_id)
            continue; /* by line and part */
        jsonw_begin_object(w);
        jsonw_ki64(w, "line", l[i].line_id);
        jsonw_kqty(w, "quantity", items_of(l, n, i));
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static int track(struct shipping *g, const struct parcel *p, bool notify) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct parcel_line *l;
    struct jsonw w;
    size_t n;
    int64_t id = 0;
    int rc = parcel_lines(g->tx, p->id, g->a, &l, &n);
    if (rc < 0)
        return rc;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "number", p->tracking);
    jsonw_kstring(&w, "carrier", p->carrier);
    jsonw_kstring(&w, "url", p->url);
    write_items(&w, l, n);
    jsonw_kbool(&w, "notify", notify);
    jsonw_end_object(&w);
    rc = change(g, CHANGE_TRACKING, buf_str(&b), NULL, &id);
    return rc < 0 ? rc : parcel_told(g->tx, p->id, id);
}

static void say_parcel(struct buf *out, const struct parcel *p) {
    buf_addf(out, "%s%s %s", out->len ? "\n" : "", p->carrier, p->tracking);
    if (p->url[0])
        buf_addf(out, "\n%s", p->url);
}

/* One word to the customer for all of them. */
static int tell_customer(struct shipping *g) {
    AUTO_BUF struct buf text = BUF_INIT;
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    for (size_t i = 0; i < g->n_go; i++)
        if (g->go[i]->tracking[0])
            say_parcel(&text, g->go[i]);
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "text", buf_str(&text));
    jsonw_kbool(&w, "customer", true);
    jsonw_end_object(&w);
    return change(g, CHANGE_NOTE, buf_str(&b), NULL, NULL);
}

static int tell_shop(struct shipping *g) {
    size_t tracked = 0;
    int rc = 0;
    for (size_t i = 0; i < g->n_go; i++)
        tracked += g->go[i]->tracking[0] != '\0';
    for (size_t i = 0; rc >= 0 && i < g->n_go; i++)
        if (g->go[i]->tracking[0])
            rc = track(g, g->go[i], tracked == 1);
    return rc >= 0 && tracked > 1 ? tell_customer(g) : rc;
}

/* --- leaving ----------------------------------------------------------- */

static int leave(struct shipping *g, const struct parcel *p) {
    AUTO_BUF struct buf b = BUF_INIT;
    char name[PARCEL_TEXT];
    buf_addf(&b, "%s %s %s", parcel_format(name, p->id), p->carrier,
             p->tracking);
    int rc = parcel_move(g->tx, p, PARCEL_SHIPPED, g->e);
    return rc < 0 ? rc
                  : order_event_add(g->tx, g->s->store_id, g->s->remote_id,
                                    "shipped", g->s->who, buf_str(&b));
}

/* Is all that was wanted in parcels, and have all of them left? What was
 * declared short is still owed, so it completes nothing. */
static bool all_gone(const struct pack *p) {
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->lines[i].packed_e3 < p->lines[i].want_e3)
            return false;
    return p->w.state == WORK_PACKED;
}

static bool any_here(const struct pack *p) {
    for (size_t i = 0; i < p->n_parcels; i++)
        if (p->parcels[i].state < PARCEL_SHIPPED)
            return true;
    return false;
}

static int complete(struct shipping *g) {
    const struct change_path to = {.path = "status", .wanted = "\"completed\""};
    int rc = change(g, CHANGE_SET, NULL, &to, NULL);
    if (rc >= 0)
        g->ret->completed = true;
    return rc;
}

/* The work ends with its last parcel; the order only when nothing is owed. */
static int end(struct shipping *g) {
    struct pack p;
    int rc = pack_get(g->tx, g->s->store_id, g->s->remote_id, g->a, &p);
    if (rc <= 0 || any_here(&p) || p.w.state != WORK_PACKED)
        return rc;
    if (all_gone(&p))
        rc = complete(g);
    return rc < 0 ? rc : work_move(g->tx, &p.w, WORK_DONE, g->s->who, g->e);
}

int ship_order(struct db_tx *tx, const struct ship *s, struct arena *a,
               struct shipped *ret, struct error *e) {
    struct shipped done = {0};
    struct shipping g = {.tx = tx, .s = s, .a = a, .e = e, .ret = &done};
    int rc =
        parcel_of_order(tx, s->store_id, s->remote_id, a, &g.all, &g.n_all);
    if (rc >= 0)
        rc = choose(&g);
    if (rc >= 0 && g.n_go == 0) {
        *ret = done;
        return 0;
    }
    if (rc >= 0)
        rc = check(&g);
    for (size_t i = 0; rc >= 0 && i < g.n_go; i++)
        rc = leave(&g, g.go[i]);
    if (rc >= 0)
        rc = tell_shop(&g);
    if (rc >= 0)
        rc = end(&g);
    if (rc < 0)
        return rc;
    done.n = g.n_go;
    *ret = done;
    return 0;
}

int ship_mark(struct db_tx *tx, const struct parcel *p, enum parcel_state to,
              const char *who, const char *note, struct error *e) {
    AUTO_BUF struct buf b = BUF_INIT;
    char name[PARCEL_TEXT];
    if (!parcel_left(p->state))
        return error_set(e, ERR_CONFLICT, "id", "%s is %s: it has not left yet",
                         parcel_format(name, p->id),
                         parcel_state_name(p->state));
    buf_addf(&b, "%s%s%s", parcel_format(name, p->id), note[0] ? " " : "",
             note);
    int rc = parcel_move(tx, p, to, e);
    return rc < 0 ? rc
                  : order_event_add(tx, p->store_id, p->remote_id,
                                    parcel_state_name(to), who, buf_str(&b));
}

/* --- where a parcel can be followed
 * ------------------------------------------- */

static const char *fill_in(const char *t, size_t n, const char *tracking,
                           struct arena *a) {
    static const char place[] = "{tracking}";
    AUTO_BUF struct buf b = BUF_INIT;
    for (size_t i = 0; i < n;) {
        if (n - i >= sizeof place - 1 &&
            memcmp(t + i, place, sizeof place - 1) == 0) {
            buf_adds(&b, tracking);
            i += sizeof place - 1;
        } else {
            buf_addc(&b, t[i++]);
        }
    }
    return arena_dupn(a, buf_str(&b), b.len);
}

const char *ship_url(const char *templates, const char *carrier,
                     const char *tracking, struct arena *a) {
    size_t name = strlen(carrier);
    for (const char *t = templates; t && *t;) {
        size_t n = strcspn(t, " ");
        if (name > 0 && n > name + 1 && t[name] == '=' &&
            strncasecmp(t, carrier, name) == 0)
            return fill_in(t + name + 1, n - name - 1, tracking, a);
        t += n + strspn(t + n, " ");
    }
    return "";
}
