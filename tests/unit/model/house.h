/* The warehouse as two people keep it, at random: goods come, are moved,
 * counted and put right, orders are held, picked, put off, packed, sent and
 * cancelled at the shop. */
#pragma once

struct arena;
struct db_tx;

extern struct arena *house_arena; /* the caller's, reset between steps */

/* Three products in four bins, three orders (11, 12, 13) that want two. */
void house_build(struct db_tx *tx);
/* One act of somebody. Fails the test when it was done to work that another had
 * in hand. */
void house_step(struct db_tx *tx);
