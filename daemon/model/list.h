/* What the lists share: the request, the cursor, the stores a caller sees, and
 * how the values of a filter meet the fields of a row. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "common/query.h"
#include "stmt.gen.h"

struct arena;
struct db_tx;
struct query_list;
struct zone;

enum {
    LIST_LIMIT_MAX = 500,
    LIST_WALK_MS = 16,   /* longest search and walk of one page: it is answered
                          * in 30, and others go on */
    LIST_LEAST_MS = 4,   /* however long a search before a walk took */
    LIST_REST_MS = 1900, /* for what follows the walk */
};

struct list_request {
    const char *filter;      /* query text; NULL or "": none */
    const char *store;       /* the same as store: in the filter, or NULL */
    const char *status;      /* the same as status: in the filter, or NULL */
    int sort;                /* the list's enum */
    int limit;               /* 1..LIST_LIMIT_MAX */
    int walk_ms;             /* longest search and walk; 0: LIST_WALK_MS */
    const char *after;       /* `next` of the page before, NULL: the first */
    const struct zone *zone; /* of the days in the filter; NULL: UTC */
};

/* Place in a list: the sort key and the row. */
struct list_key {
    int64_t num;      /* key of lists by number or date, else 0 */
    const char *text; /* key of lists by name, else NULL */
    int64_t id;
    int64_t sub; /* the last row below that one, 0: none yet */
};

/* The filter with the request's store and status in it, parsed by the list's
 * keys; text goes into *ret_hash with the sort. ERR_INVALID as query_parse. */
int list_parse(const struct list_request *r, const struct query_list *keys,
               struct query *ret, uint64_t *ret_hash, struct error *e);

/* Opaque text of a place in the list of that hash, in the arena; and back:
 * ERR_INVALID when it belongs to another list, filter or sort. */
const char *list_cursor(struct arena *a, uint64_t hash,
                        const struct list_key *k);
int list_cursor_read(const char *text, uint64_t hash, struct arena *a,
                     struct list_key *ret, struct error *e);

struct list_store {
    int64_t id;
    const char *name;
    bool chosen; /* the filter and the scope leave it in */
};

/* All stores that are not removed, by id. */
struct list_stores {
    size_t n, n_chosen;
    struct list_store *s;
    bool all; /* every store of the daemon is chosen */
};

/* Load them and choose by the filter's terms of that key (-1: none).
 * ERR_NOT_FOUND when a store named is not there or not visible. */
int list_stores(struct db_tx *tx, struct arena *a, const struct query *q,
                int key, struct list_stores *ret, struct error *e);
/* That one alone, chosen; none when it is not there or not visible. */
int list_stores_one(struct db_tx *tx, struct arena *a, int64_t store_id,
                    struct list_stores *ret);
/* Milliseconds a page may take; of these for asking the index of words. */
int list_walk_ms(const struct list_request *r);
int list_search_ms(const struct list_request *r);
/* The chosen store of that id; NULL when it is not chosen. */
const struct list_store *list_store_of(const struct list_stores *s, int64_t id);

/* Does any value of the term match: equal without case, or by * and ?. */
bool list_word(const struct query_term *t, const char *value);
/* As list_word with both sides folded; plain words match inside too. */
bool list_folded(const struct query_term *t, const char *value);
bool list_choice(const struct query_term *t, const char *value);
/* One of the marks ",a,b,": tag:a; tag:none and tag:any as they say. */
bool list_mark(const struct query_term *t, const char *marks);
bool list_num(const struct query_term *t, int64_t value);
/* Days of the zone; `now` for today. */
bool list_date(const struct query_term *t, int64_t ms, const struct zone *z,
               int64_t now);
/* age:>2d means created before now - 2 d. */
bool list_age(const struct query_term *t, int64_t created_ms, int64_t now);

/* Instants [from, to) a positive date or age term leaves; narrows both. */
void list_range(const struct query_term *t, const struct zone *z, int64_t now,
                int64_t *from, int64_t *to);

/* Copy in the arena; "" for NULL. */
const char *list_keep(struct arena *a, const char *s);

/* Folded copy in the arena. */
const char *list_fold(struct arena *a, const char *s);

/* The FTS5 expression that finds texts holding all n folded words, and some
 * more: the hits still have to be verified. matching: a statement giving the
 * first rowids of an expression (text, limit). 1, or 0 when no word has three
 * characters. */
int list_match(struct db_tx *tx, enum stmt_id matching, struct arena *a,
               const char *const *words, size_t n, const char **ret);
