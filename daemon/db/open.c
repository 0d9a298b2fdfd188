/* Open and close: lock, header, migrations, identity, connections, threads. */
#include <string.h>
#include <unistd.h>

#include "common/check.h"
#include "common/env.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/bulk.h"
#include "db/lock.h"
#include "db/migrate.h"
#include "db/room.h"

enum { READERS_DEFAULT = 2 };

static void init(struct db *db, const struct db_options *o) {
    db->path = mem_dup(o->path);
    db->env = o->env;
    db->inline_mode = o->inline_mode;
    db->stepped = o->stepped;
    db->lock_fd = -1;
    REQUIRE(uv_mutex_init(&db->mutex) == 0);
    REQUIRE(uv_cond_init(&db->write_cond) == 0);
    for (int lane = 0; lane < 2; lane++) {
        int max = lane == DB_SYNC ? QUEUE_SYNC : QUEUE_INTERACTIVE;
        REQUIRE(uv_cond_init(&db->read_cond[lane]) == 0);
        job_list_init(&db->write_jobs[lane], max);
        job_list_init(&db->read_jobs[lane], max);
    }
    job_list_init(&db->answers, 0);
}

static void free_jobs(struct job_list *l) {
    for (struct job *j; (j = job_list_take(l));)
        free(j);
}

/* Connections, lock and memory; the threads have ended or never began. */
static void release(struct db *db) {
    for (int i = 0; i < db->n_readers; i++)
        conn_close(db->readers[i].conn);
    conn_close(db->writer);
    if (db->lock_fd >= 0)
        (void)close(db->lock_fd);
    for (int lane = 0; lane < 2; lane++) {
        free_jobs(&db->write_jobs[lane]);
        free_jobs(&db->read_jobs[lane]);
        uv_cond_destroy(&db->read_cond[lane]);
    }
    free_jobs(&db->answers);
    uv_cond_destroy(&db->write_cond);
    uv_mutex_destroy(&db->mutex);
    free(db->path);
    free(db);
}

void db_finish(struct db *db) {
    void (*closed)(void *arg) = db->closed;
    void *arg = db->closed_arg;
    release(db);
    if (closed)
        closed(arg);
}

static int prepare_file(struct db *db, struct error *e) {
    if (strcmp(db->path, ":memory:") == 0)
        return 0;
    int rc = lock_take(db->path, &db->lock_fd, e);
    if (rc == 0)
        rc = header_check(db->path, e);
    return rc < 0 ? rc : migrate_check_ours(db->path, db->env, e);
}

static int repair_indexes(struct db *db, struct error *e) {
    struct db_conn *c = db->writer;
    int rc = conn_fixed(c, CONN_BEGIN_WRITE);
    if (rc == 0) {
        struct db_tx tx = conn_tx(c, true);
        rc = bulk_repair(&tx);
        conn_reset(c);
        int ended = conn_idle(c)
                        ? 0
                        : conn_fixed(c, rc < 0 ? CONN_ROLLBACK : CONN_COMMIT);
        rc = rc < 0 ? rc : ended;
    }
    if (rc < 0)
        return error_set(e, rc, db->path, "cannot build the indexes of %s: %s",
                         db->path, conn_message(c));
    return 0;
}

static int open_writer(struct db *db, struct error *e) {
    int rc = conn_open(db->path, db->env, CONN_WRITER, &db->writer, e);
    if (rc == 0)
        rc = migrate_run(db->writer, db->path, migration_rows, migration_count,
                         e);
    if (rc == 0)
        rc = repair_indexes(db, e);
    if (rc == 0)
        rc = identity_load(db->writer, db->path, db->env, &db->identity, e);
    return rc;
}

/* The last reader serves the sync lane. */
static int open_readers(struct db *db, int wanted, struct error *e) {
    int n = wanted > 0 ? wanted : READERS_DEFAULT;
    if (n > READERS_MAX - 1)
        n = READERS_MAX - 1;
    for (int i = 0; i <= n; i++) {
        struct reader *r = &db->readers[i];
        r->db = db;
        r->lane = i == n ? DB_SYNC : DB_INTERACTIVE;
        int rc = conn_open(db->path, db->env, CONN_READER, &r->conn, e);
        if (rc < 0)
            return rc;
        db->n_readers++;
    }
    return 0;
}

static void start_threads(struct db *db) {
    db->threads = 1 + db->n_readers;
    REQUIRE(uv_thread_create(&db->writer_thread, writer_main, db) == 0);
    for (int i = 0; i < db->n_readers; i++)
        REQUIRE(uv_thread_create(&db->readers[i].thread, reader_main,
                                 &db->readers[i]) == 0);
}

int db_open(const struct db_options *o, struct db **ret, struct error *e) {
    REQUIRE(o->path && o->env && (o->inline_mode || o->loop));
    REQUIRE(o->inline_mode || !o->stepped);
    struct db *db = NEW(struct db);
    init(db, o);
    int rc = prepare_file(db, e);
    if (rc == 0)
        rc = open_writer(db, e);
    if (rc == 0 && !o->inline_mode)
        rc = open_readers(db, o->readers, e);
    if (rc < 0) {
        release(db);
        return rc;
    }
    if (!o->inline_mode) {
        REQUIRE(uv_async_init(o->loop, &db->async, answer_on_async) == 0);
        db->async.data = db;
        start_threads(db);
    }
    *ret = db;
    return 0;
}

void db_close(struct db *db, void (*closed)(void *arg), void *arg) {
    db->closed = closed;
    db->closed_arg = arg;
    uv_mutex_lock(&db->mutex);
    REQUIRE(!db->stopping);
    db->stopping = true;
    uv_cond_broadcast(&db->write_cond);
    for (int lane = 0; lane < 2; lane++)
        uv_cond_broadcast(&db->read_cond[lane]);
    uv_mutex_unlock(&db->mutex);
    if (!db->inline_mode)
        return;
    db_drain(db);
    db_finish(db);
}
