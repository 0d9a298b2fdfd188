/* The queues' entrance. */
#include "db/db.h"

#include <sys/stat.h>

#include "common/check.h"
#include "common/mem.h"
#include "db/bulk.h"
#include "db/room.h"

static struct job *job_new(db_job run, db_done done, void *arg) {
    struct job *j = NEW(struct job);
    j->run = run;
    j->done = done;
    j->arg = arg;
    return j;
}

/* ERR_BUSY: full or closing; the job is still the caller's. */
static int enqueue(struct db *db, struct job_list *l, uv_cond_t *wake,
                   struct job *j) {
    int rc = ERR_BUSY;
    uv_mutex_lock(&db->mutex);
    if (!db->stopping && l->n < l->max) {
        job_list_put(l, j);
        uv_cond_signal(wake);
        rc = 0;
    }
    uv_mutex_unlock(&db->mutex);
    return rc;
}

static int enqueue_or_free(struct db *db, struct job_list *l, uv_cond_t *wake,
                           struct job *j) {
    int rc = enqueue(db, l, wake, j);
    if (rc < 0)
        free(j);
    return rc;
}

/* Inline mode: at once, on the one connection. */
static void run_inline(struct db *db, struct job *j, bool write,
                       enum db_lane lane) {
    bool fed = false;
    REQUIRE(!db->in_job);
    db->in_job = true;
    if (write)
        j->status = writer_alone(db, j, &fed);
    else {
        j->status = reader_run(db->writer, j, lane);
        db->stats.reads++;
    }
    db->in_job = false;
    answer_jobs(db, j, fed);
}

int db_write(struct db *db, enum db_lane lane, db_job job, db_done done,
             void *arg) {
    struct job *j = job_new(job, done, arg);
    if (!db->inline_mode || db->stepped)
        return enqueue_or_free(db, &db->write_jobs[lane], &db->write_cond, j);
    run_inline(db, j, true, lane);
    return 0;
}

int db_read(struct db *db, enum db_lane lane, db_job job, db_done done,
            void *arg) {
    struct job *j = job_new(job, done, arg);
    if (!db->inline_mode || db->stepped)
        return enqueue_or_free(db, &db->read_jobs[lane], &db->read_cond[lane],
                               j);
    run_inline(db, j, false, lane);
    return 0;
}

int db_write_sync(struct db *db, db_job job, void *arg) {
    struct job j = {.run = job, .arg = arg};
    if (db->inline_mode) {
        bool fed = false;
        REQUIRE(!db->in_job);
        db->in_job = true;
        int rc = writer_alone(db, &j, &fed);
        db->in_job = false;
        answer_jobs(db, NULL, fed);
        return rc;
    }
    uv_sem_t wait;
    REQUIRE(uv_sem_init(&wait, 0) == 0);
    j.wait = &wait;
    int rc = enqueue(db, &db->write_jobs[DB_INTERACTIVE], &db->write_cond, &j);
    if (rc == 0) {
        uv_sem_wait(&wait);
        rc = j.status;
    }
    uv_sem_destroy(&wait);
    return rc;
}

int db_pump(struct db *db) {
    int n = 0, now;
    if (!db->inline_mode)
        return 0;
    do {
        now = answer_deliver(db);
        n += now;
    } while (now > 0);
    return n;
}

int db_turn(struct db *db, bool write, enum db_lane lane, enum db_fate fate) {
    REQUIRE(db->stepped);
    struct job *j =
        job_list_take(write ? &db->write_jobs[lane] : &db->read_jobs[lane]);
    if (!j)
        return 0;
    j->next = NULL;
    if (write && fate == DB_FATE_FULL) {
        j->status = ERR_DISK_FULL;
        answer_jobs(db, j, false);
        return 1;
    }
    if (write && fate == DB_FATE_AGAIN)
        writer_undone(db, j);
    run_inline(db, j, write, lane);
    return 1;
}

void db_drain(struct db *db) {
    bool more = true;
    while (more) {
        more = db_pump(db) > 0;
        for (int i = 0; db->stepped && i < 4; i++)
            more |= db_turn(db, i & 1, (enum db_lane)(i >> 1), DB_FATE_RUN) > 0;
    }
}

void db_on_feed(struct db *db, void (*fn)(void *arg), void *arg) {
    db->on_feed = fn;
    db->on_feed_arg = arg;
}

void db_bulk(struct db *db, bool on) {
    struct job *j = job_new(on ? bulk_on : bulk_off, NULL, NULL);
    if (db->inline_mode && !db->stepped) {
        run_inline(db, j, true, DB_SYNC);
        return;
    }
    /* Beside the bound: dropping it would leave the file without indexes
     * until the next start. In the order of the sync lane. */
    uv_mutex_lock(&db->mutex);
    job_list_put(&db->write_jobs[DB_SYNC], j);
    uv_cond_signal(&db->write_cond);
    uv_mutex_unlock(&db->mutex);
}

const struct db_identity *db_identity(const struct db *db) {
    return &db->identity;
}

static int64_t size_of(const char *path) {
    struct stat st;
    return stat(path, &st) < 0 ? 0 : (int64_t)st.st_size;
}

void db_get_stats(const struct db *db, struct db_stats *ret) {
    AUTO_FREE char *wal = mem_printf("%s-wal", db->path);
    uv_mutex_t *mutex = (uv_mutex_t *)&db->mutex; /* a lock is no change */
    uv_mutex_lock(mutex);
    *ret = db->stats;
    ret->waiting_interactive = db->write_jobs[DB_INTERACTIVE].n;
    ret->waiting_sync = db->write_jobs[DB_SYNC].n;
    uv_mutex_unlock(mutex);
    ret->wal_bytes = size_of(wal);
    ret->file_bytes = size_of(db->path);
}
