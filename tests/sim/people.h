/* The people who work with the daemon: they change things at the shop, approve,
 * repeat, decide, as its methods would be called, and keep what they were
 * told. */
#pragma once

struct sim;

/* Work begins, until the world is quiet. */
void people_begin(struct sim *s);
/* One round of decisions about all that waits for a person. */
void people_decide(struct sim *s);
