/* Inside the engine only: what is to be done about our webhooks at a shop, from
 * what the shop lists and what we know. Pure. */
#pragma once

#include "model/hook.h"

enum {
    HOOK_NAME = 96,
    HOOK_URL = 640,
    HOOK_ROWS = 200,  /* of ours that are looked at, at most */
    HOOK_STEPS = 256, /* removing those, and making ours */
};

/* A webhook of ours (by its name) as the shop lists it. */
struct hook_row {
    int64_t id;
    int topic; /* by its name; -1: none we know, or it is made for another */
    enum hook_status status;
    bool moved; /* its address is not the one we want */
};

/* Is it ours? "fulexo:INSTANCE:TOPIC". Fills topic of ret if so. */
bool hook_row_ours(const char *instance, const char *name, const char *topic,
                   struct hook_row *ret);

enum hook_act {
    HOOK_REMOVE, /* DELETE it */
    HOOK_CREATE, /* POST it */
    HOOK_MOVE,   /* PUT address and secret; the shop pings again */
    HOOK_ENABLE, /* PUT it active */
};

struct hook_step {
    enum hook_act act;
    int topic;         /* -1: none of ours (any more) */
    int64_t remote_id; /* 0: to be created */
};

struct hook_plan {
    struct hook_step step[HOOK_STEPS];
    size_t n;
    struct hook found[HOOK_TOPICS]; /* to be kept: id, status, disabled_ms */
    int disabled;                   /* found disabled or paused */
};

struct hook_plan_in {
    const struct hook_row *rows; /* ours alone */
    size_t n;
    const struct hook_set *known;
    bool want;   /* false: none is to be there */
    bool enable; /* disabled ones may be enabled now */
    int64_t now_ms;
};

/* Of several of one topic the one we know, else the oldest, stays. */
void hook_plan_make(const struct hook_plan_in *in, struct hook_plan *ret);
