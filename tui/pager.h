/* A window on a list of any length, paged by key. Rows around the place being
 * shown are kept, the rest is forgotten and asked for again: a million orders
 * cost what eight pages cost. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;
struct link;

struct pager_def {
    const char *method; /* "orders.list" */
    size_t row_size;
    /* Read one item into a zeroed row; ERR_* drops the row. */
    int (*read)(const struct json *item, void *row);
    /* What names a row: its reference. */
    const char *(*key)(const void *row);
    /* The list goes on behind its end with this one's, whose rows are of the
     * same kind; NULL: it ends. */
    const struct pager_def *then;
};

struct pager;

/* changed(arg) fires when rows, counts or the error changed. */
struct pager *pager_create(struct link *k, const struct pager_def *def,
                           void (*changed)(void *arg), void *arg);
void pager_destroy(struct pager *p);

/* Ask for another list: all rows are forgotten. filter and sort may be NULL;
 * extra is NULL or further parameters as JSON ("\"parent\":\"a:1\""). */
void pager_set(struct pager *p, const char *filter, const char *sort,
               const char *extra);

/* Row i, or NULL when it is not here (pager_want brings it). Valid until the
 * next turn of the loop. */
const void *pager_row(const struct pager *p, int64_t i);

/* Have rows first..last soon, and a page more below. */
void pager_want(struct pager *p, int64_t first, int64_t last);

/* Rows on these lines may have changed: read their pages again, keeping what
 * is shown until the answer is there. Other pages are read when wanted. */
void pager_refresh(struct pager *p, int64_t first, int64_t last);

/* Rows known so far; the list goes on behind them unless pager_ended. */
int64_t pager_count(const struct pager *p);
bool pager_ended(const struct pager *p);
/* What the daemon says there are in all; -1 unknown. */
int64_t pager_total(const struct pager *p);
/* The first answer is still due. */
bool pager_loading(const struct pager *p);
/* Sentence of the last failure, "" when none. */
const char *pager_error(const struct pager *p);

/* Index of the row with this key among those that are here, -1 if none. */
int64_t pager_find(const struct pager *p, const char *key);
