#include "tests/shop/hook.h"

#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/cleanup.h"

static const char *const topics[][2] = {
    {"order.created", "woocommerce_new_order"},
    {"order.updated", "woocommerce_update_order,woocommerce_order_refunded"},
    {"order.deleted", "wp_trash_post,woocommerce_trash_order"},
    {"order.restored", "untrashed_post,woocommerce_untrash_order"},
    {"product.created", "woocommerce_process_product_meta,"
                        "woocommerce_new_product,"
                        "woocommerce_new_product_variation"},
    {"product.updated", "woocommerce_process_product_meta,"
                        "woocommerce_update_product,"
                        "woocommerce_update_product_variation"},
    {"product.deleted", "wp_trash_post"},
    {"product.restored", "untrashed_post"},
    {"product.published", "woocommerce_product_published"},
    {"customer.created", "user_register,woocommerce_created_customer,"
                         "woocommerce_new_customer"},
    {"customer.updated", "profile_update,woocommerce_update_customer"},
    {"customer.deleted", "delete_user"},
    {"coupon.created", "woocommerce_process_shop_coupon_meta,"
                       "woocommerce_new_coupon"},
    {"coupon.updated", "woocommerce_process_shop_coupon_meta,"
                       "woocommerce_update_coupon"},
    {"coupon.deleted", "wp_trash_post"},
    {"coupon.restored", "untrashed_post"},
};

const char *hook_names(const char *topic) {
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        if (strcmp(topics[i][0], topic) == 0)
            return topics[i][1];
    if (strncmp(topic, "action.woocommerce_", 19) == 0 ||
        strncmp(topic, "action.wc_", 10) == 0)
        return topic + 7;
    return NULL;
}

struct target {
    char host[128], port[8];
    const char *path;
};

static bool target_read(const char *url, struct target *t) {
    int used = 0, port = 80;
    if (sscanf(url, "http://%127[^:/?]%n", t->host, &used) != 1)
        return false;
    if (url[used] == ':') {
        int more = 0;
        if (sscanf(url + used, ":%5d%n", &port, &more) != 1)
            return false;
        used += more;
    }
    (void)snprintf(t->port, sizeof t->port, "%d", port);
    t->path = url[used] ? url + used : "/";
    return true;
}

bool hook_may_call(const char *url, bool safe) {
    struct target t;
    if (!target_read(url, &t))
        return strncmp(url, "https://", 8) == 0;
    if (!safe)
        return true;
    bool local = !strncmp(t.host, "127.", 4) || !strncmp(t.host, "10.", 3) ||
                 !strncmp(t.host, "192.168.", 8) ||
                 !strcmp(t.host, "localhost");
    bool port = !strcmp(t.port, "80") || !strcmp(t.port, "443") ||
                !strcmp(t.port, "8080");
    return !local && port;
}

static int dial(const struct target *t) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all = NULL;
    struct timeval limit = {2, 0};
    if (getaddrinfo(t->host, t->port, &hints, &all) != 0)
        return -1;
    int fd = socket(all->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (connect(fd, all->ai_addr, all->ai_addrlen) < 0) {
            (void)close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(all);
    return fd;
}

int hook_ping(const char *url, int64_t id) {
    struct target t;
    char body[48], text[1024], answer[512];
    int status = -1;
    AUTO_FD int fd = target_read(url, &t) ? dial(&t) : -1;
    if (fd < 0)
        return -1;
    int n = snprintf(body, sizeof body, "webhook_id=%" PRId64, id);
    n = snprintf(text, sizeof text,
                 "POST %s HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: "
                 "WooCommerce/11.0.1 Hookshot (WordPress/6.9.1)\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\n"
                 "Content-Length: %d\r\nConnection: close\r\n\r\n%s",
                 t.path, t.host, t.port, n, body);
    if (n >= (int)sizeof text || send(fd, text, (size_t)n, MSG_NOSIGNAL) != n)
        return -1;
    ssize_t got = recv(fd, answer, sizeof answer - 1, 0);
    if (got <= 0)
        return -1;
    answer[got] = 0;
    return sscanf(answer, "HTTP/1.%*d %3d", &status) == 1 ? status : -1;
}
