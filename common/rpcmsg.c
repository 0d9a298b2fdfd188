#include "common/rpcmsg.h"

#include <limits.h>
#include <string.h>

#include "common/check.h"
#include "common/err.h"

/* --- text -> struct ---------------------------------------------------- */

/* The id as far as it is one. */
static int read_id(const struct json *v, struct rpcmsg_id *ret) {
    const char *s;
    if (!v)
        return 0; /* none: a notification */
    switch (json_type(v)) {
    case JSON_NULL:
        ret->type = RPCMSG_ID_NULL;
        return 0;
    case JSON_NUMBER:
        if (json_i64(v, false, &ret->num))
            return ERR_INVALID_REQUEST;
        ret->type = RPCMSG_ID_INT;
        return 0;
    case JSON_STRING:
        s = json_string(v);
        if (strlen(s) >= sizeof ret->str)
            return ERR_INVALID_REQUEST;
        memcpy(ret->str, s, strlen(s) + 1);
        ret->type = RPCMSG_ID_STRING;
        return 0;
    default:
        return ERR_INVALID_REQUEST;
    }
}

/* Request or notification: the id alone tells which. */
static int read_call(const struct json *v, struct rpcmsg *ret) {
    const struct json *params = json_get(v, "params");
    enum json_type type = json_type(params);
    const char *method = json_string(json_get(v, "method"));
    if (!method || !*method)
        return ERR_INVALID_REQUEST;
    if (params && type != JSON_OBJECT && type != JSON_ARRAY)
        return ERR_INVALID_REQUEST;
    ret->kind =
        ret->id.type == RPCMSG_ID_NONE ? RPCMSG_NOTIFICATION : RPCMSG_REQUEST;
    ret->method = method;
    ret->params = params;
    return 0;
}

/* The error object of an answer. */
static int read_error(const struct json *error, struct rpcmsg *ret) {
    int64_t code;
    const char *message = json_string(json_get(error, "message"));
    if (!message || json_i64(json_get(error, "code"), false, &code) ||
        code < INT_MIN || code > INT_MAX)
        return ERR_INVALID_REQUEST;
    ret->kind = RPCMSG_ERROR;
    ret->error_code = (int)code;
    ret->error_message = message;
    ret->error_data = json_get(error, "data");
    return 0;
}

/* Exactly one of result and error; a result of null is one. */
static int read_answer(const struct json *v, struct rpcmsg *ret) {
    const struct json *result = json_get(v, "result");
    const struct json *error = json_get(v, "error");
    if (!result == !error || ret->id.type == RPCMSG_ID_NONE)
        return ERR_INVALID_REQUEST;
    if (error)
        return read_error(error, ret);
    ret->kind = RPCMSG_RESULT;
    ret->result = result;
    return 0;
}

int rpcmsg_read(const struct json *v, struct rpcmsg *ret) {
    *ret = (struct rpcmsg){0};
    int rc = read_id(json_get(v, "id"), &ret->id);
    const char *version = json_string(json_get(v, "jsonrpc"));
    bool call = json_get(v, "method");
    bool answer = json_get(v, "result") || json_get(v, "error");
    if (rc || !version || strcmp(version, "2.0") != 0 || call == answer)
        return ERR_INVALID_REQUEST;
    return call ? read_call(v, ret) : read_answer(v, ret);
}

/* --- struct -> text ---------------------------------------------------- */

/* An answer to something unreadable has the id null. */
static void write_id(struct jsonw *w, const struct rpcmsg_id *id) {
    jsonw_key(w, "id");
    if (id && id->type == RPCMSG_ID_INT)
        jsonw_i64(w, id->num);
    else if (id && id->type == RPCMSG_ID_STRING)
        jsonw_string(w, id->str);
    else
        jsonw_null(w);
}

static void begin(struct jsonw *w) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "jsonrpc", "2.0");
}

void rpcmsg_begin_request(struct jsonw *w, const struct rpcmsg_id *id,
                          const char *method) {
    REQUIRE(method && *method);
    begin(w);
    if (id)
        write_id(w, id);
    jsonw_kstring(w, "method", method);
    jsonw_key(w, "params");
}

void rpcmsg_begin_result(struct jsonw *w, const struct rpcmsg_id *id) {
    begin(w);
    write_id(w, id);
    jsonw_key(w, "result");
}

void rpcmsg_error(struct jsonw *w, const struct rpcmsg_id *id, int code,
                  const char *message, const char *name, const char *hint,
                  const char *field) {
    REQUIRE(code < 0 && message && name);
    begin(w);
    write_id(w, id);
    jsonw_key(w, "error");
    jsonw_begin_object(w);
    jsonw_ki64(w, "code", code);
    jsonw_kstring(w, "message", message);
    jsonw_key(w, "data");
    jsonw_begin_object(w);
    jsonw_kstring(w, "code", name);
    if (hint)
        jsonw_kstring(w, "hint", hint);
    if (field) {
        jsonw_key(w, "params");
        jsonw_begin_object(w);
        jsonw_kstring(w, "field", field);
        jsonw_end_object(w);
    }
    jsonw_end_object(w);
    jsonw_end_object(w);
    rpcmsg_end(w);
}

void rpcmsg_end(struct jsonw *w) {
    jsonw_end_object(w);
}
