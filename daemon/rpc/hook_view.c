#include "rpc/hook_view.h"

#include <stdio.h>

#include "common/err.h"
#include "common/said.h"
#include "common/text.h"

/* Why webhooks do not come, or what is wrong with them, in one sentence and
 * what to do. Of several the first decides: it would hide the others. */
struct finding {
    struct buf reason, cure;
};

static void say(struct finding *f, enum text_lang lang, enum text_id reason,
                int cure, const char *key, const char *value) {
    text_format(&f->reason, lang, reason, key, value, NULL);
    if (cure >= 0)
        text_format(&f->cure, lang, (enum text_id)cure, key, value, NULL);
}

static void say_error(struct finding *f, enum text_lang lang,
                      const struct sync_status *st) {
    const char *cure = text_cure(lang, st->hook_code);
    buf_adds(&f->reason, text_error(lang, st->hook_code));
    said_behind(&f->reason, lang, st->hook_text);
    buf_adds(&f->cure, cure ? cure : "");
}

static void say_copied(struct finding *f, enum text_lang lang,
                       const struct store *s, const struct hook_set *h) {
    text_format(&f->reason, lang, TEXT_HOOKS_COPIED, "source",
                h->door.copied_source, NULL);
    text_format(&f->cure, lang, TEXT_HOOKS_CURE_COPIED, "store", s->name, NULL);
}

/* There are to be none, or they cannot be looked after. */
static bool find_none(struct finding *f, enum text_lang lang,
                      const struct store *s, bool held,
                      const struct sync_status *st) {
    if (s->poll_only)
        say(f, lang, TEXT_HOOKS_OFF, TEXT_HOOKS_CURE_OFF, "store", s->name);
    else if (!st->public_url)
        say(f, lang, TEXT_HOOKS_NO_URL, TEXT_HOOKS_CURE_NO_URL, NULL, NULL);
    else if (!s->can_write)
        say(f, lang, TEXT_HOOKS_READ_ONLY, TEXT_HOOKS_CURE_READ_ONLY, NULL,
            NULL);
    else if (held)
        say(f, lang, TEXT_HOOKS_HELD, TEXT_HEALTH_CURE_HELD, NULL, NULL);
    else
        return false;
    return true;
}

static void find(struct finding *f, enum text_lang lang, const struct store *s,
                 const struct hook_set *h, const struct sync_status *st) {
    char n[16];
    int off = hook_count(h, HOOK_DISABLED) + hook_count(h, HOOK_PAUSED);
    (void)snprintf(n, sizeof n, "%d", off);
    if (hook_count(h, HOOK_UNREACHABLE) > 0)
        say(f, lang, TEXT_HOOKS_UNREACHABLE, TEXT_HOOKS_CURE_UNREACHABLE, NULL,
            NULL);
    else if (*h->door.copied_source)
        say_copied(f, lang, s, h);
    else if (st->hook_code)
        say_error(f, lang, st);
    else if (off > 0)
        say(f, lang, TEXT_HOOKS_DISABLED, TEXT_HOOKS_CURE_DISABLED, "n", n);
    else if (hook_count(h, HOOK_ACTIVE) == 0)
        say(f, lang, TEXT_HOOKS_NEW, -1, NULL, NULL);
}

static void write_times(struct jsonw *w, const struct hook_set *h) {
    const struct hook *last = &h->by[0];
    int64_t since = 0;
    for (int t = 0; t < HOOK_TOPICS; t++) {
        const struct hook *k = &h->by[t];
        if (k->last_ms > last->last_ms)
            last = k;
        if (k->disabled_ms && (!since || k->disabled_ms < since))
            since = k->disabled_ms;
    }
    jsonw_ktime(w, "last_delivery", last->last_ms);
    jsonw_key(w, "lag");
    if (last->last_ms)
        jsonw_i64(w, last->lag_ms);
    else
        jsonw_null(w);
    jsonw_ktime(w, "disabled_since", since);
}

static void write_topics(struct jsonw *w, const struct hook_set *h) {
    jsonw_key(w, "topics");
    jsonw_begin_array(w);
    for (int t = 0; t < HOOK_TOPICS; t++) {
        const struct hook *k = &h->by[t];
        if (k->status == HOOK_NONE)
            continue;
        jsonw_begin_object(w);
        jsonw_kstring(w, "topic", hook_topic(t));
        jsonw_kstring(w, "status", hook_status_name(k->status));
        jsonw_ki64(w, "deliveries", k->deliveries);
        jsonw_ktime(w, "last_delivery", k->last_ms);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static void write_text(struct jsonw *w, const char *key, const char *text) {
    jsonw_kstring(w, key, *text ? text : NULL);
}

void hook_view_write(struct jsonw *w, enum text_lang lang,
                     const struct store *s, bool held,
                     const struct hook_set *hooks,
                     const struct sync_status *st) {
    struct finding f = {0};
    int active = hook_count(hooks, HOOK_ACTIVE);
    bool none = find_none(&f, lang, s, held, st);
    if (!none)
        find(&f, lang, s, hooks, st);
    jsonw_key(w, "hooks");
    jsonw_begin_object(w);
    jsonw_kstring(w, "mode",
                  active > 0 && (!none || held) ? "webhooks" : "poll");
    write_text(w, "reason", buf_str(&f.reason));
    write_text(w, "cure", buf_str(&f.cure));
    jsonw_ki64(w, "active", active);
    jsonw_ki64(w, "disabled",
               hook_count(hooks, HOOK_DISABLED) +
                   hook_count(hooks, HOOK_PAUSED));
    write_times(w, hooks);
    write_text(w, "copied_source", hooks->door.copied_source);
    jsonw_ktime(w, "copied_at", hooks->door.copied_ms);
    write_topics(w, hooks);
    jsonw_end_object(w);
    buf_done(&f.reason);
    buf_done(&f.cure);
}
