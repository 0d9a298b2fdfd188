#include "tests/shop/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shop/fields.h"

static int hex_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *decode(struct arena *a, const char *p, size_t n, bool plus) {
    char *dst = arena_dupn(a, p, n), *to = dst;
    for (size_t i = 0; i < n; i++) {
        int high = i + 2 < n ? hex_of(p[i + 1]) : -1;
        int low = i + 2 < n ? hex_of(p[i + 2]) : -1;
        if (p[i] == '%' && high >= 0 && low >= 0) {
            *to++ = (char)(high * 16 + low);
            i += 2;
        } else {
            *to++ = plus && p[i] == '+' ? ' ' : p[i];
        }
    }
    *to = 0;
    return dst;
}

void exchange_form(struct exchange *x, const char *p, size_t left) {
    while (left && x->params_n < EXCHANGE_PARAMS) {
        const char *amp = memchr(p, '&', left);
        size_t n = amp ? (size_t)(amp - p) : left;
        const char *eq = memchr(p, '=', n);
        size_t k = eq ? (size_t)(eq - p) : n;
        if (n) {
            struct param *param = &x->params[x->params_n++];
            param->key = decode(x->a, p, k, true);
            param->value = eq ? decode(x->a, eq + 1, n - k - 1, true) : "";
        }
        p += n + (amp != NULL);
        left -= n + (amp != NULL);
    }
}

const char *exchange_param(const struct exchange *x, const char *key) {
    for (size_t i = x->params_n; i-- > 0;)
        if (strcmp(x->params[i].key, key) == 0)
            return x->params[i].value;
    return NULL;
}

struct node *exchange_arg(const struct exchange *x, const char *key) {
    struct node *v = node_get(x->json, key);
    const char *text = v ? NULL : exchange_param(x, key);
    return text ? node_str(x->a, text) : v;
}

/* "/shop/wp-json/wc/v3/orders/" -> "/wc/v3/orders"; rest_route works on "/". */
static const char *route_of(struct exchange *x, const char *prefix) {
    const char *p = x->url, *asked = exchange_param(x, "rest_route");
    size_t n = strlen(prefix);
    if (strncmp(p, prefix, n) != 0)
        return NULL;
    p += n;
    if (strncmp(p, "/index.php", 10) == 0)
        p += 10;
    if (strncmp(p, "/wp-json", 8) == 0 && (p[8] == '/' || !p[8]))
        p += 8;
    else if (asked && (!*p || strcmp(p, "/") == 0))
        p = asked;
    else
        return NULL;
    size_t len = strlen(p);
    while (len > 1 && p[len - 1] == '/')
        len--;
    return len ? arena_dupn(x->a, p, len) : "/";
}

void exchange_parse(struct exchange *x, const char *prefix) {
    size_t n = strcspn(x->raw_uri, "?");
    x->url = decode(x->a, x->raw_uri, n, false);
    if (x->raw_uri[n])
        exchange_form(x, x->raw_uri + n + 1, strlen(x->raw_uri + n + 1));
    x->route = route_of(x, prefix);
}

void exchange_header(struct exchange *x, const char *name, const char *fmt,
                     ...) {
    va_list ap;
    AUTO_BUF struct buf text = BUF_INIT;
    va_start(ap, fmt);
    buf_addv(&text, fmt, ap);
    va_end(ap);
    if (x->headers_n == EXCHANGE_HEADERS)
        return;
    x->headers[x->headers_n++] =
        (struct param){name, arena_dupn(x->a, buf_str(&text), text.len)};
}

void reply_node(struct exchange *x, int status, const struct node *v) {
    x->status = status;
    x->type = "application/json; charset=UTF-8";
    buf_clear(&x->out);
    node_print(&x->out, v);
}

void reply_object(struct exchange *x, int status, const char *text, size_t n) {
    const char *wanted = exchange_param(x, "_fields");
    x->status = status;
    x->type = "application/json; charset=UTF-8";
    buf_clear(&x->out);
    if (wanted && *wanted)
        fields_pick(&x->out, text, n, wanted, true);
    else
        buf_add(&x->out, text, n);
}

void reply_error_data(struct exchange *x, int status, const char *code,
                      const char *message, struct node *data) {
    struct node *v = node_object(x->a), *all = node_object(x->a);
    node_puts(x->a, v, "code", code);
    node_puts(x->a, v, "message", message);
    node_puti(x->a, all, "status", status);
    for (struct node *c = data ? data->child : NULL, *next; c; c = next) {
        next = c->next;
        node_add(all, c);
    }
    node_put(x->a, v, "data", all);
    reply_node(x, status, v);
}

void reply_error(struct exchange *x, int status, const char *code,
                 const char *message) {
    reply_error_data(x, status, code, message, NULL);
}

void reply_invalid(struct exchange *x, const char *param, const char *code,
                   const char *message, const char *detail_param) {
    char text[128];
    struct arena *a = x->a;
    struct node *data = node_object(a), *params = node_object(a),
                *details = node_object(a), *one = node_object(a);
    node_puts(a, params, param, message);
    node_puts(a, one, "code", code);
    node_puts(a, one, "message", message);
    node_puts(a, one, "data", NULL);
    if (detail_param) {
        struct node *d = node_object(a);
        node_puts(a, d, "param", detail_param);
        node_put(a, one, "data", d);
    }
    node_put(a, details, param, one);
    node_put(a, data, "params", params);
    node_put(a, data, "details", details);
    (void)snprintf(text, sizeof text, "Invalid parameter(s): %s", param);
    reply_error_data(x, 400, "rest_invalid_param", text, data);
}

void reply_missing(struct exchange *x, const char *param) {
    char text[128];
    struct node *data = node_object(x->a), *list = node_array(x->a);
    node_add(list, node_str(x->a, param));
    node_put(x->a, data, "params", list);
    (void)snprintf(text, sizeof text, "Missing parameter(s): %s", param);
    reply_error_data(x, 400, "rest_missing_callback_param", text, data);
}

void reply_html(struct exchange *x, int status, const char *html) {
    x->status = status;
    x->type = "text/html";
    x->allow = NULL;
    buf_clear(&x->out);
    buf_adds(&x->out, html);
}

void exchange_done(struct exchange *x) {
    buf_done(&x->out);
    arena_free(x->a);
}
