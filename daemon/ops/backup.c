#include "ops/backup.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/check.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "db/sql.h"
#include "ops/task.h"

enum {
    LOOK_MS = 200,              /* between two tellings of progress */
    FIRST_MS = 60 * 1000,       /* after the start: not among its first work */
    RETRY_MS = 10 * 60 * 1000,  /* after a failure */
    LONGEST_MS = 60 * 60 * 1000 /* a clock that was set is seen within that */
};

struct backup {
    struct backup_options o;
    char *data, *dir, *passphrase_file; /* owned; o's are not used */
    struct env_timer *timer;            /* of the schedule */
    int64_t since_ms, last_ms, next_ms; /* wall clock */
    char last[FOLDER_NAME];
    struct error failed;
    bool loaded;       /* when the last one was is known */
    struct work *busy; /* create, verify or restore; NULL: none */
    int running;       /* works and database jobs under way */
    bool stopping;
    void (*stopped)(void *arg);
    void *stopped_arg;
};

/* A task on its way. */
struct work {
    struct backup *b;
    uv_work_t uv;
    struct task t;
    struct backup_wait wait;
    struct env_timer *look;
    bool beside; /* a list: not b->busy */
};

static const char *const step_names[] = {"copy", "sum", "write", "unpack",
                                         "check"};

const char *backup_step_name(enum backup_step s) {
    return step_names[s];
}

/* --- what a task calls --------------------------------------------------- */

void task_step(struct task *t, enum backup_step step, int64_t total) {
    atomic_store(&t->done, 0);
    atomic_store(&t->total, total);
    atomic_store(&t->step, (int)step);
}

int task_go_on(struct task *t, int64_t done) {
    atomic_store(&t->done, done);
    return atomic_load(&t->cancelled) ? ERR_CANCELLED : 0;
}

static bool on_watch(void *self, int64_t done, int64_t total) {
    struct task *t = self;
    if (total > 0)
        atomic_store(&t->total, total);
    return task_go_on(t, done) == 0;
}

struct db_watch task_watch(struct task *t) {
    return (struct db_watch){.go_on = on_watch, .self = t};
}

/* --- life of a work ------------------------------------------------------ */

static void maybe_stopped(struct backup *b) {
    if (!b->stopping || b->running > 0 || !b->stopped)
        return;
    void (*fn)(void *) = b->stopped;
    b->stopped = NULL;
    fn(b->stopped_arg);
}

static void work_free(struct work *w) {
    manifest_done(&w->t.r.m);
    free(w->t.r.entries);
    free(w->t.dir);
    free(w->t.data);
    free(w->t.passphrase_file);
    if (w->t.note)
        free(w->t.note);
    free(w);
}

static void on_look(void *arg) {
    struct work *w = arg;
    const struct env *env = w->b->o.env;
    w->look = env->timer(env->self, LOOK_MS, on_look, w);
    if (w->wait.progress)
        w->wait.progress(w->wait.arg, (enum backup_step)atomic_load(&w->t.step),
                         atomic_load(&w->t.done), atomic_load(&w->t.total));
}

static void on_thread(uv_work_t *uv) {
    struct work *w = uv->data;
    int rc = w->t.run(&w->t);
    w->t.status = rc;
    if (rc < 0 && w->t.error.code != rc)
        (void)error_set(&w->t.error, rc, w->t.error.where, "%s",
                        err_message(rc));
}

static void after_work(uv_work_t *uv, int status) {
    struct work *w = uv->data;
    struct backup *b = w->b;
    (void)status; /* never cancelled while it waits: see backup_stop */
    b->o.env->cancel(b->o.env->self, w->look);
    if (!w->beside)
        b->busy = NULL;
    bool restart = w->t.r.restarts && !b->stopping;
    w->wait.done(w->wait.arg, w->t.status, &w->t.error, &w->t.r);
    work_free(w);
    b->running--;
    if (restart)
        b->o.restart(b->o.self);
    maybe_stopped(b);
}

static struct work *work_new(struct backup *b, int (*run)(struct task *t),
                             const struct backup_wait *wait) {
    struct work *w = NEW(struct work);
    const struct db_identity *id = db_identity(b->o.db);
    w->b = b;
    w->uv.data = w;
    w->wait = *wait;
    w->t.run = run;
    w->t.dir = mem_dup(b->dir);
    w->t.data = mem_dup(b->data);
    w->t.passphrase_file = mem_dup(b->passphrase_file);
    w->t.keep = b->o.keep;
    w->t.now_ms = env_now(b->o.env);
    w->t.epoch = id->epoch;
    (void)str_copy(w->t.instance_id, sizeof w->t.instance_id, id->instance_id);
    w->t.env = b->o.env;
    w->t.opens = b->o.opens;
    w->t.opens_self = b->o.self;
    return w;
}

static void work_start(struct work *w) {
    struct backup *b = w->b;
    b->running++;
    if (!w->beside)
        b->busy = w;
    w->look = b->o.env->timer(b->o.env->self, LOOK_MS, on_look, w);
    REQUIRE(uv_queue_work(b->o.loop, &w->uv, on_thread, after_work) == 0);
}

/* --- the last one -------------------------------------------------------- */

struct last {
    struct backup *b;
    char text[FOLDER_NAME + 24]; /* "MS NAME" */
};

static int job_save(struct db_tx *tx, void *arg) {
    struct last *l = arg;
    return db_run(tx, STMT_META_SET, "ss", "backup.last", l->text);
}

static void saved(int status, void *arg) {
    struct last *l = arg;
    struct backup *b = l->b;
    if (status < 0)
        log_warn("backup.last",
                 "that %s was made is not noted: it is made again after a "
                 "restart: %s",
                 b->last, err_name(status));
    free(l);
    b->running--;
    maybe_stopped(b);
}

static void save_last(struct backup *b) {
    struct last *l = NEW(struct last);
    l->b = b;
    (void)str_format(l->text, sizeof l->text, "%lld %s", (long long)b->last_ms,
                     b->last);
    b->running++;
    int rc = db_write(b->o.db, DB_SYNC, job_save, saved, l);
    if (rc < 0)
        saved(rc, l);
}

static int job_load(struct db_tx *tx, void *arg) {
    struct last *l = arg;
    struct db_rows *r AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_META_GET, &r, "s", "backup.last");
    if (rc == 0)
        rc = db_step(r);
    if (rc == 1)
        (void)str_copy(l->text, sizeof l->text, db_text(r, 0));
    return rc;
}

static void schedule(struct backup *b);

static void loaded(int status, void *arg) {
    struct last *l = arg;
    struct backup *b = l->b;
    char *space = strchr(l->text, ' ');
    if (space) {
        *space = '\0';
        if (str_to_i64(l->text, 1, INT64_MAX, &b->last_ms) == 0)
            (void)str_copy(b->last, sizeof b->last, space + 1);
    }
    if (status < 0)
        log_warn("backup.last", "when the last one was made is not known: %s",
                 err_name(status));
    free(l);
    b->running--;
    b->loaded = true;
    schedule(b);
    maybe_stopped(b);
}

/* --- schedule ------------------------------------------------------------ */

static void on_due(void *arg);

static void schedule(struct backup *b) {
    const struct env *env = b->o.env;
    env->cancel(env->self, b->timer);
    b->timer = NULL;
    if (b->stopping || !b->loaded || b->o.every_s == 0)
        return;
    int64_t now = env_now(env), every = b->o.every_s * 1000;
    int64_t first = b->since_ms + (every < FIRST_MS ? every : FIRST_MS);
    int64_t due = b->last_ms + every;
    if (due < first)
        due = first;
    if (due < b->next_ms)
        due = b->next_ms;
    int64_t wait = due > now ? due - now : 0;
    b->timer =
        env->timer(env->self, wait < LONGEST_MS ? wait : LONGEST_MS, on_due, b);
}

/* Made by the clock: only the log hears of it, and health. */
static void on_made(void *arg, int status, const struct error *e,
                    const struct backup_result *r) {
    struct backup *b = arg;
    if (status >= 0) {
        log_info("backup.made", "%s, %lld bytes, %d old removed", r->m.name,
                 (long long)r->bytes, r->removed);
        if (r->lost > 0)
            log_warn("backup.lost",
                     "%lld stored files are named and not there, or damaged: "
                     "%s is without them",
                     (long long)r->lost, r->m.name);
        return;
    }
    int64_t every = b->o.every_s * 1000;
    b->next_ms = env_now(b->o.env) + (every < RETRY_MS ? every : RETRY_MS);
    schedule(b);
    if (status == ERR_CANCELLED)
        return; /* we stop */
    b->failed = *e;
    log_error("backup.failed", "%s [%s]", e->detail, err_name(status));
}

static void on_due(void *arg) {
    struct backup *b = arg;
    int64_t now = env_now(b->o.env);
    b->timer = NULL;
    if (now >= b->last_ms + b->o.every_s * 1000 && now >= b->next_ms) {
        struct backup_wait w = {.done = on_made, .arg = b};
        /* Busy with another: that one's end schedules anew. */
        if (backup_create(b, MANIFEST_FULL, &w) == 0)
            return;
        b->next_ms = now + FIRST_MS;
    }
    schedule(b);
}

/* --- the outside's calls ------------------------------------------------- */

struct made {
    struct backup *b;
    struct backup_wait wait;
};

static void made_progress(void *arg, enum backup_step step, int64_t done,
                          int64_t total) {
    struct made *m = arg;
    if (m->wait.progress)
        m->wait.progress(m->wait.arg, step, done, total);
}

/* Every backup with the database in it counts for the schedule. */
static void made_done(void *arg, int status, const struct error *e,
                      const struct backup_result *r) {
    struct made *m = arg;
    struct backup *b = m->b;
    if (status >= 0 && r->m.kind != MANIFEST_STORAGE) {
        b->last_ms = r->m.created_ms;
        (void)str_copy(b->last, sizeof b->last, r->m.name);
        b->failed = (struct error){0};
        b->next_ms = 0;
        save_last(b);
        schedule(b);
    }
    m->wait.done(m->wait.arg, status, e, r);
    free(m);
}

int backup_create(struct backup *b, enum manifest_kind kind,
                  const struct backup_wait *wait) {
    if (b->busy || b->stopping)
        return ERR_BUSY;
    struct made *m = NEW(struct made);
    *m = (struct made){b, *wait};
    struct backup_wait own = {made_progress, made_done, m};
    struct work *w = work_new(b, task_create, &own);
    w->t.kind = kind;
    work_start(w);
    return 0;
}

static int by_name(struct backup *b, const char *name, const char *note,
                   int (*run)(struct task *t), const struct backup_wait *wait) {
    if (b->busy || b->stopping)
        return ERR_BUSY;
    struct folder_entry one;
    if (name[0] && folder_name_parse(name, &one) < 0)
        return ERR_NOT_FOUND;
    struct work *w = work_new(b, run, wait);
    (void)str_copy(w->t.name, sizeof w->t.name, name);
    w->t.note = mem_dup(note);
    work_start(w);
    return 0;
}

int backup_verify(struct backup *b, const char *name,
                  const struct backup_wait *w) {
    return by_name(b, name, NULL, task_verify, w);
}

int backup_restore(struct backup *b, const char *name, const char *note,
                   const struct backup_wait *w) {
    return by_name(b, name, note, task_restore, w);
}

int backup_list(struct backup *b, const struct backup_wait *wait) {
    if (b->stopping)
        return ERR_BUSY;
    struct work *w = work_new(b, task_list, wait);
    w->beside = true;
    work_start(w);
    return 0;
}

void backup_cancel(struct backup *b) {
    if (b->busy)
        atomic_store(&b->busy->t.cancelled, true);
}

void backup_get_status(const struct backup *b, struct backup_status *ret) {
    int64_t now = env_now(b->o.env);
    int64_t since = b->last_ms ? b->last_ms : b->since_ms;
    *ret = (struct backup_status){.dir = b->dir,
                                  .keep = b->o.keep,
                                  .every_s = b->o.every_s,
                                  .last_ms = b->last_ms,
                                  .since_ms = b->since_ms,
                                  .failed = b->failed,
                                  .running = b->busy != NULL};
    ret->late = b->o.every_s > 0 && now - since > 2000 * b->o.every_s;
    (void)str_copy(ret->last, sizeof ret->last, b->last);
}

/* --- start and stop ------------------------------------------------------ */

void backup_set(struct backup *b, const char *dir, int64_t keep,
                int64_t every_s, const char *passphrase_file) {
    free(b->dir);
    free(b->passphrase_file);
    b->dir = dir ? mem_dup(dir) : mem_printf("%s/backups", b->data);
    b->passphrase_file = mem_dup(passphrase_file);
    b->o.keep = keep;
    b->o.every_s = every_s;
    schedule(b);
}

static void drop_below(const char *data, const char *name) {
    AUTO_FREE char *path = mem_printf("%s/%s", data, name);
    folder_drop(path);
}

struct backup *backup_start(const struct backup_options *o) {
    struct backup *b = NEW(struct backup);
    b->o = *o;
    b->data = mem_dup(o->data);
    b->since_ms = env_now(o->env);
    backup_set(b, o->dir, o->keep, o->every_s, o->passphrase_file);
    drop_below(b->data, TASK_STAGE); /* of a daemon that was killed */
    drop_below(b->data, TASK_SIDE);
    drop_below(b->data, TASK_RESTORE_SIDE);
    struct last *l = NEW(struct last);
    l->b = b;
    b->running++;
    int rc = db_read(o->db, DB_INTERACTIVE, job_load, loaded, l);
    if (rc < 0)
        loaded(rc, l);
    return b;
}

void backup_stop(struct backup *b, void (*stopped)(void *arg), void *arg) {
    b->stopping = true;
    b->stopped = stopped;
    b->stopped_arg = arg;
    b->o.env->cancel(b->o.env->self, b->timer);
    b->timer = NULL;
    backup_cancel(b);
    maybe_stopped(b);
}

void backup_free(struct backup *b) {
    if (!b)
        return;
    REQUIRE(b->running == 0 && !b->timer);
    free(b->data);
    free(b->dir);
    free(b->passphrase_file);
    free(b);
}
