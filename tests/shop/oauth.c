#include <ctype.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/digest.h"
#include "common/mem.h"
#include "tests/shop/auth.h"
#include "tests/shop/shop.h"

enum { WINDOW_S = 15 * 60 };

static void encode(struct buf *out, const char *s) {
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (isalnum(c) || strchr("-_.~", c))
            buf_addc(out, *s);
        else
            buf_addf(out, "%%%02X", c);
    }
}

static const char *unquote(struct arena *a, const char *p, size_t n) {
    char *dst = arena_alloc(a, n + 1), *to = dst;
    for (size_t i = 0; i < n; i++) {
        unsigned v;
        if (p[i] == '%' && i + 2 < n && sscanf(p + i + 1, "%2x", &v) == 1) {
            *to++ = (char)v;
            i += 2;
        } else {
            *to++ = p[i];
        }
    }
    *to = 0;
    return dst;
}

/* Authorization: OAuth a="b", c="d" joins the parameters. */
static void header_read(struct exchange *x) {
    const char *p = x->authorization;
    if (!p || strncasecmp(p, "OAuth ", 6) != 0)
        return;
    p += 6;
    while (*p && x->params_n < EXCHANGE_PARAMS) {
        p += strspn(p, " ,\t");
        size_t k = strcspn(p, "=,");
        if (p[k] != '=' || p[k + 1] != '"')
            return;
        const char *v = p + k + 2;
        size_t n = strcspn(v, "\"");
        if (strncmp(p, "oauth_", 6) == 0)
            x->params[x->params_n++] =
                (struct param){unquote(x->a, p, k), unquote(x->a, v, n + 0)};
        p = v + n + (v[n] == '"');
    }
}

struct pair {
    const char *key, *value; /* key as it is signed */
    const char *group;       /* key without brackets: what PHP sorts by */
    size_t at;               /* place in the request */
};

static int by_group(const void *a, const void *b) {
    const struct pair *x = a, *y = b;
    int c = strcmp(x->group, y->group);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

/* include[]=a&include[]=b is signed as include[0], include[1]. */
static void pair_make(struct exchange *x, struct pair *all, size_t n,
                      const struct param *p, size_t at) {
    char key[256];
    size_t base = strcspn(p->key, "[");
    struct pair *to = &all[n];
    to->group = arena_dupn(x->a, p->key, base);
    to->key = p->key;
    to->value = p->value;
    to->at = at;
    if (strcmp(p->key + base, "[]") != 0)
        return;
    size_t index = 0;
    for (size_t i = 0; i < n; i++)
        index += strcmp(all[i].group, to->group) == 0;
    (void)snprintf(key, sizeof key, "%s[%zu]", to->group, index);
    to->key = arena_dupn(x->a, key, strlen(key));
}

static void base_string(struct exchange *x, struct buf *out) {
    AUTO_BUF struct buf url = BUF_INIT;
    AUTO_BUF struct buf one = BUF_INIT;
    struct pair all[EXCHANGE_PARAMS];
    size_t n = 0, skip = strlen(x->shop->prefix);
    for (size_t i = 0; i < x->params_n; i++)
        if (strcmp(x->params[i].key, "oauth_signature") != 0)
            pair_make(x, all, n++, &x->params[i], i);
    qsort(all, n, sizeof *all, by_group);
    buf_adds(&url, shop_home(x->shop));
    if (strcmp(x->url + skip, "/") != 0)
        buf_adds(&url, x->url + skip);
    buf_addf(out, "%s&", x->method);
    encode(out, buf_str(&url));
    buf_addc(out, '&');
    for (size_t i = 0; i < n; i++) {
        buf_clear(&one);
        encode(&one, all[i].key);
        buf_addc(&one, '=');
        encode(&one, all[i].value);
        if (i)
            buf_adds(out, "%26");
        encode(out, one.data);
    }
}

static bool signature_right(struct exchange *x, const EVP_MD *md,
                            const char *given) {
    AUTO_BUF struct buf text = BUF_INIT;
    char key[300], want[128];
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    base_string(x, &text);
    (void)snprintf(key, sizeof key, "%s&", x->shop->secret);
    if (!HMAC(md, key, (int)strlen(key), (const unsigned char *)text.data,
              text.len, mac, &n))
        return false;
    digest_base64(mac, n, want);
    return strcmp(want, given) == 0;
}

/* Known nonces are kept as hashes in a ring; true when this one was there. */
static bool nonce_used(struct demo_shop *s, const char *nonce) {
    uint64_t h = 1469598103934665603ull; /* FNV-1a */
    for (; *nonce; nonce++)
        h = (h ^ (unsigned char)*nonce) * 1099511628211ull;
    size_t n = s->nonces_n < SHOP_NONCES ? s->nonces_n : SHOP_NONCES;
    for (size_t i = 0; i < n; i++)
        if (s->nonces[i] == h)
            return true;
    s->nonces[s->nonces_n++ % SHOP_NONCES] = h;
    return false;
}

static int refuse(struct exchange *x, const char *message) {
    auth_error(x, message);
    return -1;
}

int oauth_check(struct exchange *x) {
    header_read(x);
    const char *key = exchange_param(x, "oauth_consumer_key");
    const char *sig = exchange_param(x, "oauth_signature");
    const char *method = exchange_param(x, "oauth_signature_method");
    const char *stamp = exchange_param(x, "oauth_timestamp");
    const char *nonce = exchange_param(x, "oauth_nonce");
    if (!key && !sig && !nonce)
        return 0;
    if (!key || !sig || !method || !stamp || !nonce)
        return refuse(x, "Missing OAuth parameter(s).");
    if (strcmp(key, x->shop->key) != 0)
        return refuse(x, "Consumer key is invalid.");
    const EVP_MD *md = !strcmp(method, "HMAC-SHA256")
                           ? EVP_sha256()
                           : (!strcmp(method, "HMAC-SHA1") ? EVP_sha1() : NULL);
    if (!md)
        return refuse(x, "Invalid signature - signature method is invalid.");
    if (!signature_right(x, md, sig))
        return refuse(x, "Invalid signature - provided signature does not "
                         "match.");
    if (llabs(strtoll(stamp, NULL, 10) - store_now(x->s)) > WINDOW_S)
        return refuse(x, "Invalid timestamp.");
    if (nonce_used(x->shop, nonce))
        return refuse(x, "Invalid nonce - nonce has already been used.");
    return 1;
}
