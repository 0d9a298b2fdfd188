/* The socket and the end of it all; what lies between is conn.c's and call.c's.
 * Stopping: nobody new, subscribers are told, jobs are asked to end, what was
 * asked is answered; when the last connection, call and database job is back,
 * or the grace is over, `stopped` is called, once. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "auth/hasher.h"
#include "common/action_code.h"
#include "common/check.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/zone.h"
#include "db/db.h"
#include "model/lot.h"
#include "out/child.h"
#include "out/printer.h"
#include "rpc/access.h"
#include "rpc/conn.h"
#include "rpc/file_apply.h"
#include "rpc/job.h"
#include "rpc/names.h"
#include "rpc/person.h"
#include "rpc/subscriptions.h"
#include "rpc/web_session.h"

enum { BACKLOG = 128 };

static int load_web(struct db_tx *tx, void *arg) {
    return web_sessions_load(arg, tx);
}

struct rpc *rpc_new(const struct rpc_options *o, struct error *e) {
    struct zone *zone = NULL;
    if (o->zone && zone_load(o->zone, &zone) < 0) {
        error_set(e, ERR_CONFIG, "zone",
                  "there is no time zone %s in /usr/share/zoneinfo", o->zone);
        return NULL;
    }
    const char *prefix = o->code_prefix ? o->code_prefix : ACTION_CODE_PREFIX;
    if (!action_code_prefix_ok(prefix)) {
        error_set(e, ERR_CONFIG, "work.code_prefix",
                  "is 3 to 16 letters, digits and . _ $ / + %% -, and begins "
                  "with no digit");
        zone_free(zone);
        return NULL;
    }
    struct rpc *r = NEW(struct rpc);
    r->zone = zone;
    lot_set_zone(zone);
    r->o = *o;
    r->o.code_prefix = prefix;
    r->own_uid = geteuid();
    r->started_ms = env_mono(o->env);
    r->feed = feed_new(r);
    r->people = people_new(r);
    r->hasher = hasher_new(o->loop);
    r->children = children_new(o->loop);
    int rc = people_load(r->people);
    if (rc >= 0)
        rc = db_write_sync(o->db, load_web, r);
    if (rc < 0) {
        error_set(e, rc, "users", "cannot be read");
        rpc_free(r);
        return NULL;
    }
    return r;
}

void rpc_set_sync(struct rpc *r, struct sync *sync) {
    r->sync = sync;
    if (sync)
        file_apply_all(r);
}

void rpc_set_backup(struct rpc *r, struct backup *backup) {
    r->backup = backup;
}

void rpc_set_mailer(struct rpc *r, struct mailer *mailer) {
    r->mailer = mailer;
}

void rpc_set_settings(struct rpc *r, int64_t interval_s, int64_t late_s) {
    r->o.interval_s = interval_s;
    r->o.late_s = late_s;
}

void rpc_set_listen(struct rpc *r, const char *address) {
    free(r->listen);
    r->listen = mem_dup(address);
}

void rpc_set_files(struct rpc *r, const struct rpc_file_limits *l) {
    r->o.files = *l;
}

void rpc_set_limits(struct rpc *r, int64_t stock, int64_t price,
                    int64_t count_tolerance) {
    r->o.count_tolerance = count_tolerance;
    r->o.stock_limit = stock;
    r->o.price_limit = price;
}

void rpc_set_public_url(struct rpc *r, const char *url) {
    free(r->public_url);
    r->public_url = url ? mem_dup(url) : NULL;
}

void rpc_set_retention(struct rpc *r, const struct retain_ages *ages) {
    r->ages = *ages;
}

int rpc_set_documents(struct rpc *r, const struct rpc_documents *d,
                      struct error *e) {
    struct printers *printers;
    int rc = printers_parse(d->printers, &printers, e);
    if (rc < 0)
        return rc;
    printers_free(r->printers);
    r->printers = printers;
    free(r->documents_lang);
    r->documents_lang = mem_dup(d->lang);
    free(r->pdf_helper);
    r->pdf_helper = mem_dup(d->pdf_helper);
    return 0;
}

void rpc_set_packing(struct rpc *r, bool pick_first, const char *carriers) {
    free(r->carriers);
    r->pick_first = pick_first;
    r->carriers = mem_dup(carriers);
}

void rpc_set_step_up(struct rpc *r, int64_t admin_s, int64_t staff_s) {
    r->o.step_up_admin_s = admin_s;
    r->o.step_up_staff_s = staff_s;
}

void rpc_set_sign_in(struct rpc *r, unsigned totp_roles,
                     unsigned sign_in_roles) {
    r->o.totp_roles = totp_roles;
    r->o.sign_in_roles = sign_in_roles;
    access_people_changed(r);
}

void rpc_serve(struct rpc *r, int fd) {
    client_open(r, fd, NULL);
}

void rpc_serve_as(struct rpc *r, int fd, unsigned uid) {
    client_open(r, fd, &uid);
}

void rpc_free(struct rpc *r) {
    if (!r)
        return;
    REQUIRE(!r->conns && r->n_calls == 0 && !r->listening);
    jobs_free(r);
    feed_free(r->feed);
    names_free(r);
    people_free(r->people);
    hasher_free(r->hasher);
    free(r->tries);
    web_sessions_free(r);
    lot_set_zone(NULL);
    zone_free(r->zone);
    children_free(r->children);
    printers_free(r->printers);
    free(r->documents_lang);
    free(r->pdf_helper);
    free(r->public_url);
    free(r->listen);
    free(r->carriers);
    free(r);
}

/* --- listen ------------------------------------------------------------ */

static int make_folder(const char *path, struct error *e) {
    AUTO_FREE char *folder = mem_dup(path);
    char *slash = strrchr(folder, '/');
    if (!slash || slash == folder)
        return 0;
    *slash = '\0';
    mode_t old = umask(0027);
    int rc = mkdir(folder, 0750);
    int why = errno;
    (void)umask(old);
    if (rc == 0 || why == EEXIST)
        return 0;
    return error_set(e, ERR_IO, path, "the folder %s cannot be made: %s",
                     folder, strerror(why));
}

/* Does somebody accept connections there? */
static bool is_alive(const struct sockaddr_un *a) {
    AUTO_FD int fd =
        socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* EAGAIN: it listens and its queue is full. */
    return fd >= 0 &&
           (connect(fd, (const struct sockaddr *)a, sizeof *a) == 0 ||
            errno == EAGAIN);
}

static int remove_stale(const struct sockaddr_un *a, struct error *e) {
    struct stat st;
    if (lstat(a->sun_path, &st) < 0)
        return 0;
    if (!S_ISSOCK(st.st_mode))
        return error_set(e, ERR_CONFIG, a->sun_path,
                         "is there already and is no socket: remove it, or "
                         "choose another with --socket");
    if (is_alive(a))
        return error_set(e, ERR_LOCKED, a->sun_path,
                         "another fulexod answers here: stop it, or choose "
                         "another socket with --socket");
    if (unlink(a->sun_path) < 0)
        return error_set(e, ERR_IO, a->sun_path, "cannot be removed: %s",
                         strerror(errno));
    return 0;
}

static int bind_socket(const char *path, struct error *e) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof a.sun_path)
        return error_set(e, ERR_CONFIG, path,
                         "is longer than %zu bytes: choose a shorter one with "
                         "--socket",
                         sizeof a.sun_path - 1);
    memcpy(a.sun_path, path, strlen(path));
    int rc = make_folder(path, e);
    if (rc >= 0)
        rc = remove_stale(&a, e);
    if (rc < 0)
        return rc;
    AUTO_FD int fd =
        socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* Mode bits before anybody can connect: by umask, not by chmod after. */
    mode_t old = umask(0117);
    bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0;
    int why = errno;
    (void)umask(old);
    if (!bound)
        return error_set(e, ERR_IO, path, "cannot be bound: %s", strerror(why));
    return TAKE_FD(fd);
}

static void on_connection(uv_stream_t *s, int status) {
    struct rpc *r = s->data;
    if (status < 0)
        log_warn("rpc.accept", "%s", uv_strerror(status));
    else
        client_accept(r, s);
}

static void on_listener_closed(uv_handle_t *h) {
    struct rpc *r = h->data;
    r->listening = false;
    rpc_maybe_stopped(r);
}

int rpc_listen(struct rpc *r, struct error *e) {
    int fd = bind_socket(r->o.socket, e);
    if (fd < 0)
        return fd;
    REQUIRE(uv_pipe_init(r->o.loop, &r->listener, 0) == 0);
    r->listener.data = r;
    r->listening = true;
    int rc = uv_pipe_open(&r->listener, fd);
    if (rc == 0)
        rc = uv_listen((uv_stream_t *)&r->listener, BACKLOG, on_connection);
    if (rc == 0) {
        names_load(r);
        return 0;
    }
    uv_close((uv_handle_t *)&r->listener, on_listener_closed);
    return error_set(e, ERR_IO, r->o.socket, "cannot listen: %s",
                     uv_strerror(rc));
}

/* --- stop -------------------------------------------------------------- */

void rpc_maybe_stopped(struct rpc *r) {
    if (!r->stopped || r->conns || r->n_calls > 0 || r->listening ||
        r->feed_busy || r->names_busy || people_busy(r->people) || r->files ||
        r->files_busy || r->jobs_running > 0)
        return;
    if (r->grace)
        r->o.env->cancel(r->o.env->self, r->grace);
    r->grace = NULL;
    void (*stopped)(void *) = r->stopped;
    r->stopped = NULL;
    stopped(r->stopped_arg);
}

static void on_grace(void *arg) {
    struct rpc *r = arg;
    r->grace = NULL;
    log_warn("rpc.stop", "%d requests were not answered in time", r->n_calls);
    for (struct rpc_conn *c = r->conns; c; c = c->next)
        client_close(c);
}

void rpc_stop(struct rpc *r, int64_t grace_ms, void (*stopped)(void *arg),
              void *arg) {
    REQUIRE(!r->stopped);
    r->stopped = stopped;
    r->stopped_arg = arg;
    r->n_calls++; /* a job that ends at once must not end us in the middle */
    if (r->listening) {
        (void)unlink(r->o.socket); /* gone already: nothing to do */
        uv_close((uv_handle_t *)&r->listener, on_listener_closed);
    }
    feed_shutdown(r->feed);
    file_apply_stop(r);
    jobs_cancel_all(r);
    children_stop(r->children);
    r->grace = r->o.env->timer(r->o.env->self, grace_ms, on_grace, r);
    for (struct rpc_conn *c = r->conns, *next; c; c = next) {
        next = c->next;
        client_end(c);
    }
    r->n_calls--;
    rpc_maybe_stopped(r);
}
