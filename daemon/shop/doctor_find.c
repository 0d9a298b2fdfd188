/* Where the shop is: address, connection, TLS, WordPress, its REST API,
 * WooCommerce.
 *
 * Happy path: GET base/wp-json/ answers the site's index. A redirect moves the
 * base (told, at most 5 times); HTML or a redirect to the same place means
 * plain permalinks, so the ?rest_route= form is tried; what fails then is the
 * failing hop. */
#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"
#include "common/when.h"
#include "shop/doctor_exam.h"

enum { REDIRECTS = 5 };

static const char http_cure[] =
    "Use https://, or allow plain http for this store: then every request is "
    "signed (OAuth 1.0a), but what travels can be read on the way.";

static void on_index(struct doctor *d, const struct http_answer *a,
                     const struct shop_verdict *v);

static void ask_index(struct doctor *d) {
    struct shop_request r;
    request_init(&r, HTTP_GET, "/");
    request_param(&r, "_fields",
                  "name,url,home,gmt_offset,timezone_string,namespaces");
    d->config.route = d->r.route;
    doctor_ask(d, &r, true, on_index);
}

/* Take u as the canonical base. */
static bool set_base(struct doctor *d, const struct url *u, struct error *e) {
    char text[sizeof d->r.url];
    if (url_format(u, text, sizeof text) != 0) {
        (void)error_set(e, ERR_INVALID, "url", "The address is too long.");
        return false;
    }
    if (str_eq(u->scheme, "http") && !d->allow_http) {
        (void)error_set(e, ERR_INVALID, "url",
                        "%s is plain http: keys and customers' data would "
                        "travel in clear text.",
                        text);
        return false;
    }
    d->base = *u;
    (void)str_copy(d->r.url, sizeof d->r.url, text);
    return true;
}

void doctor_find(struct doctor *d) {
    struct url u;
    struct error e = {0};
    if (url_parse(d->typed, &u, &e) != 0) {
        doctor_fail(d, "url", ERR_INVALID,
                    "Give the shop's address as in a browser, for example "
                    "https://shop.example.com.",
                    e.detail);
        return;
    }
    if (!set_base(d, &u, &e)) {
        doctor_fail(d, "url", ERR_INVALID, http_cure, e.detail);
        return;
    }
    doctor_tell(d, "url", DOCTOR_OK, "", "%s", d->r.url);
    ask_index(d);
}

/* connect and tls, once something answered. */
static void tell_connected(struct doctor *d, const struct http_answer *a) {
    if (d->connected)
        return;
    d->connected = true;
    doctor_tell(d, "connect", DOCTOR_OK, "", "%s answers after %d ms.",
                *a->ip ? a->ip : d->base.host, (int)(a->total_us / 1000));
    if (str_eq(d->base.scheme, "https"))
        doctor_tell(d, "tls", DOCTOR_OK, "", "The certificate is trusted%s.",
                    a->http2 ? " (HTTP/2)" : "");
    else
        doctor_tell(d, "tls", DOCTOR_WARN, http_cure,
                    "Plain http: nothing is encrypted.");
}

static void wire_failed(struct doctor *d, const struct http_answer *a,
                        const struct shop_fault *f) {
    const char *hop = "connect";
    if (f->code == ERR_SHOP_TLS) {
        doctor_tell(d, "connect", DOCTOR_OK, "", "%s accepts connections.",
                    *a->ip ? a->ip : d->base.host);
        hop = "tls";
    } else if (a->error == HTTP_CUT || a->error == HTTP_TOO_LARGE) {
        hop = "wordpress";
    }
    doctor_fail(d, hop, f->code, doctor_cure(f->code), f->text);
}

/* The base a redirect names; false when it names none we go to. */
static bool redirect_base(struct doctor *d, const char *location,
                          struct url *ret) {
    char text[1024];
    if (*location == '/' && location[1] != '/')
        (void)snprintf(text, sizeof text, "%s://%s:%d%s", d->base.scheme,
                       d->base.host,
                       d->base.port                      ? d->base.port
                       : str_eq(d->base.scheme, "https") ? 443
                                                         : 80,
                       location);
    else
        (void)str_copy(text, sizeof text, location);
    return url_parse(text, ret, NULL) == 0;
}

static bool same_base(const struct url *a, const struct url *b) {
    return str_eq(a->scheme, b->scheme) && str_eq(a->host, b->host) &&
           a->port == b->port && str_eq(a->path, b->path);
}

/* Follow by hand: only here, only for a GET without keys. */
static void redirected(struct doctor *d, const struct http_answer *a,
                       const struct shop_fault *f) {
    struct url to;
    struct error e = {0};
    const char *location = http_header(a, "Location");
    if (!location || !redirect_base(d, location, &to) ||
        d->redirects++ >= REDIRECTS) {
        doctor_fail(d, "wordpress", ERR_SHOP_REDIRECT,
                    doctor_cure(ERR_SHOP_REDIRECT), f->text);
        return;
    }
    if (same_base(&to, &d->base)) {
        if (d->r.route) {
            doctor_fail(d, "rest", ERR_SHOP_REDIRECT,
                        "Choose \"Post name\" under Settings > Permalinks in "
                        "the shop.",
                        "The shop redirects its REST API in a circle.");
            return;
        }
        d->r.route = true;
    } else if (!set_base(d, &to, &e)) {
        doctor_fail(d, "url", ERR_SHOP_REDIRECT, http_cure, e.detail);
        return;
    } else {
        d->connected = false; /* another host, another certificate */
        doctor_tell(d, "url", DOCTOR_WARN, "",
                    "The address redirects (%d); %s is used from now on.",
                    a->status, d->r.url);
    }
    ask_index(d);
}

/* PHP sees the site under its home's host, but under the scheme of the request
 * itself: that is what OAuth signs. */
static void read_home(struct doctor *d, const struct json *v) {
    struct url home;
    const char *text = json_string(json_get(v, "home"));
    if (!text || url_parse(text, &home, NULL) != 0)
        home = d->base;
    (void)str_copy(home.scheme, sizeof home.scheme, d->base.scheme);
    if (url_format(&home, d->r.caps.home, sizeof d->r.caps.home) != 0)
        (void)str_copy(d->r.caps.home, sizeof d->r.caps.home, d->r.url);
}

static void read_zone(struct doctor *d, const struct json *v) {
    struct store_caps *c = &d->r.caps;
    int64_t quarter = 0;
    const char *zone = json_string(json_get(v, "timezone_string"));
    if (!str_empty(zone)) {
        (void)str_copy(c->zone, sizeof c->zone, zone);
        return;
    }
    /* hours with quarters: 5.5, -3, 5.75 */
    if (json_decimal(json_get(v, "gmt_offset"), 2, &quarter) != 0 ||
        quarter > 1400 || quarter < -1200)
        quarter = 0;
    int64_t minutes = quarter * 60 / 100;
    int64_t size = minutes < 0 ? -minutes : minutes;
    (void)snprintf(c->zone, sizeof c->zone, "%c%02d:%02d",
                   minutes < 0 ? '-' : '+', (int)(size / 60), (int)(size % 60));
}

static bool has_woo(const struct json *v) {
    const struct json *c = json_first(json_get(v, "namespaces"));
    for (; c; c = json_next(c))
        if (str_eq(json_string(c), "wc/v3"))
            return true;
    return false;
}

static void read_clock(struct doctor *d, const struct http_answer *a) {
    int64_t ms = 0;
    const char *date = http_header(a, "Date");
    if (date && when_http(date, &ms) == 0)
        /* the header has whole seconds: the middle of that second */
        d->r.caps.clock_offset_ms = ms + 500 - env_now(&d->env);
    d->config.clock_offset_ms = d->r.caps.clock_offset_ms;
}

static void tell_rest(struct doctor *d, const struct shop_verdict *v) {
    if (d->r.route)
        doctor_tell(d, "rest", DOCTOR_WARN,
                    "Choose \"Post name\" under Settings > Permalinks in the "
                    "shop; then check this store again.",
                    "The shop uses plain permalinks; the ?rest_route= form "
                    "works.");
    else if (v->noise)
        doctor_tell(d, "rest", DOCTOR_WARN,
                    "Set display_errors = Off in the shop's PHP.",
                    "The REST API answers, but PHP prints notices before the "
                    "data.");
    else
        doctor_tell(d, "rest", DOCTOR_OK, "", "The REST API answers.");
}

static void found_site(struct doctor *d, const struct http_answer *a,
                       const struct shop_verdict *v, const struct json *index) {
    const char *name = json_string(json_get(index, "name"));
    (void)str_copy(d->r.title, sizeof d->r.title, name ? name : "");
    read_home(d, index);
    read_zone(d, index);
    read_clock(d, a);
    doctor_tell(d, "wordpress", DOCTOR_OK, "", "The site is called \"%s\".",
                d->r.title);
    tell_rest(d, v);
    if (!has_woo(index)) {
        doctor_fail(d, "woocommerce", ERR_SHOP_NOT_WOO,
                    "Activate the WooCommerce plugin in that site, or give "
                    "the shop's own address (perhaps a sub-folder).",
                    "This WordPress site has no WooCommerce REST API "
                    "(wc/v3).");
        return;
    }
    doctor_tell(d, "woocommerce", DOCTOR_OK, "", "wc/v3 is there.");
    doctor_try_key(d);
}

/* No index under /wp-json/: perhaps the other form, else say what came. */
static void no_index(struct doctor *d, const struct http_answer *a,
                     const struct shop_fault *f) {
    bool not_there = f->code == ERR_SHOP_NOT_FOUND ||
                     f->code == ERR_SHOP_NOT_JSON || f->code == 0 ||
                     f->code == ERR_SHOP_NOT_WOO;
    if (not_there && !d->r.route) {
        d->r.route = true;
        ask_index(d);
        return;
    }
    if (f->code == ERR_SHOP_NOT_FOUND || f->code == 0)
        doctor_fail(d, "wordpress", ERR_SHOP_NOT_WOO, doctor_cure(0),
                    f->code ? f->text : "What answers is no WordPress.");
    else if (f->code == ERR_SHOP_NOT_JSON && !strstr(f->text, "login page"))
        doctor_fail(d, "wordpress", ERR_SHOP_NOT_JSON, doctor_cure(0), f->text);
    else
        doctor_fail(d, a->status >= 500 ? "wordpress" : "rest", f->code,
                    doctor_cure(f->code), f->text);
}

static void on_index(struct doctor *d, const struct http_answer *a,
                     const struct shop_verdict *v) {
    const struct json *index = NULL;
    if (a->error != HTTP_OK) {
        wire_failed(d, a, &v->fault);
        return;
    }
    tell_connected(d, a);
    if (v->fault.code == ERR_SHOP_REDIRECT) {
        redirected(d, a, &v->fault);
        return;
    }
    struct arena *arena = arena_new(0);
    if (v->fault.code == 0 &&
        json_parse(arena, v->json.p, v->json.n, NULL, &index, NULL) == 0 &&
        json_get(index, "namespaces"))
        found_site(d, a, v, index);
    else
        no_index(d, a, &v->fault);
    arena_free(arena);
}
