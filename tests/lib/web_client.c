#include "tests/lib/web_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/digest.h"
#include "common/mem.h"

int web_client_connect(struct web_client *c, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    *c = (struct web_client){
        .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (c->fd >= 0 && connect(c->fd, (struct sockaddr *)&to, sizeof to) == 0 &&
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0)
        return 0;
    web_client_close(c);
    return -1;
}

void web_client_close(struct web_client *c) {
    if (c->fd >= 0)
        (void)close(c->fd);
    buf_done(&c->in);
    free(c->head);
    free(c->body);
    *c = (struct web_client){.fd = -1};
}

int web_client_send(struct web_client *c, const void *p, size_t n) {
    const char *at = p;
    while (n > 0) {
        ssize_t sent = send(c->fd, at, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return -1;
        at += sent;
        n -= (size_t)sent;
    }
    return 0;
}

static int64_t mono(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* More bytes; -1: the end, or not in time. */
static int fill(struct web_client *c, int64_t until) {
    struct pollfd p = {.fd = c->fd, .events = POLLIN};
    int64_t left = until - mono();
    if (left < 0 || poll(&p, 1, (int)left) <= 0)
        return -1;
    ssize_t n = recv(c->fd, buf_reserve(&c->in, 65536), 65536, 0);
    if (n <= 0)
        return -1;
    buf_added(&c->in, (size_t)n);
    return 0;
}

static size_t length_of(const char *head) {
    const char *v = strcasestr(head, "\r\nContent-Length:");
    return v ? (size_t)strtoul(v + 17, NULL, 10) : 0;
}

int web_client_read(struct web_client *c, int timeout_ms) {
    int64_t until = mono() + timeout_ms;
    char *end;
    while (!(end = strstr(buf_str(&c->in), "\r\n\r\n")))
        if (fill(c, until) < 0)
            return -1;
    size_t head_n = (size_t)(end - c->in.data) + 4;
    free(c->head);
    c->head = mem_dupn(c->in.data, head_n);
    size_t body_n = length_of(c->head);
    while (c->in.len < head_n + body_n)
        if (fill(c, until) < 0)
            return -1;
    free(c->body);
    c->body = mem_dupn(c->in.data + head_n, body_n);
    buf_consume(&c->in, head_n + body_n);
    if (strncmp(c->head, "HTTP/1.1 ", 9) != 0)
        return -1;
    return (int)strtol(c->head + 9, NULL, 10);
}

int web_client_get(struct web_client *c, int port, const char *path,
                   const char *more) {
    AUTO_BUF struct buf out = BUF_INIT;
    buf_addf(&out, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, more);
    if (web_client_connect(c, port) < 0 ||
        web_client_send(c, out.data, out.len) < 0)
        return -1;
    return web_client_read(c, 10000);
}

static void sign(struct buf *out, const char *secret, const char *body,
                 size_t n) {
    uint8_t mac[DIGEST_SHA256];
    char text[64];
    digest_hmac(secret, strlen(secret), body, n, mac);
    digest_base64(mac, sizeof mac, text);
    buf_addf(out, "X-WC-Webhook-Signature: %s\r\n", text);
}

void web_delivery_add(struct buf *out, const struct web_delivery *d) {
    size_t n = d->body_n ? d->body_n : strlen(d->body);
    buf_addf(out,
             "POST %s HTTP/1.1\r\nHost: localhost\r\n"
             "User-Agent: WooCommerce/11.0.1 Hookshot (WordPress/6.9.1)\r\n"
             "Accept: */*\r\nContent-Type: application/json\r\n"
             "X-WC-Webhook-ID: 5\r\n"
             "X-WC-Webhook-Delivery-ID: 2fdf1161c08238997c52e46f1a105c9e\r\n",
             d->path);
    if (d->topic)
        buf_addf(out, "X-WC-Webhook-Topic: %s\r\n", d->topic);
    if (d->source)
        buf_addf(out, "X-WC-Webhook-Source: %s\r\n", d->source);
    if (d->secret)
        sign(out, d->secret, d->body, n);
    buf_addf(out, "%sContent-Length: %zu\r\n\r\n", d->more ? d->more : "", n);
    buf_add(out, d->body, n);
}
