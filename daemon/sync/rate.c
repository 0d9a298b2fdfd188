#include "sync/rate.h"

enum { SAMPLE_MS = 250, CONSTANT_MS = 5000 };

void rate_init(struct rate *r, int64_t mono_ms) {
    r->last_ms = mono_ms;
    r->pending = 0;
    r->milli = 0;
}

void rate_add(struct rate *r, int64_t mono_ms, int64_t rows) {
    r->pending += rows;
    int64_t dt = mono_ms - r->last_ms;
    if (dt < SAMPLE_MS)
        return;
    int64_t now = r->pending * 1000000 / dt;
    int64_t weight = dt < CONSTANT_MS ? dt : CONSTANT_MS;
    r->milli = r->milli == 0
                   ? now
                   : r->milli + (now - r->milli) * weight / CONSTANT_MS;
    r->pending = 0;
    r->last_ms = mono_ms;
}

int64_t rate_eta(const struct rate *r, int64_t left) {
    if (r->milli <= 0)
        return -1;
    return left <= 0 ? 0 : (left * 1000 + r->milli - 1) / r->milli;
}
