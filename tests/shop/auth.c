#include "tests/shop/auth.h"

#include <string.h>
#include <strings.h>

#include "tests/shop/shop.h"

void auth_error(struct exchange *x, const char *message) {
    reply_error(x, 401, "woocommerce_rest_authentication_error", message);
    x->allow = NULL;
}

static int base64_of(char c) {
    static const char set[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(set, c) : NULL;
    return at ? (int)(at - set) : -1;
}

/* "key:secret" out of a Basic header; false when it is none. */
static bool basic_read(struct exchange *x, const char **ret_key,
                       const char **ret_secret) {
    const char *p = x->authorization;
    if (!p || strncasecmp(p, "Basic ", 6) != 0)
        return false;
    p += 6 + strspn(p + 6, " ");
    char *dst = arena_alloc(x->a, strlen(p) + 1), *to = dst;
    unsigned bits = 0;
    int have = 0;
    for (int v; (v = base64_of(*p)) >= 0; p++) {
        bits = bits << 6 | (unsigned)v;
        have += 6;
        if (have >= 8) {
            have -= 8;
            *to++ = (char)(bits >> have & 0xff);
        }
    }
    *to = 0;
    char *colon = strchr(dst, ':');
    if (!colon)
        return false;
    *colon = 0;
    *ret_key = dst;
    *ret_secret = colon + 1;
    return true;
}

bool auth_permits(struct exchange *x) {
    const char *p = x->shop->permission;
    bool reads = !strcmp(x->method, "GET") || !strcmp(x->method, "HEAD") ||
                 !strcmp(x->method, "OPTIONS");
    if (reads ? strcmp(p, "write") != 0 : strcmp(p, "read") != 0)
        return true;
    auth_error(x, reads ? "The API key provided does not have read "
                          "permissions."
                        : "The API key provided does not have write "
                          "permissions.");
    return false;
}

/* 1 known, 0 stranger, -1 answered. */
static int keys_check(struct exchange *x) {
    const char *key = exchange_param(x, "consumer_key");
    const char *secret = exchange_param(x, "consumer_secret");
    if ((!key || !secret) && !basic_read(x, &key, &secret))
        return 0;
    if (strcmp(key, x->shop->key) != 0)
        return 0;
    if (strcmp(secret, x->shop->secret) == 0)
        return 1;
    auth_error(x, "Consumer secret is invalid.");
    return -1;
}

bool auth_check(struct exchange *x) {
    /* WooCommerce looks for its own path in the literal URI, so that the plain
     * ?rest_route= form goes unauthenticated. */
    if (!strstr(x->raw_uri, "wp-json/wc"))
        return true;
    int known = x->https ? keys_check(x) : 0;
    if (known == 0)
        known = oauth_check(x);
    if (known < 0)
        return false;
    x->authorised = known > 0;
    return !x->authorised || auth_permits(x);
}

void auth_refuse(struct exchange *x) {
    const char *m = x->method;
    x->allow = NULL;
    if (!strcmp(m, "GET") || !strcmp(m, "HEAD"))
        reply_error(x, 401, "woocommerce_rest_cannot_view",
                    x->id[0] ? "Sorry, you cannot view this resource."
                             : "Sorry, you cannot list resources.");
    else if (!strcmp(m, "DELETE"))
        reply_error(x, 401, "woocommerce_rest_cannot_delete",
                    "Sorry, you are not allowed to delete this resource.");
    else if (x->id[0])
        reply_error(x, 401, "woocommerce_rest_cannot_edit",
                    "Sorry, you are not allowed to edit this resource.");
    else
        reply_error(x, 401, "woocommerce_rest_cannot_create",
                    "Sorry, you are not allowed to create resources.");
}
