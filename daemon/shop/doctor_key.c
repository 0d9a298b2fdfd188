/* What the key may do: how it travels, reading, writing.
 *
 * Over https Basic is tried first; when the shop behaves as if there were no
 * key, the header may be stripped on the way (keys in the query work then), or
 * PHP may not know that it is behind TLS (only OAuth works then). OAuth's
 * answer also tells an unknown key from a lost one. */
#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"
#include "shop/doctor_exam.h"

static const char key_cure[] =
    "Make a key under WooCommerce > Settings > Advanced > REST API for a user "
    "who is administrator or shop manager, and copy both parts again.";
static const char rights_cure[] =
    "Give the key \"Read/Write\" permission (or \"Read\" for a mirror only), "
    "and make its user administrator or shop manager.";

static void on_key(struct doctor *d, const struct http_answer *a,
                   const struct shop_verdict *v);

static void ask_key(struct doctor *d, enum shop_auth auth) {
    struct shop_request r;
    request_init(&r, HTTP_GET, collection_path(COLLECTION_ORDERS));
    request_param_i64(&r, "per_page", 1);
    request_fields(&r, "id");
    d->r.auth = auth;
    d->config.auth = auth;
    doctor_ask(d, &r, false, on_key);
}

void doctor_try_key(struct doctor *d) {
    if (!*d->key || !*d->secret) {
        doctor_fail(d, "auth", ERR_SHOP_AUTH, key_cure,
                    "Consumer key or consumer secret is missing.");
        return;
    }
    ask_key(d, str_eq(d->base.scheme, "https") ? SHOP_BASIC : SHOP_OAUTH);
}

/* PHP signs what it sees: http, when it does not know of the TLS before it. */
static void try_oauth_behind_proxy(struct doctor *d) {
    struct url home;
    if (url_parse(d->r.caps.home, &home, NULL) == 0) {
        (void)str_copy(home.scheme, sizeof home.scheme, "http");
        (void)url_format(&home, d->r.caps.home, sizeof d->r.caps.home);
    }
    ask_key(d, SHOP_OAUTH);
}

static void key_refused(struct doctor *d, const struct shop_fault *f) {
    bool as_if_none = str_eq(f->shop_code, "woocommerce_rest_cannot_view");
    char detail[500];
    if (as_if_none && d->r.auth == SHOP_BASIC) {
        ask_key(d, SHOP_QUERY);
        return;
    }
    if (as_if_none && d->r.auth == SHOP_QUERY) {
        try_oauth_behind_proxy(d);
        return;
    }
    if (strstr(f->text, "read permission")) {
        doctor_tell(d, "auth", DOCTOR_OK, "", "The shop knows the key.");
        doctor_fail(d, "read", ERR_SHOP_PERMISSION, rights_cure, f->text);
        return;
    }
    (void)snprintf(detail, sizeof detail,
                   "The shop does not accept the key: %s", f->text);
    doctor_fail(d, "auth", ERR_SHOP_AUTH, key_cure, detail);
}

static void tell_auth(struct doctor *d) {
    bool https = str_eq(d->base.scheme, "https");
    d->r.caps.query_keys = d->r.auth == SHOP_QUERY;
    if (d->r.auth == SHOP_QUERY)
        doctor_tell(d, "auth", DOCTOR_WARN,
                    "Let the web server pass the Authorization header on to "
                    "PHP, then check this store again.",
                    "The shop never sees the Authorization header: the keys "
                    "travel in the address and may end up in its logs.");
    else if (d->r.auth == SHOP_OAUTH && https)
        doctor_tell(d, "auth", DOCTOR_WARN,
                    "Make PHP see https (HTTPS=on, or the proxy's "
                    "X-Forwarded-Proto in wp-config.php).",
                    "The shop does not know that it is behind TLS: requests "
                    "are signed (OAuth 1.0a).");
    else
        doctor_tell(d, "auth", DOCTOR_OK, "", "The key is accepted (%s).",
                    d->r.auth == SHOP_OAUTH ? "OAuth 1.0a" : "Basic");
}

static void on_read(struct doctor *d, const struct http_answer *a,
                    const struct shop_verdict *v);

/* Orders were read already; products and customers have rights of their own. */
static void ask_read(struct doctor *d, enum collection c,
                     void (*judge)(struct doctor *, const struct http_answer *,
                                   const struct shop_verdict *)) {
    struct shop_request r;
    request_init(&r, HTTP_GET, collection_path(c));
    request_param_i64(&r, "per_page", 1);
    request_fields(&r, "id");
    doctor_ask(d, &r, false, judge);
}

static void on_key(struct doctor *d, const struct http_answer *a,
                   const struct shop_verdict *v) {
    (void)a;
    if (v->fault.code == ERR_SHOP_AUTH) {
        key_refused(d, &v->fault);
        return;
    }
    if (v->fault.code) {
        doctor_fail(d, v->fault.code == ERR_SHOP_PERMISSION ? "read" : "auth",
                    v->fault.code,
                    v->fault.code == ERR_SHOP_PERMISSION
                        ? rights_cure
                        : doctor_cure(v->fault.code),
                    v->fault.text);
        return;
    }
    tell_auth(d);
    ask_read(d, COLLECTION_PRODUCTS, on_read);
}

static void read_failed(struct doctor *d, const struct shop_fault *f) {
    bool rights = f->code == ERR_SHOP_AUTH || f->code == ERR_SHOP_PERMISSION;
    doctor_fail(d, "read", rights ? ERR_SHOP_PERMISSION : f->code,
                rights ? rights_cure : doctor_cure(f->code), f->text);
}

static void on_customers(struct doctor *d, const struct http_answer *a,
                         const struct shop_verdict *v);

static void on_read(struct doctor *d, const struct http_answer *a,
                    const struct shop_verdict *v) {
    (void)a;
    if (v->fault.code)
        read_failed(d, &v->fault);
    else
        ask_read(d, COLLECTION_CUSTOMERS, on_customers);
}

static void on_status(struct doctor *d, const struct http_answer *a,
                      const struct shop_verdict *v);

static void on_customers(struct doctor *d, const struct http_answer *a,
                         const struct shop_verdict *v) {
    struct shop_request r;
    (void)a;
    if (v->fault.code) {
        read_failed(d, &v->fault);
        return;
    }
    request_init(&r, HTTP_GET, "/wc/v3/system_status");
    request_fields(&r, "environment.version,environment.php_max_execution_time,"
                       "settings.HPOS_enabled,settings.enabled_features,"
                       "settings.currency,settings.number_of_decimals");
    doctor_ask(d, &r, false, on_status);
}

static void on_write(struct doctor *d, const struct http_answer *a,
                     const struct shop_verdict *v);

/* An order that cannot exist, and nothing to change in it: a key that may write
 * learns that there is no such order, one that may not is refused before. */
static void ask_write(struct doctor *d) {
    struct shop_request r;
    request_init(&r, HTTP_PUT, "/wc/v3/orders/2147483647");
    r.body = "{}";
    r.body_n = 2;
    doctor_ask(d, &r, false, on_write);
}

static void on_status(struct doctor *d, const struct http_answer *a,
                      const struct shop_verdict *v) {
    const struct store_caps *c = &d->r.caps;
    struct arena *arena = arena_new(0);
    const struct json *status = NULL;
    (void)a;
    if (v->fault.code == 0 &&
        json_parse(arena, v->json.p, v->json.n, NULL, &status, NULL) == 0) {
        doctor_read_status(d, status);
        doctor_tell(d, "read", DOCTOR_OK, "",
                    "Orders, products and customers can be read; WooCommerce "
                    "%s, orders %s.",
                    *c->wc_version ? c->wc_version : "of unknown version",
                    c->hpos ? "in their own tables (HPOS)" : "as posts");
    } else {
        doctor_tell(d, "read", DOCTOR_WARN,
                    "Make the key's user administrator.",
                    "Orders, products and customers can be read, the shop's "
                    "own settings not: version and currency are unknown.");
    }
    arena_free(arena);
    ask_write(d);
}

static void on_write(struct doctor *d, const struct http_answer *a,
                     const struct shop_verdict *v) {
    int code = v->fault.code;
    d->r.can_write = code == ERR_SHOP_NOT_FOUND && *v->fault.shop_code;
    if (d->r.can_write)
        doctor_tell(d, "write", DOCTOR_OK, "", "The key may write.");
    else if (code == ERR_SHOP_PERMISSION || code == ERR_SHOP_AUTH)
        doctor_tell(d, "write", DOCTOR_WARN,
                    "Give the key \"Read/Write\" permission if Fulexo shall "
                    "change things in the shop, then test the store.",
                    "The key may only read: this store is marked \"cannot "
                    "write\".");
    else
        doctor_tell(d, "write", DOCTOR_WARN,
                    "Ask the shop's host to let PUT requests to /wp-json/ "
                    "through.",
                    "Writing could not be tried (%d): %s", a->status,
                    *v->fault.text ? v->fault.text
                                   : "an unexpected answer came.");
    doctor_learn(d);
}
