/* orders.stats: what was ordered between two days, right at any size.
 *
 * Happy path: the stores the caller sees are listed -> a job reads a day of all
 * of them at a time on a reader, each a snapshot of its own, so that no list
 * waits for a year of orders -> sums are added up on the loop.
 * Failure modes: an error of the database ends the job with it; a sum that is
 * too large for its type stays at the largest; what is ordered while the job
 * runs may or may not be in. */
#include <stdlib.h>
#include <string.h>

#include "common/amounts.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/zone.h"
#include "db/db.h"
#include "model/day.h"
#include "model/store.h"
#include "rpc/call.h"
#include "rpc/job.h"
#include "rpc_handlers.gen.h"

enum { STORES = 1024, STATUSES = 64, DAYS = 3660 };

struct sums {
    int64_t orders;
    struct amounts revenue;
};

struct stats {
    struct rpc *rpc;
    struct rpc_job *job;
    int64_t stores[STORES];
    char names[STORES][33];
    size_t n_stores;
    int64_t first; /* start of the first day */
    int days, day; /* how many; the one being read */
    struct sums all, today;
    struct {
        char status[64];
        int64_t n;
    } statuses[STATUSES];
    size_t n_statuses;
    struct buf rows; /* JSON of the days so far */
};

/* --- adding up --------------------------------------------------------- */

static void add_status(struct stats *s, const char *status) {
    size_t i = 0;
    while (i < s->n_statuses && !str_eq(s->statuses[i].status, status))
        i++;
    if (i == STATUSES)
        return;
    if (i == s->n_statuses) {
        (void)str_copy(s->statuses[i].status, sizeof s->statuses[i].status,
                       status);
        s->n_statuses++;
    }
    s->statuses[i].n++;
}

static void add_order(const struct day_order *o, void *arg) {
    struct stats *s = arg;
    enum status_phase phase = status_phase_of(o->status);
    s->all.orders++;
    s->today.orders++;
    add_status(s, o->status);
    if (phase == PHASE_UNPAID || phase == PHASE_DEAD)
        return;
    amounts_add(&s->all.revenue, o->currency, o->total_e4);
    amounts_add(&s->today.revenue, o->currency, o->total_e4);
}

/* --- writing ----------------------------------------------------------- */

static void write_sums(struct jsonw *w, const struct sums *s) {
    jsonw_ki64(w, "orders", s->orders);
    jsonw_key(w, "revenue");
    amounts_write(&s->revenue, w);
}

static void write_date(struct jsonw *w, const char *key, const struct stats *s,
                       int day) {
    char text[16];
    int year, month, date;
    zone_civil(s->rpc->zone, zone_day_start(s->rpc->zone, s->first, day), &year,
               &month, &date, NULL, NULL);
    (void)str_format(text, sizeof text, "%04d-%02d-%02d", year, month, date);
    jsonw_kstring(w, key, text);
}

/* Days without an order are left out. */
static void end_day(struct stats *s) {
    struct jsonw w;
    if (s->today.orders > 0) {
        if (s->rows.len)
            buf_addc(&s->rows, ',');
        jsonw_init(&w, &s->rows);
        jsonw_begin_object(&w);
        write_date(&w, "day", s, s->day);
        write_sums(&w, &s->today);
        jsonw_end_object(&w);
    }
    s->today = (struct sums){0};
    s->day++;
}

static void write_statuses(struct jsonw *w, const struct stats *s) {
    jsonw_key(w, "statuses");
    jsonw_begin_object(w);
    for (size_t i = 0; i < s->n_statuses; i++)
        jsonw_ki64(w, s->statuses[i].status, s->statuses[i].n);
    jsonw_end_object(w);
}

static void write_result(struct stats *s) {
    struct jsonw w;
    job_result(s->job, &w);
    jsonw_begin_object(&w);
    write_date(&w, "from", s, 0);
    write_date(&w, "to", s, s->days - 1);
    write_sums(&w, &s->all);
    write_statuses(&w, s);
    AUTO_BUF struct buf days = BUF_INIT;
    buf_addf(&days, "[%s]", buf_str(&s->rows));
    jsonw_key(&w, "days");
    jsonw_raw(&w, days.data, days.len);
    jsonw_end_object(&w);
}

/* --- the job ----------------------------------------------------------- */

static void finish(struct stats *s, int status) {
    struct rpc_job *job = s->job;
    if (status == 0)
        write_result(s);
    buf_done(&s->rows);
    free(s);
    job_finish(job, status, NULL);
}

static int day_job(struct db_tx *tx, void *arg) {
    struct stats *s = arg;
    int64_t from = zone_day_start(s->rpc->zone, s->first, s->day);
    int64_t to = zone_day_start(s->rpc->zone, s->first, s->day + 1);
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < s->n_stores; i++)
        rc = day_orders(tx, s->stores[i], from, to, add_order, s);
    return rc;
}

static void next_day(struct stats *s);

static void day_done(int status, void *arg) {
    struct stats *s = arg;
    if (status < 0 || s->job->cancelled) {
        finish(s, status < 0 ? status : ERR_CANCELLED);
        return;
    }
    end_day(s);
    if (s->day == s->days) {
        finish(s, 0);
        return;
    }
    job_progress(s->job, &(struct job_progress){.collection = "orders",
                                                .done = s->day,
                                                .total = s->days,
                                                .eta_s = -1});
    next_day(s);
}

static void next_day(struct stats *s) {
    int rc = db_read(s->rpc->o.db, DB_INTERACTIVE, day_job, day_done, s);
    if (rc < 0)
        day_done(rc, s);
}

/* Seen by the day that is being read. */
static void cancel(struct rpc_job *job) {
    (void)job;
}

/* --- beginning --------------------------------------------------------- */

static int read_date(struct rpc_call *call, const char *field, const char *text,
                     int64_t *ret) {
    int year, month, day, n = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &n) != 3 ||
        text[n] || year < 1990 || year > 9999 || month < 1 || month > 12 ||
        day < 1 || day > 31)
        return call_fail(call, ERR_INVALID_PARAMS, field,
                         "a date is written as 2026-11-23");
    *ret = zone_from_date(call->rpc->zone, year, month, day);
    return 0;
}

/* The last 30 days, unless said. */
static int read_days(struct rpc_call *call, struct stats *s) {
    const struct rpc_orders_stats_params *p = call->params;
    const struct zone *z = call->rpc->zone;
    int64_t now = env_now(call->rpc->o.env);
    int64_t to = zone_day_start(z, now, 0);
    int rc = p->has_to ? read_date(call, "to", p->to, &to) : 0;
    s->first = zone_day_start(z, to, -29);
    if (rc >= 0 && p->has_from)
        rc = read_date(call, "from", p->from, &s->first);
    if (rc < 0)
        return rc;
    while (s->days <= DAYS && zone_day_start(z, s->first, s->days) <= to)
        s->days++;
    if (s->days == 0 || s->days > DAYS)
        return call_fail(call, ERR_INVALID_PARAMS, "from",
                         "from is before to, at most ten years");
    return 0;
}

static int stats_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_stats_params *p = call->params;
    struct stats *s = call->data;
    struct store *stores = NULL;
    size_t n = 0;
    int rc = store_list(tx, &stores, &n);
    for (size_t i = 0; rc >= 0 && i < n && s->n_stores < STORES; i++) {
        if (p->has_store && !str_eq(p->store, stores[i].name))
            continue;
        s->stores[s->n_stores] = stores[i].id;
        (void)str_copy(s->names[s->n_stores++], sizeof s->names[0],
                       stores[i].name);
    }
    store_list_free(stores, n);
    if (rc >= 0 && p->has_store && s->n_stores == 0)
        return call_fail(call, ERR_NOT_FOUND, "store", "there is no store %s",
                         p->store);
    return rc;
}

static int stats_then(struct rpc_call *call) {
    struct stats *s = mem_zalloc(1, sizeof *s);
    const char *names[STORES];
    int rc = 0;
    memcpy(s, call->data, sizeof *s);
    for (size_t i = 0; i < s->n_stores; i++)
        names[i] = s->names[i];
    s->job = job_begin(call, names, s->n_stores, cancel, s, &rc);
    if (!s->job) {
        free(s);
        return rc;
    }
    next_day(s);
    return 0;
}

int method_orders_stats(struct rpc_call *call,
                        const struct rpc_orders_stats_params *p) {
    struct stats *s = arena_alloc(call_arena(call), sizeof *s);
    (void)p;
    *s = (struct stats){.rpc = call->rpc};
    call->data = s;
    int rc = read_days(call, s);
    return rc < 0 ? rc : call_read(call, stats_work, stats_then);
}
