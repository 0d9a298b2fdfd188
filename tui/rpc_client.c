/* Happy path: connect; write one line; read lines until the one with our id;
 * lines without an id are notifications and wait in `kept`.
 * Failure modes: nobody listens, the peer closes, a line that is no message of
 * the protocol, no answer in time. After any of them but the time-out of an
 * event the connection is of no use: close it. */
#include "tui/rpc_client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/frame.h"
#include "common/mem.h"
#include "common/rpcmsg.h"

enum { TIMEOUT_MS = 120000, READ_BYTES = 65536 };

struct rpc_client {
    int fd;
    struct frame_reader in;
    struct buf kept; /* notifications not asked for yet, '\n' behind each */
    size_t taken;    /* prefix of kept handed out */
    int64_t last_id;
    int timeout_ms;
};

static int64_t mono_ms(void) {
    struct timespec ts;
    REQUIRE(clock_gettime(CLOCK_MONOTONIC, &ts) == 0);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- connection --------------------------------------------------------- */

static int connect_failed(const char *path, int err, struct error *e) {
    if (err == EACCES || err == EPERM)
        return error_set(e, ERR_DENIED, path, "%s: %s", path, strerror(err));
    return error_set(e, ERR_NO_DAEMON, path, "%s: %s", path, strerror(err));
}

int rpc_client_open(const char *path, struct rpc_client **ret,
                    struct error *e) {
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    REQUIRE(path && ret);
    if (strlen(path) >= sizeof addr.sun_path)
        return connect_failed(path, ENAMETOOLONG, e);
    memcpy(addr.sun_path, path, strlen(path) + 1);
    AUTO_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&addr, sizeof addr) != 0)
        return connect_failed(path, errno, e);
    struct rpc_client *c = NEW(struct rpc_client);
    c->fd = TAKE_FD(fd);
    c->timeout_ms = TIMEOUT_MS;
    frame_init(&c->in, FRAME_MAX);
    *ret = c;
    return 0;
}

void rpc_client_close(struct rpc_client *c) {
    if (!c)
        return;
    (void)close(c->fd);
    frame_done(&c->in);
    buf_done(&c->kept);
    free(c);
}

void rpc_client_set_timeout(struct rpc_client *c, int ms) {
    REQUIRE(ms > 0);
    c->timeout_ms = ms;
}

static int lost(struct error *e, int err) {
    return error_set(e, ERR_NO_DAEMON, "", "connection lost: %s",
                     err ? strerror(err) : "closed by the daemon");
}

static int send_all(struct rpc_client *c, const struct buf *b,
                    struct error *e) {
    for (size_t at = 0; at < b->len;) {
        ssize_t n = send(c->fd, b->data + at, b->len - at, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return lost(e, errno);
        at += (size_t)n;
    }
    return 0;
}

/* --- lines -------------------------------------------------------------- */

/* Wait for bytes until the instant (mono ms, -1: for ever). 1, 0 = time is up,
 * ERR_CANCELLED only with a mask. */
static int wait_bytes(struct rpc_client *c, int64_t until,
                      const sigset_t *mask) {
    for (;;) {
        int64_t left = until < 0 ? 0 : until - mono_ms();
        if (left < 0)
            left = 0;
        struct timespec ts = {.tv_sec = left / 1000,
                              .tv_nsec = (left % 1000) * 1000000};
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        int n = ppoll(&p, 1, until < 0 ? NULL : &ts, mask);
        if (n >= 0)
            return n;
        REQUIRE(errno == EINTR);
        if (mask)
            return ERR_CANCELLED;
    }
}

static int read_more(struct rpc_client *c, struct error *e) {
    char chunk[READ_BYTES];
    ssize_t n = recv(c->fd, chunk, sizeof chunk, 0);
    if (n < 0 && errno == EINTR)
        return 0;
    if (n <= 0)
        return lost(e, n ? errno : 0);
    /* A line too long is met again, and answered, by next_line. */
    (void)frame_feed(&c->in, chunk, (size_t)n);
    return 0;
}

/* The next line: 1 with its range (valid until the next one), 0 = time is up.
 */
static int next_line(struct rpc_client *c, int64_t until, const sigset_t *mask,
                     struct json_slice *ret, struct error *e) {
    while (!frame_next(&c->in, &ret->p, &ret->n)) {
        if (c->in.overflowed)
            return error_set(e, ERR_TOO_BIG, "",
                             "the daemon sent a line over 4 MiB");
        int rc = wait_bytes(c, until, mask);
        if (rc <= 0)
            return rc;
        rc = read_more(c, e);
        if (rc)
            return rc;
    }
    return 1;
}

static int read_message(struct arena *a, const struct json_slice *line,
                        struct rpcmsg *ret, struct error *e) {
    const struct json *v;
    int rc = json_parse(a, line->p, line->n, NULL, &v, NULL);
    if (!rc)
        rc = rpcmsg_read(v, ret);
    if (rc)
        return error_set(e, ERR_INVALID_REQUEST, "",
                         "what answers on the socket is no fulexod");
    return 0;
}

/* --- calls -------------------------------------------------------------- */

void rpc_reply_done(struct rpc_reply *r) {
    arena_free(r->arena);
    buf_done(&r->text);
    *r = (struct rpc_reply){0};
}

/* The result's own bytes when the line begins as rpcmsg writes it; printed anew
 * when some other daemon orders its members otherwise. */
static void take_text(struct rpc_reply *r, const struct rpcmsg *m,
                      const struct json_slice *line) {
    AUTO_BUF struct buf head = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &head);
    rpcmsg_begin_result(&w, &m->id);
    bool same = line->n > head.len && line->p[line->n - 1] == '}' &&
                memcmp(line->p, head.data, head.len) == 0;
    if (same && head.data[head.len - 1] == ':')
        buf_add(&r->text, line->p + head.len, line->n - head.len - 1);
    else
        json_print(&r->text, m->result);
}

static int take_error(struct rpc_reply *r, const struct rpcmsg *m) {
    struct jsonw w;
    AUTO_BUF struct buf data = BUF_INIT;
    r->code = m->error_code < 0 ? m->error_code : ERR_INTERNAL;
    r->message = m->error_message;
    r->hint = json_string(json_get(m->error_data, "hint"));
    r->field = json_string(json_path(m->error_data, "params.field"));
    jsonw_init(&w, &r->text);
    jsonw_begin_object(&w);
    jsonw_ki64(&w, "code", m->error_code);
    jsonw_kstring(&w, "message", m->error_message);
    if (m->error_data) {
        json_print(&data, m->error_data);
        jsonw_key(&w, "data");
        jsonw_raw(&w, data.data, data.len);
    }
    jsonw_end_object(&w);
    return r->code;
}

static void keep_event(struct rpc_client *c, const struct json_slice *line) {
    /* Who waits for a job asks for its state too, so one lost is no harm. */
    if (c->kept.len - c->taken + line->n > FRAME_MAX)
        return;
    buf_consume(&c->kept, c->taken);
    c->taken = 0;
    buf_add(&c->kept, line->p, line->n);
    buf_addc(&c->kept, '\n');
}

/* Read up to the answer with our id. */
static int await(struct rpc_client *c, struct rpc_reply *ret, struct error *e) {
    int64_t until = mono_ms() + c->timeout_ms;
    for (;;) {
        struct json_slice line;
        struct rpcmsg m = {0};
        int rc = next_line(c, until, NULL, &line, e);
        if (rc == 0)
            return error_set(e, ERR_TIMEOUT, "", "no answer within %d s",
                             c->timeout_ms / 1000);
        arena_reset(ret->arena);
        if (rc > 0)
            rc = read_message(ret->arena, &line, &m, e);
        if (rc < 0)
            return rc;
        if (m.kind == RPCMSG_NOTIFICATION)
            keep_event(c, &line);
        else if (m.kind == RPCMSG_ERROR &&
                 (m.id.num == c->last_id || m.id.type == RPCMSG_ID_NULL))
            return take_error(ret, &m);
        else if (m.kind == RPCMSG_RESULT && m.id.num == c->last_id) {
            ret->result = m.result;
            take_text(ret, &m, &line);
            return 0;
        }
    }
}

int rpc_client_call(struct rpc_client *c, const char *method,
                    const char *params, struct rpc_reply *ret,
                    struct error *e) {
    struct rpcmsg_id id = {.type = RPCMSG_ID_INT, .num = ++c->last_id};
    AUTO_BUF struct buf out = BUF_INIT;
    struct jsonw w;
    REQUIRE(c && method && ret);
    rpc_reply_done(ret);
    ret->arena = arena_new(0);
    jsonw_init(&w, &out);
    rpcmsg_begin_request(&w, &id, method);
    jsonw_raw(&w, params ? params : "{}", params ? strlen(params) : 2);
    rpcmsg_end(&w);
    buf_addc(&out, '\n');
    int rc = send_all(c, &out, e);
    mem_wipe(out.data, out.len); /* may hold a shop's secret */
    return rc ? rc : await(c, ret, e);
}

int rpc_client_session(struct rpc_client *c, const char *locale, bool read_only,
                       const char *as, struct rpc_reply *ret, struct error *e) {
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "client", "fulexo/" FULEXO_VERSION);
    jsonw_ki64(&w, "version", RPC_CLIENT_VERSION);
    jsonw_kstring(&w, "locale", locale);
    jsonw_kbool(&w, "read_only", read_only);
    if (as)
        jsonw_kstring(&w, "as", as);
    jsonw_end_object(&w);
    return rpc_client_call(c, "session.open", buf_str(&params), ret, e);
}

/* --- notifications ------------------------------------------------------ */

void rpc_event_done(struct rpc_event *ev) {
    arena_free(ev->arena);
    buf_done(&ev->text);
    *ev = (struct rpc_event){0};
}

/* 1 when the line was a notification, 0 when something else. */
static int take_event(const struct json_slice *line, struct rpc_event *ret,
                      struct error *e) {
    struct rpcmsg m = {0};
    rpc_event_done(ret);
    ret->arena = arena_new(0);
    int rc = read_message(ret->arena, line, &m, e);
    if (rc || m.kind != RPCMSG_NOTIFICATION)
        return rc; /* a late answer to a call given up is dropped */
    ret->method = m.method;
    ret->params = m.params;
    json_print(&ret->text, m.params);
    return 1;
}

static bool next_kept(struct rpc_client *c, struct json_slice *ret) {
    if (c->taken >= c->kept.len)
        return false;
    ret->p = c->kept.data + c->taken;
    ret->n = strcspn(ret->p, "\n");
    c->taken += ret->n + 1;
    return true;
}

int rpc_client_event(struct rpc_client *c, int timeout_ms, const sigset_t *mask,
                     struct rpc_event *ret, struct error *e) {
    int64_t until = timeout_ms < 0 ? -1 : mono_ms() + timeout_ms;
    struct json_slice line;
    int rc = 0;
    while (rc == 0) {
        if (!next_kept(c, &line)) {
            rc = next_line(c, until, mask, &line, e);
            if (rc <= 0)
                return rc;
        }
        rc = take_event(&line, ret, e);
    }
    return rc;
}
