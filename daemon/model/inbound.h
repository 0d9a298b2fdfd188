/* Inbound shipments: what a supplier announced for a client company, what came
 * of it, and where it was put. Pieces lie in a bin from the scan on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

struct inbound {
    int64_t id, tenant_id; /* spoken as I-12 */
    const char *tenant, *reference, *supplier, *note;
    bool open, shop; /* shop: its shops are told of what comes */
    int64_t expected_ms, created_ms, closed_ms; /* 0: not known, not yet */
    const char *created_by, *closed_by;
    int64_t version, lines, expected_e3, received_e3;
};

struct inbound_line {
    int64_t item_id;
    const char *sku, *title;
    int64_t expected_e3; /* 0: it came unannounced */
    int64_t received_e3, told_e3;
};

/* "I-12". */
const char *inbound_name(char dst[24], int64_t id);

/* 1 found, 0 not, or of a company none of whose stores is in the scope. */
int inbound_get(struct db_tx *tx, int64_t id, struct arena *a,
                struct inbound *ret);
/* Newest first, behind `before`; open alone or all. fn as in bin_list. */
int inbound_list(struct db_tx *tx, bool open, int64_t before, struct arena *a,
                 int (*fn)(const struct inbound *i, void *arg), void *arg);
int inbound_lines(struct db_tx *tx, int64_t id, struct arena *a,
                  struct inbound_line **ret, size_t *ret_n);

/* The numbers of one line; zeros when it has none of the item. */
int inbound_line_of(struct db_tx *tx, int64_t id, int64_t item_id,
                    struct inbound_line *ret);

/* Fills id. ERR_EXISTS: the company has that reference already. */
int inbound_create(struct db_tx *tx, struct inbound *i, struct error *e);
/* ERR_CONFLICT: it is closed. */
int inbound_check_open(const struct inbound *i, struct error *e);
/* So many are announced (0: none). ERR_CONFLICT: it is closed, or the item is a
 * bundle, of which parts come (e names them). */
int inbound_expect(struct db_tx *tx, const struct inbound *i, int64_t item_id,
                   int64_t e3, struct error *e);
/* What came, and where it was put. */
struct inbound_piece {
    int64_t item_id, bin_id;
    int64_t lot_id; /* of what is kept by lots, else 0 */
    int64_t e3;     /* negative: taken back */
};
/* So many came and lie in that bin. ERR_CONFLICT: it is closed, so many did
 * not come, or it is a bundle; and as movement_add. */
int inbound_receive(struct db_tx *tx, const struct inbound *i,
                    const struct inbound_piece *p, const char *author,
                    struct error *e);
/* Nothing more comes: what is missing is no longer awaited. */
int inbound_close(struct db_tx *tx, const struct inbound *i, const char *author,
                  struct error *e);
/* All that was received is now known to the shops. */
int inbound_told(struct db_tx *tx, int64_t id);
