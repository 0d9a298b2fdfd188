/* Lots and serials: what the pieces of an item are told apart by, where it asks
 * for that. A recall needs to know which customers got a lot, food and drugs
 * must leave in the order they go bad in, a guarantee rests on the serial of
 * the one piece that was sold.
 *
 * What holds: the lots in a bin are never more than nothing, and together with
 * what came before the item asked for lots they are its balance there; a serial
 * is one piece, in one place at most: a bin, or the hand of open work. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct bin;
struct db_tx;
struct movement;

enum { LOT_CODE = 65 };

enum lot_track {
    LOT_NONE,   /* a piece is as good as another */
    LOT_BATCH,  /* told apart by lot, which may expire */
    LOT_SERIAL, /* each by its own serial */
    LOT_TRACKS  /* how many */
};
/* "none" "lot" "serial". */
const char *lot_track_name(enum lot_track t);
/* Of item.track, where "" is none. ERR_DB: nothing of ours. */
int lot_track_parse(const char *track, enum lot_track *ret);

struct lot {
    int64_t id, item_id;
    char code[LOT_CODE]; /* found without regard to case */
    int64_t expires_ms;  /* last day it is good, its start in UTC; 0: keeps */
    int64_t qty_e3;      /* in all bins */
};

/* What an item asks for. */
int lot_track_of(struct db_tx *tx, int64_t item_id, enum lot_track *ret);
/* ERR_CONFLICT: pieces of it lie in lots, whose names would be lost. */
int lot_track_set(struct db_tx *tx, int64_t item_id, enum lot_track t,
                  struct error *e);

/* 1 found, 0 not. */
int lot_get(struct db_tx *tx, int64_t id, struct lot *ret);
int lot_by_code(struct db_tx *tx, int64_t item_id, const char *code,
                struct lot *ret);

/* What is still to be asked of pieces that come with that lot (NULL or "": none
 * was named); dated: what its label says of a day was told, if only that it
 * says nothing. Nothing of an item that is not kept by lots; a day only of a
 * lot nobody knows yet. */
enum lot_ask { LOT_ASK_NOTHING, LOT_ASK_LOT, LOT_ASK_SERIAL, LOT_ASK_DAY };
int lot_asks(struct db_tx *tx, int64_t item_id, const char *code, bool dated,
             enum lot_ask *ret);
/* "lot" "serial" "expires"; "" nothing. */
const char *lot_ask_name(enum lot_ask a);

/* A lot by its code, made if need be. expires_ms: the day its label says, 0 it
 * says none. ERR_INVALID (lot): the item asks for none, or no code a label can
 * hold; ERR_CONFLICT (expires): it was said to expire on another day. */
int lot_name(struct db_tx *tx, int64_t item_id, const char *code,
             int64_t expires_ms, int64_t *ret_id, struct error *e);
/* The day was misread: it is that one. */
int lot_set_expires(struct db_tx *tx, const struct lot *l, int64_t expires_ms);

/* For this process: whose days they are (NULL: UTC; borrowed until it is said
 * anew), and how many days before its last a lot expires soon, 30 until it is
 * said. Any thread. */
struct zone;
void lot_set_zone(const struct zone *z);
void lot_set_soon(int64_t days);

/* Its last day is over, in the house. */
bool lot_expired(const struct lot *l, int64_t now_ms);
/* It is good, and will not be soon. */
bool lot_expires_soon(const struct lot *l, int64_t now_ms);
/* What expires within so many days (-1: soon) has a last day up to that. */
int64_t lot_until(int64_t now_ms, int64_t days);

/* Where the lots of an item lie, first what goes bad first, of that last what
 * is in quarantine; fn's return other than 0 ends it and is returned. */
int lot_each(struct db_tx *tx, int64_t item_id,
             int (*fn)(const struct lot *l, const struct bin *b, int64_t qty_e3,
                       void *arg),
             void *arg);
/* May it be picked from there: it lies there, is good and for sale? */
bool lot_pickable(const struct lot *l, const struct bin *b, int64_t qty_e3,
                  int64_t now_ms);

/* What of an item lies in a bin: of that lot, or (0) of none, which is all of
 * what is not kept by lots and may be less than nothing. */
int lot_lies(struct db_tx *tx, int64_t item_id, int64_t lot_id, int64_t bin_id,
             int64_t *ret_e3);
/* Open work that picked it and did not put it back: 1 and its number, 0. */
int lot_held(struct db_tx *tx, int64_t id, int64_t *ret_work);
/* Of a lot, the pieces that lie in quarantine. */
int lot_quarantined(struct db_tx *tx, int64_t id, int64_t *ret_e3);

/* Lots that are left and expire until then, behind `after` (a zeroed one: from
 * the first); as lot_each. */
int lot_expiring(struct db_tx *tx, int64_t until_ms, const struct lot *after,
                 int (*fn)(const struct lot *l, void *arg), void *arg);

/* --- for movement.c ------------------------------------------------------ */

/* May these pieces come or go with the lot they name, or without one? here_e3:
 * of the item in that bin. arrives: from another bin, of which it was asked
 * already. ERR_INVALID, ERR_CONFLICT (lot). */
int lot_check(struct db_tx *tx, const struct movement *m, int64_t here_e3,
              bool arrives, struct error *e);
/* Write a lot's part of a movement. *ret_e3: how much of it that was; of a lot
 * no more can be taken out of a bin than lies there. */
int lot_moved(struct db_tx *tx, const struct movement *m, int64_t *ret_e3);
/* Anew from the movements. */
int lot_rebuild(struct db_tx *tx, int64_t item_id);
