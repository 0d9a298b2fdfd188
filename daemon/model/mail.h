/* Letters to people: a queue that sends each at most once.
 *
 * queued   -> sending | parked | discarded
 * sending  -> sent | queued (nobody has it) | failed | unknown | parked
 * failed, unknown, parked, discarded -> queued (a person: send it)
 * failed, unknown, parked -> discarded (a person: let it be)
 *
 * sending is committed before the first byte leaves. What was sending when the
 * daemon ended, or got no answer, is unknown: the server may have it, and
 * nobody can ask, so a person decides. A letter is one of a kind by what it is
 * about and its template. Every move feeds topic "mail". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;
struct list_request;

enum mail_state {
    MAIL_QUEUED,
    MAIL_SENDING,
    MAIL_SENT,
    MAIL_FAILED,
    MAIL_UNKNOWN,
    MAIL_PARKED,
    MAIL_DISCARDED,
    MAIL_STATES /* how many */
};
/* "queued"; and back: the state or ERR_INVALID. */
const char *mail_state_name(enum mail_state s);
int mail_state_parse(const char *name);
/* May a letter go from one to the other? */
bool mail_may(enum mail_state from, enum mail_state to);

struct mail {
    int64_t id, store_id; /* store 0: none */
    const char *cause, *template, *lang, *recipient, *sender, *params;
    const char *subject, *body, *message_id, *author, *text;
    enum mail_state state;
    int64_t created_ms, changed_ms, next_ms;
    int attempts;
};

struct mail_new {
    int64_t store_id;
    const char *cause, *template, *lang, *recipient, *sender, *params;
    const char *subject, *body, *message_id, *author;
};

/* Queue one; *ret_id. ERR_EXISTS: there is that letter already, whatever became
 * of it. */
int mail_add(struct db_tx *tx, const struct mail_new *n, int64_t *ret_id,
             struct error *e);

/* 1 found, 0 not; texts in the arena. */
int mail_get(struct db_tx *tx, int64_t id, struct arena *a, struct mail *ret);
/* The letter of that cause and template: 1 and its id, 0 none. */
int mail_find(struct db_tx *tx, const char *cause, const char *template,
              int64_t *ret_id);
/* All of a cause in that store, oldest first. */
int mail_of(struct db_tx *tx, int64_t store_id, const char *cause,
            struct arena *a, struct mail **ret, size_t *ret_n);

struct mail_page {
    struct mail *items;
    size_t n;
    const char *next;
};
/* Newest first; filter keys of list "mails". Errors as order_list. */
int mail_list(struct db_tx *tx, const struct list_request *r, struct arena *a,
              struct mail_page *ret, struct error *e);
int mail_count(struct db_tx *tx, int64_t counts[MAIL_STATES]);

/* --- people ----------------------------------------------------------------
 */

/* Send it (again), now. ERR_CONFLICT: it is sent or on its way. */
int mail_retry(struct db_tx *tx, const struct mail *m, struct error *e);
/* It will not be sent. ERR_CONFLICT: it was, or is on its way. */
int mail_discard(struct db_tx *tx, const struct mail *m, struct error *e);

/* --- the mailer ------------------------------------------------------------
 */

/* The next one that is due, made sending: 1, or 0 and *ret_next_ms when one
 * will be, 0: none. Nothing while the file is held. */
int mail_take(struct db_tx *tx, struct arena *a, struct mail *ret,
              int64_t *ret_next_ms);
/* How that ended: sent, queued (not before next_ms), failed or unknown; text:
 * the server's words. ERR_CONFLICT: it was not sending any more. */
int mail_settle(struct db_tx *tx, int64_t id, enum mail_state state,
                int64_t next_ms, const char *text);
/* After a start: what was sending is unknown. How many. */
int mail_recover(struct db_tx *tx);
/* A restored or copied file: what was to be sent waits for a person. */
int mail_park(struct db_tx *tx);
