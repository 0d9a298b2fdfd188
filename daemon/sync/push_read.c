/* Reading for a move: one thing after another, each applied to the mirror as
 * any other read is; the last one together with what it means for the change.
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/arena.h"
#include "common/err.h"
#include "db/db.h"
#include "model/cause.h"
#include "sync/push.h"
#include "sync/push_find.h"

static void ask(struct push_move *m);

/* After a refund or a note nothing but the list of them is of interest; after a
 * creation, the object; and of one whose number the shop has told before. */
static int what_at(const struct push_move *m, int i) {
    if (m->c.act == CHANGE_CREATE &&
        (m->step == PUSH_VERIFY || m->c.remote_id > 0))
        return i == 0 ? PUSH_OBJECT : -1;
    if (m->step == PUSH_VERIFY && m->c.act == CHANGE_REFUND)
        return i == 0 ? PUSH_REFUNDS : -1;
    return push_judge_read(&m->view, i);
}

void push_read_start(struct push_move *m, enum push_step step) {
    m->step = step;
    m->reads = 0;
    m->view.first = step == PUSH_CHECK && m->c.attempts == 0;
    for (int i = 0; i < PUSH_READS; i++)
        m->view.read[i] = NULL;
    m->what = (enum push_read)what_at(m, 0);
    ask(m);
}

/* A stop between two reads: what was written is not left without its change.
 */
static void break_off(struct push_move *m) {
    if (m->step == PUSH_CHECK || m->step == PUSH_LOOK) {
        push_end(m);
        return;
    }
    push_unknown(m, 0, ERR_CANCELLED, cause_plain(CAUSE_STOPPED));
    push_commit(m);
}

static void read_next(struct push_move *m) {
    if (m->push->stopping) {
        break_off(m);
        return;
    }
    m->what = (enum push_read)what_at(m, ++m->reads);
    ask(m);
}

/* --- applying ------------------------------------------------------------- */

static void applied(void *arg, const struct intake_result *r) {
    struct push_move *m = arg;
    if (m->last) {
        push_committed(m, r->status);
    } else if (r->status < 0) {
        const struct shop_fault f = {.code = r->status};
        push_unread(m, &f);
        push_commit(m);
    } else {
        read_next(m);
    }
}

static enum mirror_kind kind_of(const struct push_move *m) {
    return m->what == PUSH_NOTES     ? MIRROR_NOTE
           : m->what == PUSH_REFUNDS ? MIRROR_REFUND
                                     : m->c.kind;
}

static void apply(struct push_move *m, struct shop_answer *a) {
    const struct sync_options *o = &m->push->ss->engine->o;
    struct intake_options in = {
        .db = o->db,
        .env = o->env,
        .read = {m->c.store_id, a->sent_seq, false},
        .kind = kind_of(m),
        .parent_id = m->what == PUSH_OBJECT ? m->c.parent_id : m->c.remote_id,
        .also = m->last ? push_commit_job : NULL,
        .done = applied,
        .arg = m};
    intake_start(&in, &a->http->body, a->json);
}

/* Lists that only tell what a change is are no part of the mirror. */
static bool mirrored(const struct push_move *m) {
    return m->what != PUSH_FIND && m->what != PUSH_FIND_TRASH &&
           m->what != PUSH_FULFILLMENTS;
}

static void go_on(struct push_move *m, struct shop_answer *a) {
    int next = what_at(m, m->reads + 1);
    m->last = next < 0;
    if (m->last)
        push_conclude(m);
    if (mirrored(m))
        apply(m, a); /* takes it up from here */
    else if (m->last)
        push_commit(m);
    else
        read_next(m);
}

/* --- answers -------------------------------------------------------------- */

/* The JSON of an answer as a tree of the move's; NULL when it is not what was
 * asked for. */
static const struct json *tree(struct push_move *m,
                               const struct shop_answer *a) {
    const struct json *v = NULL;
    enum json_type want = m->what == PUSH_OBJECT ? JSON_OBJECT : JSON_ARRAY;
    if (a->json.n == 0 ||
        json_parse(m->arena, a->json.p, a->json.n, NULL, &v, NULL) < 0 ||
        json_type(v) != want)
        return NULL;
    return v;
}

static void answered(void *arg, struct shop_answer *a) {
    struct push_move *m = arg;
    m->call = NULL;
    m->fate = (struct push_fate){.seq = a->sent_seq};
    const struct json *v = a->fault.code ? NULL : tree(m, a);
    if (v) {
        backoff_reset(&m->push->backoff);
        m->view.read[m->what] = v;
        go_on(m, a);
        return;
    }
    if (!a->fault.code) {
        a->fault.code = ERR_SHOP_NOT_JSON;
        a->fault.cause = CAUSE_NOT_ASKED_FOR;
    }
    push_unread(m, &a->fault);
    push_commit(m);
}

static void below(struct shop_request *r, const struct push_move *m,
                  const char *what) {
    char path[REQUEST_PATH];
    (void)snprintf(path, sizeof path, "/wc/v3/orders/%" PRId64 "/%s",
                   m->c.remote_id, what);
    request_init(r, HTTP_GET, path);
}

static void request(const struct push_move *m, struct shop_request *r) {
    struct change made = m->c;
    switch (m->what) {
    case PUSH_NOTES:
        request_notes(r, m->c.remote_id);
        break;
    case PUSH_REFUNDS:
        below(r, m, "refunds");
        request_param_i64(r, "per_page", 100);
        break;
    case PUSH_FULFILLMENTS:
        below(r, m, "fulfillments");
        break;
    case PUSH_FIND:
    case PUSH_FIND_TRASH:
        push_find_request(&m->view, m->what == PUSH_FIND_TRASH, r);
        break;
    default:
        if (made.remote_id == 0)
            made.remote_id = m->view.posted_id;
        encode_route(&made, r);
    }
}

static void ask(struct push_move *m) {
    struct shop_request r;
    request(m, &r);
    m->call = shop_get(m->push->ss->shop, SHOP_INTERACTIVE, &r, answered, m);
}
