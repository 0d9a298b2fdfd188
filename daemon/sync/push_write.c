/* The write itself, and what its answer means. Only an answer says that it was
 * done; only what certainly never reached the shop's code is sent again
 * without a look. */
#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"
#include "model/cause.h"
#include "sync/push.h"

enum {
    ANSWER_MAX = 4096,
    FRESH_MS = 30000 /* the check before a write is good for that long */
};

static bool read_only(const struct shop_fault *f) {
    return f->code == ERR_SHOP_PERMISSION &&
           str_eq(f->shop_code, "woocommerce_rest_authentication_error");
}

enum push_after push_after_of(const struct shop_fault *f, int attempts) {
    if (f->code == 0)
        return PUSH_DONE;
    if (attempts == 0)
        return f->code == ERR_TOO_BIG ? PUSH_AGAINST : PUSH_AGAIN;
    if (f->unknown || f->code == ERR_CANCELLED || f->code == ERR_SHOP_BUSY ||
        f->code == ERR_SHOP_TIMEOUT)
        return PUSH_UNKNOWN;
    if (f->code == ERR_SHOP_CONFLICT)
        return PUSH_TAKEN;
    /* the key may do other things, but not this one: a person decides */
    if (f->code == ERR_SHOP_PERMISSION)
        return read_only(f) ? PUSH_AGAIN : PUSH_AGAINST;
    return f->retry == SHOP_RETRY_NEVER ? PUSH_AGAINST : PUSH_AGAIN;
}

/* --- how it ends ---------------------------------------------------------- */

static void keep_answer(struct push_move *m, const struct shop_answer *a) {
    if (a->json.n > 0 && a->json.n <= ANSWER_MAX)
        m->fate.o.answer = arena_dupn(m->arena, a->json.p, a->json.n);
}

static void against(struct push_move *m, const struct shop_answer *a) {
    m->fate = (struct push_fate){
        .o = {.state = CHANGE_REFUSED, .code = err_name(a->fault.code)},
        .wake = a->fault.code == ERR_SHOP_NOT_FOUND};
    push_said(m, &a->fault, &m->fate.o);
    keep_answer(m, a);
    push_commit(m);
}

/* The key lost its right to write: all waits until it has a better one. */
static void forbidden(struct push_move *m, const struct shop_fault *f) {
    struct store_sync *ss = m->push->ss;
    m->fate.read_only = true;
    ss->store.can_write = false;
    store_sync_state(ss, f->code, f->text);
}

static void again(struct push_move *m, const struct shop_answer *a) {
    m->fate = (struct push_fate){.o = {.state = CHANGE_QUEUED,
                                       .code = err_name(a->fault.code),
                                       .next_ms = push_hold(m, &a->fault)}};
    push_said(m, &a->fault, &m->fate.o);
    if (read_only(&a->fault))
        forbidden(m, &a->fault);
    push_commit(m);
}

/* A creation may have come through before, a thing may be in the trash
 * already; anything else that is taken is another's. */
static void taken(struct push_move *m, const struct shop_answer *a) {
    struct shop_fault *f = arena_alloc(m->arena, sizeof *f);
    *f = a->fault;
    m->taken = f;
    m->view.posted_id = 0;
    if (m->c.act == CHANGE_CREATE)
        push_read_start(m, PUSH_EXISTS);
    else if (m->c.act == CHANGE_TRASH)
        push_read_start(m, PUSH_VERIFY);
    else
        against(m, a);
}

static bool creates(const struct push_move *m) {
    return m->c.act == CHANGE_CREATE || m->c.act == CHANGE_NOTE ||
           m->c.act == CHANGE_REFUND ||
           (m->c.act == CHANGE_TRACKING &&
            (m->way == ENCODE_FULFILLMENT || m->way == ENCODE_TELL));
}

/* An answer that is not about the object is no answer. */
static bool understood(struct push_move *m, const struct shop_answer *a) {
    const struct json *v = NULL;
    int64_t id = 0;
    if (json_parse(m->arena, a->json.p, a->json.n, NULL, &v, NULL) < 0 ||
        json_i64(json_get(v, "id"), true, &id) < 0 || id <= 0)
        return false;
    if (!creates(m) && id != m->c.remote_id)
        return false;
    m->answer = v;
    if (creates(m))
        m->view.posted_id = id;
    return true;
}

static void good(struct push_move *m, const struct shop_answer *a) {
    if (!understood(m, a)) {
        push_unknown(
            m, push_quiet_ms(&m->push->ss->engine->o, &m->push->ss->store),
            ERR_SHOP_NOT_JSON, cause_plain(CAUSE_NOT_ABOUT_IT));
        push_commit(m);
        return;
    }
    /* whatever was sent before now may show it as it was */
    m->barrier = m->push->ss->engine->seq;
    if (m->push->stopping) {
        push_unknown(m, 0, ERR_CANCELLED, cause_plain(CAUSE_STOPPED));
        push_commit(m);
        return;
    }
    push_read_start(m, PUSH_VERIFY);
}

static void answered(void *arg, struct shop_answer *a) {
    struct push_move *m = arg;
    m->call = NULL;
    switch (push_after_of(&a->fault, a->attempts)) {
    case PUSH_DONE:
        good(m, a);
        break;
    case PUSH_UNKNOWN:
        push_unheard(
            m, push_quiet_ms(&m->push->ss->engine->o, &m->push->ss->store),
            &a->fault);
        push_commit(m);
        break;
    case PUSH_AGAIN:
        again(m, a);
        break;
    case PUSH_TAKEN:
        taken(m, a);
        break;
    case PUSH_AGAINST:
        against(m, a);
    }
}

void push_write(struct push_move *m) {
    AUTO_BUF struct buf body = BUF_INIT;
    struct shop_request r;
    if (m->c.act == CHANGE_TRACKING)
        encode_tracking(&m->c, m->way, m->before, &r, &body);
    else
        encode_change(&m->c, &r, &body);
    r.within_ms = FRESH_MS;
    m->step = PUSH_WRITE;
    m->c.attempts++;
    m->c.state = CHANGE_SENDING;
    m->call = shop_send(m->push->ss->shop, SHOP_INTERACTIVE, &r, answered, m);
}
