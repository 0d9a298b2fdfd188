/* What the daemon tells: to the views, to the stores' freshness in the frame,
 * to the job in the message line, and summed up into a sentence. */
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/app_core.h"
#include "tui/progress.h"
#include "tui/views.h"

enum { MESSAGE_MS = 300, STORES_MS = 500, SAID_MS = 5000 };

/* Hidden root screens hear of it, too: they are right when shown again. */
static void tell_views(struct app *a, const struct view_event *e) {
    for (int i = 0; i < VIEW_COUNT; i++) {
        if (a->roots[i] && a->roots[i]->ops->event) {
            a->roots[i]->ops->event(a->roots[i], e);
        }
    }
    for (int i = 1; i < a->depth; i++) {
        if (a->stack[i]->ops->event) {
            a->stack[i]->ops->event(a->stack[i], e);
        }
    }
}

/* A store came or went: connected, removed, given to another company or to
 * this person. No event names the rows that came and went with it: all is
 * read again. */
static void stores_came_or_went(struct app *a, const char *before) {
    AUTO_FREE char *now = app_store_names(a);
    if (a->stores_known && !str_eq(before, now)) {
        struct view_event all = {.topic = "system", .store = "", .ref = ""};
        tell_views(a, &all);
    }
    a->stores_known = true;
}

bool app_without_stores(const struct app *a) {
    return a->stores_known && a->n_stores == 0;
}

const char *app_no_store_text(struct app *a) {
    const char *role = link_session(a->link)->role;
    bool admin = str_empty(role) || str_eq(role, "admin");
    return admin ? T(UI_CONNECT_STORE) : T(UI_WITHOUT_STORE);
}

static void on_stores(void *arg, const struct link_reply *r) {
    struct app *a = arg;
    if (!r->result) {
        return; /* the frame keeps what it knew */
    }
    AUTO_FREE char *before = app_store_names(a);
    a->n_stores = 0;
    const struct json *i = json_first(json_get(r->result, "items"));
    for (; i && a->n_stores < APP_STORES; i = json_next(i)) {
        struct store_row *s = &a->stores[a->n_stores];
        memset(s, 0, sizeof *s);
        if (store_row_read(i, s) == 0) {
            a->n_stores++;
        }
    }
    stores_came_or_went(a, before);
    a->dirty = true;
}

/* Asked again at most twice a second, however many events come. */
static void stores_due(void *arg) {
    struct app *a = arg;
    /* Refused only when 256 questions wait already: an event comes again. */
    (void)link_ask(a->link, "stores.list", "{\"limit\":128}", on_stores, a);
}

void app_stores_read(struct app *a) {
    stores_due(a);
}

/* Who waits for a job looks at its bar: its end says what changed. And an
 * answer to one's own key stands a while. */
static bool is_taken(const struct app *a) {
    return a->job.label ||
           (a->message[0] && a->said_ms && loop_mono() - a->said_ms < SAID_MS);
}

/* "2 orders changed at alpine" */
static void message_due(void *arg) {
    struct app *a = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32];
    (void)str_format(n, sizeof n, "%lld", (long long)a->changed);
    const char *store = a->changed_store[0] ? a->changed_store : T(UI_SEVERAL);
    if (str_eq(a->changed_topic, "order")) {
        TF(&b, EVENT_ORDERS, "n", n, "store", store);
    } else if (str_eq(a->changed_topic, "product")) {
        TF(&b, EVENT_PRODUCTS, "n", n, "store", store);
    } else {
        TF(&b, EVENT_CUSTOMERS, "n", n, "store", store);
    }
    a->changed = 0;
    if (!is_taken(a)) {
        app_say(a, ROLE_NORMAL, "%s", buf_str(&b));
        a->said_ms = 0;
    }
}

/* Events of one burst become one sentence; several stores lose their names. */
static void count_change(struct app *a, const struct view_event *e) {
    if (a->changed && !str_eq(a->changed_topic, e->topic)) {
        loop_timer_cancel(a->loop, message_due, a);
        message_due(a);
    }
    if (!a->changed) {
        (void)str_copy(a->changed_topic, sizeof a->changed_topic, e->topic);
        (void)str_copy(a->changed_store, sizeof a->changed_store, e->store);
    } else if (!str_eq(a->changed_store, e->store)) {
        a->changed_store[0] = '\0';
    }
    /* one row that changes again and again is one row */
    if (!a->changed || str_empty(e->ref) || !str_eq(a->changed_ref, e->ref)) {
        a->changed += model_int(e->data, "count", 1);
    }
    (void)str_copy(a->changed_ref, sizeof a->changed_ref, e->ref);
    if (!loop_timer_pending(a->loop, message_due, a)) {
        loop_timer(a->loop, MESSAGE_MS, message_due, a);
    }
}

static bool is_row(const char *topic) {
    return str_eq(topic, "order") || str_eq(topic, "product") ||
           str_eq(topic, "customer");
}

/* Each scan of the warehouse would be. */
static bool is_news(const struct view_event *e) {
    const char *part = model_str(e->data, "part");
    return !str_eq(part, "work") && !str_eq(part, "step");
}

void app_on_event(void *arg, const struct json *params) {
    struct app *a = arg;
    struct view_event e = {.topic = model_str(params, "topic"),
                           .store = model_str(params, "store"),
                           .ref = model_str(params, "ref"),
                           .data = json_get(params, "data")};
    if (str_eq(e.topic, "job")) {
        app_job_event(a, e.data);
    } else if (str_eq(e.topic, "change")) {
        app_change_event(a, e.data);
    } else if (is_row(e.topic)) {
        if (!app_change_ours(a, e.ref) && is_news(&e)) {
            count_change(a, &e);
        }
    } else if (!loop_timer_pending(a->loop, stores_due, a)) {
        loop_timer(a->loop, STORES_MS, stores_due, a);
    }
    if (str_eq(e.topic, "system")) {
        app_changes_read(a);
    }
    tell_views(a, &e);
}

static void job_forget(struct app *a) {
    free(a->job.label);
    a->job = (struct app_job){.label = NULL};
}

/* The end of a job replaces its bar by a sentence. */
static void job_said(struct app *a, const struct json *data) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *state = model_str(data, "state");
    int role = ROLE_GOOD;
    if (str_eq(state, "done")) {
        TF(&b, UI_JOB_DONE, "what", a->job.label);
    } else if (str_eq(state, "cancelled")) {
        role = ROLE_WARN;
        TF(&b, UI_JOB_CANCELLED, "what", a->job.label);
    } else {
        role = ROLE_BAD;
        TF(&b, UI_JOB_FAILED, "what", a->job.label, "why",
           model_str(data, "error.message"));
        buf_addf(&b, " %s", model_str(data, "error.hint"));
    }
    job_forget(a);
    app_say(a, role, "%s", buf_str(&b));
}

/* What a sync or verify brought, over its stores. */
struct outcome {
    const char *store; /* of the last one */
    int64_t stores, rows, differences, changed;
    bool verify;
};

static void add_outcome(struct outcome *o, const struct json *s) {
    const struct json *c = json_first(json_get(s, "collections"));
    o->store = model_str(s, "store");
    o->stores++;
    for (; c; c = json_next(c)) {
        o->changed += model_int(c, "new", 0) + model_int(c, "changed", 0) +
                      model_int(c, "gone", 0);
    }
    o->verify = o->verify || json_get(s, "rows") != NULL;
    o->differences += model_int(s, "differences", 0);
    for (c = json_first(json_get(s, "rows")); c; c = json_next(c)) {
        int64_t k = 0;
        (void)json_i64(c, false, &k);
        o->rows += k;
    }
}

/* One store by its name, several by their number: a line has no more room. */
static void outcome_text(const struct outcome *o, struct buf *out) {
    char n[32], rows[32];
    AUTO_BUF struct buf who = BUF_INIT;
    if (o->stores == 1) {
        buf_adds(&who, o->store);
    } else {
        TF(&who, COUNTS_STORES, "n", progress_count(n, o->stores));
    }
    const char *store = buf_str(&who);
    (void)progress_count(rows, o->rows);
    if (!o->verify) {
        TF(out, STORE_SYNCED, "store", store, "n",
           progress_count(n, o->changed));
    } else if (o->differences == 0) {
        TF(out, STORE_VERIFIED_CLEAN, "store", store, "rows", rows);
    } else {
        TF(out, STORE_VERIFIED_DIFF, "store", store, "rows", rows, "n",
           progress_count(n, o->differences));
    }
}

/* The trail holds: how long it is. */
static void trail_said(struct app *a, const struct json *result) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[32];
    TF(&b, AUDIT_SOUND, "n", progress_count(n, model_int(result, "rows", 0)));
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

/* Only sync and verify bring more to say than that they are done. */
static void on_result(void *arg, const struct link_reply *r) {
    struct app *a = arg;
    struct outcome o = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *s =
        r->result ? json_first(json_path(r->result, "result.stores")) : NULL;
    for (; s; s = json_next(s)) {
        add_outcome(&o, s);
    }
    if (r->result && json_path(r->result, "result.head")) {
        trail_said(a, json_get(r->result, "result"));
    }
    if (o.stores > 0) {
        outcome_text(&o, &b);
        app_say(a, o.differences ? ROLE_BAD : ROLE_GOOD, "%s", buf_str(&b));
    }
}

/* Sum over the stores it works on. */
static void job_progress(struct app *a, const struct json *data) {
    struct app_job *j = &a->job;
    j->done = 0;
    j->total = j->rate = j->eta_s = -1;
    const struct json *i = json_first(json_get(data, "progress"));
    for (; i; i = json_next(i)) {
        struct progress_row r;
        progress_row_read(json_get(i, "progress"), &r);
        j->done += r.done;
        j->total =
            r.total < 0 ? j->total : (j->total < 0 ? 0 : j->total) + r.total;
        j->rate = r.rate < 0 ? j->rate : (j->rate < 0 ? 0 : j->rate) + r.rate;
        j->eta_s = r.eta_s > j->eta_s ? r.eta_s : j->eta_s;
    }
}

void app_job_event(struct app *a, const struct json *data) {
    const char *state = model_str(data, "state");
    if (!a->job.id[0] || !str_eq(model_str(data, "id"), a->job.id)) {
        return;
    }
    if (str_eq(state, "running") || str_eq(state, "queued")) {
        job_progress(a, data);
    } else {
        AUTO_BUF struct buf params = BUF_INIT;
        view_param(&params, "id", a->job.id);
        job_said(a, data);
        if (str_eq(state, "done")) {
            /* Without an answer the plain "done" stands. */
            (void)link_ask(a->link, "jobs.get", buf_str(&params), on_result, a);
        }
    }
    a->dirty = true;
}

/* The job may have ended before its id was known here. */
static void on_job(void *arg, const struct link_reply *r) {
    struct app *a = arg;
    if (r->result) {
        app_job_event(a, r->result);
    } else {
        job_forget(a);
    }
}

/* The job may be over before its id arrives: ask once, then listen. */
static void on_begun(void *arg, const struct link_reply *r) {
    struct app *a = arg;
    char params[64];
    if (!r->result) {
        job_forget(a);
        app_say_error(a, r);
        return;
    }
    model_text(a->job.id, sizeof a->job.id, r->result, "job");
    (void)str_format(params, sizeof params, "{\"id\":\"%s\"}", a->job.id);
    (void)link_ask(a->link, "jobs.get", params, on_job, a);
}

void app_job(struct app *a, const char *method, const char *params, bool write,
             const char *label) {
    REQUIRE(label != NULL);
    job_forget(a);
    a->job = (struct app_job){
        .label = mem_dup(label), .total = -1, .rate = -1, .eta_s = -1};
    a->message[0] = '\0';
    int err = write ? link_write(a->link, method, params, on_begun, a)
                    : link_ask(a->link, method, params, on_begun, a);
    if (err < 0) {
        job_forget(a);
        app_say(a, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
    a->dirty = true;
}
