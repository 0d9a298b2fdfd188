/* Exponential back-off with full jitter. Pure. */
#pragma once

#include <stdint.h>

struct env;

struct backoff {
    int64_t base_ms, max_ms;
    int failures;
};

/* No failure yet; the waits grow from base_ms (2 or more) to max_ms. */
void backoff_init(struct backoff *b, int64_t base_ms, int64_t max_ms);
/* One more failure: how long to wait, uniform in [base/2, min(max, base*2^n)].
 */
int64_t backoff_next(struct backoff *b, const struct env *env);
/* It worked: the next failure waits the shortest time again. */
void backoff_reset(struct backoff *b);
