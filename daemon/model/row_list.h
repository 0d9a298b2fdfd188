/* Inside the model only: lists of our own rows (changes, shipments, returns,
 * approvals, tickets), newest first over the stores a caller sees. They are few
 * beside the mirror: each store gives at most a page and one more, by the most
 * telling index, and the pages are merged. A list adds what its rows are. */
#pragma once

#include "model/list.h"

struct db_rows;
struct row_list;

struct row_list_ops {
    const struct query_list *keys;
    int store_key; /* of keys: stores are chosen before rows are read */
    size_t size;   /* of a row */
    /* Read a row: 1, 0 when it is none of the list, negative error. */
    int (*read)(struct row_list *l, struct db_rows *r, void *row);
    bool (*passes)(const struct row_list *l, const struct query_term *t,
                   const void *row);
    /* Query one store's rows from l->before down; each stream is drained. */
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
    struct list_key before; /* the last row of the page before */
    size_t limit;
    char *rows; /* n of ops->size; owned */
    size_t n, cap;
};
/* Frees what it owns; for CLEANUP. */
void row_list_done(struct row_list *l);

/* Rows of one stream that pass, until it has given a page and one more. */
int row_list_drain(struct row_list *l, struct db_rows *r);

/* The first term of that key whose values an index can follow; NULL: none. */
const struct query_term *row_list_term(const struct row_list *l, int key);

/* What was drained, in the arena; room for one more. */
void *row_list_take(const struct row_list *l, size_t n);

/* A page of it, in the arena; *ret_next NULL at the end. Errors as
 * list_parse, list_cursor_read, list_stores. */
int row_list_page(struct row_list *l, const struct list_request *r,
                  void **ret_items, size_t *ret_n, const char **ret_next,
                  struct error *e);

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
