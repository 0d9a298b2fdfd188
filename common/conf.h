/* Configuration from YAML by a table: one row a key (type, range, default,
 * help). Parsed into a fresh struct, checked whole, swapped by the caller.
 * Every fault names file:line:column, the key and what is allowed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum conf_type {
    CONF_STRING,
    CONF_INT,
    CONF_BOOL,
    CONF_DURATION /* seconds */,
    CONF_CHOICE,
    CONF_SIZE
};

struct conf_key {
    const char *name; /* dotted path: "sync.interval" */
    enum conf_type type;
    size_t offset;    /* of a char * (STRING, CHOICE), int64_t (INT, DURATION,
                         SIZE) or bool in the struct */
    int64_t min, max; /* INT, DURATION, SIZE; STRING: length, max 0 = 4096 */
    const char *def;  /* default as written in a file; NULL = unset */
    const char *choices; /* CHOICE: "a|b|c" */
    const char *help;    /* one sentence, also in fulexo.yaml(5) */
};

/* Fill defaults into `target`, whose old content is overwritten. */
void conf_defaults(const struct conf_key *keys, size_t n, void *target);

/* Parse text (name = file name for messages) over what conf_defaults put into
 * target. Appends one line per fault to `faults` and returns the number of
 * faults (0 = good). Strings in target are owned by it (conf_free). Bounds: 1
 * MiB, depth 8, no anchors or aliases. */
int conf_parse(const struct conf_key *keys, size_t n, void *target,
               const char *name, const char *text, size_t len,
               struct buf *faults);

/* conf_parse of a file's content; a file that cannot be read is one fault. */
int conf_load(const struct conf_key *keys, size_t n, void *target,
              const char *path, struct buf *faults);

/* Free the strings conf_defaults/conf_parse put into target. */
void conf_free(const struct conf_key *keys, size_t n, void *target);
