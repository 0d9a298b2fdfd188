/* Tickets: what the owners of a store and the warehouse talk about.
 *
 * A ticket is its messages: replies, notes for who works here, and what was
 * done to it (state, priority, assignee). Whoever looks is a ticket_eye; notes
 * are behind it alone: an owner's eye meets none, and nothing a note leaves
 * behind (no newer date, version, unread mark or event). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct arena;
struct db_tx;
struct list_request;

enum ticket_priority {
    TICKET_LOW,
    TICKET_NORMAL,
    TICKET_HIGH,
    TICKET_URGENT,
    TICKET_PRIORITIES /* how many */
};
/* "low"; and back: the priority or ERR_INVALID. */
const char *ticket_priority_name(enum ticket_priority p);
int ticket_priority_parse(const char *name);

enum ticket_state {
    TICKET_OPEN,
    TICKET_IN_PROGRESS,
    TICKET_WAITING, /* for its owner */
    TICKET_RESOLVED,
    TICKET_CLOSED,
    TICKET_STATES /* how many */
};
/* "open"; and back: the state or ERR_INVALID. */
const char *ticket_state_name(enum ticket_state s);
int ticket_state_parse(const char *name);
/* May one be put from here to there? A closed one is only opened again. */
bool ticket_may_move(enum ticket_state from, enum ticket_state to);

enum ticket_kind {
    TICKET_REPLY,
    TICKET_NOTE, /* owners never see it */
    TICKET_SET_STATE,
    TICKET_SET_PRIORITY,
    TICKET_SET_ASSIGNEE,
    TICKET_KINDS /* how many */
};
/* "reply" "note" "state" "priority" "assignee". */
const char *ticket_kind_name(enum ticket_kind k);

enum { TICKET_ID_TEXT = 24, TICKET_MESSAGES = 100 /* of one page */ };
/* 42 as "T-42"; and back: ERR_INVALID. */
const char *ticket_id_format(char dst[TICKET_ID_TEXT], int64_t id);
int ticket_id_parse(const char *text, int64_t *ret);

/* Who looks: as audit.actor, and whether they see notes. */
struct ticket_eye {
    const char *who;
    bool inner;
};

struct ticket {
    int64_t id, store_id;
    const char *store; /* name */
    const char *subject;
    enum ticket_priority priority;
    enum ticket_state state;
    const char *assignee;   /* "": nobody */
    const char *about_kind; /* order customer; "": of the store */
    int64_t about_id;
    const char *author;
    int64_t created_ms, changed_ms, version;
    int64_t last_id, open_id, read_id; /* newest, that owners see, that was read
                                          by the eye */
};
/* Is it the eye's at all? An owner's meets none of which it sees no word: it
 * was another company's, whose store this was (model/store_move.h). */
bool ticket_seen(const struct ticket *t, const struct ticket_eye *eye);
/* Has the eye something to read? */
bool ticket_unread(const struct ticket *t, const struct ticket_eye *eye);

struct ticket_new {
    int64_t store_id;
    const char *subject, *text, *author;
    enum ticket_priority priority;
    const char *about_kind; /* "": of the store */
    int64_t about_id;
};
/* Open one with its first message. ERR_NOT_FOUND: outside the scope.
 * ERR_INVALID: no subject or text in it. */
int ticket_create(struct db_tx *tx, const struct ticket_new *n, int64_t *ret,
                  int64_t *ret_message, struct error *e);

/* By number: 1 found, 0 not there or outside the scope. Texts in the arena. */
int ticket_get(struct db_tx *tx, int64_t id, const struct ticket_eye *eye,
               struct arena *a, struct ticket *ret);

/* A reply or a note; text may be empty when files go with it (files). An
 * owner's reply opens one again that waits, is resolved or closed; a closed one
 * takes no other: ERR_CONFLICT. ERR_INVALID: nothing is said. */
int ticket_say(struct db_tx *tx, const struct ticket *t, enum ticket_kind kind,
               const struct ticket_eye *eye, const char *text, bool files,
               int64_t *ret_message, struct error *e);

/* What is to be another; NULL or -1: as it is. */
struct ticket_set {
    int state, priority;
    const char *assignee;
};
/* ERR_CONFLICT: no such move from its state. ERR_INVALID: nobody of that name
 * works here and sees the store; nothing would change. */
int ticket_update(struct db_tx *tx, const struct ticket *t,
                  const struct ticket_set *set, const struct ticket_eye *eye,
                  struct error *e);

/* The eye has read all it sees. */
int ticket_mark_read(struct db_tx *tx, const struct ticket *t,
                     const struct ticket_eye *eye);

struct ticket_message {
    int64_t id, at_ms;
    enum ticket_kind kind;
    const char *author, *text, *was;
};
/* The newest the eye sees before that id (INT64_MAX: of all), at most
 * TICKET_MESSAGES, oldest first. *ret_more: there are earlier ones. */
int ticket_messages(struct db_tx *tx, const struct ticket *t,
                    const struct ticket_eye *eye, int64_t before,
                    struct arena *a, struct ticket_message **ret, size_t *ret_n,
                    bool *ret_more);

struct ticket_page {
    struct ticket *items;
    size_t n;
    const char *next;
    bool partial;
};
/* The newest by changed_ms first. Filter keys of list "tickets"; words search
 * the subject. Errors as order_list. */
int ticket_list(struct db_tx *tx, const struct list_request *r,
                const struct ticket_eye *eye, struct arena *a,
                struct ticket_page *ret, struct error *e);

/* unread: of those that are active or changed within TICKET_NEWS_DAYS. */
enum { TICKET_NEWS_DAYS = 30 };
struct ticket_counts {
    int64_t by[TICKET_STATES], unread, mine;
    int64_t urgent; /* of those that are not resolved or closed */
};
/* Over the stores of the scope. */
int ticket_count(struct db_tx *tx, const struct ticket_eye *eye,
                 struct ticket_counts *ret);
/* Those of one store, without the number of settled ones, which are many; added
 * to what is there. */
int ticket_active_of(struct db_tx *tx, int64_t store_id,
                     const struct ticket_eye *eye, struct ticket_counts *c);

/* --- inside the model ---------------------------------------------------- */

struct db_rows;
/* A row of TICKET_BY_ID and TICKET_LIST. ERR_DB_CORRUPT. */
int ticket_row(struct db_rows *r, struct arena *a, struct ticket *ret);
/* What is said about that order or customer goes, with its files. */
int ticket_erase(struct db_tx *tx, int64_t store_id, const char *about_kind,
                 int64_t about_id);
