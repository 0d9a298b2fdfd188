/* backup.*: the work is the ops room's; here it becomes jobs and answers. */
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "model/change.h"
#include "ops/backup.h"
#include "out/mailer.h"
#include "rpc/call.h"
#include "rpc/job.h"
#include "rpc_handlers.gen.h"
#include "sync/sync.h"

/* A job that waits for a task. */
struct wait {
    struct rpc *rpc;
    struct rpc_job *job;
    int64_t begun_ms;
    void (*write)(struct jsonw *w, const struct backup_result *r);
};

static void on_progress(void *arg, enum backup_step step, int64_t done,
                        int64_t total) {
    const struct wait *w = arg;
    struct job_progress p = {.done = done, .total = total, .eta_s = -1};
    (void)str_copy(p.collection, sizeof p.collection, backup_step_name(step));
    job_progress(w->job, &p);
}

static void on_done(void *arg, int status, const struct error *e,
                    const struct backup_result *r) {
    struct wait *w = arg;
    struct rpc_job *job = w->job;
    if (status >= 0) {
        struct jsonw out;
        job_result(job, &out);
        jsonw_begin_object(&out);
        jsonw_kstring(&out, "name", r->m.name);
        jsonw_kstring(&out, "kind", manifest_kind_name(r->m.kind));
        jsonw_ki64(&out, "bytes", r->bytes);
        jsonw_ki64(&out, "files", (int64_t)r->m.n_files);
        jsonw_ki64(&out, "rows", r->rows);
        w->write(&out, r);
        jsonw_ki64(&out, "ms", env_mono(w->rpc->o.env) - w->begun_ms);
        jsonw_end_object(&out);
    }
    free(w);
    job_finish(job, status, e);
}

static void cancel(struct rpc_job *job) {
    backup_cancel(job->rpc->backup);
}

/* The job is there; a task that does not begin ends it at once. */
static struct wait *begin(struct rpc_call *call,
                          void (*write)(struct jsonw *w,
                                        const struct backup_result *r),
                          int *ret_rc) {
    struct wait *w = NEW(struct wait);
    w->rpc = call->rpc;
    w->begun_ms = env_mono(call->rpc->o.env);
    w->write = write;
    w->job = job_begin(call, NULL, 0, cancel, w, ret_rc);
    if (w->job)
        return w;
    free(w);
    return NULL;
}

static struct backup_wait wait_of(struct wait *w) {
    return (struct backup_wait){on_progress, on_done, w};
}

static int begun(struct wait *w, int rc) {
    struct error e = {0};
    if (rc < 0) {
        (void)error_set(&e, rc, "", "another backup is being worked on");
        on_done(w, rc, &e, NULL);
    }
    return 0;
}

/* 0, or the call was answered: a name leads nowhere but into the folder. */
static int check_name(struct rpc_call *call, const char *name) {
    struct folder_entry entry;
    if (!call->rpc->backup)
        return call_fail(call, ERR_BUSY, "",
                         "the daemon is starting or stopping");
    if (name && folder_name_parse(name, &entry) < 0)
        return call_fail(call, ERR_NOT_FOUND, "name",
                         "that is no name of a backup");
    return 0;
}

/* --- create ------------------------------------------------------------- */

static void write_made(struct jsonw *w, const struct backup_result *r) {
    jsonw_ki64(w, "tables", r->m.n_tables);
    jsonw_kbool(w, "sealed", r->sealed);
    jsonw_ki64(w, "lost", r->lost);
    jsonw_ki64(w, "removed", r->removed);
}

int method_backup_create(struct rpc_call *call,
                         const struct rpc_backup_create_params *p) {
    enum manifest_kind kind = p->full || p->database == p->storage
                                  ? MANIFEST_FULL
                              : p->database ? MANIFEST_DATABASE
                                            : MANIFEST_STORAGE;
    int rc = check_name(call, NULL);
    struct wait *w = rc < 0 ? NULL : begin(call, write_made, &rc);
    if (!w)
        return rc;
    struct backup_wait bw = wait_of(w);
    return begun(w, backup_create(call->rpc->backup, kind, &bw));
}

/* --- verify and restore -------------------------------------------------- */

static void write_checked(struct jsonw *w, const struct backup_result *r) {
    jsonw_ki64(w, "tables", r->m.n_tables);
    jsonw_ktime(w, "created", r->m.created_ms);
    jsonw_kbool(w, "sealed", r->sealed);
    jsonw_ki64(w, "lost", r->lost);
}

int method_backup_verify(struct rpc_call *call,
                         const struct rpc_backup_verify_params *p) {
    int rc = check_name(call, p->name);
    struct wait *w = rc < 0 ? NULL : begin(call, write_checked, &rc);
    if (!w)
        return rc;
    struct backup_wait bw = wait_of(w);
    return begun(w,
                 backup_verify(call->rpc->backup, p->name ? p->name : "", &bw));
}

static void write_restored(struct jsonw *w, const struct backup_result *r) {
    jsonw_ktime(w, "created", r->m.created_ms);
    jsonw_kbool(w, "restarts", r->restarts);
}

int method_backup_restore(struct rpc_call *call,
                          const struct rpc_backup_restore_params *p) {
    int rc = check_name(call, p->name);
    struct wait *w = rc < 0 ? NULL : begin(call, write_restored, &rc);
    if (!w)
        return rc;
    /* The audit row of this is written into the database that comes back. */
    AUTO_FREE char *note = mem_printf("%s %s", call->actor, p->name);
    struct backup_wait bw = wait_of(w);
    return begun(w, backup_restore(call->rpc->backup, p->name, note, &bw));
}

/* --- list ---------------------------------------------------------------- */

static void write_entry(struct jsonw *w, const struct folder_entry *f) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "name", f->name);
    jsonw_kstring(w, "kind", manifest_kind_name(f->kind));
    jsonw_ktime(w, "created", f->created_ms);
    jsonw_ki64(w, "bytes", f->bytes);
    jsonw_kbool(w, "sealed", f->sealed);
    jsonw_kbool(w, "ours", f->ours);
    jsonw_end_object(w);
}

static void on_listed(void *arg, int status, const struct error *e,
                      const struct backup_result *r) {
    struct rpc_call *call = arg;
    struct backup_status st;
    if (status < 0) {
        call->error = *e;
        call_finish(call, status);
        return;
    }
    backup_get_status(call->rpc->backup, &st);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_key(w, "items");
    jsonw_begin_array(w);
    for (size_t i = 0; i < r->n_entries; i++)
        write_entry(w, &r->entries[i]);
    jsonw_end_array(w);
    jsonw_kstring(w, "folder", st.dir);
    jsonw_ki64(w, "keep", st.keep);
    jsonw_ki64(w, "every_s", st.every_s);
    jsonw_ktime(w, "last", st.last_ms);
    jsonw_kstring(w, "next", NULL);
    jsonw_end_object(w);
    call_finish(call, 0);
}

int method_backup_list(struct rpc_call *call,
                       const struct rpc_backup_list_params *p) {
    (void)p;
    struct backup_wait bw = {NULL, on_listed, call};
    int rc = check_name(call, NULL);
    if (rc < 0)
        return rc;
    (void)call_hold(call);
    return backup_list(call->rpc->backup, &bw);
}

/* --- resume -------------------------------------------------------------- */

static void write_waiting(struct jsonw *w, bool held, bool resumed,
                          const int64_t counts[CHANGE_STATES]) {
    static const enum change_state shown[] = {CHANGE_QUEUED, CHANGE_UNKNOWN,
                                              CHANGE_AWAITING, CHANGE_CONFLICT,
                                              CHANGE_REFUSED};
    jsonw_begin_object(w);
    jsonw_kbool(w, "held", held);
    jsonw_kbool(w, "resumed", resumed);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        jsonw_ki64(w, change_state_name(shown[i]), counts[shown[i]]);
    jsonw_end_object(w);
}

static int resume_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_backup_resume_params *p = call->params;
    int64_t counts[CHANGE_STATES];
    int held = change_held(tx);
    int rc = held < 0 ? held : change_count(tx, counts);
    bool resumed = rc >= 0 && held && p->after_restore;
    if (resumed)
        rc = change_resume(tx);
    if (rc >= 0 && resumed)
        rc = call_audit(call, tx, "", "{}");
    if (rc >= 0)
        write_waiting(call_result(call), held && !resumed, resumed, counts);
    return rc < 0 ? rc : 0;
}

/* What waited goes out now. */
static int resume_then(struct rpc_call *call) {
    if (call->rpc->sync)
        sync_push_all(call->rpc->sync);
    mailer_wake(call->rpc->mailer);
    return 0;
}

int method_backup_resume(struct rpc_call *call,
                         const struct rpc_backup_resume_params *p) {
    (void)p;
    return call_write(call, resume_work, resume_then);
}
