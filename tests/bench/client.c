#include "client.h"

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
};

struct client *client_open(const char *path) {
    struct client *c = NEW(struct client);
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof at.sun_path)
        bench_die("%s is too long for a socket", path);
    memcpy(at.sun_path, path, strlen(path));
    c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&at, sizeof at) < 0)
        bench_die("no daemon answers on %s", path);
    (void)client_call(c, "session.open",
                      "{\"client\":\"bench\",\"version\":1}");
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

const char *client_call(struct client *c, const char *method,
                        const char *params) {
    AUTO_FREE char *line =
        mem_printf("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\","
                   "\"params\":%s}\n",
                   method, params);
    send_all(c, line, strlen(line));
    buf_clear(&c->in);
    for (;;) {
        ssize_t n = read(c->fd, buf_reserve(&c->in, 65536), 65536);
        if (n <= 0)
            bench_die("the daemon hung up after %s", method);
        buf_added(&c->in, (size_t)n);
        if (c->in.data[c->in.len - 1] == '\n')
            return buf_str(&c->in);
    }
}
