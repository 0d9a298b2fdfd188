/* Parameters of a method: a JSON object read into a C struct by a table, one
 * row a parameter, generated from schema/rpc. Nothing is coerced: an unknown
 * name, a wrong type, a value out of range is an error that names the field. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct json;

enum { PARAM_KEY_MAX = 255 }; /* bytes of a key in a MAP */

enum param_type {                /* and what lies at `at` */
                  PARAM_STRING,  /* const char *, NULL when absent */
                  PARAM_STORE,   /* const char *, a store's name */
                  PARAM_REF,     /* struct ref */
                  PARAM_INT,     /* int64_t */
                  PARAM_BOOL,    /* bool */
                  PARAM_ENUM,    /* an enum: index into choices */
                  PARAM_SET,     /* uint64_t: bit n = choices[n] was named */
                  PARAM_STRINGS, /* const char *[max], their number at n_at */
                  PARAM_MONEY, /* int64_t x 10^4: a decimal text, an integer */
                  PARAM_QUANTITY, /* int64_t x 10^3: the same */
                  PARAM_OBJECT,   /* const struct json *: known members */
                  PARAM_OBJECTS,  /* the same: an array of such objects */
                  PARAM_MAP,      /* the same: an object of any keys */
};

struct param {
    const char *name;
    enum param_type type;
    size_t at;     /* offset of the value in the struct */
    size_t has_at; /* of its bool "was given"; unused when required */
    size_t n_at;   /* STRINGS: of a size_t */
    bool required;
    bool stores;    /* STRINGS: each must be a store's name */
    bool printable; /* STRING: printable ASCII only */
    bool has_default;
    int64_t def;          /* INT, BOOL, ENUM; SET: all choices */
    const char *def_text; /* STRING */
    int64_t min, max;     /* INT: value. STRING: characters. STRINGS: count */
    const char *const *choices; /* ENUM, SET */
    size_t n_choices;           /* SET: at most 64 */
    /* OBJECT, OBJECTS: what each may have, checked where it lies (no offsets).
       MAP: one row, what each value must be; NULL: any value. */
    const struct param *members;
    size_t n_members;
};

/* Read `params` (an object; NULL = no parameters) into the zeroed struct ret.
 * Strings and objects point into the document. ERR_INVALID_PARAMS with e->where
 * = the field ("billing.email", "lines[2].quantity"), "" when params is no
 * object. */
int params_parse(const struct param *rows, size_t n, const struct json *params,
                 void *ret, struct error *e);
