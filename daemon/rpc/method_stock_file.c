/* Stock as a file: given away page by page, taken as one proposal.
 *
 * Happy path: the text of inventory.import is looked at in slices on a reader
 * (job's progress); without a fault, and when it is asked for, the rows of one
 * proposal are written a few at a time, so that nobody's scan waits for them,
 * and the last transaction makes all of it be there at once; file_apply.c lets
 * an approved one go out.
 * Failure modes: rows at fault are answered with their lines and nothing is
 * written; cancelled before the last transaction, or failed, what was written
 * is dropped; killed, the next start drops it (file_apply_all). */
#include <string.h>

#include "common/csv.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/ref.h"
#include "common/str.h"
#include "db/db.h"
#include "model/feed.h"
#include "model/product_list.h"
#include "model/proposal.h"
#include "model/stock_file.h"
#include "model/store.h"
#include "rpc/call.h"
#include "rpc/file_apply.h"
#include "rpc/job.h"
#include "rpc/names.h"
#include "rpc/person.h"
#include "rpc_handlers.gen.h"

enum {
    SLICE = 2000, /* rows that are looked at without a pause */
    WRITE = 500,  /* rows of a transaction */
};

/* --- export ------------------------------------------------------------------
 */

static void write_row(struct buf *b, const struct product_item *p) {
    char ref[REF_TEXT], stock[MONEY_TEXT];
    struct ref r = {.kind = REF_OBJECT, .id = p->remote_id};
    (void)str_copy(r.store, sizeof r.store, p->store);
    csv_cell(b, ref_format(ref, &r), 1);
    csv_cell(b, p->sku, 0);
    csv_cell(b, p->name, 0);
    csv_cell(b, money_format_qty(stock, p->stock_e3), 0);
    csv_end(b);
}

static int export_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_export_params *p = call->params;
    struct list_request r = {
        .store = p->store, .limit = (int)p->limit, .after = p->after};
    struct product_page page = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    int rc =
        product_list(tx, &r, true, 0, 0, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    if (!p->has_after)
        buf_adds(&b, "ref,sku,name,stock\r\n");
    for (size_t i = 0; i < page.n; i++)
        if (page.items[i].manage == PRODUCT_OWN_STOCK &&
            page.items[i].stock_e3 != PRODUCT_NONE)
            write_row(&b, &page.items[i]);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "csv", buf_str(&b));
    jsonw_kstring(w, "next", page.next);
    jsonw_end_object(w);
    return 0;
}

int method_inventory_export(struct rpc_call *call,
                            const struct rpc_inventory_export_params *p) {
    (void)p;
    return call_read(call, export_work, NULL);
}

/* --- import ------------------------------------------------------------------
 */

struct import {
    struct rpc *rpc;
    struct rpc_job *job;
    struct person *who; /* referenced */
    struct stock_file *file;
    bool apply, propose, over, sent;
    char *reason; /* owned; NULL: none */
    char store[33];
    int64_t proposal; /* 0: not begun */
    int64_t begun;    /* the same, by a transaction that may yet fail */
    size_t written;   /* rows of it */
    int added;        /* by that transaction */
    bool dropping;    /* it is given up, with `status` */
    int status;
    struct error error;
};

static void free_import(struct import *m) {
    stock_file_free(m->file);
    person_unref(m->who);
    free(m->reason);
    free(m);
}

static void write_sum(const struct import *m, struct jsonw *w) {
    char id[PROPOSAL_ID_TEXT];
    struct stock_sum s;
    stock_file_sum(m->file, &s);
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
    stock_file_sum(m->file, &s);
    int64_t limit = m->rpc->o.stock_limit;
    m->over = m->who->role == RPC_ROLE_STAFF && limit && s.most > limit;
    m->sent =
        m->apply && !m->propose && !m->over && m->who->role != RPC_ROLE_OWNER;
}

/* --- writing: begun, filled, and there with its last transaction ---------- */

static void next_write(struct import *m);

static int end_work(struct db_tx *tx, struct import *m) {
    uint8_t salt[16];
    char payload[48];
    int rc = stock_file_end(tx, m->file, m->proposal, m->sent);
    if (rc < 0)
        return rc;
    digest_random(salt, sizeof salt);
    (void)str_format(payload, sizeof payload, "{\"proposal\":\"A-%lld\"}",
                     (long long)m->proposal);
    return audit_add(tx, m->rpc->o.audit_key, salt, m->job->actor,
                     "inventory.import", m->store, payload);
}

/* 1: there is more to do. */
static int write_work(struct db_tx *tx, void *arg) {
    struct import *m = arg;
    db_set_scope(tx, &m->who->scope);
    m->added = 0;
    if (m->dropping)
        return proposal_csv_drop(tx, m->proposal, WRITE);
    if (!m->proposal) {
        int rc = stock_file_begin(tx, m->file, m->job->actor, m->reason,
                                  m->over, &m->begun, &m->error);
        return rc < 0 ? rc : 1;
    }
    m->added = stock_file_add(tx, m->file, m->proposal, m->written, WRITE);
    if (m->added != 0)
        return m->added < 0 ? m->added : 1;
    return end_work(tx, m);
}

/* What is there so far was never anybody's. */
static void give_up(struct import *m, int status) {
    m->sent = false;
    m->status = status;
    m->dropping = m->proposal != 0;
    if (m->dropping) {
        next_write(m);
        return;
    }
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
    struct stock_sum s;
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
    stock_file_sum(m->file, &s);
    struct job_progress p = {
        .done = (int64_t)m->written, .total = s.changes, .eta_s = -1};
    (void)str_copy(p.collection, sizeof p.collection, "proposal");
    job_progress(m->job, &p);
    next_write(m);
}

static void next_write(struct import *m) {
    int rc = db_write(m->rpc->o.db, DB_SYNC, write_work, on_written, m);
    if (rc < 0 && m->dropping)
        dropped(m, rc);
    else if (rc < 0)
        finish(m, rc); /* we stop */
}

static void looked(struct import *m) {
    struct stock_sum s;
    stock_file_sum(m->file, &s);
    if (!m->apply || s.faults || !s.changes) {
        finish(m, 0);
        return;
    }
    judge(m);
    next_write(m);
}

static void next_slice(struct import *m);

static int slice(struct db_tx *tx, void *arg) {
    struct import *m = arg;
    db_set_scope(tx, &m->who->scope);
    return stock_file_look(tx, m->file, SLICE, &m->error);
}

static void on_slice(int status, void *arg) {
    struct import *m = arg;
    struct stock_sum s;
    struct job_progress p = {.eta_s = -1};
    stock_file_sum(m->file, &s);
    if (status >= 0 && m->job->cancelled)
        status = ERR_CANCELLED;
    if (status < 0) {
        finish(m, status);
        return;
    }
    (void)str_copy(p.collection, sizeof p.collection, "stock");
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

static int store_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_import_params *p = call->params;
    struct store s = {0};
    int rc = store_by_name(tx, p->store, &s);
    if (rc > 0)
        call->data = stock_file_new(s.id, s.name, p->csv, strlen(p->csv));
    store_done(&s);
    return rc == 0 ? call_fail(call, ERR_NOT_FOUND, "store",
                               "there is no store %s", p->store)
                   : rc;
}

static int begin_then(struct rpc_call *call) {
    const struct rpc_inventory_import_params *p = call->params;
    const char *const stores[] = {p->store};
    struct import *m = NEW(struct import);
    int rc = 0;
    m->rpc = call->rpc;
    m->file = call->data;
    m->who = person_ref(call->who);
    m->apply = p->apply;
    m->propose = p->propose;
    (void)str_copy(m->store, sizeof m->store, p->store);
    m->reason = p->has_reason ? mem_dup(p->reason) : NULL;
    names_put(m->rpc, stock_file_store(m->file), p->store);
    m->job = job_begin(call, stores, 1, cancel, m, &rc);
    if (!m->job) {
        free_import(m);
        return rc;
    }
    next_slice(m);
    return 0;
}

int method_inventory_import(struct rpc_call *call,
                            const struct rpc_inventory_import_params *p) {
    int rc;
    (void)p;
    if (job_replay(call, &rc))
        return rc;
    return call_read(call, store_work, begin_then);
}
