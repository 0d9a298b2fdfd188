/* Who the daemon knows, in memory on the loop thread: every call is checked
 * against it, and a change of people is in force when it is answered. Inside
 * rpc only.
 *
 * Happy path: people_load at the start; a method that changed people lets
 * people_reload finish before it answers; sessions then point to the new
 * persons.
 * Failure modes: a reload that cannot read keeps what was known and answers the
 * call with its error; a user or link that is gone leaves a guest behind. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "db/sql.h"
#include "rpc.gen.h"
#include "rpc/room.h"

/* What somebody is and sees. Never changed: calls under way keep theirs. */
struct person {
    int refs;
    int64_t id; /* of users; 0: the console, or a guest */
    char name[48];
    unsigned role; /* a bit of enum rpc_role */
    bool read_only, has_totp;
    char lang[8];
    struct db_scope scope; /* its stores follow */
    int64_t stores[];
};

struct people;

/* Empty: the console and guests alone. */
struct people *people_new(struct rpc *r);
void people_free(struct people *p);
/* Read everybody, at start. */
int people_load(struct people *p);
/* Read everybody again, as of now or later; then done(status, arg). ERR_BUSY:
 * not now, done is not called. */
int people_reload(struct people *p, void (*done)(int status, void *arg),
                  void *arg);
/* A store came or went: those who see some stores see it, soon. */
void people_stores_changed(struct people *p);
/* Is it reading? */
bool people_busy(const struct people *p);

struct person *person_ref(struct person *p);
void person_unref(struct person *p); /* NULL is fine */

/* The user of that id, a guest when it is none that may be here. Referenced. */
struct person *people_of_id(const struct people *p, int64_t id);
/* By name; NULL: none. Referenced. */
struct person *people_of_name(const struct people *p, const char *name);
/* Who a peer is without being asked: the console (root, our own account), a
 * linked account's user, or a guest. Referenced. */
struct person *people_of_uid(const struct people *p, unsigned uid,
                             const char *account);
/* Nobody yet. Referenced. */
struct person *people_guest(const struct people *p);
/* The same person seeing no more than these stores. Referenced. */
struct person *person_narrow(const struct person *p, const int64_t *stores,
                             size_t n);

/* root and our own account: they may administer, and approve nothing. */
bool people_is_console(const struct rpc *r, unsigned uid);

/* "admin" ... "guest". */
const char *person_role_name(const struct person *p);
