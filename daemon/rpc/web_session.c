/* rpc_web_call makes of a request what a line of a socket is: a session stands
 * for the connection that HTTP does not have. */
#include "rpc/web_session.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/login.h"
#include "rpc/access.h"
#include "rpc/call.h"
#include "rpc_handlers.gen.h"

enum { UNKNOWN_UID = -1, DEPTH = 32, LINE_CHUNK = 4096 };

struct web_session {
    char id[27], print[80];
    int64_t row, user_id;
};

/* --- the table -------------------------------------------------------------
 */

static int add_row(const struct login *l, void *arg) {
    if (str_eq(l->kind, "http"))
        web_session_begun(arg, l->uuid, l->id, l->user_id, l->place);
    return 0;
}

int web_sessions_load(struct rpc *r, struct db_tx *tx) {
    int rc = login_each(tx, 0, add_row, r);
    return rc < 0 ? rc : 0;
}

void web_sessions_free(struct rpc *r) {
    free(r->web);
    r->web = NULL;
    r->n_web = 0;
}

static const struct web_session *find(const struct rpc *r, const char *id) {
    for (size_t i = 0; i < r->n_web; i++) {
        if (str_eq(r->web[i].id, id))
            return &r->web[i];
    }
    return NULL;
}

void web_session_begun(struct rpc *r, const char *id, int64_t row,
                       int64_t user_id, const char *print) {
    if (find(r, id))
        return;
    r->web = mem_resize(r->web, r->n_web + 1, sizeof *r->web);
    struct web_session *s = &r->web[r->n_web++];
    *s = (struct web_session){.row = row, .user_id = user_id};
    (void)str_copy(s->id, sizeof s->id, id);
    (void)str_copy(s->print, sizeof s->print, print);
}

static void drop(struct rpc *r, size_t i) {
    r->web[i] = r->web[--r->n_web];
}

void web_session_ended(struct rpc *r, int64_t row) {
    for (size_t i = r->n_web; i-- > 0;) {
        if (row && r->web[i].row == row)
            drop(r, i);
    }
}

void web_sessions_ended(struct rpc *r, int64_t user_id) {
    for (size_t i = r->n_web; i-- > 0;) {
        if (r->web[i].user_id == user_id)
            drop(r, i);
    }
}

/* --- calls ------------------------------------------------------------------
 */

/* Whose request it is; a session that is over or used from elsewhere is
 * nobody's. */
static int identify(struct rpc *r, const struct rpc_web_caller *who,
                    struct rpc_session *s) {
    const struct web_session *w = who->session ? find(r, who->session) : NULL;
    *s = (struct rpc_session){.opened = true, .uid = (unsigned)UNKNOWN_UID};
    (void)str_copy(s->place, sizeof s->place, who->place);
    (void)str_copy(s->print, sizeof s->print, who->print);
    (void)str_copy(s->client, sizeof s->client, who->agent);
    s->who = people_guest(r->people);
    s->proved_ms = INT64_MIN;
    if (who->session && (!w || !str_eq(w->print, who->print)))
        return ERR_SIGN_IN;
    struct person *p =
        w ? people_of_id(r->people, w->user_id) : people_guest(r->people);
    access_enter(s, p, ACCESS_KEPT, w ? w->row : 0);
    return w && p->role == RPC_ROLE_GUEST ? ERR_SIGN_IN : 0;
}

static void run(struct rpc *r, struct rpc_line *line, struct rpc_session *s,
                int method, const struct json *params, rpc_web_done *done,
                void *arg) {
    struct rpc_call *call =
        call_new_web(r, line, s, (enum rpc_method)method, done, arg);
    void *p = arena_alloc(line->arena, rpc_methods[method].size);
    call->params = p;
    int rc = rpc_params_parse(call->method, params, p, &call->error);
    if (rc >= 0)
        rc = rpc_handlers[method](call, p);
    if (rc < 0 || !call->later)
        call_finish(call, rc);
}

void rpc_web_call(struct rpc *r, const struct rpc_web_caller *who,
                  const char *method, const char *params, rpc_web_done *done,
                  void *arg) {
    static const struct json_limits limits = {
        .max_bytes = 1024 * 1024, .max_depth = DEPTH, .unique_keys = true};
    struct rpc_line *line = NEW(struct rpc_line);
    const struct json *v = NULL;
    struct rpc_session s;
    struct error e = {0};
    line->refs = 1;
    line->arena = arena_new(LINE_CHUNK);
    int m = rpc_method_find(method);
    int rc = r->stopped ? ERR_BUSY : m < 0 ? ERR_UNKNOWN_METHOD : 0;
    int known = identify(r, who, &s);
    if (rc >= 0)
        rc = known;
    if (rc >= 0)
        rc = json_parse(line->arena, params, strlen(params), &limits, &v, NULL);
    if (rc >= 0)
        rc = access_check(r, &s, m, &e);
    if (rc >= 0)
        run(r, line, &s, m, v, done, arg);
    else
        done(arg, rc, NULL, 0);
    access_end(&s);
    line_done(line, NULL);
}
