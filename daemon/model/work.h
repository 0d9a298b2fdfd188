/* An order somebody works on: picked, packed, sent. At most one open piece of
 * work an order; what it wants is copied when it is begun, so that a late
 * change at the shop is seen as one.
 *
 * picking -> picked -> packing -> packed -> done
 *     any of them -> dropped;  picked -> picking and packing -> picked: back;
 *     picking -> packing: where nobody picks first
 *
 * The lease: work is in one person's hand. Nothing takes it away by itself;
 * after WORK_IDLE_MS without a scan (monotonic; counted from the daemon's start
 * after a restart) somebody else may take it over explicitly. Scans stay, and
 * the next scan of whoever had it is refused with the reason.
 *
 * Every function is one step inside the caller's transaction; a change tells
 * the feed of the order (topic "order") and, where it says something to people,
 * the order's timeline. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;

/* What work rests on: a digest of each part. */
enum work_part { WORK_STATUS = 1, WORK_ADDRESS = 2, WORK_CONTENT = 4 };
enum {
    WORK_IDLE_MS = 15 * 60 * 1000,
    WORK_PARTS = 3,
    WORK_BASIS = WORK_PARTS * 8
};

enum work_state {
    WORK_PICKING,
    WORK_PICKED,
    WORK_PACKING,
    WORK_PACKED,
    WORK_DONE,
    WORK_DROPPED,
    WORK_STATES /* how many */
};
/* "picking"; and back: the state or ERR_INVALID. */
const char *work_state_name(enum work_state s);
int work_state_parse(const char *name);
/* May work go from one to the other? */
bool work_may(enum work_state from, enum work_state to);

struct work {
    int64_t id, store_id, remote_id;
    const char *store; /* name */
    enum work_state state;
    int64_t wave_id; /* 0: none */
    const char *tote;
    const char *lease_user; /* "": nobody */
    int64_t lease_since_ms; /* since when; wall */
    int64_t lease_ms;       /* last scan; wall, to be shown */
    int64_t idle_ms;        /* since then, monotonic */
    uint8_t basis[WORK_BASIS];
    int64_t begun_ms, picked_ms, packed_ms, ended_ms;
    const char *begun_by;
    int64_t version;
};

struct work_line {
    int64_t line_id, part, product_id;
    const char *sku, *name, *bin;
    int64_t want_e3, picked_e3, short_e3, packed_e3;
    const char *short_reason, *short_way; /* "" none */
    const char *ean;                      /* "" none */
    const char *zone;                     /* of the bin, on the walk */
    int64_t place;
    int64_t per_e3;     /* of a part: in one bundle */
    bool optional;      /* a part the bundle may leave without */
    const char *bundle; /* whose part it is, as the order says; "" none */
};

/* By id: 1 found, 0 not (or outside the scope). Texts in the arena. */
int work_get(struct db_tx *tx, int64_t id, struct arena *a, struct work *ret);
/* The open one of an order: 1, 0. */
int work_of(struct db_tx *tx, int64_t store_id, int64_t remote_id,
            struct arena *a, struct work *ret);
/* Its lines by line and part. */
int work_lines(struct db_tx *tx, int64_t id, struct arena *a,
               struct work_line **ret, size_t *ret_n);

/* Is that code (SKU, the number in bars, id or reference of the product or
 * variation) this line's? */
bool work_line_is(const struct work *w, const struct work_line *l,
                  const char *code);
/* A code is on both: ERR_CONFLICT with a sentence when they are not the same
 * goods, by their SKU or (in one store) by what they are. */
int work_line_clash(const struct work_line *a, const struct work_line *b,
                    bool one_store, const char *code, struct error *e);

struct work_new {
    int64_t store_id, remote_id;
    int64_t wave_id;  /* 0: none */
    const char *tote; /* "" none */
    const char *who;
};
/* Begin on an order: state picking, in the hand of `who`. ERR_NOT_FOUND;
 * ERR_EXISTS: somebody works on it (who, in e); ERR_CONFLICT: it is gone, held,
 * its status is not one to ship, or nothing is left to fulfil. */
int work_begin(struct db_tx *tx, const struct work_new *n, struct arena *a,
               struct work *ret, struct error *e);

/* Would work_begin take it? What it would answer, and nothing is begun. */
int work_may_begin(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   struct arena *a, struct error *e);

/* A scan or key of that person: it must be in their hand or in nobody's (then
 * it is theirs now). ERR_CONFLICT says who has it and since when; also when the
 * work has ended. */
int work_touch(struct db_tx *tx, struct work *w, const char *who,
               struct error *e);
/* Explicitly from another's hand. ERR_CONFLICT before WORK_IDLE_MS, with who
 * had it when; own or free work is just touched. */
int work_take_over(struct db_tx *tx, struct work *w, const char *who,
                   struct error *e);
/* Out of one's hand, scans kept; anybody may go on. */
int work_give_back(struct db_tx *tx, struct work *w, const char *who,
                   struct error *e);
/* Move the state, with its instants and its row of the timeline; picked, packed
 * and the ends take it out of hand. ERR_CONFLICT: no such move. */
int work_move(struct db_tx *tx, struct work *w, enum work_state to,
              const char *who, struct error *e);

/* May the order be shipped as it stands? ERR_NOT_FOUND; ERR_CONFLICT says why
 * not: gone, held, its status is not one to ship. */
int work_may_ship(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                  struct arena *a, struct error *e);

/* Digests of what work rests on as it stands now: effective status, where the
 * parcel goes, what was ordered less refunds. */
int work_basis_now(struct db_tx *tx, int64_t store_id, int64_t remote_id,
                   struct arena *a, uint8_t ret[WORK_BASIS]);
/* Which of them the shop (or somebody here) changed since work was begun, as
 * bits of enum work_part. */
unsigned work_basis_differs(const struct work *w,
                            const uint8_t now[WORK_BASIS]);
/* "status", "address", "lines". */
const char *work_part_name(enum work_part p);
/* The person has seen what changed: go on from here. */
int work_basis_accept(struct db_tx *tx, struct work *w, struct arena *a);

/* The daemon starts: idle time counts from now. */
int work_restart(struct db_tx *tx);
