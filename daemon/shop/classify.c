#include "shop/classify.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/str.h"
#include "common/utf8.h"
#include "common/when.h"

enum { QUOTE = 200, ERROR_BODY = 256 * 1024, DAY_MS = 86400000 };

/* What a JSON code means, by whole name or pattern; the first match counts. */
static const struct {
    const char *pattern;
    int code;
} codes[] = {
    {"woocommerce_rest_cannot_view", ERR_SHOP_AUTH},
    {"woocommerce_rest_authentication_error", ERR_SHOP_AUTH},
    {"rest_not_logged_in", ERR_SHOP_AUTH},
    {"rest_forbidden*", ERR_SHOP_PERMISSION},
    {"rest_cannot_*", ERR_SHOP_PERMISSION},
    {"rest_user_cannot_*", ERR_SHOP_PERMISSION},
    {"rest_no_route", ERR_SHOP_NOT_WOO},
    {"woocommerce_rest_cannot_create_order_refund", ERR_SHOP_INVALID},
    {"woocommerce_rest_cannot_*", ERR_SHOP_PERMISSION},
    {"rest_invalid_param", ERR_SHOP_INVALID},
    {"rest_missing_callback_param", ERR_SHOP_INVALID},
    {"rest_out_of_bounds", ERR_SHOP_INVALID},
    {"rest_invalid_json", ERR_SHOP_INVALID},
    {"woocommerce_rest_invalid_item_id", ERR_SHOP_INVALID},
    {"woocommerce_rest_invalid_product_id", ERR_SHOP_NOT_FOUND},
    {"woocommerce_rest_invalid_*", ERR_SHOP_INVALID},
    {"*_invalid_topic", ERR_SHOP_INVALID},
    {"*_invalid_delivery_url", ERR_SHOP_INVALID},
    {"*_invalid_id", ERR_SHOP_NOT_FOUND},
    {"woocommerce_rest_term_invalid", ERR_SHOP_NOT_FOUND},
    {"woocommerce_rest_trash_not_supported", ERR_SHOP_INVALID},
    {"404", ERR_SHOP_NOT_FOUND},
    {"woocommerce_rest_already_trashed", ERR_SHOP_CONFLICT},
    {"*_exists", ERR_SHOP_CONFLICT},
    {"*-exists", ERR_SHOP_CONFLICT},
    {"product_invalid_sku", ERR_SHOP_CONFLICT},
    {"woocommerce_rest_product_not_created", ERR_SHOP_CONFLICT},
    {"woocommerce_rest_request_entity_too_large", ERR_SHOP_INVALID},
    {"wp_die", ERR_SHOP_BUSY},
    {"internal_server_error", ERR_SHOP_BUSY},
};

/* What HTTP itself says when no code does. */
static int code_of_status(int status) {
    switch (status) {
    case 401:
        return ERR_SHOP_AUTH;
    case 403:
        return ERR_SHOP_PERMISSION;
    case 404:
    case 410:
        return ERR_SHOP_NOT_FOUND;
    case 409:
    case 412:
        return ERR_SHOP_CONFLICT;
    case 408:
        return ERR_SHOP_TIMEOUT;
    case 425:
    case 429:
        return ERR_SHOP_THROTTLED;
    case 413:
    case 414:
    case 431:
        return ERR_SHOP_INVALID;
    default:
        if (status >= 300 && status < 400)
            return ERR_SHOP_REDIRECT;
        return status >= 500 ? ERR_SHOP_BUSY : ERR_SHOP_INVALID;
    }
}

static int code_of(const char *shop_code, int status) {
    if (status == 429)
        return ERR_SHOP_THROTTLED;
    for (size_t i = 0; *shop_code && i < sizeof codes / sizeof *codes; i++)
        if (str_glob(codes[i].pattern, shop_code))
            return codes[i].code;
    return code_of_status(status);
}

static void advise(struct shop_fault *f, int code) {
    f->code = code;
    switch (code) {
    case ERR_SHOP_BUSY:
    case ERR_SHOP_TIMEOUT:
    case ERR_SHOP_THROTTLED:
        f->server = true;
        f->retry = SHOP_RETRY_LATER;
        break;
    case ERR_SHOP_DNS:
    case ERR_SHOP_REFUSED:
    case ERR_SHOP_NOT_JSON:
        f->retry = SHOP_RETRY_LATER;
        break;
    case ERR_SHOP_AUTH:
    case ERR_SHOP_PERMISSION:
    case ERR_SHOP_BLOCKED:
    case ERR_SHOP_TLS:
    case ERR_SHOP_REDIRECT:
    case ERR_SHOP_NOT_WOO:
        f->retry = SHOP_RETRY_HUMAN;
        break;
    default:
        f->retry = SHOP_RETRY_NEVER;
    }
}

static void set_hop(struct shop_fault *f, const char *hop) {
    (void)str_copy(f->hop, sizeof f->hop, hop);
}

/* Text of the shop on one line, without markup and control characters. */
static void quote(char *dst, size_t size, const char *s, size_t n) {
    AUTO_BUF struct buf plain = BUF_INIT;
    AUTO_BUF struct buf safe = BUF_INIT;
    bool tag = false, space = true;
    for (size_t i = 0; i < n && s[i]; i++) {
        bool blank = strchr(" \t\r\n", s[i]) != NULL;
        if (s[i] == '<')
            tag = true;
        if (!tag && !(blank && space)) {
            buf_addc(&plain, blank ? ' ' : s[i]);
            space = blank;
        }
        if (s[i] == '>')
            tag = false;
    }
    utf8_safe(&safe, buf_str(&plain), plain.len);
    (void)str_copy(dst, size, buf_str(&safe));
}

static void quote_raw(struct shop_fault *f, const struct buf *body) {
    AUTO_BUF struct buf safe = BUF_INIT;
    size_t n = body->len < QUOTE ? body->len : QUOTE;
    utf8_safe(&safe, buf_str(body), n);
    (void)str_copy(f->quote, sizeof f->quote, buf_str(&safe));
}

const char *fault_cause(const struct shop_fault *f, struct arena *a) {
    if (f->cause == CAUSE_NONE)
        return NULL;
    return cause_json(
        a, f->cause,
        (struct cause_of){.status = f->status,
                          .code = f->shop_code[0] ? f->shop_code : NULL,
                          .said = f->said[0] ? f->said : NULL});
}

/* status 0: there was no answer. */
static void say(struct shop_fault *f, enum cause cause, int status,
                const char *said) {
    struct arena *a = arena_new(2048);
    AUTO_BUF struct buf b = BUF_INIT;
    f->cause = cause;
    f->status = status;
    (void)str_copy(f->said, sizeof f->said, said);
    (void)cause_words(fault_cause(f, a), TEXT_EN, &b);
    (void)str_copy(f->text, sizeof f->text, buf_str(&b));
    arena_free(a);
}

/* Below HTTP. */
static void judge_wire(const struct http_answer *a, bool write,
                       struct shop_fault *f) {
    static const struct {
        int code;
        const char *hop;
        enum cause cause;
    } wire[] = {
        [HTTP_BAD_URL] = {ERR_SHOP_INVALID, "url", CAUSE_BAD_ADDRESS},
        [HTTP_DNS] = {ERR_SHOP_DNS, "dns", CAUSE_HOST_UNKNOWN},
        [HTTP_REFUSED] = {ERR_SHOP_REFUSED, "connect", CAUSE_NOBODY_THERE},
        [HTTP_TLS] = {ERR_SHOP_TLS, "tls", CAUSE_NOT_TRUSTED},
        [HTTP_TIMEOUT] = {ERR_SHOP_TIMEOUT, "http", CAUSE_NO_ANSWER},
        [HTTP_CUT] = {ERR_SHOP_TIMEOUT, "http", CAUSE_BROKEN_OFF},
        [HTTP_TOO_LARGE] = {ERR_SHOP_TOO_LARGE, "http", CAUSE_TOO_LARGE},
        [HTTP_BROKEN] = {ERR_SHOP_BUSY, "http", CAUSE_LINE_BROKE},
    };
    bool never_sent = a->error == HTTP_DNS || a->error == HTTP_REFUSED ||
                      a->error == HTTP_TLS || a->error == HTTP_BAD_URL;
    advise(f, wire[a->error].code);
    set_hop(f, wire[a->error].hop);
    f->unknown = write && !never_sent;
    say(f, wire[a->error].cause, 0,
        *a->error_text ? a->error_text : http_error_name(a->error));
}

/* A page of a firewall or a host's protection, by its well-known words. */
static bool looks_blocked(const struct http_answer *a) {
    static const char *const words[] = {"cloudflare",
                                        "captcha",
                                        "Access denied",
                                        "Access Denied",
                                        "Attention Required",
                                        "Wordfence",
                                        "ModSecurity",
                                        "mod_security",
                                        "Sucuri",
                                        "Imunify360",
                                        "Incapsula",
                                        "blocked",
                                        "Forbidden",
                                        "sgcaptcha",
                                        "Checking your browser",
                                        "DDoS"};
    const char *server = http_header(a, "Server");
    if (http_header(a, "cf-mitigated") || http_header(a, "X-Sucuri-Block"))
        return true;
    if (server && strcasestr(server, "cloudflare") && a->status == 403)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(buf_str(&a->body), words[i]))
            return true;
    return false;
}

static bool looks_login(const struct http_answer *a) {
    const char *body = buf_str(&a->body);
    return strcasestr(body, "wp-login") || strcasestr(body, "user_login") ||
           strcasestr(body, "type=\"password\"") ||
           strcasestr(body, "type='password'");
}

/* HTML or other text where JSON was due. */
static void judge_foreign(const struct http_answer *a, bool write,
                          struct shop_fault *f) {
    char line[160];
    int status = a->status;
    quote_raw(f, &a->body);
    quote(line, sizeof line, buf_str(&a->body), 2 * QUOTE);
    set_hop(f, "json");
    if (status == 429 || status >= 500 || status == 408) {
        advise(f, code_of_status(status));
        set_hop(f, "http");
        f->unknown = write;
        say(f, CAUSE_SERVER_ANSWERS, status, line);
    } else if (status == 401 || status == 403 || looks_blocked(a)) {
        bool plain_auth = status == 401 && !looks_blocked(a);
        advise(f, plain_auth ? ERR_SHOP_AUTH : ERR_SHOP_BLOCKED);
        set_hop(f, plain_auth ? "auth" : "waf");
        say(f, CAUSE_FRONT_REFUSES, status, line);
    } else if (looks_login(a)) {
        advise(f, ERR_SHOP_NOT_JSON);
        say(f, CAUSE_LOGIN_PAGE, status, line);
    } else if (status >= 400) {
        advise(f, code_of_status(status));
        say(f, CAUSE_WEB_ANSWERS, status, line);
    } else {
        advise(f, ERR_SHOP_NOT_JSON);
        f->unknown = write;
        say(f, a->body.len ? CAUSE_NOT_JSON : CAUSE_NOTHING_CAME, status, line);
    }
}

static void judge_redirect(const struct http_answer *a, struct shop_fault *f) {
    char to[200] = "";
    const char *location = http_header(a, "Location");
    if (location)
        quote(to, sizeof to, location, strlen(location));
    advise(f, ERR_SHOP_REDIRECT);
    set_hop(f, "http");
    say(f, CAUSE_REDIRECTS, a->status, *to ? to : "-");
}

static const char *hop_of(int code) {
    switch (code) {
    case ERR_SHOP_AUTH:
    case ERR_SHOP_PERMISSION:
        return "auth";
    case ERR_SHOP_NOT_WOO:
        return "woo";
    case ERR_SHOP_BUSY:
        return "wordpress";
    default:
        return "shop";
    }
}

/* A WordPress error object {code, message, data}. */
static bool judge_error(const struct http_answer *a, bool write,
                        const struct json_slice *s, struct shop_fault *f) {
    char number[40], message[300] = "";
    struct arena *arena = arena_new(16 * 1024);
    const struct json *v = NULL;
    bool known = s->n <= ERROR_BODY &&
                 json_parse(arena, s->p, s->n, NULL, &v, NULL) == 0 &&
                 json_get(v, "code");
    if (known) {
        const char *code = json_text(json_get(v, "code"), number);
        const char *text = json_string(json_get(v, "message"));
        quote(f->shop_code, sizeof f->shop_code, code ? code : "",
              code ? strlen(code) : 0);
        quote(message, sizeof message, text ? text : "",
              text ? strlen(text) : 0);
        advise(f, code_of(f->shop_code, a->status));
        /* The right key, but only for reading. */
        if (f->code == ERR_SHOP_AUTH && strstr(message, "write permission"))
            advise(f, ERR_SHOP_PERMISSION);
        set_hop(f, hop_of(f->code));
        f->unknown = write && a->status >= 500 && f->code == ERR_SHOP_BUSY;
        say(f, CAUSE_SHOP_ANSWERS, a->status, message);
    }
    arena_free(arena);
    return known;
}

static char last_char(const struct buf *b) {
    size_t n = b->len;
    while (n > 0 && strchr(" \t\r\n", b->data[n - 1]) && b->data[n - 1])
        n--;
    return n ? b->data[n - 1] : 0;
}

/* Where the JSON is. Looking at both ends is enough for a good answer; only
 * one with noise before it is searched. */
static bool find_json(const struct buf *b, struct shop_verdict *ret) {
    size_t at = 0, noise = 0;
    while (at < b->len && b->data[at] && strchr(" \t\r\n", b->data[at]))
        at++;
    char first = at < b->len ? b->data[at] : 0, last = last_char(b);
    if ((first == '[' && last == ']') || (first == '{' && last == '}')) {
        ret->json = (struct json_slice){b->data + at, b->len - at};
        return true;
    }
    if ((last != ']' && last != '}') ||
        json_recover(b->data, b->len, &ret->json, &noise) != 0)
        return false;
    ret->noise = noise > 0;
    return true;
}

void classify(const struct http_answer *a, bool write,
              struct shop_verdict *ret) {
    memset(ret, 0, sizeof *ret);
    struct shop_fault *f = &ret->fault;
    if (a->error != HTTP_OK) {
        judge_wire(a, write, f);
        return;
    }
    if (a->status >= 300 && a->status < 400) {
        judge_redirect(a, f);
        return;
    }
    bool json = find_json(&a->body, ret);
    if (json && a->status >= 200 && a->status < 300)
        return;
    if (!json || !judge_error(a, write, &ret->json, f))
        judge_foreign(a, write, f);
}

int64_t classify_retry_after(const struct http_answer *a, int64_t now_ms) {
    int64_t value = 0;
    const char *s = http_header(a, "Retry-After");
    if (!s)
        return -1;
    if (str_to_i64(s, 0, DAY_MS / 1000, &value) == 0)
        return value * 1000;
    if (when_http(s, &value) != 0)
        return -1;
    value -= now_ms;
    return value < 0 ? 0 : value > DAY_MS ? DAY_MS : value;
}
