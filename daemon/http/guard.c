#include "http/guard.h"

#include <string.h>

#include "common/digest.h"

enum { WAYS = 4 };

static const int64_t bucket_ms = (int64_t)GUARD_BURST * GUARD_REFILL_MS;

static struct address network_of(const struct address *who) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct address a = *who;
    if (memcmp(a.ip, mapped, sizeof mapped) != 0)
        memset(a.ip + 8, 0, 8);
    return a;
}

/* First of the WAYS places where a network may stand. */
static size_t place_of(const struct address *net) {
    uint8_t h[DIGEST_KEY];
    digest_raw(net->ip, sizeof net->ip, h);
    return (((size_t)h[0] << 8 | h[1]) * WAYS) % GUARD_SOURCES;
}

bool guard_limited(const struct guard *g, const struct address *who,
                   int64_t mono_ms) {
    struct address net = network_of(who);
    const struct guard_source *s = &g->sources[place_of(&net)];
    for (int i = 0; i < WAYS; i++)
        if (address_equal(&s[i].who, &net))
            return s[i].full_ms - mono_ms > bucket_ms - GUARD_REFILL_MS;
    return false;
}

static struct guard_source *find(struct guard *g, const struct address *net) {
    struct guard_source *s = &g->sources[place_of(net)], *quietest = s;
    for (int i = 0; i < WAYS; i++) {
        if (address_equal(&s[i].who, net))
            return &s[i];
        if (s[i].full_ms < quietest->full_ms)
            quietest = &s[i];
    }
    *quietest = (struct guard_source){.who = *net};
    return quietest;
}

enum guard_verdict guard_refuse(struct guard *g, const struct address *who,
                                int64_t mono_ms) {
    struct address net = network_of(who);
    struct guard_source *s = find(g, &net);
    bool first = s->full_ms <= mono_ms;
    if (first)
        s->full_ms = mono_ms;
    if (s->full_ms - mono_ms > bucket_ms - GUARD_REFILL_MS)
        return GUARD_LIMITED;
    s->full_ms += GUARD_REFILL_MS;
    return first ? GUARD_FIRST : GUARD_MORE;
}
