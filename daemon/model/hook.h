/* Our webhooks at a shop: which there are to be, what is known of each, and
 * the secret path and key their deliveries come in by. What deliveries write
 * (pings, times, a foreign source) is delivery.h's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

struct db_tx;

enum {
    HOOK_TOPICS = 16,
    HOOK_PATH = 33,   /* 128 bits as hex */
    HOOK_SECRET = 65, /* 256 bits as hex */
};

/* "order.created"; i below HOOK_TOPICS. */
const char *hook_topic(int i);
/* And back: its place, or ERR_INVALID. */
int hook_topic_of(const char *name);

enum hook_status {
    HOOK_NONE, /* not at the shop, and not asked for */
    HOOK_NEW,  /* to be made, or just being made */
    HOOK_ACTIVE,
    HOOK_PAUSED,
    HOOK_DISABLED,
    HOOK_UNREACHABLE, /* active, but the shop's ping never came */
    HOOK_STATES
};
const char *hook_status_name(enum hook_status s); /* "active" */
/* As a shop spells it; HOOK_DISABLED for a word nobody knows. */
enum hook_status hook_status_of(const char *name);

struct hook {
    enum hook_status status;
    int64_t remote_id;
    int64_t ping_ms; /* since its address was told to the shop; 0: none */
    int64_t last_ms, lag_ms, deliveries;
    int64_t disabled_ms; /* since; 0: it is not */
};

struct hook_door {
    char path[HOOK_PATH]; /* "": there is none */
    struct buf sealed;    /* keys_open_hook */
    char copied_source[256];
    int64_t copied_ms;
};

struct hook_set {
    struct hook by[HOOK_TOPICS];
    struct hook_door door;
};

/* All of a store; ret is to be done (hook_set_done), also after an error. */
int hook_read(struct db_tx *tx, int64_t store_id, struct hook_set *ret);
void hook_set_done(struct hook_set *s);

/* Another path and secret; what a foreign source told is forgotten. */
int hook_door_put(struct db_tx *tx, int64_t store_id, const char *path,
                  const void *sealed, size_t n);
/* Its remote id, status and since when it is disabled. */
int hook_put(struct db_tx *tx, int64_t store_id, int topic,
             const struct hook *h);
/* Its address is about to be told to the shop: a ping is due. */
int hook_ping_due(struct db_tx *tx, int64_t store_id, int topic);
/* Its path and secret count no more: the next round makes others and tells the
 * shop. */
int hook_door_forget(struct db_tx *tx, int64_t store_id);
/* All of it, the door too. */
int hook_forget(struct db_tx *tx, int64_t store_id);

/* A ping has come in by this door. */
bool hook_reached(const struct hook_set *s);
/* How many are of this status. */
int hook_count(const struct hook_set *s, enum hook_status status);
