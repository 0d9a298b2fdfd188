/* Happy path: dial, or take the connection kept; send head and body; read the
 * answer to its end; keep the connection.
 *
 * Failure modes: nobody listens, the listener is silent (limit_ms), the shop
 * stops (stop_fd), a kept connection was closed meanwhile (dialled again), an
 * answer without a length (read, then closed). */
#include "tests/shop/hook_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/buf.h"
#include "tests/shop/timers.h"

enum { ANSWER_MAX = 64 << 10 };

int wire_target_read(const char *url, struct wire_target *ret_target) {
    struct wire_target t;
    int used = 0, port = 80;
    if (sscanf(url, "http://%127[^:/?]%n", t.host, &used) != 1)
        return -1;
    if (url[used] == ':') {
        int more = 0;
        if (sscanf(url + used, ":%5d%n", &port, &more) != 1)
            return -1;
        used += more;
    }
    (void)snprintf(t.port, sizeof t.port, "%d", port);
    t.path = url[used] ? url + used : "/";
    *ret_target = t;
    return 0;
}

void wire_close(struct wire *w) {
    if (w->fd >= 0)
        (void)close(w->fd);
    w->fd = -1;
}

/* Wait until the connection is ready. false: too late, or to be stopped. */
static bool ready(const struct wire *w, short events, int64_t until_us) {
    struct pollfd p[] = {{.fd = w->fd, .events = events},
                         {.fd = w->stop_fd, .events = POLLIN}};
    for (;;) {
        int64_t left = (until_us - timers_now()) / 1000;
        int n = left > 0 ? poll(p, 2, (int)left) : 0;
        if (n < 0 && errno == EINTR)
            continue;
        return n > 0 && !p[1].revents;
    }
}

static bool dial(struct wire *w, const struct wire_target *t, int64_t until) {
    bool local = strcmp(t->host, "localhost") == 0;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_family = AF_INET,
                             .ai_flags = local ? 0 : AI_NUMERICHOST},
                    *all = NULL;
    int error = 0;
    socklen_t n = sizeof error;
    if (getaddrinfo(t->host, t->port, &hints, &all) != 0)
        return false;
    w->fd =
        socket(all->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool ok = w->fd >= 0 &&
              (connect(w->fd, all->ai_addr, all->ai_addrlen) == 0 ||
               (errno == EINPROGRESS && ready(w, POLLOUT, until) &&
                getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 &&
                error == 0));
    freeaddrinfo(all);
    if (!ok) {
        wire_close(w);
        return false;
    }
    memcpy(w->host, t->host, sizeof w->host);
    memcpy(w->port, t->port, sizeof w->port);
    return true;
}

static bool send_all(struct wire *w, const char *p, size_t n, int64_t until) {
    while (n) {
        ssize_t sent = send(w->fd, p, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN && ready(w, POLLOUT, until))
            continue;
        if (sent < 0)
            return false;
        p += sent;
        n -= (size_t)sent;
    }
    return true;
}

/* Another piece of the answer. 0 at its end, -1 when none comes. */
static ssize_t more(struct wire *w, struct buf *in, int64_t until) {
    if (in->len >= ANSWER_MAX || !ready(w, POLLIN, until))
        return -1;
    ssize_t n = recv(w->fd, buf_reserve(in, 4096), 4096, 0);
    if (n > 0)
        buf_added(in, (size_t)n);
    return n;
}

/* Length of the body by its head; -1: it ends with the connection. */
static long body_length(const char *head) {
    static const char key[] = "\r\nContent-Length:";
    const char *at = strcasestr(head, key);
    return at ? strtol(at + sizeof key - 1, NULL, 10) : -1;
}

/* The answer's status; the connection stays open when it may. */
static int answer_read(struct wire *w, int64_t until) {
    AUTO_BUF struct buf in = BUF_INIT;
    const char *gap;
    int status = -1;
    while (!(gap = strstr(buf_str(&in), "\r\n\r\n")))
        if (more(w, &in, until) <= 0)
            return -1;
    size_t head = (size_t)(gap - in.data) + 4;
    if (sscanf(in.data, "HTTP/1.%*d %3d", &status) != 1)
        return -1;
    long n = body_length(in.data);
    bool ends = n < 0 || strcasestr(in.data, "\r\nConnection: close");
    while (n > 0 && in.len < head + (size_t)n && !ends)
        if (more(w, &in, until) <= 0)
            ends = true;
    if (ends)
        wire_close(w);
    return status;
}

static void text_make(struct buf *out, const struct wire_target *t,
                      const struct wire_message *m) {
    buf_addf(out,
             "POST %s HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: "
             "WooCommerce/11.0.1 Hookshot (WordPress/6.9.1)\r\n"
             "Accept: */*\r\nContent-Type: %s\r\n%sContent-Length: %zu\r\n\r\n",
             t->path, t->host, t->port, m->type, m->heads, m->body_n);
    buf_add(out, m->body, m->body_n);
}

int wire_post(struct wire *w, const char *url, const struct wire_message *m,
              int limit_ms) {
    struct wire_target t;
    AUTO_BUF struct buf text = BUF_INIT;
    int64_t until = timers_now() + (int64_t)limit_ms * 1000;
    if (wire_target_read(url, &t) < 0)
        return -1;
    text_make(&text, &t, m);
    if (strcmp(w->host, t.host) != 0 || strcmp(w->port, t.port) != 0)
        wire_close(w);
    bool kept = w->fd >= 0;
    for (;;) {
        if (w->fd < 0 && !dial(w, &t, until))
            return -1;
        int status = send_all(w, text.data, text.len, until)
                         ? answer_read(w, until)
                         : -1;
        if (status >= 0)
            return status;
        wire_close(w);
        if (!kept)
            return -1;
        kept = false;
    }
}
