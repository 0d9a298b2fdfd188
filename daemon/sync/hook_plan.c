#include "sync/hook_plan.h"

#include <string.h>

#include "common/str.h"

bool hook_row_ours(const char *instance, const char *name, const char *topic,
                   struct hook_row *ret) {
    char ours[HOOK_NAME];
    if (str_format(ours, sizeof ours, "fulexo:%s:", instance) < 0 ||
        !str_starts(name, ours))
        return false;
    int named = hook_topic_of(name + strlen(ours));
    ret->topic = named >= 0 && str_eq(hook_topic(named), topic) ? named : -1;
    return true;
}

static void add(struct hook_plan *p, enum hook_act act, int topic,
                int64_t remote_id) {
    if (p->n < HOOK_STEPS)
        p->step[p->n++] = (struct hook_step){act, topic, remote_id};
}

/* The row that stays for a topic; NULL: the shop has none. */
static const struct hook_row *keeper(const struct hook_plan_in *in, int topic) {
    const struct hook_row *best = NULL;
    for (size_t i = 0; i < in->n; i++) {
        const struct hook_row *r = &in->rows[i];
        if (r->topic != topic)
            continue;
        if (r->id == in->known->by[topic].remote_id)
            return r;
        if (!best || r->id < best->id)
            best = r;
    }
    return best;
}

static bool is_off(enum hook_status s) {
    return s == HOOK_DISABLED || s == HOOK_PAUSED;
}

/* Unreachable is our own finding: the shop calls it active. */
static enum hook_status status_found(const struct hook *known,
                                     const struct hook_row *r) {
    bool same = known->remote_id == r->id && r->status == HOOK_ACTIVE &&
                known->status == HOOK_UNREACHABLE;
    return same ? HOOK_UNREACHABLE : r->status;
}

static void keep(const struct hook_plan_in *in, int topic,
                 const struct hook_row *r, struct hook_plan *p) {
    const struct hook *known = &in->known->by[topic];
    struct hook *f = &p->found[topic];
    *f = (struct hook){.status = status_found(known, r), .remote_id = r->id};
    if (is_off(f->status)) {
        p->disabled++;
        f->disabled_ms = known->disabled_ms ? known->disabled_ms : in->now_ms;
        if (in->enable)
            add(p, HOOK_ENABLE, topic, r->id);
    }
    if (r->moved)
        add(p, HOOK_MOVE, topic, r->id);
}

/* No ping ever came in: one is asked for, by telling the shop an address it
 * knows. What is created or moved is pinged anyway. */
static void ask_ping(const struct hook_plan_in *in, struct hook_plan *p) {
    if (hook_reached(in->known))
        return;
    for (size_t i = 0; i < p->n; i++)
        if (p->step[i].act == HOOK_CREATE || p->step[i].act == HOOK_MOVE)
            return;
    add(p, HOOK_MOVE, 0, p->found[0].remote_id);
}

void hook_plan_make(const struct hook_plan_in *in, struct hook_plan *ret) {
    const struct hook_row *stays[HOOK_TOPICS] = {NULL};
    *ret = (struct hook_plan){0};
    for (int t = 0; in->want && t < HOOK_TOPICS; t++)
        stays[t] = keeper(in, t);
    for (size_t i = 0; i < in->n; i++) {
        const struct hook_row *r = &in->rows[i];
        if (r->topic < 0 || stays[r->topic] != r)
            add(ret, HOOK_REMOVE, -1, r->id);
    }
    for (int t = 0; in->want && t < HOOK_TOPICS; t++) {
        if (stays[t]) {
            keep(in, t, stays[t], ret);
        } else {
            ret->found[t].status = HOOK_NEW;
            add(ret, HOOK_CREATE, t, 0);
        }
    }
    if (in->want)
        ask_ping(in, ret);
}
