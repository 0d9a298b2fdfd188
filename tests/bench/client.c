#include "client.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench.h"
#include "common/buf.h"
#include "common/mem.h"

struct client {
    int fd;
    struct buf in;
    size_t used; /* bytes of the line handed out last */
};

static struct client *join(const char *path) {
    struct client *c = NEW(struct client);
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof at.sun_path)
        bench_die("%s is too long for a socket", path);
    memcpy(at.sun_path, path, strlen(path));
    c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&at, sizeof at) < 0)
        bench_die("no daemon answers on %s", path);
    return c;
}

struct client *client_open(const char *path) {
    struct client *c = join(path);
    (void)client_call(c, "session.open",
                      "{\"client\":\"bench\",\"version\":1}");
    return c;
}

struct client *client_open_as(const char *path, const char *user) {
    struct client *c = join(path);
    AUTO_FREE char *params =
        mem_printf("{\"client\":\"bench\",\"version\":1,\"as\":\"%s\"}", user);
    const char *line = client_call(c, "session.open", params);
    if (!strstr(line, "\"result\""))
        bench_die("nobody acts as %s: %.300s", user, line);
    return c;
}

void client_close(struct client *c) {
    (void)close(c->fd);
    buf_done(&c->in);
    free(c);
}

static void send_all(struct client *c, const char *p, size_t n) {
    while (n > 0) {
        ssize_t sent = send(c->fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            bench_die("the daemon hung up");
        p += sent;
        n -= (size_t)sent;
    }
}

void client_post(struct client *c, const char *method, const char *params) {
    AUTO_FREE char *line =
        mem_printf("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\","
                   "\"params\":%s}\n",
                   method, params);
    send_all(c, line, strlen(line));
}

/* The line behind the last one, ended in place; NULL: it is not whole yet. */
static const char *take_line(struct client *c) {
    buf_consume(&c->in, c->used);
    c->used = 0;
    char *end = c->in.len ? memchr(c->in.data, '\n', c->in.len) : NULL;
    if (!end)
        return NULL;
    *end = '\0';
    c->used = (size_t)(end - c->in.data) + 1;
    return c->in.data;
}

const char *client_line(struct client *c, int timeout_ms) {
    struct pollfd p = {.fd = c->fd, .events = POLLIN};
    const char *line;
    while (!(line = take_line(c)) && poll(&p, 1, timeout_ms) > 0) {
        ssize_t n = read(c->fd, buf_reserve(&c->in, 65536), 65536);
        if (n <= 0)
            bench_die("the daemon hung up");
        buf_added(&c->in, (size_t)n);
    }
    return line;
}

bool client_is_event(const char *line) {
    static const char head[] = "{\"jsonrpc\":\"2.0\",\"method\":\"event\"";
    return strncmp(line, head, sizeof head - 1) == 0;
}

const char *client_call(struct client *c, const char *method,
                        const char *params) {
    const char *line;
    client_post(c, method, params);
    do
        line = client_line(c, -1);
    while (line && client_is_event(line));
    if (!line)
        bench_die("the daemon did not answer %s", method);
    return line;
}
