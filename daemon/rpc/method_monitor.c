/* monitor.get and health.get: what the daemon does, and whether all is well. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/metric.h"
#include "common/said.h"
#include "common/str.h"
#include "common/text.h"
#include "common/when.h"
#include "db/db.h"
#include "db/sql.h"
#include "model/change.h"
#include "model/ledger_list.h"
#include "ops/backup.h"
#include "rpc/call.h"
#include "rpc/retention.h"
#include "rpc/store_view.h"
#include "rpc_handlers.gen.h"

enum {
    QUEUE_WARN = 1000,
    DISK_WARN_MB = 1024,
    DISK_FAIL_MB = 64,
    DAEMON_CHECKS = 7, /* those that are no store's */
};

struct stores {
    struct store *s;
    size_t n;
};

static int read_stores(struct rpc_call *call, struct db_tx *tx) {
    struct stores *l = arena_alloc(call_arena(call), sizeof *l);
    *l = (struct stores){0};
    call->data = l;
    return store_list(tx, &l->s, &l->n);
}

/* Bytes left for us where the data is; -1 unknown. */
static int64_t free_bytes(const struct rpc *r) {
    struct statvfs v;
    if (!r->o.data || statvfs(r->o.data, &v) < 0)
        return -1;
    return (int64_t)v.f_bavail * (int64_t)v.f_frsize;
}

/* Resident memory, from the second number of statm (pages). */
static int64_t resident(void) {
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f)
        return 0;
    if (fscanf(f, "%*s %ld", &pages) != 1)
        pages = 0;
    (void)fclose(f); /* only read */
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static int64_t cpu_ms(void) {
    struct rusage u;
    if (getrusage(RUSAGE_SELF, &u) < 0)
        return 0;
    return (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
           (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

/* --- monitor ----------------------------------------------------------- */

static void write_db(struct jsonw *w, const struct rpc *r) {
    struct db_stats st;
    int64_t left = free_bytes(r);
    db_get_stats(r->o.db, &st);
    jsonw_key(w, "db");
    jsonw_begin_object(w);
    jsonw_ki64(w, "bytes", st.file_bytes);
    jsonw_ki64(w, "wal_bytes", st.wal_bytes);
    jsonw_ki64(w, "free_bytes", left < 0 ? 0 : left);
    jsonw_ki64(w, "queue", st.waiting_interactive + st.waiting_sync);
    jsonw_ki64(w, "readers_busy", st.readers_busy);
    jsonw_end_object(w);
}

static void write_last_error(struct jsonw *w, const struct sync_status *st) {
    AUTO_BUF struct buf text = BUF_INIT;
    if (st->last_error[0])
        buf_addf(&text, "%s: %s", st->last_error, st->last_error_text);
    jsonw_kmaybe(w, "last_error", buf_str(&text));
}

static void write_store(struct jsonw *w, const struct rpc *r,
                        const struct store *s) {
    struct sync_status st = store_status_of(r, s->id);
    jsonw_begin_object(w);
    jsonw_kstring(w, "name", s->name);
    jsonw_kstring(w, "state", store_state(s, &st));
    jsonw_ki64(w, "queue", st.queue);
    jsonw_ki64(w, "in_flight", st.in_flight);
    jsonw_ki64(w, "limit", st.concurrency);
    jsonw_ki64(w, "rate", (st.requests_per_min_milli + 500) / 1000);
    jsonw_key(w, "latency_ms");
    if (st.latency_us > 0)
        jsonw_i64(w, (st.latency_us + 500) / 1000);
    else
        jsonw_null(w);
    jsonw_ki64(w, "errors", st.errors);
    write_last_error(w, &st);
    jsonw_ktime(w, "fresh", st.fresh_ms);
    jsonw_ktime(w, "next_run", s->paused ? 0 : st.next_run_ms);
    jsonw_ki64(w, "used", st.used);
    jsonw_ki64(w, "per_hour", st.per_hour);
    jsonw_end_object(w);
}

/* The database counts for itself, others by metric_add. */
static int64_t counter(const struct db_stats *st, enum metric m) {
    switch (m) {
    case METRIC_DB_COMMITS:
        return st->commits;
    case METRIC_DB_JOBS:
        return st->jobs;
    case METRIC_DB_READS:
        return st->reads;
    default:
        return metric_get(m);
    }
}

static int monitor_then(struct rpc_call *call) {
    const struct rpc *r = call->rpc;
    struct stores *l = call->data;
    struct db_stats st;
    db_get_stats(r->o.db, &st);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "version", FULEXO_VERSION);
    jsonw_ki64(w, "uptime_s", (env_mono(r->o.env) - r->started_ms) / 1000);
    jsonw_ki64(w, "rss", resident());
    jsonw_ki64(w, "cpu_ms", cpu_ms());
    jsonw_ki64(w, "clients", r->n_conns);
    write_db(w, r);
    jsonw_key(w, "stores");
    jsonw_begin_array(w);
    for (size_t i = 0; i < l->n; i++)
        write_store(w, r, &l->s[i]);
    jsonw_end_array(w);
    jsonw_key(w, "counters");
    jsonw_begin_object(w);
    for (int m = 0; m < METRIC_COUNT; m++)
        jsonw_ki64(w, metric_name((enum metric)m),
                   counter(&st, (enum metric)m));
    jsonw_end_object(w);
    jsonw_end_object(w);
    store_list_free(l->s, l->n);
    return 0;
}

int method_monitor_get(struct rpc_call *call,
                       const struct rpc_monitor_get_params *p) {
    (void)p;
    return call_read(call, read_stores, monitor_then);
}

/* --- health ------------------------------------------------------------ */

enum level { LEVEL_OK, LEVEL_WARN, LEVEL_FAILED };
static const char *const level_names[] = {"ok", "warn", "failed"};

struct check {
    char name[48];
    enum level level;
    struct buf detail;
    const char *cure;
};

struct checks {
    struct check *c;
    size_t n;
};

static struct check *add(struct checks *all, enum level level,
                         const char *prefix, const char *name) {
    struct check *c = &all->c[all->n++];
    *c = (struct check){.level = level};
    (void)str_format(c->name, sizeof c->name, "%s%s", prefix, name);
    return c;
}

static void add_size(struct buf *b, int64_t bytes) {
    if (bytes >= 10LL << 30)
        buf_addf(b, "%lld GB", (long long)(bytes >> 30));
    else
        buf_addf(b, "%lld MB", (long long)(bytes >> 20));
}

static enum level disk_level(const struct db_stats *st, int64_t left) {
    if (st->disk_full || (left >= 0 && left >> 20 < DISK_FAIL_MB))
        return LEVEL_FAILED;
    return left >= 0 && left >> 20 < DISK_WARN_MB ? LEVEL_WARN : LEVEL_OK;
}

static void check_db(struct checks *all, const struct rpc *r,
                     enum text_lang lang, const struct db_stats *st) {
    AUTO_BUF struct buf size = BUF_INIT, left = BUF_INIT;
    int64_t bytes = free_bytes(r);
    enum level level = disk_level(st, bytes);
    struct check *c = add(all, level, "", "database");
    add_size(&size, st->file_bytes + st->wal_bytes);
    add_size(&left, bytes < 0 ? 0 : bytes);
    if (st->disk_full)
        text_format(&c->detail, lang, TEXT_HEALTH_DISK_FULL, NULL);
    else
        text_format(&c->detail, lang, TEXT_HEALTH_DATABASE, "size",
                    buf_str(&size), "free", buf_str(&left), NULL);
    c->cure = level == LEVEL_OK ? NULL : text_cure(lang, ERR_DISK_FULL);
}

static void check_writer(struct checks *all, enum text_lang lang,
                         const struct db_stats *st) {
    char n[16];
    int waiting = st->waiting_interactive + st->waiting_sync;
    enum level level = waiting > QUEUE_WARN ? LEVEL_WARN : LEVEL_OK;
    struct check *c = add(all, level, "", "writer");
    (void)str_format(n, sizeof n, "%d", waiting);
    text_format(&c->detail, lang, TEXT_HEALTH_WRITER, "n", n, NULL);
    c->cure = level == LEVEL_OK ? NULL : text_cure(lang, ERR_BUSY);
}

static void check_listener(struct checks *all, const struct rpc *r,
                           enum text_lang lang) {
    struct check *c = add(all, LEVEL_OK, "", "http");
    if (r->listen)
        text_format(&c->detail, lang, TEXT_HEALTH_HTTP, "address", r->listen,
                    NULL);
    else
        buf_adds(&c->detail, text_get(lang, TEXT_HEALTH_NO_HTTP));
}

static void check_held(struct checks *all, enum text_lang lang) {
    struct check *c = add(all, LEVEL_WARN, "", "held");
    buf_adds(&c->detail, text_get(lang, TEXT_HEALTH_HELD));
    c->cure = text_get(lang, TEXT_HEALTH_CURE_HELD);
}

static void check_drift(struct checks *all, enum text_lang lang,
                        int64_t drift) {
    struct check *c = add(all, LEVEL_WARN, "", "stock");
    char n[24];
    (void)str_format(n, sizeof n, "%lld", (long long)drift);
    text_format(&c->detail, lang, TEXT_HEALTH_DRIFT, "n", n, NULL);
    c->cure = text_get(lang, TEXT_HEALTH_CURE_DRIFT);
}

/* Without a clock nothing is due: then it is only told. */
static void check_backup(struct checks *all, const struct rpc *r,
                         enum text_lang lang) {
    struct backup_status st;
    char age[WHEN_TEXT], every[WHEN_TEXT];
    backup_get_status(r->backup, &st);
    int64_t since = st.last_ms ? st.last_ms : st.since_ms;
    struct check *c = add(
        all, st.late || st.failed.code ? LEVEL_WARN : LEVEL_OK, "", "backup");
    (void)when_age(age, env_now(r->o.env) - since);
    if (st.late)
        text_format(&c->detail, lang, TEXT_HEALTH_BACKUP_LATE, "age", age,
                    "every", when_span(every, st.every_s * 1000), NULL);
    else if (st.last_ms)
        text_format(&c->detail, lang, TEXT_HEALTH_BACKUP_OK, "age", age, "name",
                    st.last, NULL);
    else
        buf_adds(&c->detail, text_get(lang, TEXT_HEALTH_BACKUP_NONE));
    if (st.failed.code) {
        buf_addc(&c->detail, ' ');
        text_format(&c->detail, lang, TEXT_HEALTH_BACKUP_FAILED, "reason",
                    st.failed.detail, NULL);
    }
    c->cure =
        c->level == LEVEL_OK ? NULL : text_get(lang, TEXT_HEALTH_CURE_BACKUP);
}

static void check_retention(struct checks *all, const struct rpc *r,
                            enum text_lang lang, const struct rpc_health *h) {
    struct check *c = add(all, LEVEL_OK, "", "retention");
    if (retention_text(&r->ages, lang, env_now(r->o.env), h->oldest,
                       &c->detail))
        return;
    c->level = LEVEL_WARN;
    c->cure = text_get(lang, TEXT_HEALTH_CURE_RETENTION);
}

/* The word of the catalogue for a store's state. */
static const char *state_text(enum text_lang lang, const char *state) {
    char name[32];
    (void)str_format(name, sizeof name, "state.%s", state);
    int id = text_find(name);
    return id < 0 ? state : text_get(lang, (enum text_id)id);
}

static void check_store(struct checks *all, const struct rpc *r,
                        enum text_lang lang, const struct store *s) {
    struct sync_status st = store_status_of(r, s->id);
    const char *state = store_state(s, &st);
    int code = s->reason[0] ? err_from_name(s->reason) : 0;
    bool bad = str_eq(state, "blocked");
    struct check *c = add(all,
                          bad                         ? LEVEL_FAILED
                          : str_eq(state, "degraded") ? LEVEL_WARN
                                                      : LEVEL_OK,
                          "store:", s->name);
    if (c->level == LEVEL_OK) {
        int64_t fresh = env_now(r->o.env) - st.fresh_ms;
        char age[WHEN_TEXT];
        if (st.fresh_ms)
            text_format(&c->detail, lang, TEXT_HEALTH_STORE_OK, "age",
                        when_age(age, fresh), NULL);
        else
            buf_adds(&c->detail, state_text(lang, state));
        return;
    }
    text_format(&c->detail, lang, TEXT_HEALTH_STORE_BAD, "state",
                state_text(lang, state), "reason",
                code ? text_error(lang, code) : "", NULL);
    said_behind(&c->detail, lang, s->reason_text);
    c->cure = code ? text_cure(lang, code) : NULL;
}

static enum level worst_of(const struct checks *all) {
    enum level worst = LEVEL_OK;
    for (size_t i = 0; i < all->n; i++)
        worst = all->c[i].level > worst ? all->c[i].level : worst;
    return worst;
}

static void write_checks(struct jsonw *w, const struct checks *all) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "state", level_names[worst_of(all)]);
    jsonw_key(w, "checks");
    jsonw_begin_array(w);
    for (int level = LEVEL_FAILED; level >= LEVEL_OK; level--) {
        for (size_t i = 0; i < all->n; i++) {
            const struct check *c = &all->c[i];
            if ((int)c->level != level)
                continue;
            jsonw_begin_object(w);
            jsonw_kstring(w, "name", c->name);
            jsonw_kstring(w, "state", level_names[level]);
            jsonw_kstring(w, "detail", buf_str(&c->detail));
            jsonw_kstring(w, "cure", c->cure);
            jsonw_end_object(w);
        }
    }
    jsonw_end_array(w);
    jsonw_end_object(w);
}

void rpc_health_write(const struct rpc *r, struct jsonw *w, enum text_lang lang,
                      const struct rpc_health *h) {
    AUTO_FREE struct check *c = mem_zalloc(h->n + DAEMON_CHECKS, sizeof *c);
    struct checks all = {.c = c};
    struct db_stats st;
    db_get_stats(r->o.db, &st);
    check_db(&all, r, lang, &st);
    check_writer(&all, lang, &st);
    check_listener(&all, r, lang);
    if (h->held)
        check_held(&all, lang);
    if (h->drift)
        check_drift(&all, lang, h->drift);
    if (r->backup)
        check_backup(&all, r, lang);
    if (h->whole && r->ages.ms[0])
        check_retention(&all, r, lang, h);
    for (size_t i = 0; i < h->n; i++)
        check_store(&all, r, lang, &h->stores[i]);
    write_checks(w, &all);
    for (size_t i = 0; i < all.n; i++)
        buf_done(&all.c[i].detail);
}

int rpc_health_read(struct db_tx *tx, struct rpc_health *ret) {
    struct rpc_health h = {0};
    int rc = change_held(tx);
    h.held = rc > 0;
    h.whole = db_get_scope(tx)->all;
    if (rc >= 0 && h.whole)
        rc = retain_oldest(tx, h.oldest);
    if (rc >= 0)
        rc = store_list(tx, &h.stores, &h.n);
    if (rc >= 0)
        rc = drift_count(tx, h.stores, h.n, &h.drift);
    if (rc < 0)
        store_list_free(h.stores, h.n);
    else
        *ret = h;
    return rc;
}

static int health_work(struct rpc_call *call, struct db_tx *tx) {
    struct rpc_health *h = arena_alloc(call_arena(call), sizeof *h);
    call->data = h;
    return rpc_health_read(tx, h);
}

static int health_then(struct rpc_call *call) {
    struct rpc_health *h = call->data;
    rpc_health_write(call->rpc, call_result(call), call->lang, h);
    store_list_free(h->stores, h->n);
    return 0;
}

int method_health_get(struct rpc_call *call,
                      const struct rpc_health_get_params *p) {
    (void)p;
    return call_read(call, health_work, health_then);
}
