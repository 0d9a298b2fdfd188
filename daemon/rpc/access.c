#include "rpc/access.h"

#include <pwd.h>
#include <string.h>

#include "common/env.h"
#include "common/mem.h"
#include "common/str.h"
#include "rpc/subscriptions.h"
#include "rpc/web_session.h"

enum {
    TRY_MS = 6000,  /* a try more every six seconds */
    TRY_BURST = 10, /* of which that many at once */
};

/* --- beginning and ending ------------------------------------------------- */

/* The account's name, as /etc/passwd has it now. */
static void account_of(unsigned uid, char *dst, size_t size) {
    struct passwd *pw = getpwuid(uid);
    if (!pw || str_format(dst, size, "%s", pw->pw_name) < 0)
        (void)str_format(dst, size, "uid %u", uid);
}

/* Who is written into the audit trail. */
static void name_actor(struct rpc_session *s) {
    if (s->who->role == RPC_ROLE_GUEST)
        (void)str_copy(s->actor, sizeof s->actor, s->place);
    else if (s->how == ACCESS_AS)
        (void)str_format(s->actor, sizeof s->actor, "%.32s (uid %u)",
                         s->who->name, s->uid);
    else
        (void)str_copy(s->actor, sizeof s->actor, s->who->name);
}

static void set_person(struct rpc_session *s, struct person *p) {
    person_unref(s->who);
    s->who = p;
    s->read_only = s->asked_read_only || s->token_read_only || p->read_only;
    name_actor(s);
}

static struct person *peer_of(const struct rpc *r,
                              const struct rpc_session *s) {
    char account[65];
    account_of(s->uid, account, sizeof account);
    struct person *p = people_of_uid(r->people, s->uid, account);
    if (p->id == 0 || !(p->role & r->o.sign_in_roles))
        return p;
    person_unref(p);
    return people_guest(r->people);
}

void access_begin(struct rpc *r, struct rpc_session *s, unsigned uid) {
    s->uid = uid;
    s->proved_ms = INT64_MIN;
    (void)str_format(s->place, sizeof s->place, "uid:%u", uid);
    memcpy(s->print, s->place, sizeof s->print);
    set_person(s, peer_of(r, s));
}

void access_forget(struct rpc_session *s) {
    free(s->only);
    s->only = NULL;
    s->n_only = 0;
    s->token_read_only = false;
    s->kept = 0;
    s->proved_ms = INT64_MIN;
}

void access_end(struct rpc_session *s) {
    access_forget(s);
    person_unref(s->who);
    s->who = NULL;
}

void access_enter(struct rpc_session *s, struct person *p, enum access_how how,
                  int64_t kept) {
    s->how = how;
    s->kept = kept;
    if (s->only) {
        struct person *narrow = person_narrow(p, s->only, s->n_only);
        person_unref(p);
        p = narrow;
    }
    set_person(s, p);
}

void access_leave(struct rpc_conn *c) {
    struct rpc_session *s = &c->session;
    access_forget(s);
    sub_end(c);
    s->how = ACCESS_PEER;
    set_person(s, peer_of(c->rpc, s));
}

void access_proved(struct rpc *r, struct rpc_session *s) {
    s->proved_ms = env_mono(r->o.env);
}

/* --- checking ------------------------------------------------------------- */

bool access_wants_proof(const struct rpc *r, const struct rpc_session *s) {
    int64_t keep_s = s->who->role == RPC_ROLE_ADMIN ? r->o.step_up_admin_s
                                                    : r->o.step_up_staff_s;
    if (keep_s == 0 || s->who->id == 0 || s->how == ACCESS_AS)
        return false;
    return s->proved_ms == INT64_MIN ||
           env_mono(r->o.env) - s->proved_ms > keep_s * 1000;
}

bool access_must_enrol(const struct rpc *r, const struct person *p,
                       enum access_how how) {
    return p->id != 0 && how != ACCESS_AS && !p->has_totp &&
           p->role & r->o.totp_roles;
}

int access_check(const struct rpc *r, const struct rpc_session *s, int method,
                 struct error *e) {
    const struct rpc_method_row *row = &rpc_methods[method];
    if (!s->opened && method != RPC_SESSION_OPEN)
        return error_set(e, ERR_INVALID_REQUEST, "",
                         "session.open must be the first request");
    if (!(row->roles & s->who->role) && s->who->role == RPC_ROLE_GUEST)
        return error_set(e, ERR_SIGN_IN, "", "%s", row->name);
    if (!(row->roles & s->who->role))
        return error_set(e, ERR_DENIED, "", "%s is not for the role %s",
                         row->name, person_role_name(s->who));
    if (!row->enrol && access_must_enrol(r, s->who, s->how))
        return error_set(e, ERR_TOTP_REQUIRED, "", "%s", row->name);
    if (row->scope == RPC_SCOPE_ALL && !s->who->scope.all)
        return error_set(e, ERR_DENIED, "", "%s is about every store",
                         row->name);
    if (row->write && s->read_only)
        return error_set(e, ERR_READ_ONLY, "", "%s writes", row->name);
    if (row->step_up && access_wants_proof(r, s))
        return error_set(e, ERR_STEP_UP, "", "%s", row->name);
    return 0;
}

/* --- tries ---------------------------------------------------------------- */

/* A bucket per place; the one unused longest makes room. */
struct tries {
    char place[80];
    int64_t full_ms; /* when it has all its tries again */
};

int access_try(struct rpc *r, const char *place, struct error *e) {
    int64_t now = env_mono(r->o.env);
    struct tries *t = NULL;
    if (!r->tries)
        r->tries = mem_zalloc(RPC_TRIES, sizeof *r->tries);
    for (int i = 0; i < RPC_TRIES && !(t && str_eq(t->place, place)); i++) {
        struct tries *other = &r->tries[i];
        if (!t || str_eq(other->place, place) || other->full_ms < t->full_ms)
            t = other;
    }
    if (!str_eq(t->place, place)) {
        (void)str_copy(t->place, sizeof t->place, place);
        t->full_ms = now;
    }
    int64_t from = t->full_ms > now ? t->full_ms : now;
    if (from + TRY_MS - now > (int64_t)TRY_MS * TRY_BURST)
        return error_set(e, ERR_THROTTLED, "", "%d s",
                         (int)((from - now) / 1000) % (TRY_MS / 1000) + 1);
    t->full_ms = from + TRY_MS;
    return 0;
}

/* --- changes of people -----------------------------------------------------
 */

static void renew(struct rpc_conn *c) {
    struct rpc *r = c->rpc;
    struct rpc_session *s = &c->session;
    struct person *p = s->how == ACCESS_PEER
                           ? peer_of(r, s)
                           : people_of_id(r->people, s->who->id);
    bool lost = p->role == RPC_ROLE_GUEST && s->who->role != RPC_ROLE_GUEST;
    if (lost) {
        person_unref(p);
        access_leave(c);
        return;
    }
    access_enter(s, p, s->how, s->kept);
    if (access_must_enrol(r, s->who, s->how))
        sub_remove(c); /* what they may not read is not told either */
}

void access_people_changed(struct rpc *r) {
    for (struct rpc_conn *c = r->conns; c; c = c->next) {
        if (!c->closing)
            renew(c);
    }
}

void access_row_ended(struct rpc *r, enum access_how how, int64_t kept) {
    bool token = how == ACCESS_TOKEN;
    if (!token)
        web_session_ended(r, kept);
    for (struct rpc_conn *c = r->conns; c; c = c->next) {
        if (!c->closing && c->session.kept == kept && kept &&
            (c->session.how == ACCESS_TOKEN) == token)
            access_leave(c);
    }
}

void access_user_ended(struct rpc *r, int64_t user_id,
                       const struct rpc_conn *but) {
    web_sessions_ended(r, user_id);
    for (struct rpc_conn *c = r->conns; c; c = c->next) {
        if (!c->closing && c != but && c->session.who->id == user_id &&
            c->session.how != ACCESS_PEER)
            access_leave(c);
    }
}
