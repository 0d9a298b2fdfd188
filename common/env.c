#include "common/env.h"

#include "common/check.h"

uint64_t env_below(const struct env *e, uint64_t n) {
    uint64_t r;
    REQUIRE(n >= 1);
    e->random(e->self, &r, sizeof r);
    return r % n;
}
