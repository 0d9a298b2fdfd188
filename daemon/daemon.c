/* Happy path: keys, database, HTTP, socket, engine, HTTP face, chores, READY;
 * the loop turns until a signal, then everything stops (stop.c). A restore ends
 * the same way, puts the checked copy in the database's place while nobody has
 * it open, and starts anew in this process: the service manager sees one that
 * reloads, and by hand it stays where it is. Failure mode: a room that does not
 * start is logged with its cure, and what was started is stopped the same
 * way. */
#include "daemon/daemon.h"

#include <signal.h>
#include <sys/stat.h>
#include <uv.h>

#include "auth/keys.h"
#include "common/check.h"
#include "common/log.h"
#include "common/mem.h"
#include "daemon/chores.h"
#include "daemon/life.h"
#include "daemon/sd_notify.h"
#include "daemon/train.h"
#include "db/db.h"
#include "http/web.h"
#include "model/kept.h"
#include "model/work.h"
#include "ops/backup.h"
#include "out/mailer.h"
#include "rpc/rpc.h"

void daemon_notify(const char *state) {
    if (sd_notify_send(state) < 0)
        log_warn("daemon.notify", "the service manager was not told: %s",
                 state);
}

/* --- signals ----------------------------------------------------------- */

static void on_signal(uv_signal_t *s, int number) {
    struct daemon *d = s->data;
    if (number == SIGHUP) {
        daemon_reload(d);
        return;
    }
    log_info("daemon.stop", "stopping");
    daemon_notify("STOPPING=1");
    d->again = false;
    daemon_stop(d);
}

static void watch_signals(struct daemon *d) {
    static const int numbers[3] = {SIGTERM, SIGINT, SIGHUP};
    (void)signal(SIGPIPE, SIG_IGN); /* cannot fail for a valid number */
    for (size_t i = 0; i < 3; i++) {
        d->signals[i].data = d;
        REQUIRE(uv_signal_init(&d->loop, &d->signals[i]) == 0);
        REQUIRE(uv_signal_start(&d->signals[i], on_signal, numbers[i]) == 0);
    }
}

/* --- start ------------------------------------------------------------- */

static int open_keys(void *self, const struct store *s, struct arena *a,
                     const char **key, const char **secret) {
    return keys_open(self, s, a, key, secret);
}

static void seal_hook(void *self, const struct store *s, const char *secret,
                      struct buf *ret) {
    keys_seal_hook(self, s->uuid, secret, ret);
}

static int open_hook(void *self, const struct store *s, const void *sealed,
                     size_t n, struct buf *ret) {
    return keys_open_hook(self, s->uuid, sealed, n, ret);
}

static void on_changed(void *self, int64_t store_id) {
    struct daemon *d = self;
    rpc_sync_changed(d->rpc, store_id);
}

static int job_load(struct db_tx *tx, void *arg) {
    struct daemon *d = arg;
    int rc = kept_load(d->kept, tx);
    if (rc >= 0)
        rc = keys_load(d->keys, tx);
    return rc < 0 ? rc : work_restart(tx);
}

static int start_db(struct daemon *d, struct error *e) {
    const struct settings *s = &d->o->set;
    AUTO_FREE char *path = mem_printf("%s/fulexo.db", s->data);
    int rc = secrets_open(s->data, &d->secrets, e);
    if (rc < 0)
        return rc;
    d->keys = keys_new(d->secrets.ring);
    d->kept = kept_new();
    kept_use(d->kept);
    struct db_options o = {.path = path, .loop = &d->loop, .env = &d->env};
    rc = db_open(&o, &d->db, e);
    if (rc < 0)
        return rc;
    rc = db_write_sync(d->db, job_load, d);
    if (rc >= 0)
        rc = db_write_sync(d->db, daemon_hold, d);
    if (rc >= 0)
        rc = daemon_erase_again(d);
    return rc < 0 ? error_set(e, rc, path, "cannot be read") : 0;
}

static int start_rpc(struct daemon *d, struct error *e) {
    const struct settings *s = &d->o->set;
    struct rpc_options o = {.loop = &d->loop,
                            .env = &d->env,
                            .db = d->db,
                            .socket = s->socket,
                            .data = s->data,
                            .zone = s->zone,
                            .interval_s = s->interval_s,
                            .late_s = s->late_s,
                            .stock_limit = s->stock_limit,
                            .price_limit = s->price_limit,
                            .count_tolerance = s->count_tolerance,
                            .code_prefix = s->code_prefix,
                            .keys = d->keys,
                            .audit_key = d->secrets.audit,
                            .ring = d->secrets.ring,
                            .step_up_admin_s = s->step_up_admin_s,
                            .step_up_staff_s = s->step_up_staff_s,
                            .totp_roles = daemon_totp_roles(s),
                            .sign_in_roles = daemon_sign_in_roles(s),
                            .http = d->transport};
    daemon_files(s, &o.files);
    d->rpc = rpc_new(&o, e);
    if (!d->rpc || daemon_documents(d, e) < 0)
        return e->code;
    rpc_set_packing(d->rpc, s->pick_first, s->carriers);
    daemon_lots(s);
    return rpc_listen(d->rpc, e);
}

static int start_sync(struct daemon *d, struct error *e) {
    const struct settings *s = &d->o->set;
    struct sync_options o = {.db = d->db,
                             .env = &d->env,
                             .http = &d->transport,
                             .overlap_s = s->overlap_s,
                             .unknown_quiet_s = s->unknown_quiet_s,
                             .ceiling_first = (int)s->ceiling_first,
                             .ceiling = (int)s->ceiling,
                             .timeout_s = (int)s->timeout_s,
                             .open_keys = open_keys,
                             .open_keys_self = d->keys,
                             .public_url = s->http_public_url,
                             .seal_hook = seal_hook,
                             .open_hook = open_hook,
                             .changed = on_changed,
                             .changed_self = d};
    daemon_schedule(s, &o);
    int rc = sync_start(&o, &d->sync);
    if (rc < 0)
        return error_set(e, rc, "sync", "the engine does not start");
    rpc_set_sync(d->rpc, d->sync);
    return 0;
}

static void start_backup(struct daemon *d) {
    const struct settings *s = &d->o->set;
    struct backup_options o = {.loop = &d->loop,
                               .env = &d->env,
                               .db = d->db,
                               .data = s->data,
                               .dir = s->backup_dir,
                               .keep = s->backup_keep,
                               .every_s = s->backup_every_s,
                               .passphrase_file = s->backup_passphrase,
                               .opens = daemon_opens,
                               .restart = daemon_restored,
                               .self = d};
    d->backup = backup_start(&o);
    rpc_set_backup(d->rpc, d->backup);
}

static void start_mailer(struct daemon *d) {
    struct mailer_settings s;
    daemon_mail(&d->o->set, &s);
    d->mailer = mailer_start(&d->loop, d->db, &d->env, &s);
    rpc_set_mailer(d->rpc, d->mailer);
}

static int start_web(struct daemon *d, struct error *e) {
    const struct settings *s = &d->o->set;
    struct web_options o = {.loop = &d->loop,
                            .env = &d->env,
                            .db = d->db,
                            .keys = d->keys,
                            .rpc = d->rpc,
                            .ring = d->secrets.ring,
                            .sync = d->sync,
                            .data = s->data,
                            .listen = s->http_listen,
                            .metrics_allow = s->http_metrics_allow,
                            .timeout_s = s->http_timeout_s};
    if (!o.listen && s->http_public_url)
        log_warn("http.nobody",
                 "shops are told %s, but nobody listens: set http.listen",
                 s->http_public_url);
    if (!o.listen)
        return 0;
    int rc = web_start(&o, &d->web, e);
    if (rc >= 0)
        rpc_set_listen(d->rpc, o.listen);
    if (rc >= 0)
        log_info("http.ready", "listening on %s, port %d", o.listen,
                 web_port(d->web));
    return rc;
}

static int start(struct daemon *d, struct error *e) {
    struct http_options ho = {0};
    int rc = start_db(d, e);
    if (rc < 0)
        return rc;
    d->http = http_new(&d->loop, &ho);
    d->transport = http_transport(d->http);
    rc = start_rpc(d, e);
    if (rc >= 0)
        rc = start_sync(d, e);
    if (rc < 0)
        return rc;
    rc = start_web(d, e);
    if (rc < 0)
        return rc;
    start_backup(d);
    start_mailer(d);
    d->train = train_start(d->db, &d->env, d->kept);
    d->chores = chores_start(d->db, &d->env, d->o->set.data);
    daemon_retention(d);
    return 0;
}

static void complain(const struct error *e) {
    if (e->where[0])
        log_error("daemon.start", "%s: %s [%s]", e->where, e->detail,
                  err_name(e->code));
    else
        log_error("daemon.start", "%s [%s]", e->detail, err_name(e->code));
}

static void daemon_done(struct daemon *d) {
    rpc_free(d->rpc);
    train_free(d->train);
    chores_free(d->chores);
    backup_free(d->backup);
    mailer_free(d->mailer);
    kept_free(d->kept);
    keys_free(d->keys);
    if (d->secrets.ring)
        secrets_done(&d->secrets);
    REQUIRE(d->env_uv.timers == 0);
    REQUIRE(uv_loop_close(&d->loop) == 0);
}

/* One life: *ret_again: a restored backup waits for the next. */
static int run_once(struct options *o, bool *ret_again) {
    struct daemon d = {.o = o};
    struct error e = {0};
    REQUIRE(uv_loop_init(&d.loop) == 0);
    env_uv_init(&d.env_uv, &d.loop, &d.env);
    watch_signals(&d);
    int rc = start(&d, &e);
    if (rc < 0) {
        complain(&e);
        d.status = err_exit_status(rc);
        daemon_stop(&d);
    } else {
        log_info("daemon.ready", "fulexod %s serves %s with %s", FULEXO_VERSION,
                 o->set.socket, o->set.data);
        daemon_notify("READY=1");
    }
    (void)uv_run(&d.loop, UV_RUN_DEFAULT); /* nothing is left to run after */
    *ret_again = d.again;
    int64_t now = env_now(&d.env);
    daemon_done(&d);
    if (*ret_again && backup_swap(o->set.data, now, &e) < 0) {
        /* The old database is in its place: go on with that. */
        complain(&e);
    }
    return d.status;
}

int daemon_run(struct options *o) {
    bool again;
    int status;
    (void)umask(0077); /* nothing we make is for others, but the socket */
    do {
        status = run_once(o, &again);
    } while (again);
    return status;
}
