/* From a line to calls. Everything a stranger can get wrong is answered here
 * (text, shape, method, session, role, read-only, parameters), so that a
 * handler sees only typed, bounded parameters it may act on. */
#include "rpc/dispatch.h"

#include <string.h>

#include "common/check.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/metric.h"
#include "rpc/access.h"
#include "rpc/call.h"
#include "rpc/conn.h"
#include "rpc_handlers.gen.h"

enum { LINE_CHUNK = 8 * 1024, DEPTH = 32 };

static const struct rpcmsg_id no_id = {.type = RPCMSG_ID_NULL};

/* --- answers without a call -------------------------------------------- */

static void answer_error(struct rpc_conn *c, struct rpc_line *line,
                         const struct rpcmsg_id *id, int code,
                         const struct error *e) {
    AUTO_BUF struct buf out = BUF_INIT;
    metric_add(METRIC_RPC_REQUESTS, 1);
    metric_add(METRIC_RPC_ERRORS, 1);
    call_error(&out, c->session.lang, id, code, e);
    if (!line || !line->batch) {
        client_send(c, &out);
        return;
    }
    buf_addc(&line->out, line->out.len > 0 ? ',' : '[');
    buf_add(&line->out, out.data, out.len);
}

void dispatch_refuse(struct rpc_conn *c, int code, const char *why) {
    struct error e = {0};
    error_set(&e, code, "", "%s", why);
    answer_error(c, NULL, &no_id, code, &e);
}

/* --- one message ------------------------------------------------------- */

/* The request_id of a write method, and what it stands for. */
static void note_request_id(struct rpc_call *call, const struct json *params) {
    const struct rpc_method_row *row = &rpc_methods[call->method];
    for (size_t i = 0; row->write && i < row->n_params; i++) {
        if (strcmp(row->params[i].name, "request_id") == 0)
            call->request_id =
                *(const char *const *)((const char *)call->params +
                                       row->params[i].at);
    }
    if (!call->request_id)
        return;
    AUTO_BUF struct buf text = BUF_INIT;
    json_print(&text, params);
    /* Keyed: parameters may be a password, and a plain digest could be tried
     * against from a copy of the file. */
    digest_hmac(call->rpc->o.audit_key, 32, text.data, text.len,
                call->request_hash);
    mem_wipe(text.data, text.cap);
}

static void run(struct rpc_conn *c, struct rpc_line *line,
                const struct rpcmsg *m, enum rpc_method method) {
    struct rpc_call *call = call_new(c, line, &m->id, method);
    void *params = arena_alloc(line->arena, rpc_methods[method].size);
    call->params = params;
    int rc = rpc_params_parse(method, m->params, params, &call->error);
    if (rc >= 0) {
        note_request_id(call, m->params);
        rc = rpc_handlers[method](call, params);
    }
    if (rc < 0 || !call->later)
        call_finish(call, rc);
}

static void dispatch_one(struct rpc_conn *c, struct rpc_line *line,
                         const struct json *v) {
    struct error e = {0};
    struct rpcmsg m;
    int method = -1;
    int rc = rpcmsg_read(v, &m);
    bool answers = m.id.type != RPCMSG_ID_NONE;
    if (rc < 0 || m.kind == RPCMSG_RESULT || m.kind == RPCMSG_ERROR) {
        rc = ERR_INVALID_REQUEST;
        answers = true;
    } else {
        method = rpc_method_find(m.method);
        rc = method < 0
                 ? error_set(&e, ERR_UNKNOWN_METHOD, "", "%.64s", m.method)
                 : access_check(c->rpc, &c->session, method, &e);
    }
    if (rc >= 0)
        run(c, line, &m, (enum rpc_method)method);
    else if (answers)
        answer_error(c, line,
                     answers && m.id.type != RPCMSG_ID_NONE ? &m.id : &no_id,
                     rc, &e);
}

/* --- a line ------------------------------------------------------------ */

static void dispatch_batch(struct rpc_conn *c, struct rpc_line *line,
                           const struct json *v) {
    struct error e = {0};
    size_t n = json_count(v);
    if (n == 0 || n > RPC_BATCH) {
        error_set(&e, ERR_INVALID_REQUEST, "", "a batch holds 1 to %d messages",
                  RPC_BATCH);
        answer_error(c, NULL, &no_id, ERR_INVALID_REQUEST, &e);
        return;
    }
    line->batch = true;
    for (const struct json *m = json_first(v); m && !c->closing;
         m = json_next(m))
        dispatch_one(c, line, m);
}

void dispatch_line(struct rpc_conn *c, const char *text, size_t n) {
    static const struct json_limits limits = {
        .max_bytes = FRAME_MAX, .max_depth = DEPTH, .unique_keys = true};
    const struct json *v;
    size_t at = 0;
    struct error e = {0};
    struct rpc_line *line = NEW(struct rpc_line);
    line->refs = 1;
    line->arena = arena_new(LINE_CHUNK);
    if (json_parse(line->arena, text, n, &limits, &v, &at) < 0) {
        error_set(&e, ERR_PARSE, "", "at byte %zu", at);
        answer_error(c, NULL, &no_id, ERR_PARSE, &e);
    } else if (json_type(v) == JSON_ARRAY) {
        dispatch_batch(c, line, v);
    } else {
        dispatch_one(c, line, v);
    }
    line_done(line, c->closing ? NULL : c);
}
