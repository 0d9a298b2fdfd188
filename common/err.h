/* Errors: one namespace of negative codes, generated from schema/errors.json
 * (err_codes.gen.h). 0 or more = ok. Library code returns them and never logs;
 * the caller that decides logs once. */
#pragma once

#include <stddef.h>

#include "err_codes.gen.h" /* enum: ERR_INVALID, ERR_NOT_FOUND ... with ERR_NAMES */

/* An error with its context, filled in on the way up. */
struct error {
    int code;         /* 0 = none */
    char where[96];   /* field, file:line:column, host, SQL label ...; may be
                         empty */
    char detail[400]; /* one sentence in English for logs and people */
};

/* Fill e (NULL is fine) and return code, so that `return error_set(e, ERR_X,
 * "field", "...")` reads well. An error already set is overwritten. */
int error_set(struct error *e, int code, const char *where, const char *fmt,
              ...) __attribute__((format(printf, 4, 5)));

/* Put "prefix: " before the detail; returns e->code. */
int error_wrap(struct error *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* As the protocol and the logs write it: "not_found"; "unknown" for others. */
const char *err_name(int code);
const char *err_message(int code);   /* English sentence */
int err_exit_status(int code);       /* sysexits status for the command line */
int err_http_status(int code);       /* of an answer over HTTP */
int err_from_name(const char *name); /* 0 when unknown */
