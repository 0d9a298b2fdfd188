/* Two timers, one write job each at a time: on_hour trims tables, on_minute
 * ends holds whose date has come. A failed round is logged and tried with the
 * next: the tables only stay longer than they should, and a hold that is over
 * stops nobody even while it is still shown. */
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
#include "model/hold.h"
#include "model/login.h"
#include "model/proof.h"

enum {
    FIRST_MS = 60 * 1000, /* after the start: not among its first work */
    MINUTE_MS = 60 * 1000,
    HOUR_MS = 60 * MINUTE_MS,
    DAY_MS = 24 * HOUR_MS,
    FEED_KEPT = 100000,
};
static const int64_t requests_kept_ms = 7LL * 24 * 60 * 60 * 1000;

struct chores {
    struct db *db;
    const struct env *env;
    struct env_timer *timer, *minute;
    bool expiring; /* its job is on the way */
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

static int job_trim(struct db_tx *tx, void *arg) {
    (void)arg;
    int rc = feed_trim(tx, FEED_KEPT);
    if (rc >= 0)
        rc = request_trim(tx, db_now(tx) - requests_kept_ms);
    if (rc >= 0)
        rc = delivery_trim(tx);
    if (rc >= 0)
        rc = lockout_trim(tx);
    if (rc >= 0)
        rc = login_trim(tx);
    return rc < 0 ? rc : log_head(tx);
}

static void trimmed(int status, void *arg) {
    (void)arg;
    if (status < 0)
        log_warn("chores.trim", "not done, tried again in an hour: %s",
                 err_name(status));
}

static void on_hour(void *arg) {
    struct chores *c = arg;
    c->timer = c->env->timer(c->env->self, HOUR_MS, on_hour, c);
    int rc = db_write(c->db, DB_SYNC, job_trim, trimmed, c);
    if (rc < 0)
        trimmed(rc, c);
}

static int job_expire(struct db_tx *tx, void *arg) {
    (void)arg;
    return hold_expire(tx);
}

static void expired(int status, void *arg) {
    struct chores *c = arg;
    c->expiring = false;
    if (status < 0)
        log_warn("chores.holds", "not done, tried again in a minute: %s",
                 err_name(status));
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

struct chores *chores_start(struct db *db, const struct env *env) {
    struct chores *c = NEW(struct chores);
    *c = (struct chores){.db = db, .env = env};
    c->timer = env->timer(env->self, FIRST_MS, on_hour, c);
    c->minute = env->timer(env->self, MINUTE_MS, on_minute, c);
    return c;
}

void chores_stop(struct chores *c) {
    c->env->cancel(c->env->self, c->timer);
    c->env->cancel(c->env->self, c->minute);
    c->timer = c->minute = NULL;
}

void chores_free(struct chores *c) {
    free(c);
}
