#include "http/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/str.h"

enum { BACKLOG = 512 };

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static struct address from_v4(const struct in_addr *v4) {
    struct address a;
    memcpy(a.ip, mapped, sizeof mapped);
    memcpy(a.ip + sizeof mapped, v4, 4);
    return a;
}

struct address address_of(const struct sockaddr *sa) {
    struct address a = {0};
    if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, sa, sizeof in6);
        memcpy(a.ip, &in6.sin6_addr, sizeof a.ip);
    } else if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sa, sizeof in);
        a = from_v4(&in.sin_addr);
    }
    return a;
}

int address_parse(const char *text, struct address *ret) {
    struct in_addr v4;
    struct address a;
    if (inet_pton(AF_INET, text, &v4) == 1)
        a = from_v4(&v4);
    else if (inet_pton(AF_INET6, text, a.ip) != 1)
        return ERR_INVALID;
    *ret = a;
    return 0;
}

static bool is_v4(const struct address *a) {
    return memcmp(a->ip, mapped, sizeof mapped) == 0;
}

bool address_is_local(const struct address *a) {
    static const struct address one = {.ip = {[15] = 1}};
    return is_v4(a) ? a->ip[12] == 127 : address_equal(a, &one);
}

bool address_equal(const struct address *a, const struct address *b) {
    return memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

const char *address_text(char dst[ADDRESS_TEXT], const struct address *a) {
    const void *v4 = a->ip + sizeof mapped;
    const char *s = is_v4(a) ? inet_ntop(AF_INET, v4, dst, ADDRESS_TEXT)
                             : inet_ntop(AF_INET6, a->ip, dst, ADDRESS_TEXT);
    return s ? s : "?";
}

int network_parse(const char *text, struct network *ret) {
    char host[ADDRESS_TEXT];
    struct network n = {.bits = 128};
    int64_t bits;
    size_t len = strcspn(text, "/");
    if (len >= sizeof host)
        return ERR_INVALID;
    (void)str_copy(host, len + 1, text);
    if (address_parse(host, &n.base) < 0)
        return ERR_INVALID;
    int most = is_v4(&n.base) ? 32 : 128;
    if (text[len] == '/') {
        if (str_to_i64(text + len + 1, 0, most, &bits) < 0)
            return ERR_INVALID;
        n.bits = (int)bits + 128 - most;
    }
    *ret = n;
    return 0;
}

bool network_has(const struct network *n, const struct address *a) {
    size_t whole = (size_t)n->bits / 8;
    int rest = n->bits % 8;
    if (memcmp(n->base.ip, a->ip, whole) != 0)
        return false;
    return rest == 0 || ((n->base.ip[whole] ^ a->ip[whole]) >> (8 - rest)) == 0;
}

/* --- listening ---------------------------------------------------------- */

/* "HOST:PORT" -> a socket address. */
static int parse_listen(const char *text, struct sockaddr_in6 *ret) {
    char host[64];
    int64_t port;
    struct address a = {0}; /* "*": all of them */
    const char *colon = strrchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : 0;
    if (n == 0 || n >= sizeof host || str_to_i64(colon + 1, 0, 65535, &port))
        return ERR_CONFIG;
    bool bracketed = text[0] == '[' && text[n - 1] == ']';
    (void)str_copy(host, bracketed ? n - 1 : n + 1, text + bracketed);
    if (!str_eq(host, "*") && address_parse(host, &a) < 0)
        return ERR_CONFIG;
    *ret = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                 .sin6_port = htons((uint16_t)port)};
    memcpy(&ret->sin6_addr, a.ip, sizeof a.ip);
    return 0;
}

static int refused(const char *text, struct error *e) {
    switch (errno) {
    case EADDRINUSE:
        return error_set(e, ERR_LOCKED, text,
                         "is in use by another program: stop that (ss -ltnp "
                         "tells which) or choose another port in http.listen");
    case EACCES:
        return error_set(e, ERR_DENIED, text,
                         "ports below 1024 are not for this account: choose "
                         "another in http.listen and put nginx before it");
    case EADDRNOTAVAIL:
        return error_set(e, ERR_CONFIG, text,
                         "is no address of this machine (ip addr lists them): "
                         "correct http.listen");
    default:
        return error_set(e, ERR_IO, text, "cannot be listened on: %s",
                         strerror(errno));
    }
}

/* A machine without IPv6 still has IPv4. */
static int open_v4(const struct sockaddr_in6 *in6) {
    int on = 1;
    struct address a;
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = in6->sin6_port};
    memcpy(a.ip, &in6->sin6_addr, sizeof a.ip);
    if (is_v4(&a))
        memcpy(&in.sin_addr, a.ip + sizeof mapped, 4);
    AUTO_FD int fd =
        socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(fd, (struct sockaddr *)&in, sizeof in) < 0)
        return -1;
    return TAKE_FD(fd);
}

static int open_v6(const struct sockaddr_in6 *in6) {
    int on = 1, off = 0;
    AUTO_FD int fd =
        socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) ||
        bind(fd, (const struct sockaddr *)in6, sizeof *in6) < 0)
        return -1;
    return TAKE_FD(fd);
}

int address_listen(const char *text, int *ret_fd, int *ret_port,
                   struct error *e) {
    struct sockaddr_in6 in6;
    socklen_t n = sizeof in6;
    if (parse_listen(text, &in6) < 0)
        return error_set(e, ERR_CONFIG, text,
                         "is not ADDR:PORT, as in 127.0.0.1:8080, [::1]:8080 "
                         "or *:8080: correct http.listen");
    struct address a;
    memcpy(a.ip, &in6.sin6_addr, sizeof a.ip);
    AUTO_FD int fd = is_v4(&a) ? -1 : open_v6(&in6);
    if (is_v4(&a) || (fd < 0 && errno == EAFNOSUPPORT))
        fd = open_v4(&in6);
    if (fd < 0 || listen(fd, BACKLOG) < 0 ||
        getsockname(fd, (struct sockaddr *)&in6, &n) < 0)
        return refused(text, e);
    *ret_port = ntohs(in6.sin6_port); /* at the same place in both families */
    *ret_fd = TAKE_FD(fd);
    return 0;
}
