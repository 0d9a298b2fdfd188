#include "rpc/pick_view.h"

#include "common/buf.h"
#include "common/ref.h"
#include "common/str.h"
#include "common/when.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/lot.h"

enum { ID = 24 };

static const char *pick_id(char dst[ID], char letter, int64_t id) {
    (void)str_format(dst, ID, "%c-%lld", letter, (long long)id);
    return dst;
}

static const char *list_id(char dst[ID], const struct pick *p) {
    return p->wave_id ? pick_id(dst, 'W', p->wave_id)
                      : pick_id(dst, 'P', p->works[0].id);
}

static const char *order_ref(char dst[REF_TEXT], const struct work *work) {
    struct ref ref = {.kind = REF_OBJECT, .id = work->remote_id};
    (void)str_copy(ref.store, sizeof ref.store, work->store);
    return ref_format(dst, &ref);
}

static size_t lines_left(const struct pick *p) {
    size_t n = 0;
    for (size_t i = 0; i < p->n_lines; i++)
        n += pick_due(&p->lines[i].l);
    return n;
}

/* Members of pick_order. */
static int write_order(struct rpc_call *call, struct db_tx *tx,
                       const struct work *work, struct jsonw *w) {
    char id[ID], ref[REF_TEXT];
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_ORDER_NUMBER_OF, &r, "Si", work->store_id,
                      work->remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc < 0)
        return rc;
    (void)call;
    jsonw_kstring(w, "pick", pick_id(id, 'P', work->id));
    jsonw_kstring(w, "ref", order_ref(ref, work));
    jsonw_kstring(w, "number", rc > 0 ? db_text(r, 0) : "");
    jsonw_kstring(w, "state", work_state_name(work->state));
    jsonw_kstring(w, "tote", work->tote);
    jsonw_kstring(w, "who", work->lease_user);
    return 0;
}

/* "L2407 2026-12-14", or "": nothing is left to pick, or any piece will do. */
static int say_lot(struct db_tx *tx, const struct pick *p,
                   const struct pick_line *l, struct buf *out) {
    char day[WHEN_DAY];
    struct lot lot;
    int rc = pick_left(&l->l) > 0
                 ? pick_proposes(tx, &p->works[l->work], &l->l, &lot)
                 : 0;
    if (rc <= 0)
        return rc;
    buf_adds(out, lot.code);
    if (lot.expires_ms)
        buf_addf(out, " %s", when_day_text(day, lot.expires_ms));
    return 0;
}

static void write_line(struct jsonw *w, const struct pick *p,
                       const struct pick_line *l, const char *lot) {
    const struct work *work = &p->works[l->work];
    char id[ID], ref[REF_TEXT];
    jsonw_begin_object(w);
    jsonw_kstring(w, "pick", pick_id(id, 'P', work->id));
    jsonw_kstring(w, "ref", order_ref(ref, work));
    jsonw_kstring(w, "tote", work->tote);
    jsonw_ki64(w, "line", l->l.line_id);
    jsonw_ki64(w, "part", l->l.part);
    jsonw_kstring(w, "sku", l->l.sku);
    jsonw_kstring(w, "name", l->l.name);
    jsonw_kstring(w, "bin", l->l.bin);
    jsonw_kstring(w, "lot", lot);
    jsonw_kstring(w, "bundle", l->l.bundle);
    jsonw_kbool(w, "optional", l->l.optional);
    jsonw_kqty(w, "quantity", l->l.want_e3);
    jsonw_kqty(w, "picked", l->l.picked_e3);
    jsonw_kqty(w, "short", l->l.short_e3);
    jsonw_kstring(w, "reason", l->l.short_reason);
    jsonw_kstring(w, "way", l->l.short_way);
    jsonw_end_object(w);
}

static void write_last(struct jsonw *w, const struct pick *p) {
    char id[ID];
    jsonw_key(w, "last");
    if (!p->last_work) {
        jsonw_null(w);
        return;
    }
    jsonw_begin_object(w);
    jsonw_kstring(w, "pick", pick_id(id, 'P', p->last_work));
    jsonw_ki64(w, "line", p->last_line);
    jsonw_ki64(w, "part", p->last_part);
    jsonw_end_object(w);
}

/* In whose hand it is: the whole list is in one. */
static void write_hand(struct jsonw *w, const struct pick *p) {
    const struct work *first = &p->works[0];
    for (size_t i = 1; i < p->n_works; i++)
        if (p->works[i].lease_ms > first->lease_ms)
            first = &p->works[i];
    jsonw_kstring(w, "who", first->lease_user);
    jsonw_ki64(w, "idle", first->idle_ms > 0 ? first->idle_ms / 1000 : 0);
}

int pick_view_whole(struct rpc_call *call, struct db_tx *tx,
                    const struct pick *p) {
    char id[ID];
    int rc = 0;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", list_id(id, p));
    jsonw_kstring(w, "kind", p->kind);
    write_hand(w, p);
    jsonw_ki64(w, "left", (int64_t)lines_left(p));
    write_last(w, p);
    jsonw_key(w, "orders");
    jsonw_begin_array(w);
    for (size_t i = 0; rc >= 0 && i < p->n_works; i++) {
        jsonw_begin_object(w);
        rc = write_order(call, tx, &p->works[i], w);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    jsonw_key(w, "lines");
    jsonw_begin_array(w);
    for (size_t i = 0; rc >= 0 && i < p->n_lines; i++) {
        AUTO_BUF struct buf lot = BUF_INIT;
        rc = say_lot(tx, p, &p->lines[i], &lot);
        write_line(w, p, &p->lines[i], buf_str(&lot));
    }
    jsonw_end_array(w);
    jsonw_end_object(w);
    return rc;
}

void pick_view_scan(struct rpc_call *call, const struct pick *p,
                    const struct pick_scan *s, const char *code,
                    const char *verdict) {
    const struct work_line *line = NULL;
    char id[ID];
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->works[p->lines[i].work].id == s->work_id &&
            p->lines[i].l.line_id == s->line_id &&
            p->lines[i].l.part == s->part)
            line = &p->lines[i].l;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "verdict", verdict);
    jsonw_kstring(w, "code", code);
    jsonw_kstring(w, "name", s->name);
    jsonw_kstring(w, "pick", pick_id(id, 'P', s->work_id));
    jsonw_ki64(w, "line", s->line_id);
    jsonw_ki64(w, "part", s->part);
    jsonw_kstring(w, "tote", s->tote);
    jsonw_kqty(w, "quantity", line ? line->want_e3 : 0);
    jsonw_kqty(w, "picked", line ? line->picked_e3 : 0);
    jsonw_kqty(w, "short", line ? line->short_e3 : 0);
    jsonw_ki64(w, "left", (int64_t)lines_left(p));
    jsonw_end_object(w);
}

int pick_view_row(struct rpc_call *call, struct db_tx *tx,
                  const struct work *work, struct jsonw *w) {
    struct work_line *l;
    size_t n, left = 0;
    char wave[ID];
    int rc = work_lines(tx, work->id, call_arena(call), &l, &n);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        left += pick_due(&l[i]);
    jsonw_begin_object(w);
    rc = write_order(call, tx, work, w);
    jsonw_kstring(w, "wave",
                  work->wave_id ? pick_id(wave, 'W', work->wave_id) : NULL);
    jsonw_ktime(w, "since",
                str_empty(work->lease_user) ? 0 : work->lease_since_ms);
    jsonw_ki64(w, "idle", work->idle_ms > 0 ? work->idle_ms / 1000 : 0);
    jsonw_ktime(w, "begun", work->begun_ms);
    jsonw_ki64(w, "lines", (int64_t)n);
    jsonw_ki64(w, "left", (int64_t)left);
    jsonw_end_object(w);
    return rc;
}

int pick_view_audit(struct rpc_call *call, struct db_tx *tx,
                    const struct pick *p, const char *code) {
    AUTO_BUF struct buf payload = BUF_INIT;
    char id[ID], ref[REF_TEXT];
    struct jsonw w;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "pick", list_id(id, p));
    if (code)
        jsonw_kstring(&w, "code", code);
    jsonw_end_object(&w);
    return call_audit(call, tx, p->wave_id ? id : order_ref(ref, &p->works[0]),
                      buf_str(&payload));
}
