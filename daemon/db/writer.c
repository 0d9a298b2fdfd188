/* The writer thread: group commit.
 *
 * Happy path: BEGIN; jobs of people first, each in a savepoint, then sync jobs
 * while the batch is young; COMMIT; answers; then, when the log is long or
 * nobody waits, what of it can go into the file.
 * Failure modes: a job of people that fails is undone to its savepoint and
 * alone gets its error. Sync jobs have no savepoint: at each one FTS5 writes
 * out what it holds, a segment a page instead of one a commit. When a sync job
 * fails, SQLite gives the whole transaction up (disk full, I/O error) or COMMIT
 * fails, everything is rolled back and each job runs again in a transaction of
 * its own, so that only the guilty fail: jobs must bear being run twice. */
#include <pthread.h>

#include "common/check.h"
#include "common/env.h"
#include "db/room.h"

/* A longer batch costs less: FTS5 writes a segment a commit, and a page that
 * many orders touch goes into the log once. In bulk mode, where nobody works
 * yet, it is the half of what a scan has on its way (sync/pass_scan.c), or the
 * shop would wait for the writer. */
enum {
    SLICE_MS = 60,       /* how long sync jobs may hold up a commit */
    SLICE_BULK_MS = 120, /* the same in bulk mode */
    PEOPLE_MS = 20,      /* and when somebody waits for it */
    BATCH_MAX = 512,     /* jobs a commit */
    PAUSE_NS = 20000000  /* without a job: nobody waits */
};

/* What the next commit will hold. */
struct batch {
    struct job_list jobs;
    int64_t began; /* monotonic ms */
    bool people;   /* a job of theirs is among them */
};

static int run_job(struct db *db, struct job *j) {
    struct db_conn *c = db->writer;
    struct db_tx tx = conn_tx(c, true);
    int status = j->run(&tx, j->arg);
    conn_reset(c);
    conn_deadline(c, INT64_MAX);
    return status;
}

/* The job inside its savepoint; ERR_* also when the savepoint fails. */
static int run_saved(struct db *db, struct job *j) {
    struct db_conn *c = db->writer;
    int rc = conn_fixed(c, CONN_SAVE);
    if (rc < 0)
        return rc;
    bool fed_before = c->fed;
    int status = run_job(db, j);
    if (conn_idle(c))
        return status < 0 ? status : ERR_DISK_FULL;
    if (status < 0) {
        c->fed = fed_before;
        rc = conn_fixed(c, CONN_UNDO);
    }
    if (rc == 0)
        rc = conn_fixed(c, CONN_RELEASE);
    return rc < 0 ? rc : status;
}

static void roll_back(struct db_conn *c) {
    if (!conn_idle(c) && conn_fixed(c, CONN_ROLLBACK) < 0)
        CHECK(conn_idle(c));
}

static void note_commit(struct db *db, int jobs, int status) {
    uv_mutex_lock(&db->mutex);
    if (status == 0) {
        db->stats.commits++;
        db->stats.jobs += jobs;
    }
    if (status == ERR_DISK_FULL || status == 0)
        db->stats.disk_full = status == ERR_DISK_FULL;
    uv_mutex_unlock(&db->mutex);
}

static int commit(struct db *db) {
    int rc = conn_idle(db->writer) ? ERR_DISK_FULL
                                   : conn_fixed(db->writer, CONN_COMMIT);
    if (rc < 0)
        roll_back(db->writer);
    return rc;
}

/* A disk that is full fails the next commit as well; whatever else fails here
 * is tried again behind it, and nothing is lost: it is in the log. */
static void carry_over(struct db *db, bool idle) {
    if (conn_checkpoint(db->writer, idle) == ERR_DISK_FULL)
        note_commit(db, 0, ERR_DISK_FULL);
}

int writer_alone(struct db *db, struct job *j, bool *ret_fed) {
    struct db_conn *c = db->writer;
    c->fed = false;
    int rc = conn_fixed(c, CONN_BEGIN_WRITE);
    if (rc == 0) {
        int status = run_saved(db, j);
        rc = commit(db);
        if (status < 0 || rc == 0)
            rc = status;
    }
    note_commit(db, 1, rc == ERR_DISK_FULL ? rc : 0);
    *ret_fed = rc >= 0 && c->fed;
    if (db->inline_mode)
        carry_over(db, false);
    return rc;
}

void writer_undone(struct db *db, struct job *j) {
    bool fed = db->writer->fed;
    if (conn_fixed(db->writer, CONN_BEGIN_WRITE) < 0)
        return;
    (void)run_job(db, j); /* counts when it runs again */
    roll_back(db->writer);
    db->writer->fed = fed;
}

static int slice_ms(const struct db *db, const struct batch *b) {
    if (b->people)
        return PEOPLE_MS;
    return db->writer->wal_max == CONN_WAL_PAGES_BULK ? SLICE_BULK_MS
                                                      : SLICE_MS;
}

/* The next job of this batch, or NULL when it is time to commit. */
static struct job *take(struct db *db, struct batch *b, bool *ret_person) {
    int n = b->jobs.n;
    if (n >= BATCH_MAX)
        return NULL;
    int slice = slice_ms(db, b);
    uv_mutex_lock(&db->mutex);
    struct job *j = job_list_take(&db->write_jobs[DB_INTERACTIVE]);
    *ret_person = j != NULL;
    if (!j && (n == 0 || env_mono(db->env) - b->began < slice))
        j = job_list_take(&db->write_jobs[DB_SYNC]);
    uv_mutex_unlock(&db->mutex);
    if (j)
        job_list_put(&b->jobs, j);
    return j;
}

/* Fill a batch and run it; false: the transaction is lost. */
static bool run_batch(struct db *db, struct batch *b) {
    struct job *j;
    bool person;
    while ((j = take(db, b, &person))) {
        b->people |= person;
        j->status = person ? run_saved(db, j) : run_job(db, j);
        if (conn_idle(db->writer))
            return false;
        if (!person && j->status < 0) {
            roll_back(db->writer);
            return false;
        }
    }
    return commit(db) == 0;
}

static bool run_again(struct db *db, struct job_list *batch) {
    bool fed = false;
    for (struct job *j = batch->head; j; j = j->next) {
        bool one;
        j->status = writer_alone(db, j, &one);
        fed |= one;
    }
    return fed;
}

/* No transaction to be had: the oldest job is told, the next turn tries
 * again. */
static void refuse_one(struct db *db, struct batch *b, int status) {
    bool person;
    struct job *j = take(db, b, &person);
    if (!j)
        return;
    j->status = status;
    note_commit(db, 0, status);
}

static void one_turn(struct db *db) {
    struct batch b = {.began = env_mono(db->env)};
    job_list_init(&b.jobs, BATCH_MAX);
    db->writer->fed = false;
    bool fed = false;
    int rc = conn_fixed(db->writer, CONN_BEGIN_WRITE);
    if (rc < 0)
        refuse_one(db, &b, rc);
    else if (run_batch(db, &b)) {
        fed = db->writer->fed;
        note_commit(db, b.jobs.n, 0);
    } else
        fed = run_again(db, &b.jobs);
    answer_jobs(db, b.jobs.head, fed);
}

static bool is_idle(const struct db *db) {
    return !db->write_jobs[0].head && !db->write_jobs[1].head && !db->stopping;
}

/* Sleep until there is work; false: stopping and nothing left. */
static bool wait_for_work(struct db *db) {
    uv_mutex_lock(&db->mutex);
    if (is_idle(db) && conn_checkpoint_due(db->writer, true))
        (void)uv_cond_timedwait(&db->write_cond, &db->mutex, PAUSE_NS);
    bool idle = is_idle(db);
    uv_mutex_unlock(&db->mutex);
    carry_over(db, idle);
    uv_mutex_lock(&db->mutex);
    while (is_idle(db))
        uv_cond_wait(&db->write_cond, &db->mutex);
    bool work = db->write_jobs[0].head || db->write_jobs[1].head;
    uv_mutex_unlock(&db->mutex);
    return work;
}

void writer_main(void *arg) {
    struct db *db = arg;
    (void)pthread_setname_np(pthread_self(),
                             "db-writer"); /* for top and perf */
    while (wait_for_work(db))
        one_turn(db);
    answer_thread_ended(db);
}
