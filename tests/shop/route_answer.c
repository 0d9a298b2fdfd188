#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/shop/admin.h"
#include "tests/shop/auth.h"
#include "tests/shop/route.h"
#include "tests/shop/shop.h"

enum { URI_MAX = 8 * 1024 };

/* Numbers become {id}, so that a table of routes stays short. */
static void count(struct demo_shop *s, const struct exchange *x) {
    char name[96];
    size_t n = (size_t)snprintf(name, sizeof name, "%s ", x->method);
    const char *p = x->route ? x->route : x->url;
    for (; *p && n + 5 < sizeof name; p++) {
        if (*p < '0' || *p > '9' || p[-1] != '/') {
            name[n++] = *p;
            continue;
        }
        memcpy(name + n, "{id}", 4);
        n += 4;
        p += strspn(p, "0123456789") - 1;
    }
    name[n] = 0;
    s->requests++;
    if (++s->in_flight > s->in_flight_max)
        s->in_flight_max = s->in_flight;
    for (size_t i = 0; i < SHOP_COUNTERS; i++) {
        struct counter *c = &s->counters[i];
        if (!c->n)
            memcpy(c->route, name, n + 1);
        if (strcmp(c->route, name) == 0) {
            c->n++;
            return;
        }
    }
}

static void outside(struct exchange *x) {
    static const char too_long[] =
        "<html>\r\n<head><title>414 Request-URI Too Large</title></head>\r\n"
        "<body>\r\n<center><h1>414 Request-URI Too Large</h1></center>\r\n"
        "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n";
    if (strlen(x->raw_uri) > URI_MAX)
        reply_html(x, 414, too_long);
    else
        reply_html(x, 404, "<!DOCTYPE html>\n<title>Page not found</title>\n");
}

/* Plain permalinks: /wp-json/ leads to a URL with a slash, never to JSON. */
static bool permalinks_missing(struct exchange *x) {
    if (!x->shop->o.plain_permalinks || exchange_param(x, "rest_route") ||
        !strstr(x->url, "/wp-json"))
        return false;
    reply_html(x, 301, "");
    exchange_header(x, "Location", "%s%s/", shop_home(x->shop), x->url);
    return true;
}

static void api(struct exchange *x) {
    if (strlen(x->raw_uri) > URI_MAX || !x->route) {
        outside(x);
        return;
    }
    if (permalinks_missing(x))
        return;
    if (auth_check(x))
        route_dispatch(x);
    bool linked = false;
    for (size_t i = 0; i < x->headers_n; i++)
        linked |= strcmp(x->headers[i].key, "Link") == 0;
    if (!linked && strcmp(x->type, "text/html") != 0)
        exchange_header(x, "Link", "<%s/wp-json/>; rel=\"https://api.w.org/\"",
                        shop_home(x->shop));
    if (strcmp(x->type, "text/html") != 0) {
        exchange_header(x, "X-Robots-Tag", "noindex");
        exchange_header(x, "X-Content-Type-Options", "nosniff");
        exchange_header(x, "Cache-Control",
                        "no-cache, must-revalidate, max-age=0, no-store, "
                        "private");
    }
}

/* Faults that wrap the work itself. */
static void api_spoiled(struct exchange *x, uint32_t hits,
                        const int64_t value[FAULTS]) {
    struct fault_echo echo;
    bool write = strcmp(x->method, "GET") && strcmp(x->method, "HEAD");
    if (write && hits & 1u << FAULT_LATE && auth_check(x)) {
        x->fault = arena_alloc(x->a, sizeof *x->fault);
        *x->fault = (struct fault_act){
            .cut = -1, .land_ms = value[FAULT_LATE], .no_head = true};
        return;
    }
    bool spoilt = write && hits & (1u << FAULT_ECHO | 1u << FAULT_RESETS |
                                   1u << FAULT_OTHER);
    if (spoilt)
        fault_echo_before(x, &echo);
    api(x);
    if (spoilt && hits & 1u << FAULT_RESETS)
        fault_resets(x, &echo);
    if (spoilt && hits & 1u << FAULT_OTHER)
        fault_other(x, &echo, value[FAULT_OTHER] == 1);
    if (spoilt && hits & 1u << FAULT_ECHO)
        fault_echo_after(x, &echo);
    if (spoilt)
        fault_echo_done(&echo);
}

void route_answer(struct exchange *x) {
    struct demo_shop *s = x->shop;
    int64_t value[FAULTS];
    (void)pthread_mutex_lock(&s->lock);
    exchange_parse(x, s->prefix);
    if (strncmp(x->url, "/__demo/", 8) == 0) {
        s->in_flight++; /* balanced when the call completes */
        admin_answer(x);
        (void)pthread_mutex_unlock(&s->lock);
        return;
    }
    count(s, x);
    uint32_t hits = s->faults.n ? fault_hits(x, value) : 0;
    if (!hits || !fault_before(x, hits, value))
        api_spoiled(x, hits, value);
    if (hits)
        fault_after(x, hits, value);
    (void)pthread_mutex_unlock(&s->lock);
}
