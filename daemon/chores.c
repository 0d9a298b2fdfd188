/* Two timers, one write job each at a time: on_hour trims tables, on_minute
 * ends holds whose date has come. Behind the hourly job come slices of what was
 * kept long enough, behind that of the minute of orders whose status means
 * something else now, each a job of its own with a pause after it, so that
 * people and sync never wait for more than one. A failed round is logged and
 * tried with the next: the tables only stay longer than they should, and a hold
 * that is over stops nobody even while it is still shown. */
#include "daemon/chores.h"

#include <stdbool.h>
#include <stdlib.h>

#include "common/digest.h"
#include "common/env.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "db/sql.h"
#include "model/audit_list.h"
#include "model/delivery.h"
#include "model/feed.h"
#include "model/file_store.h"
#include "model/hold.h"
#include "model/login.h"
#include "model/phase.h"
#include "model/proof.h"
#include "model/retain.h"

enum {
    FIRST_MS = 60 * 1000, /* after the start: not among its first work */
    MINUTE_MS = 60 * 1000,
    HOUR_MS = 60 * MINUTE_MS,
    DAY_MS = 24 * HOUR_MS,
    FEED_KEPT = 100000,
    SLICE_MS = 10, /* of a job; the commit comes on top */
    PAUSE_MS = 50, /* between two */
};

struct chores {
    struct db *db;
    const struct env *env;
    struct env_timer *timer, *minute, *pause, *settle;
    const char *data;
    bool expiring; /* its job, or a slice behind it, is on the way */
    struct retain_ages ages;
    struct retain_ages in_force; /* of the slice that runs */
    bool aged, stopped;
    bool busy;                 /* a round of slices is on its way */
    struct retain_round round; /* where it stands */
    struct retain_round next;  /* the same after the slice that runs */
};

/* Outside the file, so that an end that was cut off can be told; once a day. */
static int log_head(struct db_tx *tx) {
    int64_t id, day = db_now(tx) / DAY_MS, told = 0;
    uint8_t mac[32];
    char hex[65], text[24];
    int rc = db_value(tx, STMT_META_NUMBER, &told, "s", "audit_head_day");
    if (rc < 0 || told == day)
        return rc < 0 ? rc : 0;
    rc = audit_head(tx, &id, mac);
    if (rc < 0)
        return rc;
    digest_hex(mac, sizeof mac, hex);
    log_info("audit.head", "row %lld, %s", (long long)id, hex);
    (void)str_format(text, sizeof text, "%lld", (long long)day);
    rc = db_run(tx, STMT_META_SET, "ss", "audit_head_day", text);
    return rc < 0 ? rc : 0;
}

/* All of them in a day. */
static int sweep_files(struct db_tx *tx, const char *data) {
    enum { SHARE = (FILE_SLICES + 23) / 24 };
    int64_t hour = db_now(tx) / HOUR_MS % 24;
    return file_sweep(tx, data, (int)hour * SHARE, SHARE);
}

static int job_trim(struct db_tx *tx, void *arg) {
    const struct chores *c = arg;
    int rc = feed_trim(tx, FEED_KEPT);
    if (rc >= 0)
        rc = delivery_trim(tx);
    if (rc >= 0)
        rc = lockout_trim(tx);
    if (rc >= 0)
        rc = login_trim(tx);
    if (rc >= 0)
        rc = sweep_files(tx, c->data);
    return rc < 0 ? rc : log_head(tx);
}

/* --- what was kept long enough -------------------------------------------- */

/* From where the round stands: it may run a second time. */
static int job_retain(struct db_tx *tx, void *arg) {
    struct chores *c = arg;
    c->next = c->round;
    return retain_slice(tx, &c->in_force, SLICE_MS, &c->next);
}

static void slice(void *arg);

static void sliced(int status, void *arg) {
    struct chores *c = arg;
    if (status < 0)
        log_warn("chores.retain", "not done, tried again in an hour: %s",
                 err_name(status));
    else
        c->round = c->next;
    if (status > 0 && !c->stopped) {
        c->pause = c->env->timer(c->env->self, PAUSE_MS, slice, c);
        return;
    }
    c->busy = false;
    if (status == 0 && c->round.gone > 0)
        log_info("chores.retain", "%lld rows were kept long enough",
                 (long long)c->round.gone);
}

static void slice(void *arg) {
    struct chores *c = arg;
    c->pause = NULL;
    c->in_force = c->ages;
    int rc = db_write(c->db, DB_SYNC, job_retain, sliced, c);
    if (rc < 0)
        sliced(rc, c);
}

/* --- rounds --------------------------------------------------------------- */

static void trimmed(int status, void *arg) {
    struct chores *c = arg;
    if (status < 0)
        log_warn("chores.trim", "not done, tried again in an hour: %s",
                 err_name(status));
    if (c->busy || c->stopped || !c->aged)
        return;
    c->busy = true;
    c->round = (struct retain_round){0};
    slice(c);
}

static void on_hour(void *arg) {
    struct chores *c = arg;
    c->timer = c->env->timer(c->env->self, HOUR_MS, on_hour, c);
    int rc = db_write(c->db, DB_SYNC, job_trim, trimmed, c);
    if (rc < 0)
        trimmed(rc, c);
}

static int job_settle(struct db_tx *tx, void *arg) {
    (void)arg;
    return phase_settle(tx, SLICE_MS);
}

static int job_expire(struct db_tx *tx, void *arg) {
    int rc = hold_expire(tx);
    return rc < 0 ? rc : job_settle(tx, arg);
}

static void settle(void *arg);

/* Of a slice, the first of which came behind the holds. */
static void expired(int status, void *arg) {
    struct chores *c = arg;
    if (status < 0)
        log_warn("chores.minute", "not done, tried again in a minute: %s",
                 err_name(status));
    c->expiring = status > 0 && !c->stopped;
    if (c->expiring)
        c->settle = c->env->timer(c->env->self, PAUSE_MS, settle, c);
}

static void settle(void *arg) {
    struct chores *c = arg;
    c->settle = NULL;
    int rc = db_write(c->db, DB_SYNC, job_settle, expired, c);
    if (rc < 0)
        expired(rc, c);
}

static void on_minute(void *arg) {
    struct chores *c = arg;
    c->minute = c->env->timer(c->env->self, MINUTE_MS, on_minute, c);
    if (c->expiring)
        return;
    c->expiring = true;
    int rc = db_write(c->db, DB_SYNC, job_expire, expired, c);
    if (rc < 0)
        expired(rc, c);
}

struct chores *chores_start(struct db *db, const struct env *env,
                            const char *data) {
    struct chores *c = NEW(struct chores);
    *c = (struct chores){.db = db, .env = env, .data = data};
    c->timer = env->timer(env->self, FIRST_MS, on_hour, c);
    c->minute = env->timer(env->self, MINUTE_MS, on_minute, c);
    return c;
}

void chores_set(struct chores *c, const struct retain_ages *ages) {
    c->ages = *ages;
    c->aged = true;
}

void chores_stop(struct chores *c) {
    c->stopped = true;
    if (c->pause)
        c->env->cancel(c->env->self, c->pause);
    c->pause = NULL;
    c->env->cancel(c->env->self, c->settle);
    c->settle = NULL;
    c->env->cancel(c->env->self, c->timer);
    c->env->cancel(c->env->self, c->minute);
    c->timer = c->minute = NULL;
}

void chores_free(struct chores *c) {
    free(c);
}
