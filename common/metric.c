#include "common/metric.h"

#include <stdatomic.h>

#include "common/check.h"

struct row {
    const char *name;
    const char *help;
};

static const struct row rows[METRIC_COUNT] = {
#define METRIC_ROW(id, name, help) {name, help},
    METRICS(METRIC_ROW)
#undef METRIC_ROW
};

static _Atomic int64_t values[METRIC_COUNT];

void metric_add(enum metric m, int64_t n) {
    REQUIRE((unsigned)m < METRIC_COUNT);
    /* A count orders nothing else. */
    (void)atomic_fetch_add_explicit(&values[m], n, memory_order_relaxed);
}

int64_t metric_get(enum metric m) {
    REQUIRE((unsigned)m < METRIC_COUNT);
    return atomic_load_explicit(&values[m], memory_order_relaxed);
}

const char *metric_name(enum metric m) {
    REQUIRE((unsigned)m < METRIC_COUNT);
    return rows[m].name;
}

const char *metric_help(enum metric m) {
    REQUIRE((unsigned)m < METRIC_COUNT);
    return rows[m].help;
}
