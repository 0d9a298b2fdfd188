/* Happy path: connect, session.open, events.subscribe from the last number
 * seen, then requests and answers by id. Between the first two the daemon may
 * ask who this is: the token of the session before answers, or a person.
 * Failure modes: no daemon or it goes away (back-off 0.1 s to 5 s, everything
 * unanswered is sent again once it is back), an answer that is no JSON-RPC
 * (the connection is dropped as if it had failed), a refusal of session.open
 * (LINK_REFUSED: no more attempts, the sentence is kept for the frame). */
#include "tui/link_core.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/err.h"
#include "common/mem.h"
#include "common/rpcmsg.h"
#include "common/str.h"
#include "common/ulid.h"
#include "tui/loop.h"
#include "tui/tr.h"

enum {
    BACKOFF_MAX_MS = 5000,
    READ_CHUNK = 65536,
};

static void try_connect(void *arg);
static void on_socket(void *arg, short revents);

/* Told once a change, never from inside a half-made link. */
void link_set_state(struct link *k, enum link_state state) {
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
        k->waiting[i].sent = k->waiting[i].held = false;
    }
    bool news = k->state == LINK_DOWN && !str_eq(k->error, why);
    (void)str_copy(k->error, sizeof k->error, why);
    loop_timer(k->loop, k->backoff_ms, try_connect, k);
    k->backoff_ms *= 2;
    if (k->backoff_ms > BACKOFF_MAX_MS) {
        k->backoff_ms = BACKOFF_MAX_MS;
    }
    link_set_state(k, LINK_DOWN);
    if (news) {
        k->events.state(k->events.arg);
    }
}

/* As much as the socket takes; the rest when poll says so. */
void link_flush(struct link *k) {
    REQUIRE(k->fd >= 0);
    while (k->out.len) {
        ssize_t n = send(k->fd, k->out.data, k->out.len, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            break;
        }
        if (n <= 0) {
            drop(k, T(LINK_LOST));
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
int link_enqueue(struct link *k, const char *method, const char *params,
                 link_cb *cb, void *arg, struct link_request **ret) {
    if (k->n_waiting == LINK_WAITING_MAX) {
        return ERR_BUSY;
    }
    struct link_request *w = &k->waiting[k->n_waiting++];
    *w = (struct link_request){.id = ++k->next_id, .cb = cb, .arg = arg};
    w->text = message_text(w->id, method, params);
    *ret = w;
    return 0;
}

void link_send_one(struct link *k, struct link_request *w) {
    REQUIRE(w->text != NULL && !w->sent);
    w->sent = true;
    buf_adds(&k->out, w->text);
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
    link_no_verdict(k);
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
        return errno == EACCES ? ERR_DENIED : ERR_NO_DAEMON;
    }
    *ret = TAKE_FD(fd);
    return 0;
}

static void try_connect(void *arg) {
    struct link *k = arg;
    REQUIRE(k->fd < 0);
    forget_own(k);
    int rc = connect_socket(k->path, &k->fd);
    if (rc < 0) {
        AUTO_BUF struct buf why = BUF_INIT;
        text_format(&why, tr_lang,
                    rc == ERR_DENIED ? TEXT_LINK_FORBIDDEN
                                     : TEXT_LINK_NO_DAEMON,
                    "socket", k->path, NULL);
        drop(k, buf_str(&why));
        return;
    }
    link_open_session(k);
}

/* Order is kept: it is the order of sending again. */
static bool take_waiting(struct link *k, int64_t id, struct link_request *ret) {
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
    struct link_request w;
    if (link_hold(k, m)) {
        return;
    }
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
    bool in = k->state == LINK_UP || k->state == LINK_ENROL;
    if (in && str_eq(r.code, "sign_in")) {
        (void)str_copy(k->session.role, sizeof k->session.role, "guest");
        link_set_state(k, LINK_GUEST);
    } else if (k->state == LINK_UP && str_eq(r.code, "totp_required")) {
        link_set_state(k, LINK_ENROL); /* their role must have one by now */
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
    const char *what = json_string(json_path(m->params, "data.what"));
    if (k->state == LINK_UP && str_eq(what, "signed_out")) {
        /* What is on the screen is not theirs to see any more. */
        (void)str_copy(k->session.role, sizeof k->session.role, "guest");
        link_set_state(k, LINK_GUEST);
        return;
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
        drop(k, T(LINK_LOST));
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
        link_flush(k);
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
    k->backoff_ms = LINK_BACKOFF_MIN_MS;
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
    link_set_token(k, NULL);
    free(k->unproved);
    free(k->unproved_hint);
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
    struct link_request *w;
    int err = link_enqueue(k, method, params, cb, arg, &w);
    if (err < 0) {
        return err;
    }
    if (k->state == LINK_UP ||
        (k->state == LINK_ENROL && str_starts(method, "profile."))) {
        link_send_one(k, w);
        link_flush(k);
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
    if (k->prove_arg == arg) {
        k->prove_cb = NULL;
    }
    for (int i = 0; i < k->n_waiting; i++) {
        if (k->waiting[i].arg == arg) {
            k->waiting[i].cb = NULL;
            k->waiting[i].arg = NULL;
        }
    }
}

int link_waiting(const struct link *k) {
    int n = 0;
    for (int i = 0; i < k->n_waiting; i++) {
        n += !k->waiting[i].held;
    }
    return n;
}
