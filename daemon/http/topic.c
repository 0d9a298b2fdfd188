#include "http/topic.h"

#include <string.h>
#include <strings.h>

#include "common/json.h"
#include "common/str.h"
#include "common/when.h"

static const int64_t id_max = (INT64_C(1) << 53) - 1; /* JavaScript's, ours */

/* Which member names the object, and what kind of object it may be. On shops
 * that keep orders as posts, trashing one fires product.deleted too, and taking
 * it out again product.restored: then both are looked at. */
static const struct rule {
    const char *topic; /* ends in '.': any event of it */
    const char *member;
    int n;
    enum mirror_kind kinds[DELIVERY_WAKES];
} rules[] = {
    {"order.", "id", 1, {MIRROR_ORDER}},
    {"product.deleted", "id", 2, {MIRROR_PRODUCT, MIRROR_ORDER}},
    {"product.restored", "id", 2, {MIRROR_PRODUCT, MIRROR_ORDER}},
    {"product.", "id", 1, {MIRROR_PRODUCT}},
    {"customer.", "id", 1, {MIRROR_CUSTOMER}},
    {"action.woocommerce_delete_order", "arg", 1, {MIRROR_ORDER}},
    {"action.woocommerce_delete_order_refund", "arg", 1, {MIRROR_REFUND}},
    {"action.woocommerce_delete_product", "arg", 1, {MIRROR_PRODUCT}},
    {"action.woocommerce_delete_product_variation", "arg", 1, {MIRROR_PRODUCT}},
    {"action.woocommerce_order_note_added", "arg", 1, {MIRROR_NOTE}},
};

static const struct rule *rule_of(const char *topic) {
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const char *t = rules[i].topic;
        if (t[strlen(t) - 1] == '.' ? str_starts(topic, t) : str_eq(topic, t))
            return &rules[i];
    }
    return NULL;
}

/* A value as text, without its quotes; "" when there is none or it is long. */
static void text_of(const struct json_slice *v, char *dst, size_t size) {
    size_t quote = v->n >= 2 && v->p[0] == '"' ? 1 : 0;
    size_t n = v->n - 2 * quote;
    dst[0] = 0;
    if (n > 0 && n < size && !memchr(v->p, 0, v->n))
        (void)str_copy(dst, n + 1, v->p + quote);
}

/* The body is large and two members matter: it is not parsed whole. */
static void read_body(const struct rule *rule, const char *body, size_t n,
                      struct delivery *ret) {
    const char *const keys[] = {rule->member, "date_modified_gmt"};
    struct json_slice v[2];
    char text[40];
    int64_t id;
    if (json_members(body, n, keys, 2, v) < 0)
        return;
    text_of(&v[1], text, sizeof text);
    /* an unreadable date is as good as none */
    if (when_parse(text, &ret->changed_ms) < 0)
        ret->changed_ms = 0;
    text_of(&v[0], text, sizeof text);
    if (str_to_i64(text, 1, id_max, &id) < 0)
        return;
    ret->n_wakes = rule->n;
    for (int i = 0; i < rule->n; i++)
        ret->wakes[i] = (struct delivery_wake){rule->kinds[i], id};
}

static void digest_of(const char *topic, const char *body, size_t n,
                      uint8_t ret[DIGEST_KEY]) {
    char text[sizeof((struct delivery *)0)->topic + DIGEST_KEY];
    size_t len = str_copy(text, sizeof text - DIGEST_KEY, topic);
    digest_raw(body, n, (uint8_t *)text + len);
    digest_raw(text, len + DIGEST_KEY, ret);
}

void topic_read(const char *topic, const char *body, size_t n,
                struct delivery *ret) {
    const struct rule *rule = rule_of(topic);
    *ret = (struct delivery){0};
    (void)str_copy(ret->topic, sizeof ret->topic, topic);
    digest_of(ret->topic, body, n, ret->digest);
    if (rule)
        read_body(rule, body, n, ret);
}

int topic_ping(const char *body, size_t n, int64_t *ret_id) {
    static const char key[] = "webhook_id=";
    char digits[24];
    size_t k = sizeof key - 1;
    if (n <= k || n - k >= sizeof digits || memcmp(body, key, k) != 0 ||
        memchr(body, 0, n))
        return ERR_INVALID;
    memcpy(digits, body + k, n - k);
    digits[n - k] = 0;
    return str_to_i64(digits, 1, id_max, ret_id) < 0 ? ERR_INVALID : 0;
}

/* Behind the scheme. */
static const char *place(const char *url, size_t *ret_n) {
    const char *p = strstr(url, "://");
    p = p ? p + 3 : url;
    *ret_n = strlen(p);
    while (*ret_n > 0 && p[*ret_n - 1] == '/')
        --*ret_n;
    return p;
}

static bool same_place(const char *a, const char *b) {
    size_t n, m;
    const char *p = place(a, &n), *q = place(b, &m);
    return n > 0 && n == m && strncasecmp(p, q, n) == 0;
}

bool topic_source_is(const char *source, const char *url, const char *home) {
    return same_place(source, url) || same_place(source, home);
}

bool topic_signed(const char *signature, const char *secret, size_t secret_n,
                  const char *body, size_t n) {
    uint8_t mac[DIGEST_SHA256];
    char want[4 * ((DIGEST_SHA256 + 2) / 3) + 1];
    digest_hmac(secret, secret_n, body, n, mac);
    digest_base64(mac, sizeof mac, want);
    return strlen(signature) == sizeof want - 1 &&
           digest_equal(signature, want, sizeof want - 1);
}
