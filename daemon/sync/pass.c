#include "sync/pass.h"

#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"

struct pass *pass_new(const struct pass_ops *ops, const struct pass_where *w,
                      enum sync_collection c, const struct checkpoint *cp) {
    struct pass *p = NEW(struct pass);
    p->ops = ops;
    p->w = *w;
    p->c = c;
    p->cp = *cp;
    p->prio = SHOP_INCREMENTAL;
    return p;
}

void pass_free(struct pass *p) {
    if (!p)
        return;
    REQUIRE(p->outstanding == 0);
    p->w.env->cancel(p->w.env->self, p->turn);
    if (p->ops->done)
        p->ops->done(p);
    free(p->ids);
    free(p);
}

void pass_turn(struct pass *p) {
    if (!p->stopping && p->status == 0)
        p->ops->pump(p);
    bool over = p->stopping || p->status < 0 || p->ops->finished(p);
    if (p->outstanding > 0 || !over)
        return;
    pass_end_fn end = p->end;
    p->end = NULL;
    if (end)
        end(p, p->arg);
}

static void turn_due(void *arg) {
    struct pass *p = arg;
    p->turn = NULL;
    pass_turn(p);
}

/* Callers of start and stop never see `end` from inside their call. */
static void turn_soon(struct pass *p) {
    if (!p->turn)
        p->turn = p->w.env->timer(p->w.env->self, 0, turn_due, p);
}

void pass_start(struct pass *p, pass_end_fn end, pass_progress_fn progress,
                void *arg) {
    p->end = end;
    p->progress = progress;
    p->arg = arg;
    p->started_mono = env_mono(p->w.env);
    rate_init(&p->rate, p->started_mono);
    turn_soon(p);
}

struct fetch *pass_room(struct pass *p) {
    for (int i = 0; i < PASS_FETCHES; i++)
        if (!p->fetches[i].used)
            return &p->fetches[i];
    return NULL;
}

static void release(struct fetch *f) {
    f->pass->outstanding--;
    f->used = false;
    f->one = false;
    f->window = NULL;
}

void pass_fail(struct pass *p, int code, const char *where, const char *text) {
    if (p->status < 0)
        return;
    p->status = error_set(&p->error, code, where, "%s", text);
}

/* -- an answer's way ----------------------------------------------------- */

static void on_parsed(void *arg, struct intake *in, const struct page *page) {
    struct fetch *f = arg;
    struct pass *p = f->pass;
    if (p->status < 0)
        return;
    p->ops->parsed(p, f, in, page);
    if (!p->stopping)
        p->ops->pump(p);
}

static void add_counts(struct pass *p, const struct intake_result *r) {
    p->counts.rows += r->stats.seen;
    p->counts.inserted += r->stats.inserted;
    p->counts.changed += r->stats.changed;
    p->counts.same += r->stats.same;
    p->counts.stale += r->stats.stale;
    p->counts.aside += (int64_t)r->page->n_aside;
    rate_add(&p->rate, env_mono(p->w.env), r->stats.seen);
}

static void on_applied(void *arg, const struct intake_result *r) {
    struct fetch *f = arg;
    struct pass *p = f->pass;
    if (r->status < 0) {
        pass_fail(p, r->status, r->error.where, r->error.detail);
    } else {
        add_counts(p, r);
        p->ops->applied(p, f, r);
    }
    release(f);
    if (p->progress)
        p->progress(p, p->arg);
    pass_turn(p);
}

static void take_in(struct fetch *f, struct shop_answer *a) {
    struct pass *p = f->pass;
    const struct collection_row *row = collection_row(p->c);
    struct intake_options o = {
        .db = p->w.db,
        .env = p->w.env,
        .read = {p->w.store_id, a->sent_seq, p->bulk},
        .kind = row->kind,
        .parent_id = row->kind == MIRROR_NOTE ? f->id : 0,
        .compare = p->compare,
        .skip_same = p->skip_same,
        .parsed = on_parsed,
        .done = on_applied,
        .arg = f,
    };
    intake_start(&o, &a->http->body, a->json);
}

static void on_fault(struct fetch *f, const struct shop_fault *e) {
    struct pass *p = f->pass;
    bool cured = p->status == 0 && !p->stopping && p->ops->fault &&
                 p->ops->fault(p, f, e);
    if (!cured)
        pass_fail(p, e->code, e->hop, e->text);
    release(f);
    pass_turn(p);
}

/* An error object or an empty list with status 200 proves nothing: taken for a
 * page it would lose one. */
static bool is_asked_for(const struct fetch *f, const struct json_slice *s) {
    return s->n > 0 && s->p[0] == (f->one ? '{' : '[');
}

static void refuse(struct shop_answer *a, const char *text) {
    a->fault.code = ERR_SHOP_NOT_JSON;
    (void)str_copy(a->fault.hop, sizeof a->fault.hop, "json");
    (void)str_copy(a->fault.text, sizeof a->fault.text, text);
}

static void on_answer(void *arg, struct shop_answer *a) {
    struct fetch *f = arg;
    struct pass *p = f->pass;
    f->call = NULL;
    p->counts.requests += a->attempts;
    if (a->fault.code == 0 && !is_asked_for(f, &a->json))
        refuse(a, f->one ? "the shop's answer is no object"
                         : "the shop's answer is no list");
    if (a->fault.code < 0) {
        on_fault(f, &a->fault);
        return;
    }
    f->total = a->total;
    f->date_ms = a->date_ms;
    f->sent_seq = a->sent_seq;
    if (p->shop_date_ms == 0)
        p->shop_date_ms = a->date_ms;
    if (p->ops->take && p->ops->take(p, f, a)) {
        release(f);
        pass_turn(p);
        return;
    }
    take_in(f, a);
    if (!p->stopping && p->status == 0)
        p->ops->pump(p);
}

void pass_fetch(struct pass *p, struct fetch *f, const struct shop_request *r) {
    REQUIRE(!f->used);
    f->pass = p;
    f->used = true;
    f->total = -1;
    f->date_ms = 0;
    p->outstanding++;
    f->call = shop_get(p->w.shop, p->prio, r, on_answer, f);
}

void pass_stop(struct pass *p, int status) {
    p->stopping = true;
    if (status < 0)
        pass_fail(p, status, "", err_message(status));
    for (int i = 0; i < PASS_FETCHES; i++) {
        struct fetch *f = &p->fetches[i];
        if (!f->used || !f->call)
            continue;
        shop_cancel(f->call);
        f->call = NULL;
        release(f);
    }
    if (p->outstanding == 0 && p->end)
        turn_soon(p);
}

void pass_saw(struct pass *p, const int64_t *ids, size_t n) {
    if (n == 0)
        return;
    if (p->n_ids + n > p->cap_ids) {
        p->cap_ids = (p->n_ids + n) * 2;
        p->ids = mem_resize(p->ids, p->cap_ids, sizeof *p->ids);
    }
    memcpy(p->ids + p->n_ids, ids, n * sizeof *ids);
    p->n_ids += n;
}
