/* A demo shop, the engine, and changes: what the tests of pushing begin with.
 */
#pragma once

#include "common/json.h"
#include "model/change.h"
#include "tests/lib/engine.h"
#include "tests/lib/shop_proc.h"
#include "tests/lib/test.h"

struct arena;

struct pushing {
    struct engine e;
    struct shop_proc shop;
    int64_t store;
    struct arena *arena;
};

/* A synced store, not paused; more: one argument more of the shop, or NULL. */
void pushing_start(struct pushing *p, const char *storage, const char *more);
void pushing_stop(struct pushing *p);
/* The engine, and the daemon with it, is started again on the same file. */
void pushing_restart(struct pushing *p);

/* POST to the shop's admin door. */
void pushing_door(struct pushing *p, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* An object as the shop has it; NULL: gone. Lives as long as p. */
const struct json *pushing_object(struct pushing *p, const char *kind,
                                  int64_t id);
/* A member of it as text. */
const char *pushing_text(struct pushing *p, const char *kind, int64_t id,
                         const char *path);
/* Requests a route got since the counters were reset, by prefix "PUT /orders".
 */
int64_t pushing_requests(struct pushing *p, const char *route);
/* The nth object of that kind whose status is that (NULL: any). */
int64_t pushing_id(struct pushing *p, const char *kind, const char *status,
                   int nth);

/* The nth of a kind, 0: there are not so many. */
int64_t pushing_nth(struct pushing *p, const char *kind, int nth);

/* Accept a change and tell the engine. */
struct change pushing_set(struct pushing *p, enum mirror_kind kind, int64_t id,
                          const char *path, const char *wanted);
struct change pushing_act(struct pushing *p, enum mirror_kind kind, int64_t id,
                          enum change_act act, const char *payload);
/* The same, but nobody tells the engine. */
struct change pushing_quietly(struct pushing *p, const struct change_new *n);

/* Turn until it is in that state; fails the test after half a minute. */
struct change pushing_until(struct pushing *p, const struct change *c,
                            enum change_state s);
/* As it is now. */
struct change pushing_now(struct pushing *p, const struct change *c);

/* Somebody else says yes. */
void pushing_approve(struct pushing *p, const struct change *c);

/* After one more sync nothing differs from the shop. */
void pushing_assert_true(struct pushing *p);

/* Statements on the database; what the engine knows of the store is read
 * again. */
void pushing_exec(struct pushing *p, const char *sql);
/* One integer of the database. */
int64_t pushing_sql(struct pushing *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* -- one change of every act that could double -------------------------------
 */

struct pushing_batch {
    int64_t set, noted, refunded, product, stock;
    struct change status, note, refund, delta;
};
/* Each on an object of its own; the refund approved. */
void pushing_batch(struct pushing *p, struct pushing_batch *b);
/* All are unknown, at some time. */
void pushing_batch_unknown(struct pushing *p, const struct pushing_batch *b);
/* All get confirmed, and happened once. */
void pushing_batch_once(struct pushing *p, struct pushing_batch *b);
/* Notes of that text in the shop. */
int pushing_notes(struct pushing *p, const char *text);

/* Tests on both storages. */
#define ON_BOTH(name)                                                          \
    static void name(const char *storage);                                     \
    static void name##_on_posts(void **state) {                                \
        (void)state;                                                           \
        name("posts");                                                         \
    }                                                                          \
    static void name##_on_hpos(void **state) {                                 \
        (void)state;                                                           \
        name("hpos");                                                          \
    }                                                                          \
    static void name(const char *storage)
#define BOTH(name)                                                             \
    cmocka_unit_test(name##_on_posts), cmocka_unit_test(name##_on_hpos)
