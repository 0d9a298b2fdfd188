/* Happy path: keys, database, HTTP, socket, engine, HTTP face, chores, READY;
 * the loop turns until a signal; then: no new webhooks, no new requests, jobs
 * cancelled, the engine stopped, backups stopped, HTTP closed, the database
 * finished and closed. A restore ends the same way, puts the checked copy in
 * the database's place while nobody has it open, and starts anew in this
 * process: the service manager sees one that reloads, and by hand it stays
 * where it is. Failure modes: a room that does not start is logged with its
 * cure, and what was started is stopped the same way; a stop that takes longer
 * than 10 s is ended hard - the database is safe at any moment. */
#include "daemon/daemon.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "auth/keys.h"
#include "auth/seal.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/digest.h"
#include "common/log.h"
#include "common/mem.h"
#include "daemon/chores.h"
#include "daemon/env_uv.h"
#include "daemon/options.h"
#include "daemon/sd_notify.h"
#include "daemon/secrets.h"
#include "daemon/train.h"
#include "db/db.h"
#include "db/sql.h"
#include "http/web.h"
#include "model/change.h"
#include "model/feed.h"
#include "model/kept.h"
#include "net/http.h"
#include "ops/backup.h"
#include "rpc.gen.h"
#include "rpc/rpc.h"
#include "sync/sync.h"

enum {
    STOP_MS = 10000, /* all of it */
    GRACE_MS = 5000, /* of which requests under way get this */
    EXIT_FAULT = 70,
    /* Whoever waits for the restore reads its result before the end. */
    RESTORED_MS = 1000,
    HELD_BY_FILE = 2, /* meta.held as identity_load wrote it */
};

struct daemon {
    struct options *o;
    uv_loop_t loop;
    struct env_uv env_uv;
    struct env env;
    uv_signal_t signals[3];
    struct secrets secrets;
    struct keys *keys;
    struct kept *kept;
    struct db *db;
    struct http *http;
    struct http_transport transport;
    struct rpc *rpc;
    struct sync *sync;
    struct train *train;
    struct chores *chores;
    struct backup *backup;
    struct web *web;
    struct env_timer *deadline;
    struct env_timer *restart;
    bool stopping;
    bool again; /* start once more: a backup was restored */
    int status; /* what the process ends with */
};

static void notify(const char *state) {
    if (sd_notify_send(state) < 0)
        log_warn("daemon.notify", "the service manager was not told: %s",
                 state);
}

/* --- stop -------------------------------------------------------------- */

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

static void stop_backup(void *arg) {
    struct daemon *d = arg;
    if (d->sync)
        rpc_set_sync(d->rpc, NULL);
    d->sync = NULL;
    if (d->backup)
        backup_stop(d->backup, close_http, d);
    else
        close_http(d);
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

static void daemon_stop(struct daemon *d) {
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

/* --- signals ----------------------------------------------------------- */

static void reload_web(struct daemon *d) {
    const struct settings *s = &d->o->set;
    struct error e = {0};
    if (d->web &&
        web_set(d->web, s->http_metrics_allow, s->http_timeout_s, &e) < 0)
        log_error("daemon.reload", "%s: %s", e.where, e.detail);
}

static void set_schedule(const struct settings *s, struct sync_options *o) {
    o->interval_s = s->interval_s;
    o->interval_open_s = s->interval_open_s;
    o->open_s = s->open_s;
    o->stock_s = s->stock_s;
    o->sweep_s = s->sweep_s;
    o->deep_s = s->deep_s;
    o->requests_per_hour = s->requests_per_hour;
}

static unsigned roles(bool admin, bool staff, bool owner) {
    return (admin ? RPC_ROLE_ADMIN : 0u) | (staff ? RPC_ROLE_STAFF : 0u) |
           (owner ? RPC_ROLE_OWNER : 0u);
}

static unsigned totp_roles(const struct settings *s) {
    return roles(s->totp_admin, s->totp_staff, s->totp_owner);
}

static unsigned sign_in_roles(const struct settings *s) {
    return roles(s->sign_in_admin, s->sign_in_staff, s->sign_in_owner);
}

static void reload(struct daemon *d) {
    AUTO_BUF struct buf faults = BUF_INIT;
    notify("RELOADING=1");
    if (options_reload(d->o, &faults) != 0) {
        log_error("daemon.reload", "nothing was changed: %s", buf_str(&faults));
    } else {
        options_log(d->o);
        rpc_set_settings(d->rpc, d->o->set.interval_s, d->o->set.late_s);
        struct sync_options schedule = {0};
        set_schedule(&d->o->set, &schedule);
        sync_set_schedule(d->sync, &schedule);
        rpc_set_step_up(d->rpc, d->o->set.step_up_admin_s,
                        d->o->set.step_up_staff_s);
        rpc_set_sign_in(d->rpc, totp_roles(&d->o->set),
                        sign_in_roles(&d->o->set));
        sync_set_public_url(d->sync, d->o->set.http_public_url);
        backup_set(d->backup, d->o->set.backup_dir, d->o->set.backup_keep,
                   d->o->set.backup_every_s, d->o->set.backup_passphrase);
        reload_web(d);
        log_info("daemon.reload", "the configuration was read again");
    }
    notify("READY=1");
}

static void on_signal(uv_signal_t *s, int number) {
    struct daemon *d = s->data;
    if (number == SIGHUP) {
        reload(d);
        return;
    }
    log_info("daemon.stop", "stopping");
    notify("STOPPING=1");
    d->again = false;
    daemon_stop(d);
}

/* --- restore ------------------------------------------------------------ */

static void on_restart(void *arg) {
    struct daemon *d = arg;
    d->restart = NULL;
    if (d->stopping)
        return;
    log_info("daemon.restore", "a backup takes the database's place");
    notify("RELOADING=1");
    d->again = true;
    daemon_stop(d);
}

static void on_restored(void *self) {
    struct daemon *d = self;
    if (!d->restart)
        d->restart = d->env.timer(d->env.self, RESTORED_MS, on_restart, d);
}

static int opens(void *self, const char *uuid, const void *blob, size_t n) {
    const struct daemon *d = self;
    AUTO_BUF struct buf plain = BUF_INIT;
    const struct seal_place place = {"store", uuid, "secret_sealed"};
    int rc = seal_get(d->secrets.ring, &place, blob, n, &plain);
    seal_wipe(&plain);
    return rc;
}

/* "ACTOR NAME", left by the restore in the database that came back. */
static int note_restore(struct daemon *d, struct db_tx *tx) {
    struct db_rows *r AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_META_GET, &r, "s", "restored");
    if (rc == 0)
        rc = db_step(r);
    if (rc <= 0 || !*db_text(r, 0))
        return rc;
    uint8_t salt[16];
    AUTO_FREE char *actor = mem_dup(db_text(r, 0));
    char *name = strchr(actor, ' ');
    if (name)
        *name++ = '\0';
    digest_random(salt, sizeof salt);
    rc = audit_add(tx, d->secrets.audit, salt, actor, "backup.restore",
                   name ? name : "", "{}");
    return rc < 0 ? rc : db_run(tx, STMT_META_SET, "ss", "restored", "");
}

/* A file that was restored, copied or moved: what it wants to send may have
 * been sent. Told by the file, not by this start: one that was killed in
 * between must not forget. */
static int job_hold(struct db_tx *tx, void *arg) {
    int64_t held = 0;
    int rc = note_restore(arg, tx);
    if (rc >= 0)
        rc = db_value(tx, STMT_META_NUMBER, &held, "s", "held");
    if (rc < 0 || held != HELD_BY_FILE)
        return rc;
    log_warn("daemon.held",
             "the database was restored, copied or moved: nothing is sent to "
             "the shops until fulexo resume --after-restore");
    return change_hold(tx);
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
    return rc < 0 ? rc : keys_load(d->keys, tx);
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
        rc = db_write_sync(d->db, job_hold, d);
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
                            .keys = d->keys,
                            .audit_key = d->secrets.audit,
                            .ring = d->secrets.ring,
                            .step_up_admin_s = s->step_up_admin_s,
                            .step_up_staff_s = s->step_up_staff_s,
                            .totp_roles = totp_roles(s),
                            .sign_in_roles = sign_in_roles(s),
                            .http = d->transport};
    d->rpc = rpc_new(&o, e);
    return d->rpc ? rpc_listen(d->rpc, e) : e->code;
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
    set_schedule(s, &o);
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
                               .opens = opens,
                               .restart = on_restored,
                               .self = d};
    d->backup = backup_start(&o);
    rpc_set_backup(d->rpc, d->backup);
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
    d->train = train_start(d->db, &d->env, d->kept);
    d->chores = chores_start(d->db, &d->env);
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
        notify("READY=1");
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
