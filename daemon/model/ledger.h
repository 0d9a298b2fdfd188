/* The stock ledger: whose doing a product's stock is. Kept for listings whose
 * stock we have changed, from the first delta that was confirmed.
 *
 *   expected = agreed + confirmed deltas - (taken by orders - taken then)
 *
 * where orders took what their lines say (_reduced_stock), those in the trash
 * and gone ones too. The shop's number minus that is drift: somebody typed a
 * number over a sale, a delta was lost in a race, a plugin wrote the stock.
 * A sale is seen in the stock a little before its order is: a drift counts
 * since when it was first seen (drift_ms), and goes when the order comes. */
#pragma once

#include <stdint.h>

struct db_tx;

enum {
    /* The base follows the shop that long after it was agreed: what was sold
     * right before may come in later. */
    LEDGER_SETTLE_MS = 15 * 60 * 1000
};

struct ledger {
    int64_t agreed_e3, agreed_ms, sent_e3, taken_e3;
    int64_t drift_e3, drift_ms; /* drift_ms 0: it adds up */
    int64_t taken_now_e3, expected_e3;
};

/* With the sum as it stands now: 1 found, 0 the listing has none. */
int ledger_get(struct db_tx *tx, int64_t store_id, int64_t remote_id,
               struct ledger *ret);

/* The shop says how many there are of a product or variation, in a read that is
 * being applied. Nothing happens while a delta is under way, or without a
 * ledger. A drift that came, went or changed tells the feed. */
int ledger_check(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 int64_t shop_stock_e3);

/* 1: some listing of the store has a ledger. */
int ledger_any(struct db_tx *tx, int64_t store_id);

/* Orders were applied: what was drift may add up now. Looks at the newest
 * drifts; older ones wait for their product to be read, or for a person. */
int ledger_again(struct db_tx *tx, int64_t store_id);

/* A delta was confirmed and the shop's number after it is in the mirror. */
int ledger_sent(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                int64_t delta_e3);

/* A person takes the shop's number of now for right: it becomes the base, a
 * drift ends, and the feed is told. 1 done, with that number; 0 there is no
 * ledger, or the shop does not count it; ERR_CONFLICT while a change of its
 * stock is open. */
int ledger_agree(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                 int64_t *ret_e3);
