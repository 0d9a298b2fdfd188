/* Happy path: connect, session.open, events.subscribe from the last number
 * seen, then requests and answers by id. Between the first two the daemon may
 * ask who this is: the token of the session before answers, or a person.
 * Failure modes: no daemon or it goes away (back-off 0.1 s to 5 s, everything
 * unanswered is sent again once it is back), an answer that is no JSON-RPC
 * (the connection is dropped as if it had failed), a refusal of session.open
 * (LINK_REFUSED: no more attempts, the sentence is kept for the frame). */
#include "tui/link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/err.h"
#include "common/frame.h"
#include "common/mem.h"
#include "common/rpcmsg.h"
#include "common/str.h"
#include "common/ulid.h"
#include "tui/loop.h"

enum {
    PROTOCOL_VERSION = 1,
    WAITING_MAX = 256,
    BACKOFF_MIN_MS = 100,
    BACKOFF_MAX_MS = 5000,
    READ_CHUNK = 65536,
};

struct waiting {
    int64_t id;
    char *text; /* the whole message with its newline */
    link_cb *cb;
    void *arg;
    bool sent;
    bool own; /* the link asked it for itself */
};

struct link {
    struct loop *loop;
    char *path, *locale, *as;
    char *token; /* goes on with the session after a reconnect; wiped */
    bool read_only, token_first;
    link_cb *sign_cb; /* of link_sign_in */
    void *sign_arg;
    struct link_events events;
    enum link_state state;
    struct link_session session;
    bool had_session; /* subscribe with since */
    char error[400];
    int fd;
    int64_t next_id, backoff_ms;
    struct frame_reader reader;
    struct buf out;
    struct waiting waiting[WAITING_MAX];
    int n_waiting;
    struct arena *arena; /* of the message being read */
};

static void try_connect(void *arg);
static void on_socket(void *arg, short revents);

/* Told once a change, never from inside a half-made link. */
static void set_state(struct link *k, enum link_state state) {
    if (k->state != state) {
        k->state = state;
        k->events.state(k->events.arg);
    }
}

/* Writing is watched only while there is something to write. */
static void watch(struct link *k) {
    short events = (short)(k->out.len ? POLLIN | POLLOUT : POLLIN);
    loop_watch(k->loop, k->fd, events, on_socket, k);
}

/* The connection is gone, what was asked is not: it waits to be sent again. */
static void drop(struct link *k, const char *why) {
    if (k->fd >= 0) {
        loop_unwatch(k->loop, k->fd);
        (void)close(k->fd);
        k->fd = -1;
    }
    frame_done(&k->reader);
    frame_init(&k->reader, FRAME_MAX);
    buf_clear(&k->out);
    for (int i = 0; i < k->n_waiting; i++) {
        k->waiting[i].sent = false;
    }
    bool news = k->state == LINK_DOWN && !str_eq(k->error, why);
    (void)str_copy(k->error, sizeof k->error, why);
    loop_timer(k->loop, k->backoff_ms, try_connect, k);
    k->backoff_ms *= 2;
    if (k->backoff_ms > BACKOFF_MAX_MS) {
        k->backoff_ms = BACKOFF_MAX_MS;
    }
    set_state(k, LINK_DOWN);
    if (news) {
        k->events.state(k->events.arg);
    }
}

/* As much as the socket takes; the rest when poll says so. */
static void flush_out(struct link *k) {
    REQUIRE(k->fd >= 0);
    while (k->out.len) {
        ssize_t n = send(k->fd, k->out.data, k->out.len, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            break;
        }
        if (n <= 0) {
            drop(k, "The connection to the daemon broke.");
            return;
        }
        buf_consume(&k->out, (size_t)n);
    }
    watch(k);
}

static char *message_text(int64_t id, const char *method, const char *params) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    struct rpcmsg_id rid = {.type = RPCMSG_ID_INT, .num = id};
    jsonw_init(&w, &b);
    rpcmsg_begin_request(&w, &rid, method);
    jsonw_raw(&w, params, strlen(params));
    rpcmsg_end(&w);
    buf_addc(&b, '\n');
    return buf_take(&b);
}

/* Kept as text, so that it can be sent a second time. */
static int enqueue(struct link *k, const char *method, const char *params,
                   link_cb *cb, void *arg, struct waiting **ret) {
    if (k->n_waiting == WAITING_MAX) {
        return ERR_BUSY;
    }
    struct waiting *w = &k->waiting[k->n_waiting++];
    *w = (struct waiting){.id = ++k->next_id, .cb = cb, .arg = arg};
    w->text = message_text(w->id, method, params);
    *ret = w;
    return 0;
}

static void send_one(struct link *k, struct waiting *w) {
    REQUIRE(w->text != NULL && !w->sent);
    w->sent = true;
    buf_adds(&k->out, w->text);
}

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
    struct waiting *w;
    (void)str_format(params, sizeof params, "{\"since\":%lld}",
                     (long long)k->session.seq);
    if (enqueue(k, "events.subscribe", params, on_subscribed, k, &w) == 0) {
        w->own = true;
        send_one(k, w);
    }
}

/* What was asked before or during the break goes out now, in its order. */
static void enter(struct link *k) {
    k->had_session = true;
    subscribe(k);
    for (int i = 0; i < k->n_waiting; i++) {
        if (!k->waiting[i].sent) {
            send_one(k, &k->waiting[i]);
        }
    }
    set_state(k, LINK_UP);
}

static void ask_own(struct link *k, const char *method, struct buf *params,
                    link_cb *cb) {
    struct waiting *w;
    if (enqueue(k, method, buf_str(params), cb, k, &w) == 0) {
        w->own = true;
        send_one(k, w);
    }
    mem_wipe(params->data, params->cap); /* a password, a token */
}

static void read_person(struct link *k, const struct json *v) {
    bool only = false;
    copy_field(k->session.user, sizeof k->session.user, v, "user");
    copy_field(k->session.role, sizeof k->session.role, v, "role");
    (void)json_bool(json_get(v, "read_only"), false, &only);
    k->session.read_only |= only;
}

static void set_token(struct link *k, const char *token) {
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
        enter(k);
        return;
    }
    set_token(k, NULL);
    set_state(k, LINK_GUEST);
}

static void resume(struct link *k) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "token", k->token);
    jsonw_end_object(&w);
    ask_own(k, "session.resume", &b, on_resumed);
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
    set_token(k, json_string(json_get(r->result, "token")));
    read_person(k, r->result);
    enter(k);
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
    ask_own(k, "session.sign_in", &b, on_signed_in);
    flush_out(k);
}

static void on_opened(void *arg, const struct link_reply *r) {
    struct link *k = arg;
    if (!r->result) {
        (void)str_copy(k->error, sizeof k->error, r->message);
        loop_unwatch(k->loop, k->fd);
        (void)close(k->fd);
        k->fd = -1;
        set_state(k, LINK_REFUSED);
        return;
    }
    read_session(k, r->result);
    k->backoff_ms = BACKOFF_MIN_MS;
    k->error[0] = '\0';
    bool guest = str_eq(k->session.role, "guest");
    if (k->token && (guest || k->token_first)) {
        resume(k);
    } else if (guest) {
        set_state(k, LINK_GUEST);
    } else {
        enter(k);
    }
}

/* Requests the link makes for itself do not survive their connection. */
static void forget_own(struct link *k) {
    int kept = 0;
    for (int i = 0; i < k->n_waiting; i++) {
        if (k->waiting[i].own) {
            free(k->waiting[i].text);
        } else {
            k->waiting[kept++] = k->waiting[i];
        }
    }
    k->n_waiting = kept;
}

static void open_session(struct link *k) {
    REQUIRE(k->fd >= 0 && k->out.len == 0);
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    struct waiting *first;
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
    if (enqueue(k, "session.open", buf_str(&b), on_opened, k, &first) == 0) {
        first->own = true;
        send_one(k, first);
    }
    set_state(k, LINK_OPENING);
    flush_out(k);
}

/* A Unix socket connects at once or not at all. */
static int connect_socket(const char *path, int *ret) {
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    if (str_copy(addr.sun_path, sizeof addr.sun_path, path) < strlen(path)) {
        return ERR_RANGE;
    }
    AUTO_FD int fd =
        socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {
        return ERR_NO_DAEMON;
    }
    *ret = TAKE_FD(fd);
    return 0;
}

static void try_connect(void *arg) {
    struct link *k = arg;
    REQUIRE(k->fd < 0);
    forget_own(k);
    if (connect_socket(k->path, &k->fd) < 0) {
        char why[400];
        (void)str_format(why, sizeof why, "No fulexod answers on %s.", k->path);
        drop(k, why);
        return;
    }
    open_session(k);
}

/* Order is kept: it is the order of sending again. */
static bool take_waiting(struct link *k, int64_t id, struct waiting *ret) {
    for (int i = 0; i < k->n_waiting; i++) {
        if (k->waiting[i].id == id) {
            *ret = k->waiting[i];
            k->n_waiting--;
            memmove(&k->waiting[i], &k->waiting[i + 1],
                    (size_t)(k->n_waiting - i) * sizeof *k->waiting);
            return true;
        }
    }
    return false;
}

static void answer(struct link *k, const struct rpcmsg *m) {
    struct waiting w;
    if (m->id.type != RPCMSG_ID_INT || !take_waiting(k, m->id.num, &w)) {
        return; /* forgotten, or never ours */
    }
    mem_wipe(w.text, strlen(w.text));
    free(w.text);
    if (!w.cb) {
        return;
    }
    struct link_reply r = {.result = m->result};
    if (m->kind == RPCMSG_ERROR) {
        const char *code = json_string(json_get(m->error_data, "code"));
        r.result = NULL;
        r.code = code ? code : "internal";
        r.message = m->error_message ? m->error_message : "";
        r.hint = json_string(json_get(m->error_data, "hint"));
        r.field = json_string(json_path(m->error_data, "params.field"));
    }
    w.cb(w.arg, &r);
    /* Ended from elsewhere: revoked, deactivated. */
    if (k->state == LINK_UP && str_eq(r.code, "sign_in")) {
        (void)str_copy(k->session.role, sizeof k->session.role, "guest");
        set_state(k, LINK_GUEST);
    }
}

/* Progress repeats a number, so the place never moves back. */
static void notification(struct link *k, const struct rpcmsg *m) {
    int64_t seq;
    if (!str_eq(m->method, "event") || !m->params) {
        return; /* a newer daemon may tell more than we know */
    }
    if (json_i64(json_get(m->params, "seq"), false, &seq) == 0 &&
        seq > k->session.seq) {
        k->session.seq = seq;
    }
    k->events.event(k->events.arg, m->params);
}

/* The arena is this message's; callbacks copy what they keep. */
static int message(struct link *k, const char *line, size_t n) {
    const struct json *v;
    struct rpcmsg m = {0};
    arena_reset(k->arena);
    int err = json_parse(k->arena, line, n, NULL, &v, NULL);
    if (err == 0) {
        err = rpcmsg_read(v, &m);
    }
    if (err < 0) {
        return err;
    }
    if (m.kind == RPCMSG_NOTIFICATION) {
        notification(k, &m);
    } else if (m.kind != RPCMSG_REQUEST) {
        answer(k, &m);
    }
    return 0;
}

static void read_messages(struct link *k) {
    const char *line;
    size_t n;
    while (k->fd >= 0 && frame_next(&k->reader, &line, &n)) {
        if (message(k, line, n) < 0) {
            drop(k, "The daemon sent something that is not JSON-RPC.");
            return;
        }
    }
}

static void read_some(struct link *k) {
    char chunk[READ_CHUNK];
    ssize_t n = recv(k->fd, chunk, sizeof chunk, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (n <= 0 || frame_feed(&k->reader, chunk, (size_t)n) < 0) {
        drop(k, "The connection to the daemon broke.");
        return;
    }
    read_messages(k);
}

static void on_socket(void *arg, short revents) {
    struct link *k = arg;
    if (revents & (POLLIN | POLLHUP | POLLERR)) {
        read_some(k);
    }
    if (k->fd >= 0) {
        flush_out(k);
    }
}

struct link *link_create(struct loop *l, const struct link_options *o,
                         const struct link_events *events) {
    struct link *k = NEW(struct link);
    k->loop = l;
    k->path = mem_dup(o->socket_path);
    k->locale = mem_dup(o->locale);
    k->as = mem_dup(o->as);
    k->token = mem_dup(o->token);
    k->token_first = o->token_first;
    k->read_only = o->read_only;
    k->events = *events;
    k->fd = -1;
    k->backoff_ms = BACKOFF_MIN_MS;
    k->arena = arena_new(0);
    frame_init(&k->reader, FRAME_MAX);
    loop_timer(l, 0, try_connect, k);
    return k;
}

void link_destroy(struct link *k) {
    if (!k) {
        return;
    }
    loop_forget(k->loop, k);
    if (k->fd >= 0) {
        loop_unwatch(k->loop, k->fd);
        (void)close(k->fd);
    }
    for (int i = 0; i < k->n_waiting; i++) {
        free(k->waiting[i].text);
    }
    frame_done(&k->reader);
    buf_done(&k->out);
    arena_free(k->arena);
    set_token(k, NULL);
    free(k->path);
    free(k->as);
    free(k->locale);
    free(k);
}

enum link_state link_state(const struct link *k) {
    return k->state;
}

const struct link_session *link_session(const struct link *k) {
    return &k->session;
}

const char *link_error(const struct link *k) {
    return k->error;
}

int link_ask(struct link *k, const char *method, const char *params,
             link_cb *cb, void *arg) {
    struct waiting *w;
    int err = enqueue(k, method, params, cb, arg, &w);
    if (err < 0) {
        return err;
    }
    if (k->state == LINK_UP) {
        send_one(k, w);
        flush_out(k);
    }
    return 0;
}

int link_write(struct link *k, const char *method, const char *params,
               link_cb *cb, void *arg) {
    AUTO_BUF struct buf b = BUF_INIT;
    size_t n = strlen(params);
    char id[ULID_TEXT];
    uint8_t random[10];
    REQUIRE(getrandom(random, sizeof random, 0) == (ssize_t)sizeof random);
    ulid_format(id, loop_now(), random);
    REQUIRE(n >= 2 && params[0] == '{' && params[n - 1] == '}');
    buf_add(&b, params, n - 1);
    buf_addf(&b, "%s\"request_id\":\"%s\"}", n > 2 ? "," : "", id);
    return link_ask(k, method, buf_str(&b), cb, arg);
}

void link_forget(struct link *k, void *arg) {
    REQUIRE(arg != NULL);
    if (k->sign_arg == arg) {
        k->sign_cb = NULL;
    }
    for (int i = 0; i < k->n_waiting; i++) {
        if (k->waiting[i].arg == arg) {
            k->waiting[i].cb = NULL;
            k->waiting[i].arg = NULL;
        }
    }
}

int link_waiting(const struct link *k) {
    return k->n_waiting;
}
