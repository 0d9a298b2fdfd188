#include "tests/sim/chance.h"

#include <string.h>

/* splitmix64 */
uint64_t chance_next(struct chance *c) {
    uint64_t z = c->state += 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

void chance_seed(struct chance *c, uint64_t seed, uint64_t stream) {
    c->state = seed * 0xd1342543de82ef95ull + stream;
    c->state = chance_next(c);
}

int64_t chance_of(struct chance *c, int64_t low, int64_t high) {
    return low + (int64_t)((chance_next(c) >> 1) % (uint64_t)(high - low + 1));
}

size_t chance_below(struct chance *c, size_t n) {
    return (size_t)((chance_next(c) >> 1) % n);
}

bool chance_hit(struct chance *c, int64_t per_10000) {
    return chance_of(c, 0, 9999) < per_10000;
}

void chance_bytes(struct chance *c, void *dst, size_t n) {
    for (size_t at = 0; at < n; at += 8) {
        uint64_t v = chance_next(c);
        memcpy((char *)dst + at, &v, n - at < 8 ? n - at : 8);
    }
}
