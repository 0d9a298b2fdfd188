/* Reader threads: one snapshot a job. Interactive jobs share a few threads and
 * are interrupted after 2 s; sync jobs (page parsing) have a thread of their
 * own without a limit. */
#include <pthread.h>

#include "common/env.h"
#include "db/room.h"

int reader_run(struct db_conn *c, struct job *j, enum db_lane lane) {
    int rc = conn_fixed(c, CONN_BEGIN);
    if (rc < 0)
        return rc;
    conn_deadline(c, lane == DB_INTERACTIVE
                         ? env_mono(c->env) + DB_INTERACTIVE_MS
                         : INT64_MAX);
    struct db_tx tx = conn_tx(c, false);
    int status = j->run(&tx, j->arg);
    conn_reset(c);
    conn_deadline(c, INT64_MAX);
    if (!conn_idle(c))
        rc = conn_fixed(c, CONN_COMMIT);
    return status < 0 || rc == 0 ? status : rc;
}

static struct job *wait_for_job(struct reader *r) {
    struct db *db = r->db;
    struct job_list *l = &db->read_jobs[r->lane];
    uv_mutex_lock(&db->mutex);
    while (!l->head && !db->stopping)
        uv_cond_wait(&db->read_cond[r->lane], &db->mutex);
    struct job *j = job_list_take(l);
    db->stats.readers_busy += j != NULL;
    uv_mutex_unlock(&db->mutex);
    return j;
}

void reader_main(void *arg) {
    struct reader *r = arg;
    struct job *j;
    (void)pthread_setname_np(pthread_self(),
                             r->lane == DB_SYNC ? "db-parser" : "db-reader");
    while ((j = wait_for_job(r))) {
        j->next = NULL;
        j->status = reader_run(r->conn, j, r->lane);
        uv_mutex_lock(&r->db->mutex);
        r->db->stats.reads++;
        r->db->stats.readers_busy--;
        uv_mutex_unlock(&r->db->mutex);
        answer_jobs(r->db, j, false);
    }
    answer_thread_ended(r->db);
}
