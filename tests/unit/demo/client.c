#include "tests/unit/demo/client.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/shop/timers.h"

static int dial(int port) {
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons((unsigned short)port)};
    struct timeval limit = {20, 0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&in, sizeof in) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static void unchunk(struct buf *out, const char *p, size_t n) {
    const char *end = p + n;
    while (p < end) {
        char *after;
        unsigned long size = strtoul(p, &after, 16);
        if (!size || after + 2 + size > end)
            break;
        buf_add(out, after + 2, size);
        p = after + 2 + size + 2;
    }
}

static void split(struct answer *a, const struct buf *all) {
    char how[32];
    const char *gap = all->len ? strstr(all->data, "\r\n\r\n") : NULL;
    if (!gap)
        return;
    buf_add(&a->head, all->data, (size_t)(gap - all->data) + 2);
    const char *body = gap + 4;
    size_t n = all->len - (size_t)(body - all->data);
    (void)sscanf(all->data, "HTTP/1.%*d %d", &a->status);
    if (answer_header(a, "Transfer-Encoding", how, sizeof how))
        unchunk(&a->body, body, n);
    else
        buf_add(&a->body, body, n);
}

struct answer client_send(int port, const char *method, const char *target,
                          const char *headers, const char *body) {
    struct answer a = {0};
    AUTO_BUF struct buf out = BUF_INIT;
    AUTO_BUF struct buf in = BUF_INIT;
    AUTO_FD int fd = dial(port);
    int64_t began = timers_now();
    buf_addf(&out, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s", method, target,
             headers);
    if (body)
        buf_addf(&out, "Content-Length: %zu\r\n", strlen(body));
    buf_addf(&out, "Connection: close\r\n\r\n%s", body ? body : "");
    if (fd < 0 || send(fd, out.data, out.len, MSG_NOSIGNAL) < 0)
        return a;
    for (;;) {
        ssize_t n = recv(fd, buf_reserve(&in, 65536), 65536, 0);
        if (n <= 0)
            break;
        buf_added(&in, (size_t)n);
    }
    a.ms = (double)(timers_now() - began) / 1000.0;
    split(&a, &in);
    return a;
}

struct answer client_call(int port, const char *method, const char *target,
                          const char *body) {
    return client_send(port, method, target,
                       CLIENT_KEY "Accept: application/json\r\n"
                                  "User-Agent: demo-test\r\n"
                                  "Content-Type: application/json\r\n",
                       body);
}

void answer_done(struct answer *a) {
    buf_done(&a->head);
    buf_done(&a->body);
}

bool answer_header(const struct answer *a, const char *name, char *dst,
                   size_t size) {
    size_t n = strlen(name);
    dst[0] = 0;
    for (const char *p = buf_str(&a->head); (p = strstr(p, "\r\n"));) {
        p += 2;
        if (strncasecmp(p, name, n) != 0 || p[n] != ':')
            continue;
        p += n + 1 + strspn(p + n + 1, " ");
        (void)snprintf(dst, size, "%.*s", (int)strcspn(p, "\r"), p);
        return true;
    }
    return false;
}

struct node *answer_json(const struct answer *a, struct arena *arena) {
    return node_parse(arena, buf_str(&a->body), a->body.len);
}
