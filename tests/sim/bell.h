/* Webhooks on their way from the shop: late, doubled, lost. */
#pragma once

#include "model/mirror.h"

struct sim;

/* What happens at the shop is told from now on. */
void bell_begin(struct sim *s);
/* One that comes at once. */
void bell_ring(struct sim *s, enum mirror_kind kind, int64_t id);
