/* Speed of work and time left, pure: an exponentially weighted mean with a time
 * constant of about five seconds, so that a bar neither jumps nor lies long. */
#pragma once

#include <stdint.h>

struct rate {
    int64_t last_ms; /* monotonic, of the last sample; 0: none yet */
    int64_t pending; /* rows since then */
    int64_t milli;   /* rows per 1000 s */
};

/* Begin to measure now. */
void rate_init(struct rate *r, int64_t mono_ms);
/* Rows done since the last call; the rate is smoothed. */
void rate_add(struct rate *r, int64_t mono_ms, int64_t rows);
/* Seconds until `left` rows are done; -1 unknown. */
int64_t rate_eta(const struct rate *r, int64_t left);
