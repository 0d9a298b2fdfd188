#include "sync/sweep_plan.h"

#include <string.h>

#include "common/check.h"

enum { HOUR_S = 3600, MILLI = 1000, MINUTE_MS = 60000, PAGE = 100 };

/* Of per_hour, in hundredths: what a rank has for itself; nine tenths in all.
 */
static const int64_t share[SWEEP_RANKS] = {
    [RANK_DEEP] = 10, [RANK_LOOK] = 20, [RANK_POLL] = 20, [RANK_OPEN] = 40};
/* The part of the hour's requests up to which a rank may begin. */
static const int64_t until[SWEEP_RANKS] = {
    [RANK_DEEP] = 70, [RANK_LOOK] = 80, [RANK_POLL] = 95, [RANK_OPEN] = 100};

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Thousandths of a request an hour. */
static int64_t demand_of(const struct sweep_load *l) {
    return (l->cost * HOUR_S * MILLI + l->period_s - 1) / l->period_s;
}

void sweep_spread(struct sweep_load *loads, int n, int64_t per_hour) {
    int64_t demand[SWEEP_RANKS] = {0}, grant[SWEEP_RANKS];
    int64_t left = per_hour * MILLI / 10 * 9;
    REQUIRE(per_hour >= 10);
    for (int i = 0; i < n; i++) {
        REQUIRE(loads[i].cost >= 1 && loads[i].period_s >= 1);
        demand[loads[i].rank] += demand_of(&loads[i]);
    }
    for (int r = 0; r < SWEEP_RANKS; r++) {
        grant[r] = least(demand[r], per_hour * MILLI / 100 * share[r]);
        left -= grant[r];
    }
    for (int r = SWEEP_RANKS - 1; r >= 0; r--) {
        int64_t more = least(left, demand[r] - grant[r]);
        grant[r] += more;
        left -= more;
    }
    for (int i = 0; i < n; i++) {
        int64_t d = demand[loads[i].rank], g = grant[loads[i].rank];
        /* whole thousandths of the factor, upwards */
        if (d > g)
            loads[i].period_s =
                (loads[i].period_s * (d * MILLI / g + 1) + MILLI - 1) / MILLI;
    }
}

int64_t sweep_cost(int64_t rows) {
    return rows <= PAGE ? 1 : 1 + (rows + PAGE - 1) / PAGE;
}

static void turn_to(struct budget *b, int64_t mono_ms) {
    int64_t minute = mono_ms / MINUTE_MS, gap = minute - b->minute;
    if (gap <= 0)
        return;
    if (gap > BUDGET_MINUTES)
        gap = BUDGET_MINUTES;
    memmove(b->n + gap, b->n, (size_t)(BUDGET_MINUTES - gap) * sizeof b->n[0]);
    memset(b->n, 0, (size_t)gap * sizeof b->n[0]);
    b->minute = minute;
}

void budget_add(struct budget *b, int64_t mono_ms, int64_t requests) {
    turn_to(b, mono_ms);
    b->n[0] += (int32_t)requests;
}

int64_t budget_used(const struct budget *b, int64_t mono_ms) {
    int64_t sum = 0, gap = mono_ms / MINUTE_MS - b->minute;
    for (int64_t i = 0; i + gap < BUDGET_MINUTES; i++)
        sum += b->n[i];
    return sum;
}

int64_t budget_room(const struct budget *b, int64_t mono_ms,
                    enum sweep_rank rank, int64_t per_hour) {
    int64_t room = per_hour * until[rank] / 100 - budget_used(b, mono_ms);
    return room > 0 ? room : 0;
}

int64_t budget_when(const struct budget *b, int64_t mono_ms,
                    enum sweep_rank rank, int64_t per_hour) {
    int64_t at = mono_ms;
    while (budget_room(b, at, rank, per_hour) == 0)
        at += MINUTE_MS - at % MINUTE_MS;
    return at;
}
