/* Inside the model only: lists of our own rows (changes, shipments, returns,
 * approvals, tickets), newest first over the stores a caller sees. Each store
 * is a source that is read a few rows at a time by the most telling index, the
 * more it gives the more at a time; the sources are merged, and rows that do
 * not pass are walked over. A page costs what it shows, and ends as partial
 * when its time is over. A list adds what its rows are. */
#pragma once

#include "model/list.h"

struct db_rows;
struct row_list;
struct row_source;

struct row_list_ops {
    const struct query_list *keys;
    int store_key; /* of keys: stores are chosen before rows are read */
    size_t size;   /* of a row */
    /* Read a row: 1, 0 when it is none of the list, negative error. */
    int (*read)(struct row_list *l, struct db_rows *r, void *row);
    /* The same of what read left, its place alone, once it is the row's turn;
     * NULL: it is whole. */
    int (*whole)(struct row_list *l, void *row);
    bool (*passes)(const struct row_list *l, const struct query_term *t,
                   const void *row);
    /* Is a row one of the list at all; NULL: each is. */
    bool (*listed)(const struct row_list *l, const void *row);
    /* Query one store's rows from l->before down, newest first, and drain each
     * stream; called again with a later place. */
    int (*of_store)(struct row_list *l, const struct list_store *s);
    /* Its place: num, then id; the newest row has the greatest. */
    struct list_key (*place)(const void *row);
};

struct row_list {
    const struct row_list_ops *ops;
    struct db_tx *tx;
    struct arena *a; /* of the rows' texts */
    const void *arg; /* the list's own */
    struct query q;
    struct list_stores stores;
    struct list_key before; /* rows behind it are wanted */
    size_t limit;
    bool partial; /* the page ended with its time */

    struct row_source *sources; /* owned */
    size_t n_sources;
    struct row_source *filling; /* the one that is read */
    char *rows;                 /* the page: n of ops->size; owned */
    size_t n;
};
/* Frees what it owns; for CLEANUP. */
void row_list_done(struct row_list *l);

/* The next few rows of a stream into the source that is read. */
int row_list_drain(struct row_list *l, struct db_rows *r);

/* The first term of that key whose values an index can follow; NULL: none. */
const struct query_term *row_list_term(const struct row_list *l, int key);

/* All rows of one stream, at most max, in the arena. */
int row_list_all(struct row_list *l, struct db_rows *r, size_t max,
                 void **ret_items, size_t *ret_n);

/* `read` and `place` of rows that begin with their id, their order; row_list_id
 * leaves the rest to `whole`. */
int row_list_id(struct row_list *l, struct db_rows *r, void *row);
struct list_key row_list_place(const void *row);

struct row_page {
    void *items; /* n of ops->size, in the arena */
    size_t n;
    const char *next; /* NULL at the end */
    bool partial;     /* it ended with its time */
};
/* A page of the list; arg as in row_list. Errors as list_parse,
 * list_cursor_read, list_stores; ERR_TIMEOUT: its time was over before a row
 * was looked at. */
int row_list(struct db_tx *tx, const struct row_list_ops *ops, const void *arg,
             const struct list_request *r, struct arena *a,
             struct row_page *ret, struct error *e);

/* --- counts ----------------------------------------------------------------
 */

/* fn for each store a caller sees, until it fails. */
int row_each_store(struct db_tx *tx,
                   int (*fn)(struct db_tx *tx, int64_t store_id, void *arg),
                   void *arg);
/* Adds rows of (state, how many) to counts; a word that `parse` does not know
 * is left out. */
int row_add_states(struct db_rows *r, int (*parse)(const char *name),
                   int64_t *counts);
