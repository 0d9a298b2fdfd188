#include "rpc/person.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/check.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/user.h"
#include "rpc/access.h"

enum { OVERFLOW_UID = 65534 }; /* the kernel's "somebody": nobody's identity */

struct account {
    int64_t uid, user_id;
    char name[65];
};

/* Somebody whose write is in force once people were read again. */
struct waiter {
    struct waiter *next;
    void (*done)(int status, void *arg);
    void *arg;
};

/* Everybody at one moment. */
struct known {
    struct person **all;
    size_t n;
    struct account *accounts;
    size_t n_accounts;
};

struct people {
    struct rpc *rpc;
    struct known now;
    struct known next; /* what a reload has read */
    struct person *guest;
    bool busy;
    struct waiter *waiting; /* for the reload that runs */
    struct waiter *late;    /* for one begun after that */
};

/* --- persons ------------------------------------------------------------- */

static struct person *person_new(const int64_t *stores, size_t n) {
    struct person *p = mem_zalloc(1, sizeof *p + (n + 1) * sizeof *stores);
    p->refs = 1;
    p->scope.n = n;
    p->scope.stores = p->stores;
    if (n > 0)
        memcpy(p->stores, stores, n * sizeof *stores);
    return p;
}

struct person *person_ref(struct person *p) {
    p->refs++;
    return p;
}

void person_unref(struct person *p) {
    if (p && --p->refs == 0)
        free(p);
}

struct person *person_narrow(const struct person *p, const int64_t *stores,
                             size_t n) {
    struct person *q = person_new(stores, n);
    struct db_scope own = q->scope;
    *q = *p;
    q->refs = 1;
    q->scope = own;
    q->scope.n = 0;
    for (size_t i = 0; i < n; i++) {
        if (db_scope_has(&p->scope, stores[i]))
            q->stores[q->scope.n++] = stores[i];
    }
    return q;
}

const char *person_role_name(const struct person *p) {
    return p->role == RPC_ROLE_ADMIN   ? "admin"
           : p->role == RPC_ROLE_STAFF ? "staff"
           : p->role == RPC_ROLE_OWNER ? "owner"
                                       : "guest";
}

/* --- reading ------------------------------------------------------------- */

static void known_done(struct known *k) {
    for (size_t i = 0; i < k->n; i++)
        person_unref(k->all[i]);
    free(k->all);
    free(k->accounts);
    *k = (struct known){0};
}

struct reading {
    struct db_tx *tx;
    struct known *k;
    struct arena *a;
};

static int add_user(const struct user *u, void *arg) {
    static const unsigned roles[] = {[USER_ADMIN] = RPC_ROLE_ADMIN,
                                     [USER_STAFF] = RPC_ROLE_STAFF,
                                     [USER_OWNER] = RPC_ROLE_OWNER};
    struct reading *rd = arg;
    int64_t *stores = NULL;
    size_t n = 0;
    bool all =
        u->role == USER_ADMIN || (u->role == USER_STAFF && u->all_stores);
    if (!u->active)
        return 0; /* not to be found: out everywhere */
    int rc = all ? 0 : user_stores(rd->tx, u, rd->a, &stores, &n);
    if (rc < 0)
        return rc;
    struct person *p = person_new(stores, n);
    p->id = u->id;
    p->role = roles[u->role];
    p->read_only = u->read_only;
    p->has_totp = u->has_totp;
    p->scope.all = all;
    (void)str_copy(p->name, sizeof p->name, u->name);
    (void)str_copy(p->lang, sizeof p->lang, u->lang);
    rd->k->all = mem_resize(rd->k->all, rd->k->n + 1, sizeof *rd->k->all);
    rd->k->all[rd->k->n++] = p;
    return 0;
}

static int add_account(const struct user_account *a, void *arg) {
    struct known *k = ((struct reading *)arg)->k;
    k->accounts =
        mem_resize(k->accounts, k->n_accounts + 1, sizeof *k->accounts);
    struct account *to = &k->accounts[k->n_accounts++];
    *to = (struct account){.uid = a->uid, .user_id = a->user_id};
    (void)str_copy(to->name, sizeof to->name, a->account);
    return 0;
}

static int job_load(struct db_tx *tx, void *arg) {
    struct people *p = arg;
    struct reading rd = {.tx = tx, .k = &p->next, .a = arena_new(4096)};
    known_done(&p->next); /* of a run that was rolled back */
    int rc = user_each(tx, add_user, &rd);
    if (rc >= 0)
        rc = user_account_each(tx, add_account, &rd);
    arena_free(rd.a);
    return rc < 0 ? rc : 0;
}

static void take_next(struct people *p) {
    known_done(&p->now);
    p->now = p->next;
    p->next = (struct known){0};
}

int people_load(struct people *p) {
    int rc = db_write_sync(p->rpc->o.db, job_load, p);
    if (rc >= 0)
        take_next(p);
    return rc;
}

static int begin(struct people *p);

static void tell(struct waiter *w, int status) {
    while (w) {
        struct waiter *next = w->next;
        w->done(status, w->arg);
        free(w);
        w = next;
    }
}

static void on_loaded(int status, void *arg) {
    struct people *p = arg;
    struct rpc *r = p->rpc;
    struct waiter *waiting = TAKE_PTR(p->waiting);
    p->busy = false;
    if (status < 0) {
        log_error("rpc.people", "users cannot be read: %s", err_name(status));
        known_done(&p->next);
    } else {
        take_next(p);
        access_people_changed(r);
    }
    int rc = p->late ? begin(p) : 0;
    tell(waiting, status);
    if (rc < 0)
        tell(TAKE_PTR(p->late), rc);
    rpc_maybe_stopped(r);
}

/* Behind the writes it follows: the writer keeps the order. */
static int begin(struct people *p) {
    int rc = db_write(p->rpc->o.db, DB_INTERACTIVE, job_load, on_loaded, p);
    if (rc < 0)
        return rc;
    p->busy = true;
    p->waiting = TAKE_PTR(p->late);
    return 0;
}

int people_reload(struct people *p, void (*done)(int status, void *arg),
                  void *arg) {
    struct waiter *w = NEW(struct waiter);
    *w = (struct waiter){.next = p->late, .done = done, .arg = arg};
    p->late = w;
    int rc = p->busy ? 0 : begin(p);
    if (rc < 0) {
        p->late = w->next;
        free(w);
    }
    return rc;
}

static void on_stores_changed(int status, void *arg) {
    (void)arg;
    if (status < 0)
        log_warn("rpc.people",
                 "a new store is seen after the next change of "
                 "users: %s",
                 err_name(status));
}

void people_stores_changed(struct people *p) {
    int rc = people_reload(p, on_stores_changed, NULL);
    if (rc < 0)
        on_stores_changed(rc, NULL);
}

bool people_busy(const struct people *p) {
    return p->busy;
}

/* --- looking up ---------------------------------------------------------- */

struct people *people_new(struct rpc *r) {
    struct people *p = NEW(struct people);
    p->rpc = r;
    p->guest = person_new(NULL, 0);
    p->guest->role = RPC_ROLE_GUEST;
    return p;
}

void people_free(struct people *p) {
    if (!p)
        return;
    REQUIRE(!p->busy);
    known_done(&p->now);
    person_unref(p->guest);
    free(p);
}

struct person *people_guest(const struct people *p) {
    return person_ref(p->guest);
}

struct person *people_of_id(const struct people *p, int64_t id) {
    for (size_t i = 0; i < p->now.n; i++) {
        if (p->now.all[i]->id == id)
            return person_ref(p->now.all[i]);
    }
    return people_guest(p);
}

struct person *people_of_name(const struct people *p, const char *name) {
    for (size_t i = 0; i < p->now.n; i++) {
        if (str_eq(p->now.all[i]->name, name))
            return person_ref(p->now.all[i]);
    }
    return NULL;
}

bool people_is_console(const struct rpc *r, unsigned uid) {
    return uid != (unsigned)-1 && uid != OVERFLOW_UID &&
           (uid == 0 || uid == r->own_uid);
}

static struct person *console(const char *account) {
    struct person *p = person_new(NULL, 0);
    p->role = RPC_ROLE_ADMIN;
    p->scope.all = true;
    (void)str_copy(p->name, sizeof p->name, account);
    return p;
}

struct person *people_of_uid(const struct people *p, unsigned uid,
                             const char *account) {
    if (people_is_console(p->rpc, uid))
        return console(account);
    if (uid == (unsigned)-1 || uid == OVERFLOW_UID)
        return people_guest(p);
    for (size_t i = 0; i < p->now.n_accounts; i++) {
        const struct account *a = &p->now.accounts[i];
        if (a->uid == (int64_t)uid && str_eq(a->name, account))
            return people_of_id(p, a->user_id);
    }
    return people_guest(p);
}
