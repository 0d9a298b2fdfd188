/* Who is in. Kept sessions are rows; a connection without one is shown by its
 * number, as c12. */
#include <string.h>

#include "common/str.h"
#include "model/login.h"
#include "model/user.h"
#include "rpc/access.h"
#include "rpc/call.h"
#include "rpc_handlers.gen.h"

struct row {
    struct login l;
    char user[33];
};

/* What was read, for the loop to add who is connected. */
struct listing {
    struct db_tx *tx;
    struct row *rows;
    size_t n;
    struct rpc_call *call;
};

static bool is_admin(const struct rpc_call *call) {
    return call->who->role == RPC_ROLE_ADMIN && call->who->scope.all;
}

static int add_row(const struct login *l, void *arg) {
    struct listing *o = arg;
    struct user u;
    int rc = user_by_id(o->tx, l->user_id, &u);
    if (rc <= 0)
        return rc;
    if ((o->n & (o->n - 1)) == 0) { /* a power of two: the next */
        struct row *more = arena_alloc(call_arena(o->call),
                                       (o->n ? 2 * o->n : 1) * sizeof *more);
        if (o->n)
            memcpy(more, o->rows, o->n * sizeof *more);
        o->rows = more;
    }
    o->rows[o->n].l = *l;
    (void)str_copy(o->rows[o->n++].user, sizeof o->rows->user, u.name);
    return 0;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    struct listing *o = arena_alloc(call_arena(call), sizeof *o);
    *o = (struct listing){.tx = tx, .call = call};
    call->data = o;
    int rc = login_each(tx, is_admin(call) ? 0 : call->who->id, add_row, o);
    return rc < 0 ? rc : 0;
}

static const struct rpc_conn *conn_of(const struct rpc *r, int64_t kept) {
    for (const struct rpc_conn *c = r->conns; c; c = c->next) {
        if (!c->closing && c->session.kept == kept &&
            c->session.how != ACCESS_TOKEN)
            return c;
    }
    return NULL;
}

static void write_one(struct jsonw *w, const char *id, const char *user,
                      const char *kind, const char *place, const char *client) {
    jsonw_kstring(w, "id", id);
    jsonw_kstring(w, "user", user);
    jsonw_kstring(w, "kind", kind);
    jsonw_kstring(w, "place", place);
    jsonw_kstring(w, "client", client);
}

static void write_row(struct rpc_call *call, struct jsonw *w,
                      const struct row *r) {
    const struct rpc_conn *c = conn_of(call->rpc, r->l.id);
    jsonw_begin_object(w);
    write_one(w, r->l.uuid, r->user, r->l.kind, r->l.place, r->l.client);
    jsonw_kbool(w, "connected", c != NULL);
    jsonw_kbool(w, "current",
                call->conn && call->conn->session.kept == r->l.id &&
                    call->conn->session.how != ACCESS_TOKEN);
    jsonw_ktime(w, "created", r->l.created_ms);
    jsonw_ktime(w, "used", r->l.used_ms);
    jsonw_ktime(w, "until", r->l.until_ms);
    jsonw_end_object(w);
}

static void write_conn(struct rpc_call *call, struct jsonw *w,
                       const struct rpc_conn *c) {
    const struct rpc_session *s = &c->session;
    char id[24];
    (void)str_format(id, sizeof id, "c%lld", (long long)s->number);
    jsonw_begin_object(w);
    write_one(w, id, s->who->name, s->how == ACCESS_TOKEN ? "token" : "peer",
              s->place, s->client);
    jsonw_kbool(w, "connected", true);
    jsonw_kbool(w, "current", c == call->conn);
    jsonw_ktime(w, "created", s->began_ms);
    jsonw_ktime(w, "used", env_now(call->rpc->o.env));
    jsonw_ktime(w, "until", 0);
    jsonw_end_object(w);
}

/* Theirs, or anybody's for an admin; of the user asked for. */
static bool shown(const struct rpc_call *call, int64_t id, const char *user) {
    const struct rpc_sessions_list_params *p = call->params;
    return (is_admin(call) || (id && id == call->who->id)) &&
           (!p->has_user || str_eq(user, p->user));
}

static int list_then(struct rpc_call *call) {
    const struct listing *o = call->data;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; i < o->n; i++) {
        if (shown(call, o->rows[i].l.user_id, o->rows[i].user))
            write_row(call, w, &o->rows[i]);
    }
    for (const struct rpc_conn *c = call->rpc->conns; c; c = c->next) {
        const struct rpc_session *s = &c->session;
        bool row = s->kept && s->how != ACCESS_TOKEN;
        if (!c->closing && !row && s->who->role != RPC_ROLE_GUEST &&
            (shown(call, s->who->id, s->who->name) ||
             (c == call->conn && !s->who->id)))
            write_conn(call, w, c);
    }
    call_list_end(w, NULL, false);
    return 0;
}

int method_sessions_list(struct rpc_call *call,
                         const struct rpc_sessions_list_params *p) {
    (void)p;
    return call_read(call, list_work, list_then);
}

/* --- revoke -------------------------------------------------------------- */

static void answer(struct rpc_call *call) {
    const struct rpc_sessions_revoke_params *p = call->params;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "id", p->id);
    jsonw_end_object(w);
}

static int missing(struct rpc_call *call) {
    return call_fail(call, ERR_NOT_FOUND, "id", "there is no such session");
}

static int revoke_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_sessions_revoke_params *p = call->params;
    int64_t *kept = arena_alloc(call_arena(call), sizeof *kept);
    struct login l;
    int rc = login_by_uuid(tx, p->id, &l);
    if (rc < 0)
        return rc;
    if (rc == 0 || (l.user_id != call->who->id && !is_admin(call)))
        return missing(call);
    rc = login_end(tx, l.id);
    *kept = l.id;
    call->data = kept;
    answer(call);
    return rc < 0 ? rc : call_audit(call, tx, p->id, "{}");
}

static int revoke_then(struct rpc_call *call) {
    const int64_t *kept = call->data;
    access_row_ended(call->rpc, ACCESS_KEPT, *kept);
    return 0;
}

static int note_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_sessions_revoke_params *p = call->params;
    answer(call);
    return call_audit(call, tx, p->id, "{}");
}

/* A connection alone: it is closed when it was written down. */
static int revoke_conn_then(struct rpc_call *call) {
    const struct rpc_sessions_revoke_params *p = call->params;
    char id[24];
    for (struct rpc_conn *c = call->rpc->conns; c; c = c->next) {
        (void)str_format(id, sizeof id, "c%lld", (long long)c->session.number);
        if (!c->closing && str_eq(id, p->id))
            client_end(c);
    }
    return 0;
}

static bool may_end(const struct rpc_call *call, const char *wanted) {
    char id[24];
    for (const struct rpc_conn *c = call->rpc->conns; c; c = c->next) {
        const struct rpc_session *s = &c->session;
        (void)str_format(id, sizeof id, "c%lld", (long long)s->number);
        if (!c->closing && str_eq(id, wanted))
            return is_admin(call) ||
                   (s->who->id && s->who->id == call->who->id);
    }
    return false;
}

int method_sessions_revoke(struct rpc_call *call,
                           const struct rpc_sessions_revoke_params *p) {
    if (p->id[0] != 'c')
        return call_write(call, revoke_work, revoke_then);
    if (!may_end(call, p->id))
        return missing(call);
    return call_write(call, note_work, revoke_conn_then);
}
