/* The end, room by room: no new webhooks, no new requests, jobs cancelled, the
 * engine, backups and mail stopped, HTTP closed, the database finished and
 * closed. One that takes longer than 10 s is ended hard - the database is safe
 * at any moment. */
#include <unistd.h>

#include "common/log.h"
#include "daemon/chores.h"
#include "daemon/life.h"
#include "daemon/train.h"
#include "db/db.h"
#include "http/web.h"
#include "ops/backup.h"
#include "out/mailer.h"
#include "rpc/rpc.h"

enum {
    STOP_MS = 10000, /* all of it */
    GRACE_MS = 5000, /* of which requests under way get this */
    EXIT_FAULT = 70,
};

static void on_deadline(void *arg) {
    (void)arg;
    log_error("daemon.stop", "not finished after %d s: ended hard",
              STOP_MS / 1000);
    _exit(EXIT_FAULT);
}

static void on_db_closed(void *arg) {
    struct daemon *d = arg;
    d->db = NULL;
    d->env.cancel(d->env.self, d->deadline);
    d->deadline = NULL;
}

static void close_db(void *arg) {
    struct daemon *d = arg;
    d->http = NULL;
    if (d->db)
        db_close(d->db, on_db_closed, d);
    else
        on_db_closed(d);
}

static void close_http(void *arg) {
    struct daemon *d = arg;
    if (d->http)
        http_close(d->http, close_db, d);
    else
        close_db(d);
}

static void stop_mailer(void *arg) {
    struct daemon *d = arg;
    if (d->mailer)
        mailer_stop(d->mailer, close_http, d);
    else
        close_http(d);
}

static void stop_backup(void *arg) {
    struct daemon *d = arg;
    if (d->sync)
        rpc_set_sync(d->rpc, NULL);
    d->sync = NULL;
    if (d->backup)
        backup_stop(d->backup, stop_mailer, d);
    else
        stop_mailer(d);
}

static void stop_sync(void *arg) {
    struct daemon *d = arg;
    if (d->sync)
        sync_stop(d->sync, stop_backup, d);
    else
        stop_backup(d);
}

static void stop_rpc(void *arg) {
    struct daemon *d = arg;
    d->web = NULL;
    if (d->rpc)
        rpc_stop(d->rpc, GRACE_MS, stop_sync, d);
    else
        stop_sync(d);
}

void daemon_stop(struct daemon *d) {
    if (d->stopping)
        return;
    d->stopping = true;
    d->deadline = d->env.timer(d->env.self, STOP_MS, on_deadline, d);
    for (size_t i = 0; i < 3; i++)
        uv_close((uv_handle_t *)&d->signals[i], NULL);
    d->env.cancel(d->env.self, d->restart);
    d->restart = NULL;
    if (d->train)
        train_stop(d->train);
    if (d->chores)
        chores_stop(d->chores);
    if (d->web)
        web_stop(d->web, stop_rpc, d);
    else
        stop_rpc(d);
}
