/* The way back: finished jobs, in order, from the database threads to the loop.
 *
 * Happy path: a thread appends its finished jobs and rings the async; the loop
 * calls each `done`, then the feed hook once.
 * Failure modes: none of its own; after the last thread has ended and all is
 * delivered, the async is closed and the database freed. */
#include "common/check.h"
#include "common/mem.h"
#include "db/room.h"

void job_list_init(struct job_list *l, int max) {
    *l = (struct job_list){.max = max};
    l->tail = &l->head;
}

void job_list_put(struct job_list *l, struct job *j) {
    j->next = NULL;
    *l->tail = j;
    l->tail = &j->next;
    l->n++;
}

struct job *job_list_take(struct job_list *l) {
    struct job *j = l->head;
    if (!j)
        return NULL;
    l->head = j->next;
    if (!l->head)
        l->tail = &l->head;
    l->n--;
    return j;
}

static void put_chain(struct db *db, struct job *chain) {
    while (chain) {
        struct job *j = chain;
        chain = j->next;
        if (j->wait)
            uv_sem_post(j->wait); /* the waiter owns it */
        else
            job_list_put(&db->answers, j);
    }
}

void answer_jobs(struct db *db, struct job *chain, bool fed) {
    uv_mutex_lock(&db->mutex);
    put_chain(db, chain);
    db->fed |= fed;
    uv_mutex_unlock(&db->mutex);
    if (!db->inline_mode)
        (void)uv_async_send(&db->async); /* fails on a closed handle only */
}

void answer_thread_ended(struct db *db) {
    /* The send stays inside the lock: once the loop sees threads == 0 the
     * async may go away. */
    uv_mutex_lock(&db->mutex);
    db->threads--;
    (void)uv_async_send(&db->async);
    uv_mutex_unlock(&db->mutex);
}

int answer_deliver(struct db *db) {
    int n = 0;
    uv_mutex_lock(&db->mutex);
    struct job_list now = db->answers;
    if (!now.head)
        now.tail = &now.head;
    job_list_init(&db->answers, 0);
    bool fed = db->fed;
    db->fed = false;
    uv_mutex_unlock(&db->mutex);
    for (struct job *j; (j = now.head); n++) {
        now.head = j->next;
        if (j->done)
            j->done(j->status, j->arg);
        free(j);
    }
    if (fed && db->on_feed)
        db->on_feed(db->on_feed_arg);
    return n;
}

static void on_async_closed(uv_handle_t *h) {
    db_finish(h->data);
}

static bool all_ended(struct db *db) {
    uv_mutex_lock(&db->mutex);
    bool ended = db->stopping && db->threads == 0 && !db->answers.head;
    uv_mutex_unlock(&db->mutex);
    return ended;
}

void answer_on_async(uv_async_t *async) {
    struct db *db = async->data;
    (void)answer_deliver(db);
    if (!all_ended(db) || uv_is_closing((uv_handle_t *)async))
        return;
    REQUIRE(uv_thread_join(&db->writer_thread) == 0);
    for (int i = 0; i < db->n_readers; i++)
        REQUIRE(uv_thread_join(&db->readers[i].thread) == 0);
    uv_close((uv_handle_t *)async, on_async_closed);
}
