#include "net/backoff.h"

#include "common/check.h"
#include "common/env.h"

void backoff_init(struct backoff *b, int64_t base_ms, int64_t max_ms) {
    REQUIRE(base_ms >= 2 && max_ms >= base_ms);
    *b = (struct backoff){.base_ms = base_ms, .max_ms = max_ms};
}

int64_t backoff_next(struct backoff *b, const struct env *env) {
    int64_t top = b->base_ms;
    int64_t least = b->base_ms / 2;
    if (b->failures < INT32_MAX)
        b->failures++;
    for (int i = 1; i < b->failures && top < b->max_ms; i++)
        top = top > b->max_ms / 2 ? b->max_ms : top * 2;
    return least + (int64_t)env_below(env, (uint64_t)(top - least) + 1);
}

void backoff_reset(struct backoff *b) {
    b->failures = 0;
}
