/* What comes back, whoever brought it: bounded headers and names. */
#include <string.h>
#include <strings.h>

#include "net/http.h"

const char *http_method_name(enum http_method m) {
    static const char *const names[] = {"GET", "POST", "PUT", "DELETE"};
    return names[m];
}

const char *http_error_name(enum http_error e) {
    static const char *const names[] = {"ok",      "bad url",   "dns",
                                        "refused", "tls",       "timeout",
                                        "cut",     "too large", "broken"};
    return names[e];
}

const char *http_user_agent_default(void) {
    return "Fulexo/" FULEXO_VERSION
           " (+mirror; contact the shop's fulfilment company)";
}

const char *http_header(const struct http_answer *a, const char *name) {
    size_t at = 0;
    while (at < a->head.len) {
        const char *key = a->head.data + at;
        const char *value = key + strlen(key) + 1;
        if (strcasecmp(key, name) == 0)
            return value;
        at += strlen(key) + 1 + strlen(value) + 1;
    }
    return NULL;
}

bool http_header_add(struct http_answer *a, const char *name, size_t name_n,
                     const char *value, size_t value_n) {
    if (a->head.len + name_n + value_n + 2 > HTTP_MAX_HEAD)
        return false;
    if (name_n == 0 || memchr(name, 0, name_n) || memchr(value, 0, value_n))
        return true; /* not a header; nothing is lost */
    buf_add(&a->head, name, name_n);
    buf_addc(&a->head, 0);
    buf_add(&a->head, value, value_n);
    buf_addc(&a->head, 0);
    return true;
}

void http_answer_done(struct http_answer *a) {
    buf_done(&a->head);
    buf_done(&a->body);
}
