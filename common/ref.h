/* References in text, one form everywhere: "alpine:1234" (order, product,
 * variation, refund, coupon), "alpine:customer/12", "alpine:category/9", ours
 * "D-12". */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum ref_kind {
    REF_OBJECT /* the shop's shared id space */,
    REF_CUSTOMER,
    REF_CATEGORY,
    REF_DRAFT
};

enum { REF_TEXT = 80 };

struct ref {
    enum ref_kind kind;
    char store[33]; /* "" for ours */
    int64_t id;     /* >= 1 */
};

/* ERR_INVALID for anything else; *ret untouched. */
int ref_parse(const char *s, struct ref *ret);
const char *ref_format(char dst[REF_TEXT], const struct ref *r);

/* The number of an own object as it is spoken: "M-12" of letter M, in either
 * case. ERR_INVALID for anything else; *ret untouched. */
int ref_spoken(const char *s, char letter, int64_t *ret);
