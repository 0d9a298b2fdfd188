#include "tests/lib/tiny_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "common/check.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "tests/lib/server_cert.h"

enum { HEAD = 65536, STEP_MS = 20, MAX_CONNECTIONS = 64 };

struct tiny_server {
    int fd, port;
    tiny_fn fn;
    void *arg;
    SSL_CTX *tls;
    char *pem;
    pthread_t thread;
    pthread_t workers[MAX_CONNECTIONS];
    atomic_int connections;
    atomic_bool stop;
};

struct peer {
    struct tiny_server *s;
    int fd;
    SSL *ssl;
};

static bool readable(const struct peer *p) {
    if (p->ssl && SSL_pending(p->ssl) > 0)
        return true;
    while (!p->s->stop) {
        struct pollfd fd = {.fd = p->fd, .events = POLLIN};
        if (poll(&fd, 1, STEP_MS) > 0)
            return true;
    }
    return false;
}

static ssize_t peer_read(const struct peer *p, char *dst, size_t n) {
    if (!readable(p))
        return 0;
    return p->ssl ? SSL_read(p->ssl, dst, (int)n) : read(p->fd, dst, n);
}

static bool peer_write(const struct peer *p, const char *s, size_t n) {
    while (n > 0 && !p->s->stop) {
        struct pollfd fd = {.fd = p->fd, .events = POLLOUT};
        if (poll(&fd, 1, STEP_MS) == 0)
            continue;
        ssize_t put = p->ssl ? SSL_write(p->ssl, s, (int)n)
                             : send(p->fd, s, n, MSG_NOSIGNAL);
        if (put <= 0)
            return false;
        s += put;
        n -= (size_t)put;
    }
    return n == 0;
}

/* One request: its head, and as much body as it announces. */
static bool read_request(const struct peer *p, char *head) {
    size_t n = 0;
    const char *end = NULL, *length;
    while (n < HEAD - 1 && !end) {
        ssize_t got = peer_read(p, head + n, HEAD - 1 - n);
        if (got <= 0)
            return false;
        n += (size_t)got;
        head[n] = 0;
        end = strstr(head, "\r\n\r\n");
    }
    length = strcasestr(head, "\r\nContent-Length:");
    size_t body = length ? strtoul(length + 17, NULL, 10) : 0;
    while (end && n < (size_t)(end + 4 - head) + body && n < HEAD - 1) {
        ssize_t got = peer_read(p, head + n, HEAD - 1 - n);
        if (got <= 0)
            return false;
        n += (size_t)got;
        head[n] = 0;
    }
    return end != NULL;
}

static bool reply(const struct peer *p, const struct tiny_reply *r) {
    size_t n = r->bytes ? (r->n ? r->n : strlen(r->bytes)) : 0;
    for (size_t i = 0; r->drip_ms && i < n; i++) {
        (void)usleep((useconds_t)r->drip_ms * 1000);
        if (!peer_write(p, r->bytes + i, 1))
            return false;
    }
    if (!r->drip_ms && !peer_write(p, r->bytes, n))
        return false;
    for (size_t i = 0; i < r->repeat; i++)
        if (!peer_write(p, r->filler, strlen(r->filler)))
            return false;
    while (r->hang && !p->s->stop)
        (void)usleep(STEP_MS * 1000);
    return !r->close;
}

static void *serve(void *arg) {
    struct peer *p = arg;
    AUTO_FREE char *head = mem_alloc(HEAD);
    bool open = true;
    if (p->s->tls) {
        p->ssl = SSL_new(p->s->tls);
        (void)SSL_set_fd(p->ssl, p->fd);
        open = SSL_accept(p->ssl) == 1;
    }
    while (open && read_request(p, head)) {
        struct tiny_reply r = p->s->fn(p->s->arg, head);
        open = reply(p, &r);
    }
    SSL_free(p->ssl);
    (void)close(p->fd);
    free(p);
    return NULL;
}

static void *accept_all(void *arg) {
    struct tiny_server *s = arg;
    while (!s->stop) {
        struct pollfd fd = {.fd = s->fd, .events = POLLIN};
        if (poll(&fd, 1, STEP_MS) <= 0 || s->connections == MAX_CONNECTIONS)
            continue;
        struct peer *p = NEW(struct peer);
        p->s = s;
        p->fd = accept(s->fd, NULL, NULL);
        REQUIRE(p->fd >= 0);
        /* Counted first: its answer may be seen before this goes on. */
        pthread_t *worker = &s->workers[s->connections++];
        REQUIRE(pthread_create(worker, NULL, serve, p) == 0);
    }
    return NULL;
}

struct tiny_server *tiny_server_start(bool tls, tiny_fn fn, void *arg) {
    struct tiny_server *s = NEW(struct tiny_server);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    (void)signal(SIGPIPE, SIG_IGN);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->fn = fn;
    s->arg = arg;
    if (tls)
        s->tls = server_cert_new(&s->pem);
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(s->fd >= 0 && bind(s->fd, (struct sockaddr *)&at, len) == 0);
    REQUIRE(listen(s->fd, 16) == 0);
    REQUIRE(getsockname(s->fd, (struct sockaddr *)&at, &len) == 0);
    s->port = ntohs(at.sin_port);
    REQUIRE(pthread_create(&s->thread, NULL, accept_all, s) == 0);
    return s;
}

void tiny_server_stop(struct tiny_server *s) {
    s->stop = true;
    (void)pthread_join(s->thread, NULL);
    for (int i = 0; i < s->connections; i++)
        (void)pthread_join(s->workers[i], NULL);
    (void)close(s->fd);
    SSL_CTX_free(s->tls);
    free(s->pem);
    free(s);
}

int tiny_server_port(const struct tiny_server *s) {
    return s->port;
}

int tiny_server_connections(const struct tiny_server *s) {
    return s->connections;
}

const char *tiny_server_pem(const struct tiny_server *s) {
    return s->pem;
}
