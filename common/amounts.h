/* Sums of money by currency: never added up across them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct jsonw;

enum { AMOUNTS_MAX = 32 };

struct amounts {
    struct {
        char currency[8];
        int64_t e4;
    } of[AMOUNTS_MAX];
    size_t n;
};

/* A sum too large for its type stays at the largest; currencies beyond
 * AMOUNTS_MAX are left out. */
void amounts_add(struct amounts *m, const char *currency, int64_t e4);

/* {"TRY": "148220.40", ...}. */
void amounts_write(const struct amounts *m, struct jsonw *w);
