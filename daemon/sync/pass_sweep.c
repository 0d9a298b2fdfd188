/* A slice of a sweep: some pages of a list by id, from its end to its start,
 * one after another.
 *
 * Happy path: a round begins with the page of the lowest ids, whose header
 * tells how many rows there are; from there on each page is read, applied when
 * it holds whole objects, put beside the mirror (sweep_check.c), and the place
 * is saved with what is to be asked for again. The slice ends when its
 * requests are used up; the next one goes on at the place, after a crash too.
 * Failure modes: a fault ends the slice, the place stays. A page that is too
 * slow or too large is asked for in halves. A shop that lists less than half
 * of what the mirror has, or lacks half of what stood in a slice, is broken or
 * filtered: people are told, nothing is asked or marked. */
#include "sync/pass_sweep.h"

#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "sync/pass.h"
#include "sync/sweep_check.h"

enum { TRUST_MIN = 100 /* fewer rows may come and go as they like */ };

struct sweep {
    enum sweep_kind kind;
    struct sweep_state *state; /* of the store; borrowed */
    struct sweep_place place;  /* as saved */
    int slice;                 /* requests left */
    int size;                  /* rows a page now */
    int64_t from;              /* offset of the page that is out */
    int64_t compared, missing; /* in this slice */
    bool round, doubted;
};

void pass_sweep_set(struct pass *p, enum sweep_kind kind,
                    struct sweep_state *state, int slice) {
    struct sweep *w = p->sweep = NEW(struct sweep);
    w->kind = kind;
    w->state = state;
    w->place = state->place;
    w->slice = slice;
    w->size = p->rows;
    p->total = w->place.total;
    p->done = w->place.left < 0 ? 0 : w->place.total - w->place.left;
    if (sweep_info(kind)->open && !state->seen)
        w->place.left = -1; /* what was seen was lost with a restart */
}

enum sweep_kind pass_sweep_kind(const struct pass *p) {
    return p->sweep->kind;
}

const struct sweep_place *pass_sweep_place(const struct pass *p) {
    return &p->sweep->place;
}

bool pass_sweep_round(const struct pass *p) {
    return p->sweep->round;
}

bool pass_sweep_doubted(const struct pass *p) {
    return p->sweep->doubted;
}

/* -- asking ---------------------------------------------------------------- */

static void ask(struct pass *p, int64_t from, int n) {
    struct sweep *w = p->sweep;
    const struct sweep_info *info = sweep_info(w->kind);
    struct shop_request r;
    request_list(&r, collection_row(p->c)->remote, 1, n, ORDER_BY_ID_ASC);
    request_param_i64(&r, "offset", from);
    if (info->trash)
        request_status(&r, "trash");
    if (info->open)
        request_status(&r, p->open_statuses);
    if (info->mode == SWEEP_IDS)
        request_fields(&r, "id");
    if (info->mode == SWEEP_STOCK)
        request_fields(&r, "id,stock_quantity,stock_status,manage_stock");
    r.retries = 1; /* then smaller pages are the cure */
    struct fetch *f = pass_room(p);
    w->from = from;
    w->slice--;
    f->asked = n;
    pass_fetch(p, f, &r);
}

static bool over(const struct pass *p) {
    return p->sweep->slice <= 0 || p->sweep->round || p->sweep->doubted;
}

static void sweep_pump(struct pass *p) {
    struct sweep *w = p->sweep;
    if (p->outstanding > 0 || over(p))
        return;
    if (w->place.left < 0) {
        ask(p, 0, p->rows);
        return;
    }
    int64_t from = w->place.left > w->size ? w->place.left - w->size : 0;
    ask(p, from, (int)(w->place.left - from));
}

/* -- what came ------------------------------------------------------------- */

static void saved(struct sweep_check *c, int status) {
    struct pass *p = c->arg;
    struct sweep *w = p->sweep;
    if (status < 0) {
        pass_fail(p, status, "sweep", err_message(status));
    } else {
        w->place = c->place;
        w->round = c->place.left < 0 && !c->doubt;
        w->doubted = c->doubt != NULL;
        p->counts.told += (int64_t)c->n_told;
    }
    sweep_check_free(c);
    p->outstanding--;
    if (p->progress)
        p->progress(p, p->arg);
    pass_turn(p);
}

static void fail(struct sweep_check *c, int status) {
    saved(c, status);
}

static void begin_round(struct pass *p, struct sweep_check *c, int64_t total) {
    c->place.left = total;
    c->place.above = INT64_MAX;
    c->place.total = total;
    c->place.started_ms = env_now(p->w.env);
    p->total = total;
    p->done = 0;
    struct sweep_state *s = p->sweep->state;
    free(s->seen);
    s->seen = sweep_info(p->sweep->kind)->open ? NEW(int64_t) : NULL;
    s->n_seen = 0;
}

static void end_round(struct pass *p, struct sweep_check *c) {
    c->place.left = -1;
    c->place.above = INT64_MAX;
    c->place.success_ms = env_now(p->w.env);
    p->done = p->total;
}

static bool incredible(struct sweep *w, const struct sweep_check *c) {
    w->compared += c->compared;
    w->missing += c->missing;
    bool few = c->probe && c->live > TRUST_MIN && c->place.total * 2 < c->live;
    return few || (w->missing > TRUST_MIN && w->missing * 2 > w->compared);
}

static void remember(struct sweep_state *s, const struct sweep_check *c) {
    s->seen = mem_resize(s->seen, s->n_seen + c->n + 1, sizeof *s->seen);
    for (size_t i = 0; i < c->n; i++)
        s->seen[s->n_seen++] = c->items[i].remote_id;
}

static void looked(struct sweep_check *c, int status) {
    struct pass *p = c->arg;
    struct sweep *w = p->sweep;
    if (status < 0) {
        fail(c, status);
        return;
    }
    c->done = saved;
    if (!c->probe) {
        c->place.left = w->from;
        if (c->n && c->items[0].remote_id < c->place.above)
            c->place.above = c->items[0].remote_id;
        p->done = c->place.total - c->place.left;
        if (sweep_info(w->kind)->open)
            remember(w->state, c);
    }
    if (c->last)
        end_round(p, c);
    if (incredible(w, c)) {
        c->doubt = "the shop suddenly lists far less than it had: nothing was "
                   "marked as deleted";
        c->place.left = -1;
        c->place.success_ms = w->place.success_ms;
    }
    int r = sweep_check_save(c);
    if (r < 0)
        fail(c, r);
}

/* A page with a total is the first of a round; when that is all there is, it
 * is compared at once. */
static struct sweep_check *check_of(struct pass *p, const struct fetch *f,
                                    size_t rows) {
    struct sweep *w = p->sweep;
    struct sweep_check *c = NEW(struct sweep_check);
    c->db = p->w.db;
    c->store_id = p->w.store_id;
    c->sent_seq = f->sent_seq;
    c->kind = w->kind;
    c->place = w->place;
    c->done = looked;
    c->arg = p;
    c->high = INT64_MAX;
    if (w->place.left < 0) {
        int64_t total = f->total >= 0 ? f->total : (int64_t)rows;
        begin_round(p, c, total);
        c->probe = total > f->asked;
        c->last = !c->probe;
    } else {
        c->high = w->place.above;
        c->last = w->from == 0;
    }
    c->low = w->from == 0 ? 0 : -1;
    c->seen = w->state->seen;
    c->n_seen = w->state->n_seen;
    return c;
}

static void look(struct pass *p, struct sweep_check *c) {
    p->outstanding++;
    int r = sweep_check_look(c);
    if (r < 0)
        fail(c, r);
}

/* Lists of ids and stock are compared as they are. */
static bool sweep_take(struct pass *p, struct fetch *f, struct shop_answer *a) {
    if (sweep_info(p->sweep->kind)->mode == SWEEP_FULL)
        return false;
    struct sweep_check *c = check_of(p, f, 0);
    c->body = a->http->body;
    a->http->body = (struct buf)BUF_INIT;
    c->json = a->json;
    look(p, c);
    return true;
}

static void sweep_parsed(struct pass *p, struct fetch *f, struct intake *in,
                         const struct page *page) {
    (void)f;
    (void)in;
    if (page->cut)
        pass_fail(p, ERR_SHOP_NOT_JSON, "json", "the shop's answer was cut");
}

/* Whole objects are in the mirror: now what is missing among them. */
static void sweep_applied(struct pass *p, struct fetch *f,
                          const struct intake_result *r) {
    struct sweep_check *c = check_of(p, f, r->page->rows);
    size_t n = r->page->n_ids;
    c->items = mem_zalloc(n ? n : 1, sizeof *c->items);
    for (size_t i = 0; i < n; i++)
        c->items[c->n++].remote_id = r->page->ids[i];
    look(p, c);
}

static bool sweep_fault(struct pass *p, struct fetch *f,
                        const struct shop_fault *e) {
    struct sweep *w = p->sweep;
    bool curable = e->code == ERR_SHOP_TIMEOUT || e->code == ERR_SHOP_BUSY ||
                   e->code == ERR_SHOP_TOO_LARGE;
    if (!curable || w->place.left < 0 || f->asked <= SCAN_SIZE_MIN)
        return false;
    w->size = f->asked / 2 > SCAN_SIZE_MIN ? f->asked / 2 : SCAN_SIZE_MIN;
    return true;
}

static void sweep_done(struct pass *p) {
    free(p->sweep);
    p->sweep = NULL;
}

const struct pass_ops pass_sweep_ops = {
    .step = "sweep",
    .pump = sweep_pump,
    .take = sweep_take,
    .parsed = sweep_parsed,
    .applied = sweep_applied,
    .fault = sweep_fault,
    .finished = over,
    .done = sweep_done,
};
