/* Walks at random: a dice with a seed, acts that leave nothing behind when they
 * are refused, and every change of a state written down by the database itself,
 * so that none is missed, whoever made it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct db_tx;

/* The dice begins with that seed, plus $WALK_SEED to walk elsewhere. It is
 * told, as every failure is to be repeated. */
void walk_begin(unsigned seed);
unsigned walk_dice(unsigned below);

/* An act as a write of the daemon would do it: what it did is undone when it
 * fails. Returns its status; anything but a refusal (ERR_CONFLICT, NOT_FOUND,
 * INVALID, EXISTS, RANGE, DENIED) fails the test. */
int walk_act(struct db_tx *tx, int (*act)(struct db_tx *tx, void *arg),
             void *arg);

/* Write down each move of that table's `state` from now on. */
void walk_watch(struct db_tx *tx, const char *table);
/* Which moves there are: names of the n states, may(from, to). Each that was
 * made is one of them. */
struct walk_states {
    const char *table;
    int n;
    const char *(*name)(int state);
    bool (*may)(int from, int to);
};
void walk_check(struct db_tx *tx, const struct walk_states *s);
/* That move was made at least once. */
bool walk_made(struct db_tx *tx, const char *table, const char *from,
               const char *to);
