/* Stores, their status map and checkpoints. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

/* What the doctor learnt; kept as JSON in store.caps. */
struct store_caps {
    char wc_version[32];
    bool hpos;
    char zone[64];           /* site time zone name, or +03:00 */
    int64_t clock_offset_ms; /* shop's clock minus ours */
    int decimals;            /* of prices; -1 unknown */
    char currency[8];
    int php_time_limit_s; /* 0 unknown */
    bool fulfillments;
    bool query_keys; /* keys travel in the query: warn */
    char home[256];  /* site home URL (OAuth base) */
};

struct store {
    int64_t id;
    char uuid[27];
    char name[33];
    char title[128];
    char url[512]; /* canonical base without trailing slash */
    char auth[8];  /* basic query oauth */
    char rest[8];  /* path route */
    bool allow_http, can_write, paused, removed;
    bool poll_only;     /* no webhooks there, by hand */
    int64_t interval_s; /* 0: the setting's */
    int64_t per_hour;   /* requests; 0: the setting's */
    int64_t late_s;  /* an order to do is late when older; 0: the setting's */
    char state[16];  /* new connected degraded blocked */
    char reason[32]; /* error name or "" */
    char reason_text[300];
    int64_t state_since_ms, created_ms;
    int64_t verify_ms, verify_rows, verify_differences; /* ms 0: never */
    char *ca; /* PEM or NULL; owned (store_done) */
    struct store_caps caps;
};
/* Frees what s owns, not s itself; fine on a zeroed one. */
void store_done(struct store *s);

/* 1 found, 0 not (or outside the scope), negative error. */
int store_by_name(struct db_tx *tx, const char *name, struct store *ret);
/* The same by its id. */
int store_by_id(struct db_tx *tx, int64_t id, struct store *ret);

/* All stores that are not removed, by name; *ret owned (store_list_free). */
int store_list(struct db_tx *tx, struct store **ret, size_t *ret_n);
/* NULL with n = 0 is fine. */
void store_list_free(struct store *s, size_t n);

/* Insert; fills id, uuid, created_ms. ERR_EXISTS (e.where: name or url). */
int store_create(struct db_tx *tx, const uint8_t random[10], struct store *s,
                 struct error *e);
/* Title, interval, requests an hour, late, paused, ca, poll_only. */
int store_update(struct db_tx *tx, const struct store *s);
/* Of a new one; later it goes with all that hangs on it (model/store_move.h).
 * ERR_NOT_FOUND. */
int store_set_tenant(struct db_tx *tx, int64_t id, int64_t tenant_id);
/* Its name, in the arena; "" when there is no such store. */
int store_tenant(struct db_tx *tx, int64_t id, struct arena *a,
                 const char **ret);
/* Hide it and forget its keys; what was mirrored stays in the file.
 * ERR_NOT_FOUND. */
int store_remove(struct db_tx *tx, int64_t id);
/* What the doctor or a sync found: auth, rest, can_write, caps. */
int store_set_caps(struct db_tx *tx, const struct store *s);
/* state, reason, reason_text; writes a feed row when it changed. */
int store_set_state(struct db_tx *tx, int64_t id, const char *state,
                    const char *reason, const char *text);
/* When it was last compared (now), and what came of it. */
int store_set_verify(struct db_tx *tx, int64_t id, int64_t rows,
                     int64_t differences, const char *report_json);
/* What the last verify found, as kept by store_set_verify, in the arena: 1
 * found, 0 never verified. */
int store_verify_report(struct db_tx *tx, int64_t id, struct arena *a,
                        const char **ret);
/* Sealed keys (auth/seal.h made the blobs). */
int store_set_keys(struct db_tx *tx, int64_t id, const void *key, size_t key_n,
                   const void *secret, size_t secret_n);
/* The sealed blobs, in the arena. ERR_NOT_FOUND: none are stored. */
int store_get_keys(struct db_tx *tx, int64_t id, struct arena *a,
                   const void **key, size_t *key_n, const void **secret,
                   size_t *secret_n);

/* Phases of the status map; unknown slugs are "unmapped" and treated as open.
 */
enum status_phase {
    PHASE_UNPAID,
    PHASE_TODO,
    PHASE_HELD,
    PHASE_DONE,
    PHASE_DEAD,
    PHASE_UNMAPPED
};
/* The phase of a status WooCommerce itself has. */
enum status_phase status_phase_of(const char *slug);
const char *status_phase_name(enum status_phase p);
/* PHASE_UNMAPPED: no such phase. */
enum status_phase status_phase_parse(const char *name);
struct store_status {
    char slug[64];
    char name[96];
    enum status_phase phase;
};
/* Replace the list of a store, keeping phases there are, and statuses of which
 * an admin said what they mean (model/phase.h). */
int store_statuses_put(struct db_tx *tx, int64_t store_id,
                       const struct store_status *s, size_t n);
/* The statuses of a store, in the arena. */
int store_statuses(struct db_tx *tx, int64_t store_id, struct arena *a,
                   struct store_status **ret, size_t *ret_n);

struct checkpoint {
    char collection[16];
    char phase[16];
    int64_t page, pages, done, total;
    int64_t mark_ms, walk_ms, started_ms, success_ms, changed_ms;
};
/* 1 found, 0 new (then *ret is a fresh one with phase "new"). */
int checkpoint_get(struct db_tx *tx, int64_t store_id, const char *collection,
                   struct checkpoint *ret);
/* Write it, in the transaction of the rows it speaks of: after a crash the
 * place is never ahead of the mirror. */
int checkpoint_put(struct db_tx *tx, int64_t store_id,
                   const struct checkpoint *c);
