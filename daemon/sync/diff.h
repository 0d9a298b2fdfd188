/* Where two versions of an object differ, for people: the first path of its
 * truth with both values. Pure. */
#pragma once

#include <stddef.h>

#include "model/mirror.h"

struct arena;

struct diff {
    char path[96]; /* "billing.email"; "" none found */
    char mirror[128], shop[128];
};

/* Compare two JSON texts (an array of one counts as its element) along the
 * truth fields of the kind; fills *ret. */
void diff_find(struct diff *ret, struct arena *a, enum mirror_kind kind,
               const char *mirror, size_t mirror_n, const char *shop,
               size_t shop_n);
