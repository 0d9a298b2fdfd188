/* Cycle counts: what really lies in some bins, or where some items lie.
 *
 * open -> submitted -> done | open (counted again)   open, submitted -> dropped
 *
 * Whoever counts is not told what should be there (unless the count is not
 * blind). What should be there is taken from the balance at the moment a line
 * is counted, so that picks before and after it change nothing; the difference
 * is what is written when another person, or the tolerance, says it is right.
 * In a bin somebody was at, what nobody counted is not there.
 *
 * What is kept by lots or serials is counted by them, each a line of its own;
 * so pieces from before it was get their names: they are more of a lot, and as
 * many less of none. A serial that is found lies nowhere else any more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct bin;
struct db_tx;

struct stock_count {
    int64_t id; /* spoken as C-7 */
    char state[16];
    bool whole; /* all that lies in its bins, else its lines alone */
    bool blind;
    char note[201];
    int64_t begun_ms, submitted_ms, ended_ms; /* 0: not yet */
    char begun_by[48], submitted_by[48], ended_by[48];
    int64_t version, bins, visited;
};

struct count_line {
    int64_t bin_id, item_id, lot_id;
    const char *bin, *sku, *title, *counted_by;
    const char *lot;       /* or serial; "" of none */
    const char *elsewhere; /* the bin a serial is said to lie in too, "" none */
    int64_t counted_e3, expected_e3; /* ITEM_NONE: not yet */
};

struct count_new {
    const int64_t *bins, *items; /* one of both */
    size_t n_bins, n_items;
    bool blind;
    const char *note, *author;
};

/* "C-7". */
const char *count_name(char dst[24], int64_t id);

/* ERR_INVALID: nothing to count: no bin was named, or the items lie nowhere. */
int count_begin(struct db_tx *tx, const struct count_new *n, int64_t *ret_id,
                struct error *e);
/* 1 or 0. */
int count_get(struct db_tx *tx, int64_t id, struct stock_count *ret);
/* Newest first behind `before`; state NULL: all. fn as in bin_list. */
int count_list(struct db_tx *tx, const char *state, int64_t before,
               int (*fn)(const struct stock_count *c, void *arg), void *arg);
/* All lines in the order of the walk, in the arena. */
int count_lines(struct db_tx *tx, int64_t id, struct arena *a,
                struct count_line **ret, size_t *ret_n);

/* Somebody stands at a bin. ERR_CONFLICT: the count is not open, or the bin is
 * not part of it. */
int count_visit(struct db_tx *tx, const struct stock_count *c,
                const struct bin *b, const char *author, struct error *e);
/* What is counted where. */
struct count_at {
    int64_t bin_id, item_id;
    int64_t lot_id; /* of that lot or serial; 0: of none */
};
/* What a code scanned in at->bin_id is: an item, or a lot of one (at->lot_id,
 * else 0). Errors as at_bin_item; ERR_CONFLICT: several items have such a lot.
 */
int count_code(struct db_tx *tx, const struct stock_count *c, const char *code,
               struct count_at *at, struct error *e);
/* So many lie there; add: on top of what was counted. *ret_e3: all counted.
 * ERR_CONFLICT: not open, the item is not part of it, or a serial is counted
 * already or in somebody's hand; ERR_INVALID: it needs a lot; ERR_RANGE. */
int count_enter(struct db_tx *tx, const struct stock_count *c,
                const struct count_at *at, int64_t e3, bool add,
                const char *author, int64_t *ret_e3, struct error *e);

/* Counted. partly: bins nobody was at are left out, else ERR_CONFLICT names
 * the first. *ret_within: no line differs by more than the tolerance. */
int count_submit(struct db_tx *tx, const struct stock_count *c, bool partly,
                 int64_t tolerance_e3, const char *author, bool *ret_within,
                 struct error *e);
/* What an item has more, or less, by a count. */
struct count_delta {
    int64_t item_id, e3;
};
/* The differences become movements; what they are together, per item, in the
 * arena. ERR_CONFLICT: it is not submitted. */
int count_apply(struct db_tx *tx, const struct stock_count *c,
                const char *author, struct arena *a, struct count_delta **ret,
                size_t *ret_n, struct error *e);
/* 1: that person counted some of it, or submitted it. */
int count_is_by(struct db_tx *tx, const struct stock_count *c,
                const char *author);
/* submitted -> open; open or submitted -> dropped. ERR_CONFLICT. */
int count_reopen(struct db_tx *tx, const struct stock_count *c,
                 const char *author, struct error *e);
int count_drop(struct db_tx *tx, const struct stock_count *c,
               const char *author, struct error *e);
