/* What the REST handlers share. */
#pragma once

#include "tests/shop/exchange.h"
#include "tests/shop/list.h"
#include "tests/shop/route.h"

bool rest_is(const struct exchange *x, const char *method);

/* force=true in the query or the body. */
bool rest_forced(const struct exchange *x);

/* Allowed orderby values, default first. */
extern const char REST_BY_POST[]; /* orders, refunds, coupons */
extern const char REST_BY_PRODUCT[];
extern const char REST_BY_VARIATION[];

/* Text with everything from the last "_links" on replaced by `links`. */
void rest_relink(struct buf *out, const struct obj *o, const char *links);
