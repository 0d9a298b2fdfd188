/* A day at the screens: a demo shop that tells of its orders, a daemon that
 * listens and writes letters, people with accounts and passwords of their own,
 * each at a terminal. What they do is typed; what came of it is asked of the
 * shop. */
#pragma once

#include "common/json.h"
#include "tests/lib/smtp_server.h"
#include "tests/lib/term.h"
#include "tests/lib/world.h"

#define DAY_PASSWORD "correct horse battery"
enum { DAY_MS = 30000 }; /* the longest anything may take to come */

struct day {
    struct world w; /* w.c: the console, to look with */
    struct smtp_server *mail;
    int people; /* accounts given out */
};

/* A shop "alpine" with these arguments (NULL ends them), read and listened to.
 * Skips the test unless root runs it: others have one account only, and a
 * second person needs one of their own. */
void day_begin(struct day *d, ...) __attribute__((sentinel));
void day_end(struct day *d);

/* Somebody with the password DAY_PASSWORD; more: further members of
 * users.invite as JSON text behind a comma, or "". */
void day_person(struct day *d, const char *name, const char *role,
                const char *more);

/* --- the shop ------------------------------------------------------------- */

/* An object as the shop has it; the caller frees. */
char *day_object(struct day *d, const char *kind, int64_t id);
/* Wait until the object holds (all of) the text. */
void day_shop_has(struct day *d, const char *kind, int64_t id,
                  const char *text);
/* The n-th object of that kind that holds the text, counted from 0. */
int64_t day_find(struct day *d, const char *kind, const char *text, int n);
/* How many do. */
int day_count(struct day *d, const char *kind, const char *text);
/* One integer of an object: the one behind "member":. */
int64_t day_number(struct day *d, const char *kind, int64_t id,
                   const char *member);

struct day_goods {
    int64_t id, stock; /* as it was */
    char sku[64];
};
/* Simple products with a SKU whose stock the shop counts; fails the test unless
 * there are n. */
void day_goods(struct day *d, struct day_goods *ret, int n);
/* Somebody called Ada, ada@example.test, buys so many of each, at the shop: the
 * order's number. */
int64_t day_order(struct day *d, const struct day_goods *goods,
                  const int *pieces, int n);

/* kill -9 of the daemon; and a new one on what is there. */
void day_kill(struct day *d);
void day_again(struct day *d);

/* --- a terminal ----------------------------------------------------------- */

struct desk {
    struct term *t;
    char who[33];
};

/* Open the terminal on a screen and sign in. Each has an account of their own
 * on the machine: who signs in here has this one. */
void desk_open(struct desk *k, struct day *d, const char *who,
               const char *screen, int h, int w);
/* A command there, as somebody who is not known yet. */
void desk_run(struct desk *k, struct day *d, const char *resource,
              const char *verb);
void desk_close(struct desk *k);

/* Wait for a text; fails with the screen printed when it does not come. */
void desk_see(struct desk *k, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void desk_see_gone(struct desk *k, const char *text);
/* Two texts in one row, in this order. */
void desk_see_row(struct desk *k, const char *first, const char *second);
/* Type once the screen is at rest. */
void desk_type(struct desk *k, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Tab until the screen holds that text: "[Timeline]". */
void desk_tab(struct desk *k, const char *tab);
/* It is not there once the screen is at rest. */
void desk_lacks(struct desk *k, const char *text);
