/* How many requests a shop gets at once: grows while answers do not slow down,
 * halves when the shop complains (AIMD). Pure: the caller brings the clock.
 *
 * The best latency is kept per class of request (a page of 100 orders is not
 * slower because a list of ids was quick). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum limit_outcome {
    LIMIT_OK,
    LIMIT_SLOW_DOWN, /* 429, 5xx, timeout */
    LIMIT_NEUTRAL,   /* refused before it reached the shop's work: 4xx */
};

enum { LIMIT_CLASSES = 4 };

struct limit {
    int ceiling; /* never more in flight */
    int allowed; /* in flight now allowed, 1..ceiling */
    int in_flight;
    bool ramping;          /* until the first complaint: one up per answer */
    int good;              /* quick answers since the last step */
    int slow;              /* slow answers in a row */
    int64_t changed_ms;    /* last halving; older requests do not halve again */
    int64_t hold_until_ms; /* Retry-After: nothing before */
    int64_t best_us[LIMIT_CLASSES]; /* 0: none yet */
};

/* At most `ceiling` (1 or more) requests in flight; begins with fewer. */
void limit_init(struct limit *l, int ceiling);
/* The ceiling may change while running (first sync 4, else 2). */
void limit_set_ceiling(struct limit *l, int ceiling);
/* Is there a place now, and is no Retry-After being waited out? */
bool limit_may_send(const struct limit *l, int64_t mono_ms);
/* A request took a place; limit_answered or limit_dropped frees it. */
void limit_sent(struct limit *l);
/* One answer: when it was sent, how long it took, what it said. */
void limit_answered(struct limit *l, int cls, int64_t sent_ms, int64_t now_ms,
                    int64_t took_us, enum limit_outcome o);
/* Left without an answer (cancelled). */
void limit_dropped(struct limit *l);
/* The shop said Retry-After. */
void limit_hold(struct limit *l, int64_t until_ms);

/* One host may carry many shops: requests in flight per address. */
struct limit_hosts;
/* Places for `per_host` requests at each host; NULL is never returned. */
struct limit_hosts *limit_hosts_new(int per_host);
/* NULL is fine. */
void limit_hosts_free(struct limit_hosts *h);
/* Takes a place at the host; false when it is full. */
bool limit_hosts_take(struct limit_hosts *h, const char *host);
/* Gives back a place that limit_hosts_take gave. */
void limit_hosts_give(struct limit_hosts *h, const char *host);
