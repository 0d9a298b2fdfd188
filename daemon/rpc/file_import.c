/* A file taken as one proposal.
 *
 * Happy path: its rows are looked at in slices on a reader (job's progress);
 * without a fault, and when it is asked for, the rows of one proposal are
 * written a few at a time, so that nobody's scan waits for them, and the last
 * transaction makes all of it be there at once; file_apply.c lets an approved
 * one go out. Failure modes: rows at fault are answered with their lines and
 * nothing is written; cancelled before the last transaction, or failed, what
 * was written is dropped; killed, the next start drops it (file_apply_all). */
#include "rpc/file_import.h"

#include <string.h>

#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/feed.h"
#include "model/file.h"
#include "model/store.h"
#include "rpc/call.h"
#include "rpc/file_apply.h"
#include "rpc/job.h"
#include "rpc/names.h"
#include "rpc/person.h"
#include "rpc/ticket_view.h"

enum { WRITE = 100 }; /* rows of a transaction */

struct import {
    struct rpc *rpc;
    struct rpc_job *job;
    struct person *who; /* referenced */
    struct sheet *sheet;
    const char *what; /* static */
    size_t slice;
    int64_t limit;
    bool apply, propose, over, sent;
    char *reason; /* owned; NULL: none */
    char store[33];
    int64_t store_id;
    int64_t file_id;  /* 0: none; goes when it became a proposal */
    int64_t proposal; /* 0: not begun */
    int64_t begun;    /* the same, by a transaction that may yet fail */
    size_t written;   /* rows of it */
    int added;        /* by that transaction */
    bool dropping;    /* it is given up, with `status` */
    int status;
    struct error error;
};

static void free_import(struct import *m) {
    sheet_free(m->sheet);
    person_unref(m->who);
    free(m->reason);
    free(m);
}

/* --- the end ----------------------------------------------------------------
 */

static void write_faults(const struct sheet_sum *s, enum text_lang lang,
                         struct jsonw *w) {
    jsonw_key(w, "list");
    jsonw_begin_array(w);
    for (size_t i = 0; i < s->n_kept; i++) {
        jsonw_begin_object(w);
        jsonw_ki64(w, "line", s->kept[i].line);
        jsonw_ksaid(w, "text", lang, s->kept[i].text);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

static void write_sum(const struct import *m, struct jsonw *w) {
    char id[PROPOSAL_ID_TEXT];
    struct sheet_sum s;
    sheet_sum(m->sheet, &s);
    jsonw_begin_object(w);
    jsonw_ki64(w, "rows", s.rows);
    jsonw_ki64(w, "changes", s.changes);
    jsonw_ki64(w, "created", s.created);
    jsonw_ki64(w, "same", s.same);
    jsonw_ki64(w, "faults", s.faults);
    write_faults(&s, m->job->lang, w);
    jsonw_kstring(w, "proposal",
                  m->proposal ? proposal_id_format(id, m->proposal) : NULL);
    jsonw_kstring(w, "state",
                  !m->proposal ? "preview"
                  : m->sent    ? proposal_state_name(PROPOSAL_APPROVED)
                               : proposal_state_name(PROPOSAL_PENDING));
    jsonw_end_object(w);
}

static void finish(struct import *m, int status) {
    struct rpc_job *job = m->job;
    struct error e = m->error;
    struct jsonw w;
    if (status >= 0) {
        job_result(job, &w);
        write_sum(m, &w);
    }
    if (m->sent)
        file_apply(m->rpc, m->proposal);
    free_import(m);
    job_finish(job, status, &e);
}

static void tell(struct import *m, const char *what, int64_t done,
                 int64_t total) {
    struct job_progress p = {.done = done, .total = total, .eta_s = -1};
    (void)str_copy(p.collection, sizeof p.collection, what);
    job_progress(m->job, &p);
}

/* --- writing: begun, filled, and there with its last transaction ---------- */

static void next_write(struct import *m);

static int end_work(struct db_tx *tx, struct import *m) {
    uint8_t salt[16];
    char payload[48];
    int rc = proposal_csv_ready(tx, m->proposal, m->store_id);
    if (rc >= 0 && m->sent)
        rc = proposal_csv_release(tx, m->proposal);
    if (rc >= 0 && m->file_id)
        rc = file_drop(tx, m->file_id);
    if (rc < 0)
        return rc;
    digest_random(salt, sizeof salt);
    (void)str_format(payload, sizeof payload, "{\"proposal\":\"A-%lld\"}",
                     (long long)m->proposal);
    return audit_add(tx, m->rpc->o.audit_key, salt, m->job->actor,
                     rpc_methods[m->job->method].name, m->store, payload);
}

/* 1: there is more to do. */
static int write_work(struct db_tx *tx, void *arg) {
    struct import *m = arg;
    struct sheet_sum s;
    db_set_scope(tx, &m->who->scope);
    m->added = 0;
    if (m->dropping)
        return proposal_csv_drop(tx, m->proposal, WRITE);
    if (!m->proposal) {
        sheet_sum(m->sheet, &s);
        int rc = proposal_csv_create(tx, m->store_id, m->job->actor, m->reason,
                                     m->over, s.changes, &m->begun);
        return rc < 0 ? rc : 1;
    }
    m->added = sheet_add(tx, m->sheet, m->proposal, m->written, WRITE);
    if (m->added != 0)
        return m->added < 0 ? m->added : 1;
    return end_work(tx, m);
}

/* What is there so far was never anybody's. */
static void give_up(struct import *m, int status) {
    m->sent = false;
    m->status = status;
    m->dropping = m->proposal != 0;
    if (m->dropping)
        next_write(m);
    else
        finish(m, status);
}

static void dropped(struct import *m, int status) {
    if (status > 0) {
        next_write(m);
        return;
    }
    m->proposal = 0; /* what could not go goes at the next start */
    finish(m, m->status);
}

static void on_written(int status, void *arg) {
    struct import *m = arg;
    struct sheet_sum s;
    if (m->dropping) {
        dropped(m, status);
        return;
    }
    if (status >= 0 && !m->proposal)
        m->proposal = m->begun;
    m->written += status > 0 ? (size_t)m->added : 0;
    if (status > 0 && m->job->cancelled)
        status = ERR_CANCELLED;
    if (status < 0) {
        give_up(m, status);
        return;
    }
    if (status == 0) {
        finish(m, 0);
        return;
    }
    sheet_sum(m->sheet, &s);
    tell(m, "proposal", (int64_t)m->written, s.items);
    next_write(m);
}

static void next_write(struct import *m) {
    int rc = db_write(m->rpc->o.db, DB_SYNC, write_work, on_written, m);
    if (rc < 0 && m->dropping)
        dropped(m, rc);
    else if (rc < 0)
        finish(m, rc); /* we stop */
}

/* --- looking ----------------------------------------------------------------
 */

/* An owner proposes whatever it is, staff what is above their limit. */
static void judge(struct import *m, const struct sheet_sum *s) {
    m->over = m->who->role == RPC_ROLE_STAFF && m->limit && s->most > m->limit;
    m->sent =
        m->apply && !m->propose && !m->over && m->who->role != RPC_ROLE_OWNER;
}

static void looked(struct import *m, const struct sheet_sum *s) {
    if (!m->apply || s->faults || !s->changes) {
        finish(m, 0);
        return;
    }
    judge(m, s);
    next_write(m);
}

static void next_slice(struct import *m);

static int slice(struct db_tx *tx, void *arg) {
    struct import *m = arg;
    db_set_scope(tx, &m->who->scope);
    return sheet_look(tx, m->sheet, m->slice, &m->error);
}

static void on_slice(int status, void *arg) {
    struct import *m = arg;
    struct sheet_sum s;
    sheet_sum(m->sheet, &s);
    if (status >= 0 && m->job->cancelled)
        status = ERR_CANCELLED;
    if (status < 0) {
        finish(m, status);
        return;
    }
    tell(m, m->what, s.rows,
         s.part > 0 ? (int64_t)((double)s.rows / s.part) : 0);
    if (status == 0)
        looked(m, &s);
    else
        next_slice(m);
}

static void next_slice(struct import *m) {
    int rc = db_read(m->rpc->o.db, DB_INTERACTIVE, slice, on_slice, m);
    if (rc < 0)
        finish(m, rc);
}

/* --- beginning --------------------------------------------------------------
 */

/* What the call asked for, in its arena. */
struct asked {
    struct file_import i;
    int64_t store_id;
    struct file file; /* i.p->file's */
};

static int file_of(struct rpc_call *call, struct db_tx *tx, struct asked *k) {
    const struct rpc_csv_import *p = k->i.p;
    struct ticket_eye eye = ticket_eye_of(call);
    int64_t id = 0;
    int rc = file_id_parse(p->file, &id);
    if (rc >= 0)
        rc = file_get(tx, id, &eye, call_arena(call), &k->file);
    if (rc == ERR_INVALID || rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "file", "there is no file %s",
                         p->file);
    if (rc >= 0 && !str_starts(k->file.type, "text/"))
        return call_fail(call, ERR_INVALID, "file", "%s is no text",
                         k->file.name);
    if (rc >= 0 && k->file.size > SHEET_BYTES)
        return call_fail(call, ERR_TOO_BIG, "file",
                         "at most %lld MiB: cut it into parts",
                         (long long)(SHEET_BYTES >> 20));
    return rc;
}

static int begin_work(struct rpc_call *call, struct db_tx *tx) {
    struct asked *k = call->data;
    const struct rpc_csv_import *p = k->i.p;
    struct store s = {0};
    int rc = store_by_name(tx, p->store, &s);
    k->store_id = s.id;
    store_done(&s);
    if (rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                         p->store);
    return rc > 0 && p->file ? file_of(call, tx, k) : rc;
}

static void cancel(struct rpc_job *job) {
    (void)job; /* the slice under way ends it */
}

static struct import *make(struct rpc_call *call, const struct asked *k) {
    const struct rpc_csv_import *p = k->i.p;
    struct import *m = NEW(struct import);
    m->rpc = call->rpc;
    m->who = person_ref(call->who);
    m->what = k->i.what;
    m->slice = k->i.slice;
    m->limit = k->i.limit;
    m->apply = p->apply;
    m->propose = p->propose;
    m->store_id = k->store_id;
    (void)str_copy(m->store, sizeof m->store, p->store);
    m->reason = p->reason ? mem_dup(p->reason) : NULL;
    m->sheet = k->i.make(k->store_id, p->store);
    m->file_id = k->file.linked ? 0 : k->file.id;
    if (p->file)
        sheet_file(m->sheet, call->rpc->o.data, k->file.sha, k->file.size);
    else
        sheet_text(m->sheet, p->csv, strlen(p->csv));
    return m;
}

static int begin_then(struct rpc_call *call) {
    const struct asked *k = call->data;
    const char *const stores[] = {k->i.p->store};
    struct import *m = make(call, k);
    int rc = 0;
    names_put(m->rpc, k->store_id, m->store);
    m->job = job_begin(call, stores, 1, cancel, m, &rc);
    if (!m->job) {
        free_import(m);
        return rc;
    }
    next_slice(m);
    return 0;
}

int file_import(struct rpc_call *call, const struct file_import *i) {
    struct asked *k = arena_alloc(call_arena(call), sizeof *k);
    int rc;
    if (job_replay(call, &rc))
        return rc;
    if (!i->p->csv == !i->p->file)
        return call_fail(call, ERR_INVALID, "csv",
                         "give csv, or the file that was sent");
    *k = (struct asked){.i = *i};
    call->data = k;
    return call_read(call, begin_work, begin_then);
}
