/* Inside the model only: lists by name (products, customers). Streams of rows
 * in name order are merged and filtered as order lists are; candidates and
 * other sorts keep the best rows they meet. Every statement gives id, store_id
 * and sort_name first. */
#pragma once

#include "model/list.h"
#include "stmt.gen.h"

struct db_rows;

enum { NAME_CANDIDATES = 8000, NAME_NEEDLES = 16 };

/* A candidate whose place is known before it is looked at. */
struct name_row {
    int64_t id;
    const char *name; /* its sort_name */
};

struct name_pick {
    int64_t id;          /* row to show */
    struct list_key key; /* its place; text in the arena */
};

/* How one list differs from the other. */
struct name_ops {
    enum stmt_id all[2], store[2]; /* streams, up and down */
    enum stmt_id low[2];           /* per store instead, when asked for */
    enum stmt_id one;              /* a candidate by id; no row: gone */
    enum stmt_id children;         /* rows below one (store, parent, id) */
    enum stmt_id matching, text;   /* full-text index and content */
    int remote_col;                /* of `one`: the children's parent */
    /* Does the row pass: 1, 0, negative error. */
    int (*filter)(const void *arg, struct db_rows *rows);
};

struct name_list {
    struct db_tx *tx;
    struct arena *arena;
    const struct name_ops *ops;
    const void *arg; /* of ops->filter */
    const struct list_stores *stores;
    const char *needles[NAME_NEEDLES]; /* folded search words */
    size_t n_needles;
    const int64_t *ids; /* candidates; NULL: streams */
    size_t n_ids;
    struct name_row *named; /* or these, one perhaps twice; by name they are
                               read as a stream, to where the page is full */
    size_t n_named;
    bool low;      /* use ops->low */
    bool children; /* rows below each row as well */
    bool down;     /* z to a */
    int key_col;   /* sort by this column; -1: by name */
    bool key_text; /* it is text */

    const struct list_request *request; /* how long it may take */
    int64_t search_ms;                  /* of it, used for words */
    size_t limit;
    struct name_pick *picks; /* limit + 1 places */
    size_t n;
    bool more, partial;
    struct list_key next;
};

/* Collect the search words of q: those without a key. */
void name_list_words(struct name_list *l, const struct query *q);

/* Fill l->picks behind `after` (NULL: from the beginning), within the walk's
 * time. ERR_TIMEOUT when nothing could be looked at. */
int name_list_run(struct name_list *l, const struct list_key *after,
                  struct error *e);
