#include "shop/oauth.h"

#include <stdlib.h>
#include <string.h>

#include "common/digest.h"
#include "common/mem.h"
#include "shop/url.h"

/* One encoded "name=value" inside a query. */
struct pair {
    const char *name, *value;
    size_t name_n, value_n;
};

static int compare_bytes(const char *a, size_t an, const char *b, size_t bn) {
    int c = memcmp(a, b, an < bn ? an : bn);
    return c ? c : (an > bn) - (an < bn);
}

static int compare_pairs(const void *a, const void *b) {
    const struct pair *x = a, *y = b;
    int c = compare_bytes(x->name, x->name_n, y->name, y->name_n);
    return c ? c : compare_bytes(x->value, x->value_n, y->value, y->value_n);
}

static size_t count_pairs(const char *query) {
    size_t n = *query ? 1 : 0;
    for (const char *p = query; (p = strchr(p, '&')); p++)
        n++;
    return n;
}

static size_t split_pairs(const char *query, struct pair *pairs) {
    size_t n = 0;
    while (*query) {
        size_t len = strcspn(query, "&");
        size_t name = strcspn(query, "=&");
        if (len)
            pairs[n++] = (struct pair){
                .name = query,
                .name_n = name,
                .value = query + name + (name < len ? 1 : 0),
                .value_n = name < len ? len - name - 1 : 0,
            };
        query += len + (query[len] ? 1 : 0);
    }
    return n;
}

void oauth_base(struct buf *out, const char *method, const char *url,
                const char *query) {
    size_t room = count_pairs(query);
    AUTO_FREE struct pair *pairs = mem_zalloc(room + 1, sizeof *pairs);
    size_t n = split_pairs(query, pairs);
    qsort(pairs, n, sizeof *pairs, compare_pairs);
    buf_addf(out, "%s&", method);
    url_encode(out, url, strlen(url));
    buf_addc(out, '&');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_adds(out, "%26");
        url_encode(out, pairs[i].name, pairs[i].name_n);
        buf_adds(out, "%3D");
        url_encode(out, pairs[i].value, pairs[i].value_n);
    }
}

void oauth_sign(const char *secret, const char *base, size_t n,
                char dst[OAUTH_SIGNATURE]) {
    uint8_t mac[DIGEST_SHA256];
    AUTO_BUF struct buf key = BUF_INIT;
    buf_addf(&key, "%s&", secret);
    digest_hmac(key.data, key.len, base, n, mac);
    digest_base64(mac, sizeof mac, dst);
    mem_wipe(key.data, key.len);
}

void oauth_query(struct buf *out, const struct oauth_request *r) {
    char signature[OAUTH_SIGNATURE];
    AUTO_BUF struct buf query = BUF_INIT;
    AUTO_BUF struct buf base = BUF_INIT;
    if (*r->query)
        buf_addf(&query, "%s&", r->query);
    buf_adds(&query, "oauth_consumer_key=");
    url_encode(&query, r->key, strlen(r->key));
    buf_adds(&query, "&oauth_nonce=");
    url_encode(&query, r->nonce, strlen(r->nonce));
    buf_addf(&query, "&oauth_signature_method=HMAC-SHA256&oauth_timestamp=%lld",
             r->timestamp_s);
    oauth_base(&base, r->method, r->base_url, query.data);
    oauth_sign(r->secret, base.data, base.len, signature);
    buf_add(out, query.data, query.len);
    buf_adds(out, "&oauth_signature=");
    url_encode(out, signature, strlen(signature));
}
