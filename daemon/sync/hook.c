/* Our webhooks at a shop: when a round looks after them, and what follows.
 *
 * Happy path: soon after the store is loaded, and when the public address or
 * the store's switch changed, a round makes the shop's webhooks what they are
 * to be; a few seconds later the pings must have come; from then on a round an
 * hour checks them.
 * Failure modes: a round that failed is tried again with back-off; disabled
 * webhooks are enabled again at once the first time, with back-off while they
 * are disabled again (the shop keeps its counter: one more failure disables);
 * a shop that cannot reach us is asked to ping every ten minutes. A read-only
 * key and a paused store are left alone. A store that was removed has its
 * webhooks deleted while its keys are still in memory, once, as far as that
 * goes. */
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "common/str.h"
#include "sync/hook_room.h"

enum {
    SOON_MS = 100,
    SOON_SPREAD_MS = 400,
    CHECK_MS = 3600 * 1000,
    UNREACHABLE_MS = 600 * 1000,
    HELD_MS = 300 * 1000,
    PING_MS = 2000, /* a ping is journalled well within that */
    RETRY_MS = 60 * 1000,
    ENABLE_MS = 60 * 1000,
    ENABLE_MAX_MS = 6 * 3600 * 1000,
};

static int64_t now_of(const struct hook_errand *h) {
    return store_sync_mono(h->ss);
}

static int64_t spread(const struct hook_errand *h, int64_t ms) {
    const struct env *e = h->ss->engine->o.env;
    return ms - ms / 10 + (int64_t)env_below(e, (uint64_t)(ms / 5 + 1));
}

/* base * 2^n, at most max. */
static int64_t doubled(int64_t base, int n, int64_t max) {
    while (n-- > 0 && base < max)
        base *= 2;
    return base < max ? base : max;
}

bool hook_wanted(const struct hook_errand *h) {
    const struct store_sync *ss = h->ss;
    return !h->leaving && !ss->store.poll_only && ss->engine->public_url;
}

static const char *base_of(const struct hook_errand *h) {
    const char *url = h->ss->engine->public_url;
    return url ? url : "";
}

static void remember_what_for(struct hook_errand *h) {
    h->tried_want = hook_wanted(h);
    (void)str_copy(h->tried_base, sizeof h->tried_base, base_of(h));
}

static bool something_changed(const struct hook_errand *h) {
    return h->tried_want != hook_wanted(h) ||
           !str_eq(h->tried_base, base_of(h));
}

/* -- a round -------------------------------------------------------------- */

static void begin(struct hook_errand *h) {
    remember_what_for(h);
    h->want = h->tried_want;
    h->due = h->judge_at = 0;
    h->cut = false;
    if (hook_round_start(h) < 0) {
        h->due = now_of(h) + RETRY_MS;
        h->left = h->leaving;
    }
}

/* What they would have told was lost: a pass looks for it. */
static void read_what_was_lost(struct hook_errand *h) {
    struct store_sync *ss = h->ss;
    for (int c = 0; c < SYNC_COLLECTIONS; c++)
        if (collection_row((enum sync_collection)c)->has_modified)
            ss->due_ms[c] = now_of(h);
}

/* Some were enabled, or could not be yet: when to look again. */
static void note_disabled(struct hook_errand *h) {
    int64_t now = now_of(h);
    if (h->plan.disabled == 0) {
        if (now - h->enabled > CHECK_MS)
            h->enables = 0;
        return;
    }
    if (h->enable) {
        read_what_was_lost(h);
        h->enable_at =
            now + spread(h, doubled(ENABLE_MS, ++h->enables, ENABLE_MAX_MS));
        h->enabled = now;
        log_warn("sync.hooks",
                 "%s had disabled %d of our webhooks; they are enabled again",
                 h->ss->store.name, h->plan.disabled);
    }
    if (h->enable_at < h->due)
        h->due = h->enable_at;
}

static void went_well(struct hook_errand *h) {
    int64_t now = now_of(h);
    h->failures = 0;
    if (h->held) {
        h->due = now + spread(h, HELD_MS);
        return;
    }
    if (!h->want)
        return; /* nothing to look after */
    bool doubtful = !hook_reached(&h->known);
    h->due = now + spread(h, doubtful ? UNREACHABLE_MS : CHECK_MS);
    h->judge_at = now + (h->moved ? PING_MS : 1);
    note_disabled(h);
}

static void went_wrong(struct hook_errand *h) {
    const struct store_sync *ss = h->ss;
    if (h->code == ERR_CANCELLED) {
        h->due = now_of(h); /* taken up again with the next tick */
        return;
    }
    h->due = now_of(h) + spread(h, doubled(RETRY_MS, h->failures++, CHECK_MS));
    if (ss->hook_code != h->code)
        log_warn("sync.hooks", "the webhooks at %s were not looked after: %s",
                 ss->store.name, h->text);
}

/* The end of a round, on a turn of its own: the tick may free the store and,
 * behind the last one, what delivers the answers of shops. */
static void ended(void *arg) {
    struct hook_errand *h = arg;
    struct store_sync *ss = h->ss;
    h->busy = false;
    if (h->code < 0)
        went_wrong(h);
    else
        went_well(h);
    if (h->code != ERR_CANCELLED) {
        h->left = h->leaving && !h->want;
        ss->hook_code = h->code;
        (void)str_copy(ss->hook_text, sizeof ss->hook_text, h->text);
    }
    store_sync_changed(ss);
    store_sync_tick(ss);
}

void hook_end(struct hook_errand *h, int code, const char *text) {
    const struct env *e = h->ss->engine->o.env;
    mem_wipe(h->secret, sizeof h->secret);
    h->code = code;
    (void)str_copy(h->text, sizeof h->text, text);
    (void)e->timer(e->self, 0, ended, h);
}

/* -- the errand ----------------------------------------------------------- */

static void *hook_start(struct store_sync *ss) {
    struct hook_errand *h = NEW(struct hook_errand);
    h->ss = ss;
    h->due = now_of(h) + SOON_MS +
             (int64_t)env_below(ss->engine->o.env, SOON_SPREAD_MS);
    remember_what_for(h);
    return h;
}

static bool rests(const struct hook_errand *h) {
    const struct store *s = &h->ss->store;
    return s->paused || !s->can_write;
}

static void hook_tick(void *self) {
    struct hook_errand *h = self;
    h->cut = false;
    if (h->busy || rests(h))
        return;
    int64_t now = now_of(h);
    if (something_changed(h))
        h->due = now;
    if (h->due != 0 && now >= h->due)
        begin(h);
    else if (h->judge_at != 0 && now >= h->judge_at)
        hook_round_judge(h);
}

static void hook_leave(void *self) {
    struct hook_errand *h = self;
    h->leaving = true;
    if (h->busy || h->left)
        return;
    if (h->ss->store.can_write)
        begin(h);
    else
        h->left = true;
}

static void hook_stop(void *self) {
    struct hook_errand *h = self;
    if (h->leaving && !h->ss->engine->stopping)
        return; /* it ends by itself */
    h->cut = h->busy;
    /* What was changed may have been the reason of a fault, or the door. */
    h->due = now_of(h);
    if (!h->get)
        return;
    shop_cancel(h->get);
    h->get = NULL;
    h->busy = h->cut = false;
}

static bool hook_idle(const void *self) {
    const struct hook_errand *h = self;
    return !h->busy;
}

static int64_t hook_due(const void *self) {
    const struct hook_errand *h = self;
    if (h->busy || rests(h))
        return 0;
    bool judge = h->judge_at != 0 && (h->due == 0 || h->judge_at < h->due);
    return judge ? h->judge_at : h->due;
}

static void hook_free(void *self) {
    struct hook_errand *h = self;
    hook_set_done(&h->known);
    buf_done(&h->sealed);
    free(h);
}

const struct errand_ops hook_errand_ops = {
    .start = hook_start,
    .tick = hook_tick,
    .leave = hook_leave,
    .stop = hook_stop,
    .idle = hook_idle,
    .due = hook_due,
    .free = hook_free,
};
