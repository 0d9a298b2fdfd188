/* stores.create, stores.test and stores.update: one job each, around the
 * connection doctor.
 *
 * Happy path: what is asked is checked against the database, the job begins,
 * each hop is a step of it, and what the doctor found is committed with the
 * sealed keys in one transaction; then the engine hears of the store.
 * Failure modes: a hop that fails ends the job with its error, nothing is
 * kept; a cancel ends the doctor, but not a transaction on its way. */
#include <string.h>

#include "auth/keys.h"
#include "common/check.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/feed.h"
#include "model/user.h"
#include "rpc/call.h"
#include "rpc/job.h"
#include "rpc/names.h"
#include "rpc/person.h"
#include "rpc/store_view.h"
#include "rpc_handlers.gen.h"
#include "shop/doctor.h"

struct setup {
    struct rpc *rpc;
    struct rpc_job *job; /* NULL: not begun */
    enum rpc_method method;
    struct store s;     /* as it is to be */
    int64_t tenant_id;  /* of a new one */
    char *key, *secret; /* plain; wiped */
    bool new_keys;      /* to be sealed and kept */
    bool examine;       /* the doctor is needed */
    struct doctor *doctor;
    struct doctor_result found;
    struct error error; /* of the hop that failed */
    int64_t hop_ms;     /* when the hop before was told */
    struct buf key_sealed, secret_sealed;
    struct store_view view;
};

static void setup_free(struct setup *u) {
    if (u->secret)
        mem_wipe(u->secret, strlen(u->secret));
    free(u->key);
    free(u->secret);
    store_done(&u->s);
    store_view_done(&u->view);
    buf_done(&u->key_sealed);
    buf_done(&u->secret_sealed);
    free(u);
}

/* The job ends with u->error where it has one. */
static void finish(struct setup *u, int status) {
    struct rpc_job *job = u->job;
    struct error e = u->error; /* goes with u */
    setup_free(u);
    job_finish(job, status, &e);
}

/* --- result ------------------------------------------------------------ */

static void write_report(const struct setup *u, struct jsonw *w) {
    const struct doctor_result *f = &u->found;
    bool known = f->caps.wc_version[0];
    jsonw_begin_object(w);
    jsonw_kbool(w, "ok", f->error == 0);
    jsonw_kstring(w, "url", f->url[0] ? f->url : u->s.url);
    jsonw_kbool(w, "can_write", f->can_write);
    jsonw_kstring(w, "storage",
                  !known         ? NULL
                  : f->caps.hpos ? "hpos"
                                 : "posts");
    jsonw_kmaybe(w, "wc_version", f->caps.wc_version);
    jsonw_kstring(w, "auth", known ? shop_auth_name(f->auth) : NULL);
    job_steps(u->job, "hops", u->job->lang, w);
    jsonw_end_object(w);
}

static void write_result(struct setup *u) {
    struct jsonw w;
    job_result(u->job, &w);
    if (u->method == RPC_STORES_TEST) {
        write_report(u, &w);
    } else if (u->method == RPC_STORES_UPDATE) {
        store_view_write(u->rpc, u->job->lang, &u->view, &w);
    } else {
        jsonw_begin_object(&w);
        jsonw_key(&w, "store");
        store_view_write(u->rpc, u->job->lang, &u->view, &w);
        jsonw_key(&w, "report");
        write_report(u, &w);
        jsonw_end_object(&w);
    }
}

/* --- commit ------------------------------------------------------------ */

static int audit(struct setup *u, struct db_tx *tx) {
    uint8_t salt[16];
    AUTO_BUF struct buf payload = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &payload);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "from", u->job->place);
    if (u->new_keys)
        jsonw_kbool(&w, "keys", true);
    jsonw_end_object(&w);
    digest_random(salt, sizeof salt);
    return audit_add(tx, u->rpc->o.audit_key, salt, u->job->actor,
                     rpc_methods[u->method].name, u->s.name, buf_str(&payload));
}

/* {job} for whoever sends the same request_id after a restart. */
static int remember(struct setup *u, struct db_tx *tx) {
    char result[64];
    (void)str_format(result, sizeof result, "{\"job\":\"%s\"}", u->job->id);
    if (!u->job->request_id[0])
        return 0;
    return request_store(tx, u->job->actor, u->job->request_id,
                         rpc_methods[u->method].name, u->job->request_hash,
                         result);
}

static int put_store(struct setup *u, struct db_tx *tx) {
    uint8_t random[10];
    if (u->method != RPC_STORES_CREATE) {
        int rc = u->method == RPC_STORES_UPDATE ? store_update(tx, &u->s) : 0;
        return rc < 0 || !u->examine ? rc : store_set_caps(tx, &u->s);
    }
    digest_random(random, sizeof random);
    int rc = store_create(tx, random, &u->s, &u->error);
    return rc < 0 || u->tenant_id == TENANT_FIRST
               ? rc
               : store_set_tenant(tx, u->s.id, u->tenant_id);
}

static int put_keys(struct setup *u, struct db_tx *tx) {
    buf_clear(&u->key_sealed);
    buf_clear(&u->secret_sealed);
    keys_seal(u->rpc->o.keys, u->s.uuid, u->key, u->secret, &u->key_sealed,
              &u->secret_sealed);
    return store_set_keys(tx, u->s.id, u->key_sealed.data, u->key_sealed.len,
                          u->secret_sealed.data, u->secret_sealed.len);
}

static int read_view(struct setup *u, struct db_tx *tx) {
    store_view_done(&u->view);
    u->view = (struct store_view){0};
    return store_view_by_name(tx, u->s.name, &u->view);
}

static int commit_job(struct db_tx *tx, void *arg) {
    struct setup *u = arg;
    int rc = put_store(u, tx);
    if (rc >= 0 && u->new_keys)
        rc = put_keys(u, tx);
    if (rc >= 0 && u->examine)
        rc = store_statuses_put(tx, u->s.id, u->found.statuses,
                                u->found.n_statuses);
    if (rc >= 0)
        rc = audit(u, tx);
    if (rc >= 0)
        rc = remember(u, tx);
    if (rc >= 0)
        rc = feed_add(tx, "store", u->s.id, 0, "");
    return rc < 0 ? rc : read_view(u, tx);
}

static void committed(int status, void *arg) {
    struct setup *u = arg;
    if (status < 0) {
        finish(u, status);
        return;
    }
    if (u->new_keys)
        keys_put(u->rpc->o.keys, u->s.id, u->key_sealed.data, u->key_sealed.len,
                 u->secret_sealed.data, u->secret_sealed.len);
    names_put(u->rpc, u->s.id, u->s.name);
    if (u->method == RPC_STORES_CREATE)
        people_stores_changed(u->rpc->people);
    if (u->rpc->sync)
        sync_store_changed(u->rpc->sync, u->s.id);
    write_result(u);
    finish(u, 0);
}

static void commit(struct setup *u) {
    u->job->cancel = NULL; /* too late */
    int rc = db_write(u->rpc->o.db, DB_INTERACTIVE, commit_job, committed, u);
    if (rc < 0)
        committed(rc, u);
}

/* --- doctor ------------------------------------------------------------ */

static void on_hop(void *arg, const struct doctor_hop *h) {
    static const char *const states[] = {
        [DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "failed"};
    struct setup *u = arg;
    int64_t now = env_mono(u->rpc->o.env);
    job_step(u->job, h->name, states[h->level], h->detail, h->cure,
             now - u->hop_ms);
    u->hop_ms = now;
    if (h->level == DOCTOR_FAIL)
        error_set(&u->error, 0, h->name, "%s", h->detail);
}

/* Nothing stays of an address that was only tried; of a store that is fine,
 * what it is like by now: shops are updated. */
static bool keeps(const struct setup *u) {
    return u->found.error == 0 &&
           (u->method != RPC_STORES_TEST || u->s.id != 0);
}

/* What the doctor found becomes the store's. */
static void adopt(struct setup *u) {
    const struct doctor_result *f = &u->found;
    if (u->method == RPC_STORES_CREATE)
        (void)str_copy(u->s.url, sizeof u->s.url, f->url);
    (void)str_copy(u->s.auth, sizeof u->s.auth, shop_auth_name(f->auth));
    (void)str_copy(u->s.rest, sizeof u->s.rest, f->route ? "route" : "path");
    u->s.can_write = f->can_write;
    u->s.caps = f->caps;
}

static void on_examined(void *arg, const struct doctor_result *r) {
    struct setup *u = arg;
    u->doctor = NULL;
    u->found = *r;
    u->error.code = r->error;
    if (keeps(u)) {
        adopt(u);
        commit(u);
        return;
    }
    if (u->method == RPC_STORES_TEST)
        write_result(u);
    finish(u, r->error);
}

static void cancel(struct rpc_job *job) {
    struct setup *u = job->work;
    if (!u->doctor)
        return;
    doctor_cancel(u->doctor);
    finish(u, ERR_CANCELLED);
}

static void examine(struct setup *u) {
    struct doctor_options o = {.env = u->rpc->o.env,
                               .transport = u->rpc->o.http,
                               .url = u->s.url,
                               .key = u->key,
                               .secret = u->secret,
                               .ca = u->s.ca,
                               .allow_http = u->s.allow_http};
    u->hop_ms = env_mono(u->rpc->o.env);
    u->doctor = doctor_start(&o, on_hop, on_examined, u);
}

/* --- calls ------------------------------------------------------------- */

static struct setup *setup_new(struct rpc_call *call) {
    struct setup *u = NEW(struct setup);
    u->rpc = call->rpc;
    u->method = call->method;
    call->data = u;
    return u;
}

/* On the loop, with everything read: begin the job; takes u. */
static int begin(struct rpc_call *call) {
    struct setup *u = call->data;
    const char *names[] = {u->s.name};
    int rc;
    u->job = job_begin(call, names, u->s.name[0] ? 1 : 0, cancel, u, &rc);
    if (!u->job)
        setup_free(u);
    else if (u->examine)
        examine(u);
    else
        commit(u);
    return rc;
}

/* 1: this request_id began a job in an earlier life; answered. */
static int seen_before(struct rpc_call *call, struct db_tx *tx) {
    const char *first;
    if (!call->request_id)
        return 0;
    int rc = request_find(tx, call->actor, call->request_id,
                          rpc_methods[call->method].name, call->request_hash,
                          call_arena(call), &first);
    if (rc > 0)
        jsonw_raw(call_result(call), first, strlen(first));
    return rc;
}

/* call->data stays NULL when the answer is there already. */
static int begin_unless_seen(struct rpc_call *call) {
    return call->data ? begin(call) : 0;
}

static int find_tenant(struct rpc_call *call, struct db_tx *tx,
                       int64_t *ret_id) {
    const struct rpc_stores_create_params *p = call->params;
    struct tenant t = {.id = TENANT_FIRST};
    int rc = p->has_tenant ? tenant_by_name(tx, p->tenant, &t) : 1;
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "tenant", "there is no tenant %s",
                         p->tenant);
    *ret_id = t.id;
    return rc < 0 ? rc : 0;
}

static int create_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_create_params *p = call->params;
    struct store s = {0};
    int64_t tenant_id = 0;
    int rc = seen_before(call, tx);
    if (rc == 0)
        rc = store_by_name(tx, p->name, &s);
    else if (rc > 0)
        return 0;
    store_done(&s);
    if (rc > 0)
        return call_fail(call, ERR_EXISTS, "name",
                         "there is a store %s already", p->name);
    if (rc >= 0)
        rc = find_tenant(call, tx, &tenant_id);
    if (rc < 0)
        return rc;
    struct setup *u = setup_new(call);
    u->tenant_id = tenant_id;
    (void)str_copy(u->s.name, sizeof u->s.name, p->name);
    (void)str_copy(u->s.title, sizeof u->s.title,
                   p->has_title ? p->title : p->name);
    (void)str_copy(u->s.url, sizeof u->s.url, p->url);
    (void)str_copy(u->s.state, sizeof u->s.state, "new");
    u->s.allow_http = p->allow_http;
    u->s.interval_s = p->interval;
    u->s.paused = p->paused;
    u->s.ca = p->has_ca ? mem_dup(p->ca) : NULL;
    u->key = mem_dup(p->key);
    u->secret = mem_dup(p->secret);
    u->new_keys = u->examine = true;
    return 0;
}

int method_stores_create(struct rpc_call *call,
                         const struct rpc_stores_create_params *p) {
    int rc;
    (void)p;
    if (job_replay(call, &rc))
        return rc;
    return call_read(call, create_work, begin_unless_seen);
}

/* The store itself and its plain keys. */
static int take_store(struct rpc_call *call, struct db_tx *tx, const char *name,
                      struct setup *u) {
    int rc = store_by_name(tx, name, &u->s);
    if (rc <= 0) {
        setup_free(u);
        call->data = NULL;
        if (rc < 0)
            return rc;
        (void)call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                        name);
        return ERR_NOT_FOUND;
    }
    return 0;
}

/* On the loop: keys that were not given are the store's own. */
static int own_keys(struct rpc_call *call) {
    struct setup *u = call->data;
    const char *key, *secret;
    if (!u->examine || u->key)
        return 0;
    int rc = keys_open(u->rpc->o.keys, &u->s, call_arena(call), &key, &secret);
    if (rc < 0) {
        setup_free(u);
        return call_fail(call, ERR_SHOP_AUTH, "store",
                         "the keys of this store cannot be opened: enter them "
                         "again with stores.update");
    }
    u->key = mem_dup(key);
    u->secret = mem_dup(secret);
    mem_wipe((char *)(uintptr_t)secret, strlen(secret));
    return 0;
}

static int test_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_test_params *p = call->params;
    struct setup *u = setup_new(call);
    u->examine = true;
    if (p->has_store)
        return take_store(call, tx, p->store, u);
    (void)str_copy(u->s.url, sizeof u->s.url, p->url);
    u->s.allow_http = p->allow_http;
    u->s.ca = p->has_ca ? mem_dup(p->ca) : NULL;
    u->key = mem_dup(p->key);
    u->secret = mem_dup(p->secret);
    return 0;
}

static int test_then(struct rpc_call *call) {
    int rc = own_keys(call);
    return rc < 0 ? rc : begin(call);
}

int method_stores_test(struct rpc_call *call,
                       const struct rpc_stores_test_params *p) {
    bool address = p->has_url && p->has_key && p->has_secret;
    if (p->has_store == address)
        return call_fail(call, ERR_INVALID_PARAMS, "store",
                         "give either a store, or url, key and secret");
    return call_read(call, test_work, test_then);
}

static int update_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_stores_update_params *p = call->params;
    int rc = seen_before(call, tx);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    struct setup *u = setup_new(call);
    rc = take_store(call, tx, p->store, u);
    if (rc < 0)
        return rc;
    if (p->has_title)
        (void)str_copy(u->s.title, sizeof u->s.title, p->title);
    if (p->has_interval)
        u->s.interval_s = p->interval;
    if (p->has_requests_per_hour)
        u->s.per_hour = p->requests_per_hour;
    if (p->has_late)
        u->s.late_s = p->late;
    if (p->has_webhooks)
        u->s.poll_only = !p->webhooks;
    if (p->has_ca) {
        free(u->s.ca);
        u->s.ca = str_empty(p->ca) ? NULL : mem_dup(p->ca);
    }
    u->new_keys = p->has_key;
    u->key = p->has_key ? mem_dup(p->key) : NULL;
    u->secret = p->has_key ? mem_dup(p->secret) : NULL;
    u->examine = p->has_key || p->has_ca;
    return 0;
}

static int update_then(struct rpc_call *call) {
    if (!call->data)
        return 0;
    int rc = own_keys(call);
    return rc < 0 ? rc : begin(call);
}

int method_stores_update(struct rpc_call *call,
                         const struct rpc_stores_update_params *p) {
    int rc;
    if (p->has_key != p->has_secret)
        return call_fail(call, ERR_INVALID_PARAMS,
                         p->has_key ? "secret" : "key",
                         "key and secret go together");
    if (p->has_requests_per_hour && p->requests_per_hour > 0 &&
        p->requests_per_hour < SYNC_PER_HOUR_MIN)
        return call_fail(call, ERR_INVALID_PARAMS, "requests_per_hour",
                         "0 (as the setting says), or at least %d",
                         SYNC_PER_HOUR_MIN);
    /* Whoever may change the keys decides what Fulexo reads and writes where:
     * only somebody who is surely there. */
    if (p->has_key && call->unproved)
        return call_fail(call, ERR_STEP_UP, "", "new keys of %s", p->store);
    if (job_replay(call, &rc))
        return rc;
    return call_read(call, update_work, update_then);
}
