#include "tests/sim/plant.h"

#include "common/err.h"
#include "common/str.h"
#include "model/mirror_apply.h"
#include "sync/push.h"

static enum plant planted;

void plant_set(enum plant p) {
    planted = p;
}

int plant_parse(const char *name) {
    static const char *const names[] = {
        [PLANT_STALE] = "stale",
        [PLANT_HASTY] = "hasty",
        [PLANT_BLIND] = "blind",
    };
    for (int i = PLANT_STALE; i < (int)(sizeof names / sizeof *names); i++)
        if (str_eq(names[i], name))
            return i;
    return ERR_INVALID;
}

/* The linker's names: __real_x is the engine's x, __wrap_x what its callers
 * get. */
#define WRAPPED(type, name, ...)                                               \
    type __real_##name(__VA_ARGS__);                                           \
    type __wrap_##name(__VA_ARGS__);                                           \
    type __wrap_##name(__VA_ARGS__)

WRAPPED(enum mirror_verdict, mirror_judge, const struct mirror_apply *m,
        const struct mirror_found *f, int gone) {
    struct mirror_found first = *f;
    if (planted == PLANT_STALE)
        first.read_seq = 0;
    return __real_mirror_judge(m, &first, gone);
}

WRAPPED(void, push_conclude, struct push_move *m) {
    if (planted == PLANT_HASTY && m->step == PUSH_LOOK)
        m->c.looks = 1;
    __real_push_conclude(m);
}

WRAPPED(void, push_judge, const struct push_view *v, struct push_finding *ret) {
    __real_push_judge(v, ret);
    if (planted == PLANT_BLIND && ret->found == PUSH_CONFLICT)
        ret->found = PUSH_ABSENT;
}
