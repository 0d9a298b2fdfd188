/* The transactions of a move. Each is one move of the change's states with all
 * that belongs to it: what was read, the barrier, the ledger, what is to be
 * read again. */
#include "common/check.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/str.h"
#include "db/db.h"
#include "model/cause.h"
#include "model/wake.h"
#include "sync/push.h"

enum { AGAIN_MS = 1000 };

DEFINE_CLEANUP(struct arena *, commit_arena, arena_free)

/* --- the job -------------------------------------------------------------- */

static int mark_gone(struct db_tx *tx, const struct push_move *m) {
    const struct mirror_read read = {m->c.store_id, m->fate.seq, false};
    if (!m->fate.gone)
        return 0;
    int rc = mirror_mark_gone(tx, &read, m->c.kind, m->c.remote_id, 2);
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* The object of a write that was answered: reads sent before that are stale,
 * and its relations are others now too. */
static int tell_reads(struct db_tx *tx, const struct push_move *m) {
    int64_t id = m->c.remote_id ? m->c.remote_id : m->fate.o.result_id;
    bool through = m->fate.o.state == CHANGE_CONFIRMED;
    bool again =
        m->fate.wake ||
        (through && (m->c.act == CHANGE_REFUND || m->c.act == CHANGE_TRACKING));
    int rc = 0;
    if (m->barrier > 0 && id > 0)
        rc = change_barrier(tx, m->c.store_id, m->c.kind, id, m->barrier);
    if (rc >= 0 && again && id > 0)
        rc = wake_put(tx, m->c.store_id, m->c.kind, id);
    if (rc >= 0 && through && m->c.parent_id > 0)
        rc = wake_put(tx, m->c.store_id, MIRROR_PRODUCT, m->c.parent_id);
    return rc;
}

/* The change whose marker was read at the object; 0: none that we know. */
static int marker(struct db_tx *tx, const struct push_move *m, int64_t *ret) {
    CLEANUP(commit_arena) struct arena *a = arena_new(4096);
    struct change other;
    int rc = m->fate.op ? change_get(tx, m->fate.op, a, &other) : 0;
    *ret = rc > 0 ? other.id : 0;
    return rc < 0 ? rc : 0;
}

/* Another's marker stands where ours would be. The one that stood there before
 * says that ours never came; any other one may have come after it. */
static int judge_marker(struct db_tx *tx, const struct push_move *m,
                        struct change_outcome *o) {
    int64_t there;
    int rc = marker(tx, m, &there);
    if (rc < 0 || !m->fate.op || (there > 0 && there == m->c.mark))
        return rc;
    *o = (struct change_outcome){.state = CHANGE_UNKNOWN,
                                 .code = m->c.code,
                                 .cause = cause_plain(CAUSE_STOCK_MOVED),
                                 .ambiguous = true,
                                 .looked = true};
    return 0;
}

static int send(struct db_tx *tx, const struct push_move *m) {
    int64_t mark = m->fate.mark;
    int rc = m->fate.op ? marker(tx, m, &mark) : 0;
    return rc < 0 ? rc : change_sending(tx, &m->c, mark);
}

/* As the doctor would have found it; a new key is examined anew. */
static int forbid(struct db_tx *tx, const struct push_move *m) {
    struct store s = {0};
    int rc = m->fate.read_only ? store_by_id(tx, m->c.store_id, &s) : 0;
    if (rc > 0) {
        s.can_write = false;
        rc = store_set_caps(tx, &s);
    }
    store_done(&s);
    return rc < 0 ? rc : 0;
}

static int settle(struct db_tx *tx, const struct push_move *m) {
    struct change_outcome o = m->fate.o;
    /* people may do something to it while it is not sending */
    bool ours = m->step != PUSH_CHECK && m->step != PUSH_LOOK;
    int rc = ours ? 1 : change_unchanged(tx, &m->c);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_CONFLICT;
    rc = judge_marker(tx, m, &o);
    if (rc >= 0)
        rc = change_settle(tx, m->c.id, &o);
    return rc;
}

int push_commit_job(struct db_tx *tx, void *move) {
    const struct push_move *m = move;
    int rc = mark_gone(tx, m);
    if (rc >= 0)
        rc = m->fate.send ? send(tx, m) : settle(tx, m);
    if (rc >= 0 && !m->fate.send)
        rc = tell_reads(tx, m);
    if (rc >= 0)
        rc = forbid(tx, m);
    return rc < 0 ? rc : 0;
}

/* --- around it ------------------------------------------------------------ */

static void done(int status, void *move) {
    push_committed(move, status);
}

static void again(void *move) {
    struct push_move *m = move;
    m->again = NULL;
    push_commit(m);
}

static void later(struct push_move *m) {
    const struct env *env = m->push->ss->engine->o.env;
    m->again = env->timer(env->self, AGAIN_MS, again, m);
}

void push_commit(struct push_move *m) {
    m->last = true;
    if (db_write(m->push->ss->engine->o.db, DB_INTERACTIVE, push_commit_job,
                 done, m) < 0)
        later(m);
}

/* It was sending and never left: it waits again. */
static void take_back(struct push_move *m) {
    m->step = PUSH_WRITE;
    m->fate = (struct push_fate){.o = {.state = CHANGE_QUEUED}};
    push_commit(m);
}

/* What the shop did must be on disk: the transaction is tried until it is. What
 * it did not touch is read and judged anew. */
static void failed(struct push_move *m, int status) {
    const struct push *p = m->push;
    bool settled = m->step != PUSH_CHECK && m->step != PUSH_LOOK;
    log_warn("push.commit", "%s of %s is not on disk: %s", m->c.uuid,
             m->c.store, err_name(status));
    if (settled && !p->ss->engine->stopping && status != ERR_CONFLICT) {
        m->fate.wake = true; /* what was read with it is lost */
        later(m);
        return;
    }
    m->push->hold_mono = store_sync_mono(p->ss) + AGAIN_MS;
    push_end(m);
}

static const char *said(const struct change_outcome *o) {
    return !str_empty(o->cause) ? o->cause : o->text ? o->text : "";
}

void push_committed(struct push_move *m, int status) {
    if (status == ERR_CONFLICT && !m->push->ss->engine->stopping &&
        (m->step == PUSH_CHECK || m->step == PUSH_LOOK)) {
        push_end(m); /* a person was faster */
        return;
    }
    if (status < 0) {
        failed(m, status);
        return;
    }
    log_debug("push.move", "%s %s of %s %lld: %s %s", m->c.uuid,
              change_act_name(m->c.act), m->c.store, (long long)m->c.remote_id,
              m->fate.send ? "sending" : change_state_name(m->fate.o.state),
              m->fate.send ? "" : said(&m->fate.o));
    if (!m->fate.send)
        m->push->ss->woken = true; /* for what was told to be read again */
    if (!m->fate.send)
        push_end(m);
    else if (m->push->stopping)
        take_back(m);
    else
        push_write(m);
}
