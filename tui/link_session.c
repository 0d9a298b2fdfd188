/* Who speaks on the link: session.open, the token of the session before or a
 * person's name and password, then the feed from the last change seen.
 * Failure modes: a refusal of session.open ends it (LINK_REFUSED), a token that
 * is over makes it ask for a person. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link_core.h"
#include "tui/loop.h"

enum { PROTOCOL_VERSION = 1 };

static void on_subscribed(void *arg, const struct link_reply *r) {
    static const char text[] =
        "{\"topic\":\"system\",\"data\":{\"what\":\"resync\"}}";
    struct link *k = arg;
    const struct json *v;
    bool resync = false;
    if (r->result &&
        json_bool(json_get(r->result, "resync"), false, &resync) == 0 &&
        resync &&
        json_parse(k->arena, text, sizeof text - 1, NULL, &v, NULL) == 0) {
        (void)json_i64(json_get(r->result, "seq"), false, &k->session.seq);
        k->events.event(k->events.arg, v);
    }
}

static void copy_field(char *dst, size_t size, const struct json *v,
                       const char *key) {
    const char *s = json_string(json_get(v, key));
    (void)str_copy(dst, size, s ? s : "");
}

/* After a reconnect the place in the feed is ours, not the daemon's. */
static void read_session(struct link *k, const struct json *v) {
    struct link_session *s = &k->session;
    int64_t seq = 0;
    copy_field(s->user, sizeof s->user, v, "user");
    copy_field(s->role, sizeof s->role, v, "role");
    copy_field(s->zone, sizeof s->zone, v, "zone");
    copy_field(s->code_prefix, sizeof s->code_prefix, v, "code_prefix");
    copy_field(s->daemon, sizeof s->daemon, v, "daemon");
    s->read_only = false;
    (void)json_bool(json_get(v, "read_only"), false, &s->read_only);
    /* Behind what was seen: another database; ask for all of it. */
    if (json_i64(json_get(v, "seq"), false, &seq) == 0 && !k->had_session) {
        s->seq = seq;
    }
}

/* From the last change seen: nothing that happened meanwhile is missed. */
static void subscribe(struct link *k) {
    char params[64];
    struct link_request *w;
    (void)str_format(params, sizeof params, "{\"since\":%lld}",
                     (long long)k->session.seq);
    if (link_enqueue(k, "events.subscribe", params, on_subscribed, k, &w) ==
        0) {
        w->own = true;
        link_send_one(k, w);
    }
}

/* What was asked before or during the break goes out now, in its order. */
static void enter(struct link *k) {
    k->had_session = true;
    subscribe(k);
    for (int i = 0; i < k->n_waiting; i++) {
        if (!k->waiting[i].sent) {
            link_send_one(k, &k->waiting[i]);
        }
    }
    link_set_state(k, LINK_UP);
}

/* What was asked of oneself before the connection broke. */
static void send_profile(struct link *k) {
    for (int i = 0; i < k->n_waiting; i++) {
        struct link_request *w = &k->waiting[i];
        if (!w->sent && strstr(w->text, "\"method\":\"profile.")) {
            link_send_one(k, w);
        }
    }
}

/* Somebody is in; but their role may need an authenticator before anything
 * else is answered. */
static void let_in(struct link *k, const struct json *v) {
    bool enrol = false;
    (void)json_bool(json_get(v, "totp_required"), false, &enrol);
    if (enrol) {
        send_profile(k);
        link_set_state(k, LINK_ENROL);
    } else {
        enter(k);
    }
}

void link_enrolled(struct link *k) {
    if (k->state == LINK_ENROL) {
        enter(k);
        link_flush(k);
    }
}

void link_ask_own(struct link *k, const char *method, struct buf *params,
                  link_cb *cb) {
    struct link_request *w;
    if (link_enqueue(k, method, buf_str(params), cb, k, &w) == 0) {
        w->own = true;
        link_send_one(k, w);
    }
    mem_wipe(params->data, params->cap);
}

static void read_person(struct link *k, const struct json *v) {
    bool only = false;
    copy_field(k->session.user, sizeof k->session.user, v, "user");
    copy_field(k->session.role, sizeof k->session.role, v, "role");
    copy_field(k->session.lang, sizeof k->session.lang, v, "lang");
    (void)json_bool(json_get(v, "read_only"), false, &only);
    k->session.read_only |= only;
}

void link_set_token(struct link *k, const char *token) {
    if (k->token) {
        mem_wipe(k->token, strlen(k->token));
    }
    free(k->token);
    k->token = mem_dup(token);
}

/* A token that is over: asked for a password then. */
static void on_resumed(void *arg, const struct link_reply *r) {
    struct link *k = arg;
    if (r->result) {
        read_person(k, r->result);
        let_in(k, r->result);
        return;
    }
    link_set_token(k, NULL);
    link_set_state(k, LINK_GUEST);
}

static void resume(struct link *k) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "token", k->token);
    jsonw_end_object(&w);
    link_ask_own(k, "session.resume", &b, on_resumed);
}

static void on_signed_in(void *arg, const struct link_reply *r) {
    struct link *k = arg;
    link_cb *cb = k->sign_cb;
    k->sign_cb = NULL;
    if (!r->result) {
        if (cb) {
            cb(k->sign_arg, r);
        }
        return;
    }
    link_set_token(k, json_string(json_get(r->result, "token")));
    read_person(k, r->result);
    let_in(k, r->result);
}

void link_sign_in(struct link *k, const char *user, const char *password,
                  const char *code, link_cb *cb, void *arg) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    if (k->state != LINK_GUEST || k->sign_cb) {
        return;
    }
    k->sign_cb = cb;
    k->sign_arg = arg;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "user", user);
    jsonw_kstring(&w, "password", password);
    if (!str_empty(code)) {
        jsonw_kstring(&w, "code", code);
    }
    jsonw_kstring(&w, "keep", "resume");
    jsonw_end_object(&w);
    link_ask_own(k, "session.sign_in", &b, on_signed_in);
    link_flush(k);
}

static void on_opened(void *arg, const struct link_reply *r) {
    struct link *k = arg;
    if (!r->result) {
        (void)str_copy(k->error, sizeof k->error, r->message);
        loop_unwatch(k->loop, k->fd);
        (void)close(k->fd);
        k->fd = -1;
        link_set_state(k, LINK_REFUSED);
        return;
    }
    read_session(k, r->result);
    k->backoff_ms = LINK_BACKOFF_MIN_MS;
    k->error[0] = '\0';
    bool guest = str_eq(k->session.role, "guest");
    if (k->token && (guest || k->token_first)) {
        resume(k);
    } else if (guest) {
        link_set_state(k, LINK_GUEST);
    } else {
        let_in(k, r->result);
    }
}

void link_open_session(struct link *k) {
    REQUIRE(k->fd >= 0 && k->out.len == 0);
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    struct link_request *first;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "client", "fulexo/" FULEXO_VERSION);
    jsonw_ki64(&w, "version", PROTOCOL_VERSION);
    jsonw_kstring(&w, "locale", k->locale);
    jsonw_kbool(&w, "read_only", k->read_only);
    if (k->as) {
        jsonw_kstring(&w, "as", k->as);
    }
    jsonw_end_object(&w);
    if (link_enqueue(k, "session.open", buf_str(&b), on_opened, k, &first) ==
        0) {
        first->own = true;
        link_send_one(k, first);
    }
    link_set_state(k, LINK_OPENING);
    link_flush(k);
}
