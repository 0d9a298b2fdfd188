/* Faults that stand between the client and the shop, or colour how the shop
 * sees the request. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shop/shop.h"

static const char waf_page[] =
    "<!DOCTYPE html>\n<html><head><title>Access denied</title></head><body>\n"
    "<h1>403 Forbidden</h1><p>This request was blocked by the website "
    "firewall. Your IP was recorded. Block ID: GEO12</p>\n</body></html>\n";
static const char login_page[] =
    "<!DOCTYPE html>\n<html lang=\"en-US\"><head><title>Log In &lsaquo; "
    "Alpine Outfitters &#8212; WordPress</title></head><body class=\"login\">\n"
    "<form name=\"loginform\" id=\"loginform\" action=\"/wp-login.php\" "
    "method=\"post\"></form></body></html>\n";
static const char maintenance_page[] =
    "<!DOCTYPE html>\n<html dir='ltr'><head><title>Maintenance</title></head>"
    "<body id=\"error-page\"><div class=\"wp-die-message\">Briefly unavailable "
    "for scheduled maintenance. Check back in a minute.</div></body></html>\n";
static const char gateway_page[] =
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1"
    "</center>\r\n</body>\r\n</html>\r\n";

static bool wants_json(const struct exchange *x) {
    return (x->accept && strstr(x->accept, "application/json")) ||
           (x->content_type && strstr(x->content_type, "application/json"));
}

static void maintenance(struct exchange *x) {
    if (!wants_json(x)) {
        reply_html(x, 503, maintenance_page);
    } else {
        struct node *v = node_object(x->a), *data = node_object(x->a);
        node_puts(x->a, v, "code", "wp_die");
        node_puts(x->a, v, "message",
                  "Briefly unavailable for scheduled maintenance. Check back "
                  "in a minute.");
        node_puti(x->a, data, "status", 503);
        node_put(x->a, v, "data", data);
        node_put(x->a, v, "additional_errors", node_array(x->a));
        reply_node(x, 503, v);
    }
    exchange_header(x, "Retry-After", "600");
}

static const char fatal_page[] =
    "<!DOCTYPE html>\n<html lang=\"en-US\"><head><title>WordPress &rsaquo; "
    "Error</title></head><body id=\"error-page\"><div "
    "class=\"wp-die-message\"><p>There has been a critical error on this "
    "website.</p></div></body></html>\n";

/* in_callback: the REST server was already up, and had sent its Link. */
static void fatal(struct exchange *x, bool in_callback) {
    if (!wants_json(x)) {
        reply_html(x, 500, fatal_page);
        return;
    }
    struct node *data = node_object(x->a), *e = node_object(x->a);
    node_puti(x->a, e, "type", 1);
    node_puts(x->a, e, "message",
              "Uncaught Error: Call to undefined function broken_plugin() in "
              "/var/www/html/wp-content/plugins/broken/broken.php:7");
    node_puts(x->a, e, "file",
              "/var/www/html/wp-content/plugins/broken/broken.php");
    node_puti(x->a, e, "line", 7);
    node_put(x->a, data, "error", e);
    reply_error_data(x, 500, "internal_server_error",
                     "<p>There has been a critical error on this website.</p>"
                     "<p><a href=\"https://wordpress.org/documentation/"
                     "article/faq-troubleshooting/\">Learn more about "
                     "troubleshooting WordPress.</a></p>",
                     data);
    struct node *v = node_parse(x->a, x->out.data, x->out.len);
    node_put(x->a, v, "additional_errors", node_array(x->a));
    reply_node(x, 500, v);
    if (in_callback)
        exchange_header(x, "Link", "<%s/wp-json/>; rel=\"https://api.w.org/\"",
                        shop_home(x->shop));
}

static void junk(struct exchange *x, int64_t mb) {
    static const char line[] = "0123456789 lorem ipsum dolor sit amet, junk ";
    size_t want = (size_t)(mb > 0 ? mb : 50) << 20;
    x->status = 200;
    x->type = "application/json; charset=UTF-8";
    buf_adds(&x->out, "[{\"id\":1,\"name\":\"");
    (void)buf_reserve(&x->out, want + sizeof line);
    while (x->out.len < want)
        buf_add(&x->out, line, sizeof line - 1);
}

static void file(struct exchange *x, int64_t status) {
    FILE *f = fopen(x->file, "re");
    size_t n;
    x->status = status ? (int)status : 200;
    x->type = "application/json; charset=UTF-8";
    while (f && (n = fread(buf_reserve(&x->out, 65536), 1, 65536, f)) > 0)
        buf_added(&x->out, n);
    if (f)
        (void)fclose(f);
    else
        reply_html(x, 500, "no such file");
}

/* What the URL answered first, when it is remembered. */
static bool stale(struct exchange *x) {
    struct faults *f = &x->shop->faults;
    for (size_t i = 0; i < f->stale_n; i++) {
        const struct stale *s = &f->stale[i];
        if (strcmp(s->uri, x->raw_uri) != 0)
            continue;
        x->status = s->status;
        x->type = "application/json; charset=UTF-8";
        buf_add(&x->out, s->body, s->n);
        exchange_header(x, "X-Cache", "HIT");
        return true;
    }
    return false;
}

static void colour(struct exchange *x, uint32_t hits,
                   const int64_t value[FAULTS]) {
    if (hits & 1u << FAULT_STRIP_AUTH)
        x->authorization = NULL;
    x->few_rows = 0;
    if (hits & 1u << FAULT_FEW_ROWS)
        x->few_rows = value[FAULT_FEW_ROWS] > 0 ? value[FAULT_FEW_ROWS] : 10;
    x->total_off = hits & 1u << FAULT_TOTAL ? value[FAULT_TOTAL] : 0;
    x->view_bumps = (hits & 1u << FAULT_VIEW_BUMPS) != 0;
    if (hits & 1u << FAULT_SLIDE_BACK)
        x->slide_ms = value[FAULT_SLIDE_BACK] > 0 ? value[FAULT_SLIDE_BACK] : 1;
    x->s->frozen_dates = (hits & 1u << FAULT_FROZEN) != 0;
    x->shop->copied = (hits & 1u << FAULT_COPIED) != 0;
}

static bool blocked(struct exchange *x, uint32_t hits,
                    const int64_t value[FAULTS]) {
    if (hits & 1u << FAULT_THROTTLE) {
        reply_html(x, 429, "<h1>Too Many Requests</h1>\n");
        exchange_header(x, "Retry-After", "%" PRId64, value[FAULT_THROTTLE]);
    } else if (hits & 1u << FAULT_WAF ||
               (hits & 1u << FAULT_NEED_AGENT &&
                (!x->user_agent || !*x->user_agent))) {
        reply_html(x, 403, waf_page);
    } else if (hits & 1u << FAULT_GATEWAY) {
        reply_html(x, 502, gateway_page);
    } else if (hits & 1u << FAULT_REDIRECT) {
        reply_html(x, 301, "");
        exchange_header(x, "Location", "https://www.example.test%s",
                        x->raw_uri);
    } else if (hits & 1u << FAULT_LOGIN) {
        reply_html(x, 200, login_page);
    } else {
        return false;
    }
    return true;
}

bool fault_before(struct exchange *x, uint32_t hits,
                  const int64_t value[FAULTS]) {
    colour(x, hits, value);
    if (blocked(x, hits, value))
        return true;
    if (hits & 1u << FAULT_MAINTENANCE)
        maintenance(x);
    else if (hits & 1u << FAULT_FATAL)
        fatal(x, value[FAULT_FATAL] != 0);
    else if (hits & 1u << FAULT_JUNK)
        junk(x, value[FAULT_JUNK]);
    else if (hits & 1u << FAULT_FILE)
        file(x, value[FAULT_FILE]);
    else
        return hits & 1u << FAULT_STALE && !strcmp(x->method, "GET") &&
               stale(x);
    return true;
}
