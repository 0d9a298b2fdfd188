/* The promises S1 to S5 of sync.md, looked for at the end of a history. */
#pragma once

struct sim;

/* The world is quiet: let the engine come to rest, then look. */
void check_all(struct sim *s);
