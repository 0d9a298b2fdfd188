#include "common/ref.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/err.h"
#include "common/str.h"

/* How an id is spelt behind "store:". */
static const struct {
    enum ref_kind kind;
    const char *prefix;
} spaces[] = {
    {REF_CUSTOMER, "customer/"},
    {REF_CATEGORY, "category/"},
    {REF_OBJECT, ""},
};

/* An id has one spelling: no sign, no leading zero. */
static int id_parse(const char *s, int64_t *ret) {
    if (*s < '1' || *s > '9' || str_to_i64(s, 1, INT64_MAX, ret) < 0)
        return ERR_INVALID;
    return 0;
}

int ref_parse(const char *s, struct ref *ret) {
    struct ref r = {.kind = REF_DRAFT};
    if (!s)
        return ERR_INVALID;
    if (str_starts(s, "D-")) {
        if (id_parse(s + 2, &r.id) < 0)
            return ERR_INVALID;
        *ret = r;
        return 0;
    }
    const char *colon = strchr(s, ':');
    size_t n = colon ? (size_t)(colon - s) : 0;
    if (n == 0 || n >= sizeof r.store)
        return ERR_INVALID;
    memcpy(r.store, s, n);
    if (!str_is_store_name(r.store))
        return ERR_INVALID;
    size_t i = 0;
    while (!str_starts(colon + 1, spaces[i].prefix))
        i++; /* the last prefix is empty and ends the search */
    r.kind = spaces[i].kind;
    if (id_parse(colon + 1 + strlen(spaces[i].prefix), &r.id) < 0)
        return ERR_INVALID;
    *ret = r;
    return 0;
}

const char *ref_format(char dst[REF_TEXT], const struct ref *r) {
    const char *prefix = "";
    REQUIRE(r->id >= 1);
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (spaces[i].kind == r->kind)
            prefix = spaces[i].prefix;
    if (r->kind == REF_DRAFT)
        (void)snprintf(dst, REF_TEXT, "D-%lld", (long long)r->id);
    else
        (void)snprintf(dst, REF_TEXT, "%s:%s%lld", r->store, prefix,
                       (long long)r->id);
    return dst;
}

int ref_spoken(const char *s, char letter, int64_t *ret) {
    if (toupper((unsigned char)s[0]) != letter || s[1] != '-')
        return ERR_INVALID;
    return str_to_i64(s + 2, 1, INT64_MAX, ret) < 0 ? ERR_INVALID : 0;
}
