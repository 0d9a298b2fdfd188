/* Filling an empty mirror: large cache, rare checkpoints, and the indexes with
 * scattered keys built after (x2 at a million orders, storage-limits.md 2). */
#pragma once

struct db_tx;

/* Write jobs. On: the indexes are dropped only while there is no order. */
int bulk_on(struct db_tx *tx, void *unused);
int bulk_off(struct db_tx *tx, void *unused);

/* Build what a crash inside a bulk fill left out; at open. */
int bulk_repair(struct db_tx *tx);
