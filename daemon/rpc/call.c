/* Happy path: dispatch makes a call, the handler queues its work, job_read or
 * job_write runs it on a database thread, job_done hands the answer to the
 * connection on the loop. A write is answered after its COMMIT alone: what was
 * answered "ok" is there after a power loss.
 * Failure modes: the client goes first: the call forgets it, finishes and is
 * thrown away, for the work may have been done; a repeated request_id answers
 * its first result from the same transaction, so that a write whose answer was
 * lost can be sent again without happening twice; an answer beyond a message's
 * bound becomes an error. */
#include "rpc/call.h"

#include <string.h>

#include "common/check.h"
#include "common/digest.h"
#include "common/frame.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/metric.h"
#include "common/said.h"
#include "common/str.h"
#include "common/text.h"
#include "db/db.h"
#include "db/sql.h"
#include "model/feed.h"
#include "rpc/access.h"
#include "rpc/conn.h"
#include "rpc/person.h"
#include "rpc/subscriptions.h"

enum { ARENA_CHUNK = 16 * 1024 };

static struct rpc_call *begin(struct rpc *r, struct rpc_line *line,
                              const struct rpc_session *s,
                              enum rpc_method method,
                              const struct rpcmsg_id *id) {
    struct rpc_call *call = NEW(struct rpc_call);
    call->rpc = r;
    call->line = line;
    call->id = *id;
    call->method = method;
    call->lang = s->lang;
    call->read_only = s->read_only;
    call->uid = s->uid;
    call->by_token = s->how == ACCESS_TOKEN;
    call->kept = s->kept;
    memcpy(call->place, s->place, sizeof call->place);
    memcpy(call->print, s->print, sizeof call->print);
    memcpy(call->client, s->client, sizeof call->client);
    memcpy(call->actor, s->actor, sizeof call->actor);
    call->who = person_ref(s->who);
    call->begun_ms = env_mono(r->o.env);
    call->unproved = access_wants_proof(r, s);
    line->refs++;
    r->n_calls++;
    jsonw_init(&call->w, &call->out);
    rpcmsg_begin_result(&call->w, id);
    call->fresh = call->w;
    call->result_at = call->out.len;
    return call;
}

struct rpc_call *call_new(struct rpc_conn *c, struct rpc_line *line,
                          const struct rpcmsg_id *id, enum rpc_method method) {
    struct rpc_call *call = begin(c->rpc, line, &c->session, method, id);
    call->conn = c;
    call->next = c->calls;
    if (call->next)
        call->next->prev = call;
    c->calls = call;
    c->in_flight++;
    return call;
}

struct rpc_call *call_new_web(struct rpc *r, struct rpc_line *line,
                              const struct rpc_session *s,
                              enum rpc_method method, rpc_web_done *done,
                              void *arg) {
    static const struct rpcmsg_id id = {.type = RPCMSG_ID_INT, .num = 1};
    struct rpc_call *call = begin(r, line, s, method, &id);
    call->web_done = done;
    call->web_arg = arg;
    return call;
}

void call_detach_all(struct rpc_conn *c) {
    for (struct rpc_call *call = c->calls; call;) {
        struct rpc_call *next = call->next;
        call->conn = NULL;
        call->next = call->prev = NULL;
        call = next;
    }
    c->calls = NULL;
    c->in_flight = 0;
}

static void unlink_call(struct rpc_call *call) {
    struct rpc_conn *c = call->conn;
    if (call->prev)
        call->prev->next = call->next;
    else
        c->calls = call->next;
    if (call->next)
        call->next->prev = call->prev;
    c->in_flight--;
}

/* --- answers ----------------------------------------------------------- */

/* A first letter as a capital: 0 bytes when it is none. Turkish has an i with
 * and one without its dot. */
static size_t add_capital(struct buf *out, enum text_lang lang, const char *s) {
    static const char *const letters[][2] = {{"i", "İ"}, {"ı", "I"}, {"ç", "Ç"},
                                             {"ğ", "Ğ"}, {"ö", "Ö"}, {"ş", "Ş"},
                                             {"ü", "Ü"}};
    for (size_t i = 0; lang == TEXT_TR && i < sizeof letters / sizeof *letters;
         i++)
        if (str_starts(s, letters[i][0])) {
            buf_adds(out, letters[i][1]);
            return strlen(letters[i][0]);
        }
    if (*s < 'a' || *s > 'z')
        return 0;
    buf_addc(out, (char)(*s - 'a' + 'A'));
    return 1;
}

/* A sentence of its own: with a capital, unless it begins with the name of
 * something ("alpine:12", "P-77"), and a full stop. */
static void own_sentence(struct buf *out, enum text_lang lang,
                         const char *detail) {
    size_t word = strcspn(detail, " ");
    size_t name = strcspn(detail, ":-._0123456789");
    size_t n = strlen(detail);
    if (word && detail[word] && name > word)
        detail += add_capital(out, lang, detail);
    buf_adds(out, detail);
    if (n && !strchr(".!?", detail[strlen(detail) - 1]))
        buf_addc(out, '.');
}

/* The catalogue's sentence, and what is particular about this case. What stands
 * in the way of an act is all a person wants to know of a conflict: it comes
 * first. */
void call_sentence(struct buf *out, enum text_lang lang, int code,
                   const struct error *e) {
    bool particular = e->code == code && e->detail[0];
    if (particular && code == ERR_CONFLICT) {
        AUTO_BUF struct buf detail = BUF_INIT;
        said_words(&detail, lang, e->detail);
        own_sentence(out, lang, buf_str(&detail));
        buf_addc(out, ' ');
    }
    buf_adds(out, text_error(lang, code));
    if (particular && code != ERR_CONFLICT)
        said_behind(out, lang, e->detail);
}

void jsonw_ksaid(struct jsonw *w, const char *key, enum text_lang lang,
                 const char *sentence) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (sentence)
        said_words(&b, lang, sentence);
    jsonw_kstring(w, key, sentence ? buf_str(&b) : NULL);
}

void call_error(struct buf *out, enum text_lang lang,
                const struct rpcmsg_id *id, int code, const struct error *e) {
    AUTO_BUF struct buf text = BUF_INIT;
    struct jsonw w;
    call_sentence(&text, lang, code, e);
    buf_clear(out);
    jsonw_init(&w, out);
    const char *field = e->code == code && e->where[0] ? e->where : NULL;
    rpcmsg_error(&w, id, code, buf_str(&text), err_name(code),
                 text_cure(lang, code), field);
}

void line_done(struct rpc_line *line, struct rpc_conn *c) {
    if (--line->refs > 0)
        return;
    if (line->batch && line->out.len > 0 && c) {
        buf_addc(&line->out, ']');
        client_send(c, &line->out);
    }
    buf_done(&line->out);
    arena_free(line->arena);
    free(line);
}

/* The result's own text; of an error nothing, its code says what it is. */
static void deliver_web(struct rpc_call *call, int status) {
    const char *text = call->out.data + call->result_at;
    size_t n = call->out.len - call->result_at;
    call->web_done(call->web_arg, status, status < 0 ? NULL : text,
                   status < 0 ? 0 : n);
}

static void deliver(struct rpc_call *call) {
    if (call->id.type == RPCMSG_ID_NONE || !call->conn)
        return;
    if (!call->line->batch) {
        client_send(call->conn, &call->out);
        return;
    }
    struct buf *all = &call->line->out;
    buf_addc(all, all->len > 0 ? ',' : '[');
    buf_add(all, call->out.data, call->out.len);
}

static void account(const struct rpc_call *call, int status) {
    int64_t ms = env_mono(call->rpc->o.env) - call->begun_ms;
    metric_add(METRIC_RPC_REQUESTS, 1);
    metric_add(METRIC_RPC_MS, ms);
    if (status < 0)
        metric_add(METRIC_RPC_ERRORS, 1);
    const char *name = rpc_methods[call->method].name;
    if (status == ERR_INTERNAL || status == ERR_DB || status == ERR_DB_CORRUPT)
        log_error("rpc.failed", "%s: %s: %s %s", name, err_name(status),
                  call->error.where, call->error.detail);
    else
        log_debug("rpc.call", "%s by %s: %s in %lld ms", name, call->actor,
                  status < 0 ? err_name(status) : "ok", (long long)ms);
}

/* Screens of people, their sessions and tokens read again. */
static void tell_people(const struct rpc_call *call) {
    static const char *const rooms[] = {"users.",  "tenants.", "sessions.",
                                        "tokens.", "profile.", "session."};
    const struct rpc_method_row *row = &rpc_methods[call->method];
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms && row->write; i++) {
        if (str_starts(row->name, rooms[i]))
            feed_tell(call->rpc, RPC_TOPIC_PEOPLE, 0, NULL, "{}");
    }
}

void call_finish(struct rpc_call *call, int status) {
    struct rpc *r = call->rpc;
    if (status >= 0 && !CHECK(call->out.len > call->result_at))
        status = ERR_INTERNAL;
    if (status >= 0 && call->out.len > FRAME_MAX - 16)
        status = call_fail(call, ERR_TOO_BIG, "",
                           "the answer is larger than a message may be");
    account(call, status);
    if (call->web_done)
        deliver_web(call, status);
    else if (status < 0)
        call_error(&call->out, call->lang, &call->id, status, &call->error);
    else
        rpcmsg_end(&call->w);
    deliver(call);
    if (status >= 0)
        tell_people(call);
    /* Sending may have closed the connection and detached the call. */
    struct rpc_conn *c = call->conn;
    if (c)
        unlink_call(call);
    line_done(call->line, c);
    if (call->secret && call->out.data)
        mem_wipe(call->out.data, call->out.cap);
    buf_done(&call->out);
    arena_free(call->arena);
    person_unref(call->who);
    free(call);
    r->n_calls--;
    if (c)
        client_resume(c);
    rpc_maybe_stopped(r);
}

/* --- for handlers ------------------------------------------------------ */

struct jsonw *call_result(struct rpc_call *call) {
    buf_truncate(&call->out, call->result_at);
    call->w = call->fresh;
    return &call->w;
}

struct jsonw *call_list_begin(struct rpc_call *call) {
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_key(w, "items");
    jsonw_begin_array(w);
    return w;
}

void call_list_end(struct jsonw *w, const char *next, bool partial) {
    jsonw_end_array(w);
    jsonw_kstring(w, "next", next);
    if (partial)
        jsonw_kbool(w, "partial", true);
    jsonw_end_object(w);
}

struct arena *call_arena(struct rpc_call *call) {
    if (!call->arena)
        call->arena = arena_new(ARENA_CHUNK);
    return call->arena;
}

int call_fail(struct rpc_call *call, int code, const char *field,
              const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, ap);
    va_end(ap);
    return error_set(&call->error, code, field, "%s", text);
}

int call_hold(struct rpc_call *call) {
    call->later = true;
    return 0;
}

static int job_read(struct db_tx *tx, void *arg) {
    struct rpc_call *call = arg;
    (void)call_result(call);
    db_set_scope(tx, &call->who->scope);
    return call->work(call, tx);
}

/* The result of this request_id's first run, when there was one: 1. */
static int replay(struct rpc_call *call, struct db_tx *tx) {
    const char *first;
    int rc = request_find(tx, call->actor, call->request_id,
                          rpc_methods[call->method].name, call->request_hash,
                          call_arena(call), &first);
    if (rc <= 0)
        return rc;
    if (!*first)
        return call_fail(call, ERR_CONFLICT, "request_id",
                         "it was done, and what it answered is told once");
    jsonw_raw(call_result(call), first, strlen(first));
    call->then = NULL;
    return 1;
}

/* In the effect's own transaction: were it another one, a crash between the two
 * would let the repeat do everything again. */
static int remember(struct rpc_call *call, struct db_tx *tx) {
    if (!CHECK(call->out.len > call->result_at))
        return ERR_INTERNAL;
    return request_store(tx, call->actor, call->request_id,
                         rpc_methods[call->method].name, call->request_hash,
                         call->secret ? "" : call->out.data + call->result_at);
}

static int job_write(struct db_tx *tx, void *arg) {
    struct rpc_call *call = arg;
    int rc = call->request_id ? replay(call, tx) : 0;
    if (rc != 0)
        return rc;
    (void)call_result(call);
    call->audited = false;
    db_set_scope(tx, &call->who->scope);
    rc = call->work(call, tx);
    if (rc >= 0 && !call->audited && rpc_methods[call->method].write)
        rc = call_audit(call, tx, "", "{}");
    if (rc >= 0 && call->request_id)
        rc = remember(call, tx);
    return rc;
}

static void job_done(int status, void *arg) {
    struct rpc_call *call = arg;
    if (status >= 0 && call->then) {
        call->later = false;
        status = call->then(call);
        if (status >= 0 && call->later)
            return;
    }
    call_finish(call, status);
}

int call_read(struct rpc_call *call, call_work work, call_then then) {
    call->work = work;
    call->then = then;
    call->later = true;
    return db_read(call->rpc->o.db, DB_INTERACTIVE, job_read, job_done, call);
}

int call_write(struct rpc_call *call, call_work work, call_then then) {
    call->work = work;
    call->then = then;
    call->later = true;
    return db_write(call->rpc->o.db, DB_INTERACTIVE, job_write, job_done, call);
}

/* The payload with where it comes from in front. */
static int add_audit(struct rpc *r, struct db_tx *tx, const char *place,
                     const char *actor, enum rpc_method method,
                     const char *object, const char *payload) {
    uint8_t salt[16];
    AUTO_BUF struct buf all = BUF_INIT;
    struct jsonw w;
    REQUIRE(payload[0] == '{');
    jsonw_init(&w, &all);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "from", place);
    buf_addf(&all, "%s%s", payload[1] == '}' ? "" : ",", payload + 1);
    digest_random(salt, sizeof salt);
    return audit_add(tx, r->o.audit_key, salt, actor, rpc_methods[method].name,
                     object, buf_str(&all));
}

int call_audit(struct rpc_call *call, struct db_tx *tx, const char *object,
               const char *payload) {
    call->audited = true;
    return add_audit(call->rpc, tx, call->place, call->actor, call->method,
                     object, payload);
}

/* --- what has no transaction of its own ------------------------------------
 */

struct note {
    struct rpc *rpc;
    char place[80], actor[48], object[80];
    enum rpc_method method;
};

static int job_note(struct db_tx *tx, void *arg) {
    const struct note *n = arg;
    return add_audit(n->rpc, tx, n->place, n->actor, n->method, n->object,
                     "{}");
}

static void noted(int status, void *arg) {
    struct note *n = arg;
    struct rpc *r = n->rpc;
    if (status < 0)
        log_error("rpc.audit", "%s by %s is not in the audit trail: %s",
                  rpc_methods[n->method].name, n->actor, err_name(status));
    free(n);
    r->n_calls--;
    rpc_maybe_stopped(r);
}

void call_note(const struct rpc_call *call, const char *object) {
    struct note *n = NEW(struct note);
    n->rpc = call->rpc;
    n->method = call->method;
    memcpy(n->place, call->place, sizeof n->place);
    memcpy(n->actor, call->actor, sizeof n->actor);
    (void)str_copy(n->object, sizeof n->object, object);
    n->rpc->n_calls++;
    int rc = db_write(n->rpc->o.db, DB_INTERACTIVE, job_note, noted, n);
    if (rc < 0)
        noted(rc, n);
}
