/* Webhooks on their way from the shop: late, doubled, lost. */
#pragma once

struct sim;

/* What happens at the shop is told from now on. */
void bell_begin(struct sim *s);
