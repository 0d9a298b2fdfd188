#include "net/circuit.h"

#include "common/check.h"
#include "common/env.h"

enum { WAIT_MS = 5000, WAIT_MAX_MS = 300000 };

void circuit_init(struct circuit *c, int threshold) {
    REQUIRE(threshold >= 1);
    *c = (struct circuit){.state = CIRCUIT_CLOSED, .threshold = threshold};
    backoff_init(&c->wait, WAIT_MS, WAIT_MAX_MS);
}

bool circuit_allows(struct circuit *c, int64_t mono_ms) {
    if (c->state == CIRCUIT_OPEN && mono_ms >= c->until_ms)
        c->state = CIRCUIT_HALF_OPEN;
    return c->state == CIRCUIT_CLOSED ||
           (c->state == CIRCUIT_HALF_OPEN && !c->probing);
}

void circuit_sent(struct circuit *c) {
    if (c->state == CIRCUIT_HALF_OPEN)
        c->probing = true;
}

void circuit_ok(struct circuit *c) {
    /* Anything that works is better knowledge than an older failure. */
    c->state = CIRCUIT_CLOSED;
    c->failures = 0;
    c->probing = false;
    backoff_reset(&c->wait);
}

void circuit_failed(struct circuit *c, int64_t mono_ms, const struct env *env) {
    c->failures++;
    if (c->state == CIRCUIT_OPEN)
        return; /* sent before it opened: nothing new */
    if (c->state == CIRCUIT_CLOSED && c->failures < c->threshold)
        return;
    c->state = CIRCUIT_OPEN;
    c->probing = false;
    c->until_ms = mono_ms + backoff_next(&c->wait, env);
}

void circuit_dropped(struct circuit *c) {
    c->probing = false;
}

const char *circuit_name(enum circuit_state s) {
    static const char *const names[] = {"closed", "open", "half-open"};
    return names[s];
}
