/* Metrics as Prometheus reads them: what is counted anywhere, the process, the
 * database, and each store by a read job. */
#include <dirent.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/env.h"
#include "common/mem.h"
#include "common/metric.h"
#include "common/str.h"
#include "db/db.h"
#include "http/room.h"
#include "model/change.h"
#include "model/hook.h"
#include "model/wake.h"
#include "sync/sync.h"

static const char text_type[] = "text/plain; version=0.0.4; charset=utf-8";

/* What a store's rows say. */
struct numbers {
    int64_t id;
    char name[33];
    int64_t orders, products, customers, woken;
    int64_t changes[CHANGE_STATES];
    int64_t deliveries, last_ms, lag_ms;
    int disabled; /* webhooks */
};

struct scrape {
    struct web_request *r;
    struct numbers *stores;
    size_t n;
};

/* --- the database thread ------------------------------------------------ */

static int read_hooks(struct db_tx *tx, struct numbers *m) {
    CLEANUP(hook_set_done) struct hook_set all = {0};
    int rc = hook_read(tx, m->id, &all);
    for (int i = 0; rc >= 0 && i < HOOK_TOPICS; i++) {
        const struct hook *h = &all.by[i];
        m->deliveries += h->deliveries;
        if (h->last_ms > m->last_ms) {
            m->last_ms = h->last_ms;
            m->lag_ms = h->lag_ms;
        }
        m->disabled += h->status == HOOK_DISABLED;
    }
    return rc;
}

static int read_store(struct db_tx *tx, struct numbers *m) {
    int64_t since;
    int rc = mirror_count(tx, MIRROR_ORDER, m->id, &m->orders);
    if (rc >= 0)
        rc = mirror_count(tx, MIRROR_PRODUCT, m->id, &m->products);
    if (rc >= 0)
        rc = mirror_count(tx, MIRROR_CUSTOMER, m->id, &m->customers);
    if (rc >= 0)
        rc = change_count_of(tx, m->id, m->changes);
    if (rc >= 0)
        rc = wake_count(tx, m->id, &m->woken, &since);
    return rc < 0 ? rc : read_hooks(tx, m);
}

static int job_scrape(struct db_tx *tx, void *arg) {
    struct scrape *s = arg;
    struct store *all = NULL;
    size_t n = 0;
    int rc = store_list(tx, &all, &n);
    s->stores = mem_zalloc(n, sizeof *s->stores);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        struct numbers *m = &s->stores[s->n++];
        m->id = all[i].id;
        (void)str_copy(m->name, sizeof m->name, all[i].name);
        rc = read_store(tx, m);
    }
    store_list_free(all, n);
    return rc;
}

/* --- the page ----------------------------------------------------------- */

static void head(struct buf *out, const char *name, const char *type,
                 const char *help) {
    buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void gauge(struct buf *out, const char *name, const char *help,
                  double v) {
    head(out, name, "gauge", help);
    buf_addf(out, "%s %.15g\n", name, v);
}

static void counter(struct buf *out, const char *name, const char *help,
                    double v) {
    head(out, name, "counter", help);
    buf_addf(out, "%s %.15g\n", name, v);
}

/* A figure of every store, by where it stands in struct numbers. */
static void by_store(struct buf *out, const struct scrape *s, const char *name,
                     const char *type, const char *help, size_t at,
                     double scale) {
    head(out, name, type, help);
    for (size_t i = 0; i < s->n; i++) {
        const int64_t *v =
            (const int64_t *)(const void *)((const char *)&s->stores[i] + at);
        buf_addf(out, "%s{store=\"%s\"} %.15g\n", name, s->stores[i].name,
                 (double)*v / scale);
    }
}

static void write_rows(struct buf *out, const struct scrape *s) {
#define AT(field) offsetof(struct numbers, field)
    by_store(out, s, "fulexo_orders_total", "gauge", "Orders in the mirror",
             AT(orders), 1);
    by_store(out, s, "fulexo_products_total", "gauge",
             "Products and variations in the mirror", AT(products), 1);
    by_store(out, s, "fulexo_customers_total", "gauge",
             "Customers in the mirror", AT(customers), 1);
    by_store(out, s, "fulexo_wake_waiting", "gauge",
             "Objects that are to be read again", AT(woken), 1);
    by_store(out, s, "fulexo_webhook_deliveries_total", "counter",
             "Webhook deliveries that were taken", AT(deliveries), 1);
    by_store(out, s, "fulexo_webhook_last_timestamp_seconds", "gauge",
             "Last webhook delivery", AT(last_ms), 1000);
    by_store(out, s, "fulexo_webhook_lag_seconds", "gauge",
             "How far that was behind the change", AT(lag_ms), 1000);
#undef AT
    head(out, "fulexo_webhook_disabled", "gauge",
         "Webhooks the shop has disabled");
    for (size_t i = 0; i < s->n; i++)
        buf_addf(out, "fulexo_webhook_disabled{store=\"%s\"} %d\n",
                 s->stores[i].name, s->stores[i].disabled);
    head(out, "fulexo_changes", "gauge", "Changes of shops by state");
    for (size_t i = 0; i < s->n; i++)
        for (int k = 0; k < CHANGE_STATES; k++)
            buf_addf(out,
                     "fulexo_changes{store=\"%s\",state=\"%s\"} %" PRId64 "\n",
                     s->stores[i].name, change_state_name((enum change_state)k),
                     s->stores[i].changes[k]);
}

static void write_sync(struct buf *out, const struct web *w,
                       const struct scrape *s) {
    struct sync_status st;
    int64_t now = env_now(w->o.env);
    head(out, "fulexo_sync_lag_seconds", "gauge",
         "Time since the last finished pass over orders; none yet: no line");
    for (size_t i = 0; i < s->n; i++)
        if (sync_get_status(w->o.sync, s->stores[i].id, &st) == 0 &&
            st.fresh_ms > 0)
            buf_addf(out, "fulexo_sync_lag_seconds{store=\"%s\"} %.3f\n",
                     s->stores[i].name, (double)(now - st.fresh_ms) / 1000);
    head(out, "fulexo_sync_errors_total", "counter",
         "Requests to the shop that failed since the start");
    for (size_t i = 0; i < s->n; i++)
        if (sync_get_status(w->o.sync, s->stores[i].id, &st) == 0)
            buf_addf(out,
                     "fulexo_sync_errors_total{store=\"%s\"} %" PRId64 "\n",
                     s->stores[i].name, st.errors);
}

static void write_times(struct buf *out, const struct web_times *t) {
    static const char name[] = "fulexo_webhook_processing_duration_seconds";
    head(out, name, "histogram",
         "From a whole webhook to its answer after the commit");
    for (int i = 0; i < WEB_BUCKETS; i++)
        buf_addf(out, "%s_bucket{le=\"%g\"} %" PRId64 "\n", name,
                 web_bucket_ms[i] / 1000.0, t->within[i]);
    buf_addf(out, "%s_bucket{le=\"+Inf\"} %" PRId64 "\n", name, t->n);
    buf_addf(out, "%s_sum %.6f\n%s_count %" PRId64 "\n", name,
             (double)t->sum_us / 1e6, name, t->n);
}

/* The database counts for itself. */
static void write_db(struct buf *out, const struct web *w) {
    struct db_stats st;
    struct statvfs v;
    db_get_stats(w->o.db, &st);
    for (int i = 0; i < METRIC_COUNT; i++) {
        enum metric m = (enum metric)i;
        int64_t n = m == METRIC_DB_COMMITS ? st.commits
                    : m == METRIC_DB_JOBS  ? st.jobs
                    : m == METRIC_DB_READS ? st.reads
                                           : metric_get(m);
        counter(out, metric_name(m), metric_help(m), (double)n);
    }
    gauge(out, "fulexo_db_bytes", "Size of the database",
          (double)st.file_bytes);
    gauge(out, "fulexo_db_wal_bytes", "Size of its log", (double)st.wal_bytes);
    gauge(out, "fulexo_db_queue", "Jobs that wait for the writer",
          st.waiting_interactive + st.waiting_sync);
    gauge(out, "fulexo_db_readers_busy", "Readers at work", st.readers_busy);
    gauge(out, "fulexo_db_disk_full", "1: nothing can be saved", st.disk_full);
    if (w->o.data && statvfs(w->o.data, &v) == 0)
        gauge(out, "fulexo_disk_free_bytes", "Room where the data is",
              (double)v.f_bavail * (double)v.f_frsize);
}

static int open_fds(void) {
    DIR *d = opendir("/proc/self/fd");
    int n = -3; /* ".", ".." and this one */
    if (!d)
        return 0;
    while (readdir(d))
        n++;
    (void)closedir(d);
    return n;
}

static void write_memory(struct buf *out) {
    unsigned long size = 0, resident = 0;
    double page = (double)sysconf(_SC_PAGESIZE);
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f)
        return;
    if (fscanf(f, "%lu %lu", &size, &resident) == 2) {
        gauge(out, "process_virtual_memory_bytes", "Address space",
              (double)size * page);
        gauge(out, "process_resident_memory_bytes", "Memory in use",
              (double)resident * page);
    }
    (void)fclose(f); /* only read */
}

static double seconds(const struct timeval *t) {
    return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static void write_process(struct buf *out, const struct web *w) {
    struct rusage u;
    struct rlimit fds;
    if (getrusage(RUSAGE_SELF, &u) == 0)
        counter(out, "process_cpu_seconds_total", "Processor time",
                seconds(&u.ru_utime) + seconds(&u.ru_stime));
    write_memory(out);
    gauge(out, "process_open_fds", "Open descriptors", open_fds());
    if (getrlimit(RLIMIT_NOFILE, &fds) == 0)
        gauge(out, "process_max_fds", "Descriptors it may open",
              (double)fds.rlim_cur);
    gauge(out, "process_start_time_seconds", "When it started",
          (double)w->started_ms / 1000);
    head(out, "fulexo_build_info", "gauge", "The version");
    buf_addf(out, "fulexo_build_info{version=\"%s\"} 1\n", FULEXO_VERSION);
}

/* --- serving ------------------------------------------------------------ */

static void on_scraped(int status, void *arg) {
    struct scrape *s = arg;
    struct web_request *r = s->r;
    struct web *w = r->web;
    if (status >= 0) {
        write_process(&r->page, w);
        write_db(&r->page, w);
        write_times(&r->page, &w->times);
        write_rows(&r->page, s);
        if (w->o.sync)
            write_sync(&r->page, w, s);
        request_page(r, 200, text_type);
    } else {
        request_answer(r, ANSWER_BUSY);
    }
    free(s->stores);
    free(s);
    web_job_ended(w);
}

void metrics_serve(struct web_request *r) {
    if (!request_is_trusted(r)) {
        request_answer(r, ANSWER_FORBIDDEN);
        return;
    }
    struct scrape *s = NEW(struct scrape);
    s->r = r;
    if (db_read(r->web->o.db, DB_INTERACTIVE, job_scrape, on_scraped, s) < 0) {
        free(s);
        request_answer(r, ANSWER_BUSY);
        return;
    }
    r->web->n_jobs++;
    request_suspend(r);
}
