/* Completion works on text that is still being typed and mostly does not parse:
 * it only finds the term, its key and the value under the cursor, by the same
 * rules for quotes and backslashes as query.c. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/query.h"
#include "common/query_value.h"

typedef void offer_fn(const char *candidate, const char *help, void *arg);

/* Where the cursor stands. */
struct place {
    size_t term;  /* begin of the term, behind its '-' */
    size_t colon; /* of its key, SIZE_MAX when there is none */
    size_t value; /* begin of the value the cursor is in */
};

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Walks to the cursor; every blank outside quotes begins a new term. */
static struct place find_place(const char *text, size_t cursor) {
    struct place pl = {0, SIZE_MAX, 0};
    bool quoted = false;
    bool begins = true;
    for (size_t i = 0; i < cursor; i++) {
        char c = text[i];
        if (c == '\\') {
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && is_blank(c)) {
            pl = (struct place){i + 1, SIZE_MAX, i + 1};
            begins = true;
            continue;
        } else if (!quoted && begins && c == '-') {
            pl.term = pl.value = i + 1;
        } else if (!quoted && c == ':' && pl.colon == SIZE_MAX) {
            pl.colon = i;
            pl.value = i + 1;
        } else if (!quoted && c == ',' && pl.colon != SIZE_MAX) {
            pl.value = i + 1;
        }
        begins = false;
    }
    return pl;
}

/* Keys that begin like the n bytes at prefix, any case. */
static void offer_keys(const char *prefix, size_t n,
                       const struct query_key *keys, size_t n_keys,
                       offer_fn *cb, void *arg) {
    char candidate[80];
    for (size_t i = 0; i < n_keys; i++) {
        if (strncasecmp(keys[i].name, prefix, n) != 0)
            continue;
        (void)snprintf(candidate, sizeof candidate, "%s:", keys[i].name);
        cb(candidate, keys[i].help, arg);
    }
}

/* What the table knows of the key's values. */
static void offer_values(const char *prefix, size_t n,
                         const struct query_key *key, offer_fn *cb, void *arg) {
    char choice[128];
    const char *p = "";
    if (key->type == QUERY_CHOICE)
        p = key->choices;
    else if (key->type == QUERY_DATE)
        p = "today|yesterday";
    while (query_choice_next(&p, choice, sizeof choice))
        if (strncasecmp(choice, prefix, n) == 0)
            cb(choice, key->help, arg);
}

void query_complete(
    const char *text, size_t cursor, const struct query_key *keys,
    size_t n_keys, const struct query_key **ret_key, size_t *ret_from,
    void (*cb)(const char *candidate, const char *help, void *arg), void *arg) {
    cursor = strnlen(text, cursor);
    struct place pl = find_place(text, cursor);
    *ret_key = NULL;
    *ret_from = pl.term;
    if (pl.colon == SIZE_MAX) {
        offer_keys(text + pl.term, cursor - pl.term, keys, n_keys, cb, arg);
        return;
    }
    const struct query_key *key =
        query_key_find(keys, n_keys, text + pl.term, pl.colon - pl.term);
    if (!key)
        return;
    size_t from = pl.value;
    while (from < cursor && strchr("<>=", text[from]))
        from++;
    *ret_key = key;
    *ret_from = from;
    offer_values(text + from, cursor - from, key, cb, arg);
}
