/* A slice of a sweep (pass_sweep.c). */
#pragma once

#include <stdbool.h>

#include "sync/sweep.h"

struct pass;

/* Make p a slice of that sweep: from its place on, at most `slice` requests.
 * `state` is borrowed until pass_free. */
void pass_sweep_set(struct pass *p, enum sweep_kind kind,
                    struct sweep_state *state, int slice);
enum sweep_kind pass_sweep_kind(const struct pass *p);
/* Where the round stands, after what was read and saved. */
const struct sweep_place *pass_sweep_place(const struct pass *p);
/* Did this slice end a round? */
bool pass_sweep_round(const struct pass *p);
/* The shop lists far fewer rows than the mirror has: the round was dropped and
 * nothing was put on the wake list. */
bool pass_sweep_doubted(const struct pass *p);
