/* A file of products taken as one proposal.
 *
 * Happy path: the text is looked at in slices on a reader (job's progress);
 * without a fault, and when it is asked for, one write makes the proposal;
 * file_apply.c lets an approved one go out.
 * Failure modes: rows at fault are answered with their lines and nothing is
 * written; cancelled, the next slice does not begin; a proposal that was made
 * is there whatever happens to the job. */
#include "rpc/file_import.h"

#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/feed.h"
#include "rpc/file_apply.h"
#include "rpc/job.h"
#include "rpc/names.h"
#include "rpc/person.h"

enum { SLICE = 2000 };

struct import {
    struct rpc *rpc;
    struct rpc_job *job;
    struct person *who; /* referenced */
    const struct file_kind_ops *ops;
    void *file;
    bool apply, propose, over, sent;
    char *reason; /* owned; NULL: none */
    char store[33];
    int64_t proposal;
    struct error error;
};

static void free_import(struct import *m) {
    m->ops->free(m->file);
    person_unref(m->who);
    free(m->reason);
    free(m);
}

static void write_sum(const struct import *m, struct jsonw *w) {
    char id[PROPOSAL_ID_TEXT];
    struct stock_sum s;
    m->ops->sum(m->file, &s);
    jsonw_ki64(w, "rows", s.rows);
    jsonw_ki64(w, "changes", s.changes);
    jsonw_ki64(w, "same", s.same);
    jsonw_ki64(w, "faults", s.faults);
    jsonw_key(w, "list");
    jsonw_begin_array(w);
    for (size_t i = 0; i < s.n_kept; i++) {
        jsonw_begin_object(w);
        jsonw_ki64(w, "line", s.kept[i].line);
        jsonw_kstring(w, "text", s.kept[i].text);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    jsonw_kstring(w, "proposal",
                  m->proposal ? proposal_id_format(id, m->proposal) : NULL);
    jsonw_kstring(w, "state",
                  !m->proposal ? "preview"
                  : m->sent    ? proposal_state_name(PROPOSAL_APPROVED)
                               : proposal_state_name(PROPOSAL_PENDING));
}

static void finish(struct import *m, int status) {
    struct rpc_job *job = m->job;
    struct error e = m->error;
    if (status >= 0) {
        struct jsonw w;
        job_result(job, &w);
        jsonw_begin_object(&w);
        write_sum(m, &w);
        jsonw_end_object(&w);
    }
    if (m->sent)
        file_apply(m->rpc, m->proposal);
    free_import(m);
    job_finish(job, status, &e);
}

/* An owner proposes whatever it is, staff what is above their limit. */
static void judge(struct import *m) {
    struct stock_sum s;
    m->ops->sum(m->file, &s);
    int64_t limit = m->ops->limit(m->rpc);
    m->over = m->who->role == RPC_ROLE_STAFF && limit && s.most > limit;
    m->sent =
        m->apply && !m->propose && !m->over && m->who->role != RPC_ROLE_OWNER;
}

static int write_work(struct db_tx *tx, void *arg) {
    struct import *m = arg;
    uint8_t salt[16];
    char payload[48];
    db_set_scope(tx, &m->who->scope);
    int rc = m->ops->propose(tx, m->file, m->job->actor, m->reason, m->over,
                             m->sent, &m->proposal, &m->error);
    if (rc < 0)
        return rc;
    digest_random(salt, sizeof salt);
    (void)str_format(payload, sizeof payload, "{\"proposal\":\"A-%lld\"}",
                     (long long)m->proposal);
    return audit_add(tx, m->rpc->o.audit_key, salt, m->job->actor,
                     m->ops->method, m->store, payload);
}

static void on_written(int status, void *arg) {
    struct import *m = arg;
    if (status < 0)
        m->sent = false;
    finish(m, status);
}

static void looked(struct import *m) {
    struct stock_sum s;
    m->ops->sum(m->file, &s);
    if (!m->apply || s.faults || !s.changes) {
        finish(m, 0);
        return;
    }
    judge(m);
    int rc = db_write(m->rpc->o.db, DB_INTERACTIVE, write_work, on_written, m);
    if (rc < 0)
        on_written(rc, m);
}

static void next_slice(struct import *m);

static int slice(struct db_tx *tx, void *arg) {
    struct import *m = arg;
    db_set_scope(tx, &m->who->scope);
    return m->ops->look(tx, m->file, SLICE, &m->error);
}

static void on_slice(int status, void *arg) {
    struct import *m = arg;
    struct stock_sum s;
    struct job_progress p = {.eta_s = -1};
    m->ops->sum(m->file, &s);
    if (status >= 0 && m->job->cancelled)
        status = ERR_CANCELLED;
    if (status < 0) {
        finish(m, status);
        return;
    }
    (void)str_copy(p.collection, sizeof p.collection, m->ops->what);
    p.done = s.rows;
    p.total = s.part > 0 ? (int64_t)((double)s.rows / s.part) : 0;
    job_progress(m->job, &p);
    if (status == 0)
        looked(m);
    else
        next_slice(m);
}

static void next_slice(struct import *m) {
    int rc = db_read(m->rpc->o.db, DB_INTERACTIVE, slice, on_slice, m);
    if (rc < 0)
        finish(m, rc);
}

static void cancel(struct rpc_job *job) {
    (void)job; /* the slice under way ends it */
}

int file_import_begin(struct rpc_call *call, const struct file_import *i) {
    const char *const stores[] = {i->store};
    struct import *m = NEW(struct import);
    int rc = 0;
    m->rpc = call->rpc;
    m->ops = i->ops;
    m->file = i->file;
    m->who = person_ref(call->who);
    m->apply = i->apply;
    m->propose = i->propose;
    (void)str_copy(m->store, sizeof m->store, i->store);
    m->reason = i->reason ? mem_dup(i->reason) : NULL;
    names_put(m->rpc, i->store_id, i->store);
    m->job = job_begin(call, stores, 1, cancel, m, &rc);
    if (!m->job) {
        free_import(m);
        return rc;
    }
    next_slice(m);
    return 0;
}
