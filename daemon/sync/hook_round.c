/* A round: what we know -> a door, when there is none -> what the shop lists ->
 * plan -> its steps, one after the other.
 *
 * Happy path: nothing is asked of a shop before what it may answer to is
 * committed: the door and its secret before the first webhook, each webhook
 * (or its ping that is due) before its request, since the shop pings while it
 * answers.
 * Failure modes: an answer with a fault ends the round, what was done is kept
 * and the next round lists again: a webhook whose POST was answered to nobody
 * is adopted by its name. To be stopped, a listing is cut, a write comes to
 * its end. A held file asks nothing. */
#include <stdio.h>
#include <string.h>

#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/change.h"
#include "sync/hook_room.h"

enum { PAGE = 100, PAGES_MAX = 20 };

static void list_next(struct hook_errand *h);
static void step_next(struct hook_errand *h);

/* The store a job of h works for, and how it is queued. */
static int64_t store_of(const struct hook_errand *h) {
    return h->ss->store.id;
}

static void write_job(struct hook_errand *h, db_job job, db_done done) {
    h->ss->jobs++;
    if (db_write(h->ss->engine->o.db, DB_SYNC, job, done, h) < 0)
        done(ERR_BUSY, h);
}

/* Every done of a job begins with it: false, the round is over. */
static bool goes_on(struct hook_errand *h, int status) {
    h->ss->jobs--;
    if (status >= 0 && !h->cut)
        return true;
    hook_end(h, status < 0 ? status : ERR_CANCELLED,
             status < 0 ? err_message(status) : "");
    return false;
}

/* -- the door ------------------------------------------------------------- */

static int door_job(struct db_tx *tx, void *arg) {
    const struct hook_errand *h = arg;
    return hook_door_put(tx, store_of(h), h->path, h->sealed.data,
                         h->sealed.len);
}

static void door_made(int status, void *arg) {
    struct hook_errand *h = arg;
    if (goes_on(h, status))
        list_next(h);
}

static void chance_hex(struct hook_errand *h, char *dst, size_t size) {
    uint8_t bytes[32];
    const struct env *e = h->ss->engine->o.env;
    e->random(e->self, bytes, (size - 1) / 2);
    digest_hex(bytes, (size - 1) / 2, dst);
    mem_wipe(bytes, sizeof bytes);
}

static void make_door(struct hook_errand *h) {
    const struct sync_options *o = &h->ss->engine->o;
    chance_hex(h, h->path, sizeof h->path);
    chance_hex(h, h->secret, sizeof h->secret);
    buf_clear(&h->sealed);
    o->seal_hook(o->open_keys_self, &h->ss->store, h->secret, &h->sealed);
    write_job(h, door_job, door_made);
}

/* The secret of the door there is; false: it cannot be opened (any more). */
static bool open_door(struct hook_errand *h) {
    const struct sync_options *o = &h->ss->engine->o;
    const struct hook_door *d = &h->known.door;
    struct buf plain = BUF_INIT;
    if (!*d->path)
        return false;
    int rc = o->open_hook(o->open_keys_self, &h->ss->store, d->sealed.data,
                          d->sealed.len, &plain);
    bool ok = rc >= 0 && plain.len < sizeof h->secret;
    if (ok) {
        memcpy(h->path, d->path, sizeof h->path);
        memcpy(h->secret, buf_str(&plain), plain.len + 1);
    }
    hook_wipe(&plain);
    return ok;
}

/* -- what we know --------------------------------------------------------- */

static int read_job(struct db_tx *tx, void *arg) {
    struct hook_errand *h = arg;
    hook_set_done(&h->known);
    int rc = hook_read(tx, store_of(h), &h->known);
    int held = change_held(tx);
    h->held = held > 0;
    return rc < 0 ? rc : held;
}

static bool nothing_known(const struct hook_errand *h) {
    return !*h->known.door.path &&
           hook_count(&h->known, HOOK_NONE) == HOOK_TOPICS;
}

static void known(int status, void *arg) {
    struct hook_errand *h = arg;
    if (!goes_on(h, status))
        return;
    if (h->held || (!h->want && nothing_known(h)))
        hook_end(h, 0, "");
    else if (h->want && !open_door(h))
        make_door(h);
    else
        list_next(h);
}

int hook_round_start(struct hook_errand *h) {
    h->n_rows = h->at = 0;
    h->page = 0;
    h->moved = false;
    *h->secret = 0;
    buf_clear(&h->sealed);
    if (db_read(h->ss->engine->o.db, DB_SYNC, read_job, known, h) < 0)
        return ERR_BUSY;
    h->ss->jobs++;
    h->busy = true;
    return 0;
}

/* -- what the shop lists -------------------------------------------------- */

static int keep_job(struct db_tx *tx, void *arg) {
    const struct hook_errand *h = arg;
    int rc = 0;
    for (int t = 0; rc >= 0 && h->want && t < HOOK_TOPICS; t++)
        rc = hook_put(tx, store_of(h), t, &h->plan.found[t]);
    const struct hook_step *s = h->plan.step;
    if (rc >= 0 && h->plan.n > 0 && s->topic >= 0 && s->act != HOOK_ENABLE)
        rc = hook_ping_due(tx, store_of(h), s->topic);
    return rc;
}

static void kept(int status, void *arg) {
    struct hook_errand *h = arg;
    if (goes_on(h, status))
        step_next(h);
}

static void plan(struct hook_errand *h) {
    const struct store_sync *ss = h->ss;
    h->enable = store_sync_mono(ss) >= h->enable_at;
    const struct hook_plan_in in = {
        .rows = h->rows,
        .n = h->n_rows,
        .known = &h->known,
        .want = h->want,
        .enable = h->enable,
        .now_ms = env_now(ss->engine->o.env),
    };
    hook_plan_make(&in, &h->plan);
    write_job(h, keep_job, kept);
}

/* Some shops cap a page below what was asked for: their own count decides. */
static bool more_pages(const struct hook_errand *h, const struct shop_answer *a,
                       int n) {
    if (h->page >= PAGES_MAX || n == 0)
        return false;
    return a->pages >= 0 ? h->page < a->pages : n == PAGE;
}

static void listed(void *arg, struct shop_answer *a) {
    struct hook_errand *h = arg;
    h->get = NULL;
    int n = a->fault.code < 0 ? a->fault.code : hook_ask_listed(h, a);
    if (n < 0)
        hook_end(h, n, a->fault.code < 0 ? a->fault.text : err_message(n));
    else if (more_pages(h, a, n))
        hook_ask_list(h, listed);
    else
        plan(h);
}

static void list_next(struct hook_errand *h) {
    const char *base = h->ss->engine->public_url;
    *h->url = 0;
    if (h->want && str_format(h->url, sizeof h->url, "%s/webhooks/%s/%s", base,
                              h->ss->store.name, h->path) < 0)
        hook_end(h, ERR_CONFIG, "http.public_url is too long");
    else
        hook_ask_list(h, listed);
}

/* -- steps ---------------------------------------------------------------- */

/* What the step came to, and that the next one's ping is due. */
static int settle_job(struct db_tx *tx, void *arg) {
    struct hook_errand *h = arg;
    const struct hook_step *s = &h->plan.step[h->at];
    int rc = 0;
    if (s->topic >= 0)
        rc = hook_put(tx, store_of(h), s->topic, &h->made);
    if (rc >= 0 && h->at + 1 < h->plan.n && s[1].topic >= 0 &&
        s[1].act != HOOK_ENABLE)
        rc = hook_ping_due(tx, store_of(h), s[1].topic);
    return rc;
}

static void settled(int status, void *arg) {
    struct hook_errand *h = arg;
    h->at++;
    if (goes_on(h, status))
        step_next(h);
}

/* The shop's answer to the step, or ERR_*; fills h->made. */
static int judge(struct hook_errand *h, const struct shop_answer *a) {
    const struct hook_step *s = &h->plan.step[h->at];
    int code = a->fault.code;
    if (s->act == HOOK_REMOVE && code == ERR_SHOP_NOT_FOUND)
        code = 0;
    if (code < 0 || s->topic < 0)
        return code;
    h->made = h->plan.found[s->topic];
    if (s->act != HOOK_MOVE) {
        h->made.status = HOOK_ACTIVE;
        h->made.disabled_ms = 0;
    }
    h->moved |= s->act != HOOK_ENABLE;
    if (s->act == HOOK_CREATE)
        h->made.remote_id = hook_ask_id(a);
    h->plan.found[s->topic] = h->made;
    return h->made.remote_id > 0 ? 0 : ERR_SHOP_NOT_JSON;
}

static void answered(void *arg, struct shop_answer *a) {
    struct hook_errand *h = arg;
    int code = judge(h, a);
    if (code < 0)
        hook_end(h, code, a->fault.code ? a->fault.text : err_message(code));
    else
        write_job(h, settle_job, settled);
}

static int forget_job(struct db_tx *tx, void *arg) {
    return hook_forget(tx, store_of(arg));
}

static void forgotten(int status, void *arg) {
    struct hook_errand *h = arg;
    if (goes_on(h, status))
        hook_end(h, 0, "");
}

static void step_next(struct hook_errand *h) {
    if (h->at < h->plan.n)
        hook_ask_step(h, answered);
    else if (!h->want)
        write_job(h, forget_job, forgotten);
    else
        hook_end(h, 0, "");
}

/* -- pings ---------------------------------------------------------------- */

static int judge_job(struct db_tx *tx, void *arg) {
    struct hook_errand *h = arg;
    hook_set_done(&h->known);
    int rc = hook_read(tx, store_of(h), &h->known);
    enum hook_status s =
        hook_reached(&h->known) ? HOOK_ACTIVE : HOOK_UNREACHABLE;
    for (int t = 0; rc >= 0 && t < HOOK_TOPICS; t++) {
        struct hook *k = &h->known.by[t];
        if (k->status != HOOK_ACTIVE && k->status != HOOK_UNREACHABLE)
            continue;
        k->status = s;
        rc = hook_put(tx, store_of(h), t, k);
    }
    return rc;
}

static void judged(int status, void *arg) {
    struct hook_errand *h = arg;
    struct store_sync *ss = h->ss;
    ss->jobs--;
    h->busy = false;
    h->judge_at = 0;
    if (status < 0)
        h->due = store_sync_mono(ss); /* the next round asks again */
    store_sync_changed(ss);
    store_sync_tick(ss);
}

void hook_round_judge(struct hook_errand *h) {
    h->busy = true;
    write_job(h, judge_job, judged);
}
