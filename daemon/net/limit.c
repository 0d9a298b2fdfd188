#include "net/limit.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/mem.h"

enum {
    START = 2,
    SLOW_RUN = 8,      /* very slow answers in a row before one step down */
    VERY_SLOW = 4,     /* times the best */
    FORGET = 64,       /* the best drifts up by 1/64 an answer */
    NOISE_US = 5000,   /* never call this much difference slow */
    GOOD_PER_STEP = 4, /* quick answers per step up, once not ramping */
};

void limit_init(struct limit *l, int ceiling) {
    REQUIRE(ceiling >= 1);
    *l = (struct limit){.ceiling = ceiling,
                        .allowed = ceiling < START ? ceiling : START,
                        .ramping = true,
                        .changed_ms = INT64_MIN};
}

void limit_set_ceiling(struct limit *l, int ceiling) {
    REQUIRE(ceiling >= 1);
    if (ceiling > l->ceiling && l->allowed == l->ceiling)
        l->ramping = true; /* it was the ceiling that held us back */
    l->ceiling = ceiling;
    if (l->allowed > ceiling)
        l->allowed = ceiling;
}

bool limit_may_send(const struct limit *l, int64_t mono_ms) {
    return l->in_flight < l->allowed && mono_ms >= l->hold_until_ms;
}

void limit_sent(struct limit *l) {
    l->in_flight++;
}

enum pace { QUICK, SLOW, CRAWLING };

/* More than 1.5 times the best seen for this class is slow: no more growth.
 * Four times is crawling: fewer at once. Keeps the best, which may drift
 * upwards: a shop that became slower for good is measured anew. */
static enum pace pace_of(struct limit *l, int cls, int64_t took_us) {
    int64_t *best = &l->best_us[cls];
    if (*best == 0 || took_us < *best) {
        *best = took_us > 0 ? took_us : 1;
        return QUICK;
    }
    enum pace p = took_us > *best * VERY_SLOW + NOISE_US   ? CRAWLING
                  : took_us > *best + *best / 2 + NOISE_US ? SLOW
                                                           : QUICK;
    *best += *best / FORGET + 1;
    return p;
}

static void quick(struct limit *l) {
    l->slow = 0;
    l->good++;
    if (l->allowed >= l->ceiling || (!l->ramping && l->good < GOOD_PER_STEP))
        return;
    l->allowed++;
    l->good = 0;
}

static void slow(struct limit *l, enum pace pace) {
    l->good = 0;
    if (pace == SLOW || ++l->slow < SLOW_RUN)
        return;
    l->ramping = false;
    l->slow = 0;
    if (l->allowed > 1)
        l->allowed--;
}

static void halve(struct limit *l, int64_t sent_ms, int64_t now_ms) {
    l->good = 0;
    l->ramping = false;
    /* Those sent before the last step tell of the load we had then. */
    if (sent_ms < l->changed_ms)
        return;
    l->changed_ms = now_ms;
    l->allowed = l->allowed > 1 ? l->allowed / 2 : 1;
}

void limit_answered(struct limit *l, int cls, int64_t sent_ms, int64_t now_ms,
                    int64_t took_us, enum limit_outcome o) {
    REQUIRE(cls >= 0 && cls < LIMIT_CLASSES);
    limit_dropped(l);
    if (o == LIMIT_SLOW_DOWN)
        halve(l, sent_ms, now_ms);
    if (o != LIMIT_OK)
        return;
    enum pace pace = pace_of(l, cls, took_us);
    if (pace == QUICK)
        quick(l);
    else
        slow(l, pace);
}

void limit_dropped(struct limit *l) {
    if (CHECK(l->in_flight > 0))
        l->in_flight--;
}

void limit_hold(struct limit *l, int64_t until_ms) {
    if (until_ms > l->hold_until_ms)
        l->hold_until_ms = until_ms;
}

/* Few hosts have requests in flight at once: a list is enough. */
struct place {
    struct place *next;
    char host[256];
    int in_flight;
};

struct limit_hosts {
    int per_host;
    struct place *places; /* those with requests in flight */
};

struct limit_hosts *limit_hosts_new(int per_host) {
    REQUIRE(per_host >= 1);
    struct limit_hosts *h = NEW(struct limit_hosts);
    h->per_host = per_host;
    return h;
}

void limit_hosts_free(struct limit_hosts *h) {
    while (h && h->places) {
        struct place *p = h->places;
        h->places = p->next;
        free(p);
    }
    free(h);
}

static struct place **find(struct limit_hosts *h, const char *host) {
    struct place **at = &h->places;
    while (*at && strncmp((*at)->host, host, sizeof(*at)->host - 1) != 0)
        at = &(*at)->next;
    return at;
}

bool limit_hosts_take(struct limit_hosts *h, const char *host) {
    struct place **at = find(h, host);
    if (!*at) {
        *at = NEW(struct place);
        strncpy((*at)->host, host, sizeof(*at)->host - 1);
    }
    if ((*at)->in_flight >= h->per_host)
        return false;
    (*at)->in_flight++;
    return true;
}

void limit_hosts_give(struct limit_hosts *h, const char *host) {
    struct place **at = find(h, host);
    struct place *p = *at;
    if (!CHECK(p) || --p->in_flight > 0)
        return;
    *at = p->next;
    free(p);
}
