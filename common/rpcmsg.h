/* JSON-RPC 2.0 messages: text -> struct and struct -> text; knows no method.
 * Used by both ends and by fuzzers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/json.h"
#include "common/jsonw.h"

struct arena;

enum rpcmsg_kind {
    RPCMSG_REQUEST,
    RPCMSG_NOTIFICATION,
    RPCMSG_RESULT,
    RPCMSG_ERROR
};

/* An id: absent, null, integer or string (at most 128 bytes). */
struct rpcmsg_id {
    enum {
        RPCMSG_ID_NONE,
        RPCMSG_ID_NULL,
        RPCMSG_ID_INT,
        RPCMSG_ID_STRING
    } type;
    int64_t num;
    char str[129];
};

struct rpcmsg {
    enum rpcmsg_kind kind;
    struct rpcmsg_id id;
    const char *method;        /* request, notification */
    const struct json *params; /* object, array or NULL */
    const struct json *result; /* result */
    int error_code;            /* error */
    const char *error_message; /* error */
    const struct json *error_data;
};

/* Read one parsed value as a message. ERR_INVALID_REQUEST when it is none; *ret
 * then still carries the id if one could be read, so that the answer can name
 * it. */
int rpcmsg_read(const struct json *v, struct rpcmsg *ret);

/* Begin a request/notification object up to and including the key "params"; the
 * caller writes one value, then calls rpcmsg_end. id NULL = notification. */
void rpcmsg_begin_request(struct jsonw *w, const struct rpcmsg_id *id,
                          const char *method);

/* Begin an answer up to the key "result"; the caller writes one value, then
 * rpcmsg_end. */
void rpcmsg_begin_result(struct jsonw *w, const struct rpcmsg_id *id);

/* A whole error answer: {code, message, data:{code: name, hint,
 * params:{field}}}; hint/field may be NULL. */
void rpcmsg_error(struct jsonw *w, const struct rpcmsg_id *id, int code,
                  const char *message, const char *name, const char *hint,
                  const char *field);

void rpcmsg_end(struct jsonw *w);
