/* What was read decides what becomes of a change: one row of the table of moves
 * per finding and step. Nothing is sent or stored here. */
#include "common/err.h"
#include "common/str.h"
#include "model/cause.h"
#include "model/list.h"
#include "sync/push.h"

static struct change_outcome *ends(struct push_move *m, enum change_state s,
                                   const char *code, const char *cause) {
    m->fate.o =
        (struct change_outcome){.state = s, .code = code, .cause = cause};
    return &m->fate.o;
}

void push_said(struct push_move *m, const struct shop_fault *f,
               struct change_outcome *o) {
    o->cause = fault_cause(f, m->arena);
    o->text = o->cause ? NULL : list_keep(m->arena, f->text);
}

/* The same as a fault says. */
static struct change_outcome *ends_as(struct push_move *m, enum change_state s,
                                      const struct shop_fault *f) {
    struct change_outcome *o = ends(m, s, err_name(f->code), NULL);
    push_said(m, f, o);
    return o;
}

static void not_known(const struct push_move *m, struct change_outcome *o,
                      int64_t wait_ms) {
    o->next_ms = push_now(m) + wait_ms;
    o->result_id = m->view.posted_id;
}

void push_unknown(struct push_move *m, int64_t wait_ms, int code,
                  const char *cause) {
    m->fate = (struct push_fate){.wake = true};
    not_known(m, ends(m, CHANGE_UNKNOWN, err_name(code), cause), wait_ms);
}

void push_unheard(struct push_move *m, int64_t wait_ms,
                  const struct shop_fault *f) {
    m->fate = (struct push_fate){.wake = true};
    not_known(m, ends_as(m, CHANGE_UNKNOWN, f), wait_ms);
}

/* --- before a write ------------------------------------------------------- */

static void after_check(struct push_move *m, const struct push_finding *f) {
    struct change_outcome *o;
    switch (f->found) {
    case PUSH_THERE:
        o = ends(m, CHANGE_CONFIRMED, "already_so", f->cause);
        o->result_id = f->result_id;
        break;
    case PUSH_CONFLICT:
        o = ends(m, CHANGE_CONFLICT, err_name(ERR_CONFLICT), f->cause);
        o->theirs = f->theirs;
        break;
    case PUSH_REFUSED:
        (void)ends(m, CHANGE_REFUSED, err_name(ERR_SHOP_INVALID), f->cause);
        break;
    case PUSH_DOUBT: /* two looks, or a person, decided that it goes out */
    case PUSH_ABSENT:
        m->fate.send = true;
        m->fate.mark = m->view.first ? f->mark : 0;
        m->fate.op = f->op;
    }
    m->before = m->view.read[PUSH_OBJECT];
    if (m->c.act == CHANGE_TRACKING)
        m->way = push_judge_way(&m->view);
}

/* --- after a write -------------------------------------------------------- */

/* Our list has the number, the note is still to come: the change goes on from
 * the start, where what is there already is seen. */
static bool half_told(const struct push_move *m, const struct push_finding *f) {
    return m->c.act == CHANGE_TRACKING && m->way == ENCODE_META &&
           f->found == PUSH_ABSENT && push_judge_way(&m->view) == ENCODE_TELL;
}

static void after_write(struct push_move *m, const struct push_finding *found) {
    struct push_finding f = *found;
    if (half_told(m, &f)) {
        (void)ends(m, CHANGE_QUEUED, "", NULL);
        return;
    }
    if (f.found == PUSH_THERE && !f.cause)
        f.cause =
            push_judge_reset(&m->view, m->before, m->view.read[PUSH_OBJECT]);
    if (f.found != PUSH_THERE)
        push_judge_lost(&m->view, m->before, m->answer, &f);
    bool there = f.found == PUSH_THERE;
    struct change_outcome *o =
        ends(m, there ? CHANGE_CONFIRMED : CHANGE_REFUSED,
             there ? "" : err_name(ERR_SHOP_INVALID), f.cause);
    o->result_id = f.result_id ? f.result_id : m->view.posted_id;
}

/* The shop said there is one: ours, that came through unheard, or another's. */
static void after_exists(struct push_move *m, const struct push_finding *f) {
    bool ours = f->found == PUSH_THERE;
    struct change_outcome *o =
        ends(m, ours ? CHANGE_CONFIRMED : CHANGE_REFUSED,
             ours ? "" : err_name(ERR_SHOP_CONFLICT), NULL);
    if (!ours)
        push_said(m, m->taken, o);
    o->result_id = f->result_id;
    m->fate.wake = ours;
}

/* --- looking for one whose answer never came ------------------------------ */

/* To set a value twice is to set it once. */
static bool absolute(enum change_act a) {
    return a == CHANGE_SET || a == CHANGE_TRASH || a == CHANGE_UNTRASH;
}

/* Why it is not known stays as it was said. */
static struct change_outcome *stays(struct push_move *m, enum change_state s) {
    struct change_outcome *o = ends(m, s, m->c.code, m->c.cause);
    o->text = m->c.text;
    return o;
}

/* Not there. It is queued again when it cannot come any more: two looks after
 * the quiet time; one that came too early does not count. */
static void missed(struct push_move *m, const struct push_finding *f) {
    const struct store_sync *ss = m->push->ss;
    int64_t now = push_now(m);
    int64_t quiet = m->c.sent_ms + push_quiet_ms(&ss->engine->o, &ss->store);
    struct change_outcome *o;
    if (absolute(m->c.act)) {
        (void)ends(m, CHANGE_QUEUED, "", NULL);
        return;
    }
    if (now < quiet && m->c.sent_ms > 0) {
        stays(m, CHANGE_UNKNOWN)->next_ms = quiet;
        return;
    }
    m->fate.op = f->op;
    o = stays(m, m->c.looks > 0 ? CHANGE_QUEUED : CHANGE_UNKNOWN);
    o->looked = true;
    o->next_ms = m->c.looks > 0 ? 0 : now + PUSH_SECOND_LOOK_MS;
}

static void after_look(struct push_move *m, const struct push_finding *f) {
    struct change_outcome *o;
    if (f->found == PUSH_THERE) {
        o = ends(m, CHANGE_CONFIRMED, "", f->cause);
        o->result_id = f->result_id;
    } else if (f->found == PUSH_DOUBT) {
        o = ends(m, CHANGE_UNKNOWN, m->c.code, cause_plain(CAUSE_DOUBT));
        o->ambiguous = o->looked = true;
    } else {
        missed(m, f);
    }
    m->fate.wake = f->found == PUSH_THERE;
}

void push_conclude(struct push_move *m) {
    struct push_finding f;
    push_judge(&m->view, &f);
    switch (m->step) {
    case PUSH_CHECK:
        after_check(m, &f);
        break;
    case PUSH_EXISTS:
        after_exists(m, &f);
        break;
    case PUSH_LOOK:
        after_look(m, &f);
        break;
    default:
        after_write(m, &f);
    }
}

/* --- when reading failed -------------------------------------------------- */

static bool object_gone(const struct push_move *m, const struct shop_fault *f) {
    return f->code == ERR_SHOP_NOT_FOUND &&
           (m->c.act != CHANGE_CREATE || m->step == PUSH_VERIFY ||
            m->c.remote_id > 0);
}

/* It went while it was written, or nothing was made of it. The check before a
 * write says the same of one that is looked for. Of a category that is what was
 * wanted. */
static void unread_gone(struct push_move *m) {
    bool made = m->c.act == CHANGE_CREATE;
    if (m->c.act == CHANGE_TRASH && m->c.kind == MIRROR_CATEGORY)
        (void)ends(m, CHANGE_CONFIRMED,
                   m->step == PUSH_CHECK ? "already_so" : "", NULL);
    else if (m->step == PUSH_LOOK)
        (void)ends(m, CHANGE_QUEUED, "", NULL);
    else
        (void)ends(m, CHANGE_REFUSED, err_name(ERR_SHOP_NOT_FOUND),
                   cause_plain(made ? CAUSE_NOTHING_KEPT : CAUSE_GONE));
    m->fate.gone = !made;
}

void push_unread(struct push_move *m, const struct shop_fault *f) {
    if (object_gone(m, f))
        unread_gone(m);
    else if (m->step == PUSH_CHECK)
        ends_as(m, CHANGE_QUEUED, f)->next_ms = push_hold(m, f);
    else if (m->step == PUSH_LOOK)
        ends_as(m, CHANGE_UNKNOWN, f)->next_ms = push_hold(m, f);
    else
        push_unheard(m, push_hold(m, f) - push_now(m), f);
}
