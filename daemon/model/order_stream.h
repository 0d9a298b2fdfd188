/* Inside the model only: the rows of a plan's source, merged into list order.
 */
#pragma once

#include "model/order_plan.h"

struct db_rows;

struct order_stream {
    struct db_rows *rows;
    struct order_item item; /* current row; texts live until its next step */
};

struct order_merge {
    const struct order_plan *plan;
    bool up;                /* oldest first */
    struct order_stream *s; /* n of them, owned */
    size_t n;
    struct order_stream **heap; /* those with a row, the next one on top */
    size_t live;
    bool begun;              /* the top was given out */
    bool texts;              /* the streams are of search texts, not of rows */
    struct order_item place; /* PLAN_IDS and texts: the current one */
    struct db_rows *one;     /* its row */
    size_t at;               /* PLAN_IDS: how many were looked at */
    struct list_key from;
};

/* Rows behind `from` (NULL: from the beginning), newest first, or oldest first
 * where the source can (order_merge_both_ways). */
int order_merge_open(struct order_merge *m, const struct order_plan *p,
                     const struct list_key *from, bool up);
/* Can the rows of this plan come oldest first as well? */
bool order_merge_both_ways(const struct order_plan *p);

/* 1 and a place, valid until the next call: id and date at least; 0: no more.
 */
int order_merge_next(struct order_merge *m, const struct order_item **ret);
/* The whole row of the place just given: 1, or 0 when it lacks a word of the
 * search (then the row is not read) or is not there. */
int order_merge_row(struct order_merge *m, const struct order_item **o);
/* Ends all streams; fine when never opened. */
void order_merge_done(struct order_merge *m);
#define AUTO_MERGE CLEANUP(order_merge_done)

/* Fill an item from the current row of any ORDERS_BY_* or ORDER_ITEM; borrowed
 * texts, late and unmapped not told (order_plan_judge). */
void order_item_read(struct db_rows *r, struct order_item *o);
