/* The promises S1 to S5 of sync.md, looked for at the end of a history. */
#pragma once

struct sim;

/* Are lists and counters what a rebuild from truth gives? Any time. */
void check_derived(struct sim *s);
/* Has every change of this life moved as the table of states says? */
void check_moves(struct sim *s);
/* The world is quiet: let the engine come to rest, then look. */
void check_all(struct sim *s);
