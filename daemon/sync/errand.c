#include "sync/errand.h"

#include "sync/sync_internal.h"

static const struct errand_ops *const kinds[ERRANDS] = {
    [ERRAND_PUSH] = &push_ops,
    [ERRAND_WAKE] = &wake_errand_ops,
    [ERRAND_HOOKS] = &hook_errand_ops,
};

void errand_tick_all(struct store_sync *ss) {
    for (int i = 0; i < ERRANDS; i++) {
        if (!kinds[i])
            continue;
        if (!ss->errands[i])
            ss->errands[i] = kinds[i]->start(ss);
        kinds[i]->tick(ss->errands[i]);
    }
}

void errand_leave_all(struct store_sync *ss) {
    for (int i = 0; i < ERRANDS; i++)
        if (ss->errands[i] && kinds[i]->leave)
            kinds[i]->leave(ss->errands[i]);
}

void errand_stop_all(struct store_sync *ss) {
    for (int i = 0; i < ERRANDS; i++)
        if (ss->errands[i])
            kinds[i]->stop(ss->errands[i]);
}

bool errand_all_idle(const struct store_sync *ss) {
    for (int i = 0; i < ERRANDS; i++)
        if (ss->errands[i] && !kinds[i]->idle(ss->errands[i]))
            return false;
    return true;
}

int64_t errand_due_first(const struct store_sync *ss) {
    int64_t first = 0;
    for (int i = 0; i < ERRANDS; i++) {
        int64_t at = ss->errands[i] ? kinds[i]->due(ss->errands[i]) : 0;
        if (at > 0 && (first == 0 || at < first))
            first = at;
    }
    return first;
}

void errand_free_all(struct store_sync *ss) {
    for (int i = 0; i < ERRANDS; i++) {
        if (ss->errands[i])
            kinds[i]->free(ss->errands[i]);
        ss->errands[i] = NULL;
    }
}
