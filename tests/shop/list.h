/* Collections: parameters, filters, order, pages, totals. */
#pragma once

#include "tests/shop/exchange.h"

struct list_spec {
    enum kind kind;
    const char *orderby; /* enum of allowed values, comma list, default first */
    bool ascending;      /* default order */
    bool dates;          /* has after/before and modified_after/before */
    int64_t parent;      /* only children of this object; 0 = all, -1 = none */
    /* Change how a row is shown; NULL = its text. */
    void (*show)(struct exchange *x, const struct obj *o, struct buf *out);
};

/* Answer a collection. */
void list_reply(struct exchange *x, const struct list_spec *spec);

/* What the parameters ask for. */
struct list_query {
    const struct list_spec *spec;
    int64_t per_page, page, offset; /* offset -1 = by page */
    bool descending;
    char orderby[16];
    int64_t after, before, modified_after, modified_before; /* 0 = not asked */
    const char *status, *search;
    int64_t *include, *exclude;
    size_t include_n, exclude_n;
    bool has_include;
    bool filtered; /* some filter of the kind's own was given */
};

/* false: an error was answered. */
bool list_read(struct exchange *x, const struct list_spec *spec,
               struct list_query *q);

/* Does the row belong into the answer? */
bool list_matches(const struct exchange *x, const struct list_query *q,
                  const struct obj *o);

/* "1,2 3" -> numbers in the arena. */
int64_t *list_ids(struct arena *a, const char *text, size_t *ret_n);

/* UTC seconds of an ISO date parameter. gmt: dates_are_gmt was set; a date that
 * also names a zone is then shifted by the site's offset, as WordPress does.
 * false when it is no date. */
bool list_read_date(const struct store *s, const char *text, bool gmt,
                    int64_t *ret);
