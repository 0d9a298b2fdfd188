/* Webhooks: what comes in at /webhooks/STORE/PATH.
 *
 * Happy path: the path is a store's, the signature fits the body as it came;
 * what it tells (topic.c) is journalled by one write job; after its commit the
 * shop gets its 200 and the store's engine is woken. The ping of a new webhook
 * is unsigned: knowing the path is enough for it to be noted.
 * Failure modes: an unknown path is 404, a wrong signature 401, both after the
 * doors were read again, both counted against their source (429); the journal
 * is full, or the disk: 503, and nothing is kept. A copy of the shop signs with
 * our secret too: its source is noted, nothing is woken. The daemon dies: what
 * had its 200 is in the journal, what had none the shop has lost - it never
 * sends twice - and the sweeps find. */
#include <string.h>

#include "auth/keys.h"
#include "common/env.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/metric.h"
#include "common/str.h"
#include "db/db.h"
#include "http/room.h"
#include "http/topic.h"
#include "sync/sync.h"

enum {
    BUSY_SAID_MS = 60 * 1000, /* so long nothing went wrong: say it again */
    SOURCE_MAX = 512,
};

/* Who knocks at no door is measured against this, so that it takes as long. */
static const char no_secret[] = "there is no such door";

static bool is_signed(const struct web_request *r,
                      const struct delivery_door *d) {
    const char *signature = request_header(r, "X-WC-Webhook-Signature");
    struct buf secret = BUF_INIT;
    bool open =
        d && keys_open_hook(r->web->o.keys, d->store.uuid, d->sealed.data,
                            d->sealed.len, &secret) >= 0;
    bool fits = open ? topic_signed(signature, secret.data, secret.len,
                                    buf_str(&r->body), r->body.len)
                     : topic_signed(signature, no_secret, sizeof no_secret,
                                    buf_str(&r->body), r->body.len);
    seal_wipe(&secret);
    return open && fits;
}

/* --- the job ------------------------------------------------------------ */

static int job_journal(struct db_tx *tx, void *arg) {
    const struct web_request *r = arg;
    if (r->ping)
        return delivery_ping(tx, r->store_id, r->ping);
    if (r->source)
        return delivery_copied(tx, r->store_id, r->source);
    return delivery_put(tx, r->store_id, r->clock_offset_ms, &r->delivery);
}

static void say_copied(const struct web_request *r) {
    log_warn("http.copied",
             "%s: %s signs webhooks with this store's secret: the shop was "
             "copied; nothing of the copy is read",
             r->store, r->source);
}

/* The journal is full, or the disk; said once while it lasts. */
static void busy(struct web_request *r, int code) {
    struct web *w = r->web;
    int64_t now = env_mono(w->o.env);
    metric_add(METRIC_HOOK_BUSY, 1);
    if (now - w->busy_ms > BUSY_SAID_MS)
        log_warn("http.journal", "%s: webhooks are not kept but put off: %s",
                 r->store, err_name(code));
    w->busy_ms = now;
    request_answer(r, ANSWER_BUSY);
}

const int web_bucket_ms[WEB_BUCKETS] = {1, 2, 5, 10, 20, 50, 200, 1000};

static void note_time(struct web *w, int64_t us) {
    w->times.n++;
    w->times.sum_us += us;
    for (int i = 0; i < WEB_BUCKETS; i++)
        w->times.within[i] += us <= web_bucket_ms[i] * INT64_C(1000);
}

static void on_journalled(int status, void *arg) {
    struct web_request *r = arg;
    struct web *w = r->web;
    bool told = !r->ping && !r->source;
    if (status < 0 && status != ERR_NOT_FOUND) { /* a ping of no hook of ours */
        busy(r, status);
    } else {
        if (r->source && status > 0)
            say_copied(r);
        if (told)
            metric_add(status ? METRIC_HOOK_EVENTS : METRIC_HOOK_REPEATS, 1);
        if (told && status > 0 && w->o.sync)
            sync_wake(w->o.sync, r->store_id);
        note_time(w, (int64_t)(uv_hrtime() / 1000) - r->came_us);
        request_answer(r, ANSWER_OK);
    }
    web_job_ended(w);
}

static void journal(struct web_request *r) {
    struct web *w = r->web;
    int rc = w->n_jobs < WEB_JOURNAL ? db_write(w->o.db, DB_INTERACTIVE,
                                                job_journal, on_journalled, r)
                                     : ERR_BUSY;
    if (rc < 0) {
        busy(r, rc);
        return;
    }
    w->n_jobs++;
    request_forget_body(r); /* what it told is in the job */
    if (!r->suspended)
        request_suspend(r);
}

/* --- what came ---------------------------------------------------------- */

static void open_for(struct web_request *r, const struct delivery_door *d) {
    r->store_id = d->store.id;
    r->clock_offset_ms = d->store.caps.clock_offset_ms;
    (void)str_copy(r->store, sizeof r->store, d->store.name);
}

static void take(struct web_request *r, const struct delivery_door *d) {
    const char *source = request_header(r, "X-WC-Webhook-Source");
    bool foreign =
        *source && !topic_source_is(source, d->store.url, d->store.caps.home);
    if (foreign && !r->looked_again) { /* the shop may have moved */
        doors_await(r);
        return;
    }
    if (foreign)
        r->source = mem_dupn(source, strnlen(source, SOURCE_MAX));
    else
        topic_read(request_header(r, "X-WC-Webhook-Topic"), buf_str(&r->body),
                   r->body.len, &r->delivery);
    journal(r);
}

static bool is_ping(struct web_request *r) {
    return !*request_header(r, "X-WC-Webhook-Signature") &&
           topic_ping(buf_str(&r->body), r->body.len, &r->ping) == 0;
}

static void refuse(struct web_request *r, bool at_a_door) {
    struct web *w = r->web;
    char who[ADDRESS_TEXT];
    struct address a = request_source(r);
    enum guard_verdict v = guard_refuse(&w->guard, &a, env_mono(w->o.env));
    metric_add(METRIC_HOOK_REFUSED, 1);
    if (v == GUARD_FIRST)
        log_warn("http.refused", "%s sent a webhook %s", address_text(who, &a),
                 at_a_door ? "that is not signed with its store's secret"
                           : "to a path that is no store's");
    if (v == GUARD_LIMITED)
        request_answer(r, ANSWER_LIMITED);
    else
        request_answer(r, at_a_door ? ANSWER_UNSIGNED : ANSWER_NOT_FOUND);
}

static bool is_limited(const struct web_request *r) {
    struct address a = request_source(r);
    return guard_limited(&r->web->guard, &a, env_mono(r->web->o.env));
}

void hook_look(struct web_request *r) {
    const struct delivery_door *d = doors_find(r->web, r->url);
    bool fits = is_signed(r, d);
    if (d)
        open_for(r, d);
    if (fits)
        take(r, d);
    else if (d && is_ping(r))
        journal(r);
    else if (r->looked_again || is_limited(r))
        refuse(r, d != NULL);
    else
        doors_await(r);
}

void hook_serve(struct web_request *r) {
    if (r->web->stopped) {
        request_answer(r, ANSWER_BUSY);
        return;
    }
    doors_refresh(r->web);
    hook_look(r);
}
