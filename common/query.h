/* The query language of `/`, saved views and --filter: words search,
 * `key:value` filters. status:processing,on-hold store:alpine age:>2d sku:AO-*
 * total:>=100 hold:none "two words" -tag:gift Pure: text -> terms with
 * positions. Which keys exist and what values mean is a table the caller gives
 * (one per kind of list, generated from schema/query.json, so that daemon, TUI
 * and manual agree). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

enum query_type {
    QUERY_WORD,   /* text, exact or with * */
    QUERY_CHOICE, /* one of the key's choices */
    QUERY_INT,
    QUERY_MONEY, /* decimal, value in e4 */
    QUERY_QTY,   /* decimal, value in e3 */
    QUERY_DATE,  /* 2026-11-22: value = that midnight as if in UTC; today,
                    yesterday, 7d, 2w (ago): value = days from today, 0 or
                    less. text[4] == '-' tells the first from the others; the
                    caller shifts to the warehouse's zone */
    QUERY_AGE,   /* 2d, 3h: value = milliseconds */
};

enum query_op { QUERY_EQ, QUERY_LT, QUERY_LE, QUERY_GT, QUERY_GE };

struct query_key {
    const char *name;
    enum query_type type;
    const char *choices; /* CHOICE: "a|b|c", else NULL */
    int id;              /* the caller's enum */
    const char *help;    /* one phrase */
};

enum { QUERY_TERMS_MAX = 32, QUERY_VALUES_MAX = 32, QUERY_TEXT_MAX = 1024 };

struct query_value {
    char text[128]; /* unquoted; for CHOICE the choice; with `wildcard` a star
                       or backslash meant literally is kept as \* or \\ */
    int64_t num;    /* INT, MONEY, QTY, DATE, AGE */
    bool wildcard;  /* WORD or search word with an unescaped * */
};

struct query_term {
    const struct query_key *key; /* NULL: a search word, in values[0].text */
    bool negated;
    enum query_op op;
    int n_values; /* comma list = any of */
    struct query_value values[QUERY_VALUES_MAX];
    size_t at, len; /* place in the text, bytes */
};

struct query {
    int n_terms;
    struct query_term *terms; /* owned, query_done */
};

/* Parse. On a fault returns ERR_INVALID, error.where = "column N" (1-based,
 * characters) and detail says what is allowed (with a near miss suggested);
 * *ret is then empty. */
int query_parse(const char *text, const struct query_key *keys, size_t n_keys,
                struct query *ret, struct error *e);
/* Frees what q owns; fine on a zeroed one. */
void query_done(struct query *q);

/* What could stand at byte `cursor` of text: calls cb with each candidate for
 * the token there (key names with ':', choices of the key); *ret_from = where
 * the token begins. The TUI adds dynamic values (stores, statuses, tags) for
 * the key reported by ret_key (NULL when completing a key). */
void query_complete(
    const char *text, size_t cursor, const struct query_key *keys,
    size_t n_keys, const struct query_key **ret_key, size_t *ret_from,
    void (*cb)(const char *candidate, const char *help, void *arg), void *arg);
