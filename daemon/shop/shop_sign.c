/* From a route to a signed URL. Keys are never written to a log or an error. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "shop/oauth.h"
#include "shop/shop_call.h"
#include "shop/url.h"

/* Hosts cache REST answers for days: every GET is another URL. */
static void add_unique(struct buf *query, const struct env *env) {
    uint64_t n = env_below(env, UINT64_C(1) << 53);
    buf_addf(query, "%s_fx=%" PRIx64, query->len ? "&" : "", n);
}

/* A shop signs what it believes its own address to be. With ?rest_route= that
 * is the home without a trailing slash and both routing parameters signed. */
static void oauth_url(const struct shop_config *c, const struct env *env,
                      const struct shop_request *r, const char *query,
                      struct buf *url) {
    uint8_t random[12];
    char nonce[sizeof random * 2 + 1];
    const char *home = str_empty(c->home) ? c->url : c->home;
    AUTO_BUF struct buf base = BUF_INIT;
    AUTO_BUF struct buf all = BUF_INIT;
    AUTO_BUF struct buf signed_query = BUF_INIT;
    env->random(env->self, random, sizeof random);
    digest_hex(random, sizeof random, nonce);
    buf_adds(&base, home);
    if (c->route) {
        buf_adds(&all, "rest_route=");
        url_encode(&all, r->path, strlen(r->path));
        buf_adds(&all, "&_x=%2Fwp-json%2Fwc%2F");
        if (*query)
            buf_addf(&all, "&%s", query);
    } else {
        buf_addf(&base, "/wp-json%s", r->path);
        buf_adds(&all, query);
    }
    struct oauth_request o = {
        .method = http_method_name(r->method),
        .base_url = base.data,
        .query = buf_str(&all),
        .key = c->key,
        .secret = c->secret,
        .nonce = nonce,
        .timestamp_s = (env_now(env) + c->clock_offset_ms) / 1000,
    };
    oauth_query(&signed_query, &o);
    if (c->route) {
        /* url_rest writes the first two unencoded, as WooCommerce wants. */
        const char *rest = strstr(signed_query.data, "%2Fwc%2F&");
        REQUIRE(rest);
        url_rest(url, c->url, true, r->path, rest + strlen("%2Fwc%2F&"));
    } else {
        url_rest(url, c->url, false, r->path, signed_query.data);
    }
}

static void query_keys(const struct shop_config *c, struct buf *query) {
    buf_addf(query, "%sconsumer_key=", query->len ? "&" : "");
    url_encode(query, c->key, strlen(c->key));
    buf_adds(query, "&consumer_secret=");
    url_encode(query, c->secret, strlen(c->secret));
}

static size_t set_headers(const struct shop_request *r,
                          struct http_header *headers) {
    size_t n = 0;
    headers[n++] = (struct http_header){"Accept", "application/json"};
    headers[n++] = (struct http_header){"Cache-Control", "no-cache"};
    /* Without it the shop ignores the body and answers 200. */
    if (r->method == HTTP_POST || r->method == HTTP_PUT)
        headers[n++] = (struct http_header){"Content-Type", "application/json"};
    return n;
}

void shop_sign(const struct shop_config *c, const struct env *env,
               const struct shop_request *r, struct shop_sign *s,
               struct http_request *ret) {
    AUTO_BUF struct buf query = BUF_INIT;
    *s = (struct shop_sign){.url = BUF_INIT, .body = BUF_INIT};
    buf_add(&query, r->query, r->query_n);
    if (r->method == HTTP_GET)
        add_unique(&query, env);
    if (c->auth == SHOP_QUERY)
        query_keys(c, &query);
    if (c->auth == SHOP_OAUTH)
        oauth_url(c, env, r, buf_str(&query), &s->url);
    else
        url_rest(&s->url, c->url, c->route, r->path, buf_str(&query));
    *ret = (struct http_request){
        .method = r->method,
        .url = s->url.data,
        .headers = s->headers,
        .n_headers = set_headers(r, s->headers),
        .body = r->body,
        .body_n = r->body_n,
        .user = c->auth == SHOP_BASIC ? c->key : NULL,
        .password = c->auth == SHOP_BASIC ? c->secret : NULL,
        .ca_pem = c->ca,
        .total_ms = r->total_ms ? r->total_ms : c->total_ms,
    };
    if (query.data)
        mem_wipe(query.data, query.len);
}

void shop_sign_done(struct shop_sign *s) {
    if (s->url.data)
        mem_wipe(s->url.data, s->url.len); /* keys may be in the query */
    buf_done(&s->url);
    buf_done(&s->body);
}
