/* A CSV of products or of stock: chosen, sent, looked at, applied.
 *
 * Happy path: F10 sends the file in pieces and has it looked at; what would
 * become of it stands below, and a second F10 applies that; what is typed over
 * meanwhile begins anew.
 * Failure modes: rows are at fault (each with its line; nothing is applied),
 * the file cannot be read or is refused (its sentence), the daemon goes away
 * (the link asks again, the file goes on where it stopped); Esc ends what is on
 * its way, and only then leaves. */
#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/form.h"
#include "tui/key.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/progress.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/transfer.h"
#include "tui/views.h"

enum { FIELD_STORE, FIELD_PATH, FIELD_REASON, FIELDS };

struct import {
    struct view base;
    const char *method; /* static */
    char *stores;       /* "a|b", owned */
    struct form_field fields[FIELDS];
    struct form form;
    struct transfer *sending;
    char file[24]; /* "" none yet */
    char job[40];  /* "" while none runs */
    bool good;     /* it was looked at and can be applied */
    struct textview lines;
    int width;
    char status[400];
    int status_role;
};

static void say(struct import *m, int role, const char *text) {
    (void)str_copy(m->status, sizeof m->status, text);
    m->status_role = role;
    app_dirty(m->base.app);
}

/* --- what became of it ---------------------------------------------------- */

static void fault_lines(struct import *m, const struct json *result) {
    const struct json *f = json_first(json_get(result, "list"));
    for (; f; f = json_next(f)) {
        char line[24];
        (void)str_format(line, sizeof line, "%lld",
                         (long long)model_int(f, "line", 0));
        textview_add(&m->lines, ROLE_BAD, line, "%s", model_str(f, "text"));
    }
}

static void show_sum(struct import *m, const struct json *result) {
    static const char *const names[] = {"rows", "changes", "created", "same",
                                        "faults"};
    AUTO_BUF struct buf b = BUF_INIT;
    char n[5][32];
    for (int i = 0; i < 5; i++)
        (void)progress_count(n[i], model_int(result, names[i], 0));
    TF(&b, IMPORT_SUM, "rows", n[0], "changes", n[1], "created", n[2], "same",
       n[3], "faults", n[4]);
    textview_clear(&m->lines);
    textview_add(&m->lines, ROLE_KEY, NULL, "%s", buf_str(&b));
    fault_lines(m, result);
}

static void applied(struct import *m, const struct json *result) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *id = model_str(result, "proposal");
    if (str_eq(model_str(result, "state"), "approved"))
        TF(&b, IMPORT_APPLIED, "id", id);
    else
        TF(&b, IMPORT_PENDING, "id", id);
    app_say(m->base.app, ROLE_GOOD, "%s", buf_str(&b));
    app_leave(m->base.app, &m->base);
}

static void finished(struct import *m, const struct json *job) {
    const struct json *result = json_get(job, "result");
    m->job[0] = '\0';
    if (!str_eq(model_str(job, "state"), "done")) {
        AUTO_FREE char *why =
            mem_printf("%s %s", model_str(job, "error.message"),
                       model_str(job, "error.hint"));
        bool stopped = str_eq(model_str(job, "state"), "cancelled");
        say(m, ROLE_BAD, stopped ? T(IMPORT_CANCELLED) : why);
        return;
    }
    show_sum(m, result);
    if (json_string(json_get(result, "proposal"))) {
        applied(m, result);
        return;
    }
    bool bad = model_int(result, "faults", 0) > 0;
    m->good = !bad && model_int(result, "changes", 0) > 0;
    say(m, bad ? ROLE_BAD : ROLE_NORMAL,
        bad       ? T(IMPORT_CORRECT)
        : m->good ? T(IMPORT_APPLY)
                  : T(IMPORT_NOTHING));
}

static bool is_over(const struct json *job) {
    const char *state = model_str(job, "state");
    return !str_eq(state, "running") && !str_eq(state, "queued");
}

static void job_came(struct import *m, const struct json *job) {
    const struct json *p = json_first(json_get(job, "progress"));
    AUTO_BUF struct buf b = BUF_INIT;
    struct progress_row row;
    if (!m->job[0] || !str_eq(model_str(job, "id"), m->job))
        return;
    if (is_over(job)) {
        finished(m, job);
        return;
    }
    if (!p)
        return;
    progress_row_read(json_get(p, "progress"), &row);
    progress_bar(&b, &row, m->width);
    say(m, ROLE_NORMAL, buf_str(&b));
}

static void on_job(void *arg, const struct link_reply *r) {
    if (r->result)
        job_came(arg, r->result);
}

static void ask_job(struct import *m) {
    AUTO_BUF struct buf b = BUF_INIT;
    view_param(&b, "id", m->job);
    (void)link_ask(app_link(m->base.app), "jobs.get", buf_str(&b), on_job, m);
}

static void refused(struct import *m, const struct link_reply *r) {
    AUTO_FREE char *why =
        mem_printf("%s %s", r->message, r->hint ? r->hint : "");
    say(m, ROLE_BAD, why);
    if (r->field)
        form_blame(&m->form, r->field);
}

static void on_begun(void *arg, const struct link_reply *r) {
    struct import *m = arg;
    if (!r->result) {
        m->file[0] = '\0';
        refused(m, r);
        return;
    }
    model_text(m->job, sizeof m->job, r->result, "job");
    ask_job(m); /* it may have ended before its id was known here */
}

/* --- on its way ----------------------------------------------------------- */

static void begin(struct import *m, bool apply) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    const char *reason = form_get(&m->form, FIELD_REASON);
    m->good = false;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "store", form_get(&m->form, FIELD_STORE));
    jsonw_kstring(&w, "file", m->file);
    jsonw_kbool(&w, "apply", apply);
    if (*reason)
        jsonw_kstring(&w, "reason", reason);
    jsonw_end_object(&w);
    int err =
        link_write(app_link(m->base.app), m->method, buf_str(&b), on_begun, m);
    say(m, err < 0 ? ROLE_BAD : ROLE_NORMAL,
        err < 0 ? text_error(tr_lang, err) : T(IMPORT_LOOKING));
}

static void on_far(void *arg, const char *sentence) {
    say(arg, ROLE_NORMAL, sentence);
}

static void on_sent(void *arg, const char *file, const char *why) {
    struct import *m = arg;
    m->sending = NULL;
    if (file) {
        (void)str_copy(m->file, sizeof m->file, file);
        begin(m, false);
    } else {
        say(m, ROLE_BAD, why);
    }
}

static void send_file(struct import *m) {
    const struct transfer_to to = {m, on_far, on_sent};
    const char *path = form_get(&m->form, FIELD_PATH);
    enum text_id why;
    AUTO_BUF struct buf b = BUF_INIT;
    if (transfer_put(m->base.app, path, &to, &m->sending, &why) < 0) {
        text_format(&b, tr_lang, why, "path", path, NULL);
        m->form.at = m->form.bad = FIELD_PATH;
        say(m, ROLE_BAD, buf_str(&b));
    }
}

static void submit(struct import *m) {
    if (m->job[0] || m->sending)
        return;
    m->form.bad = -1;
    if (!*form_get(&m->form, FIELD_PATH)) {
        m->form.at = m->form.bad = FIELD_PATH;
        say(m, ROLE_BAD, T(IMPORT_NO_FILE));
    } else if (m->good) {
        begin(m, true);
    } else {
        textview_clear(&m->lines);
        send_file(m);
    }
}

/* false: nothing was on its way. */
static bool stop(struct import *m) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (m->sending) {
        transfer_stop(TAKE_PTR(m->sending));
        say(m, ROLE_WARN, T(IMPORT_CANCELLED));
        return true;
    }
    if (!m->job[0])
        return false;
    view_param(&b, "id", m->job);
    (void)link_write(app_link(m->base.app), "jobs.cancel", buf_str(&b), on_job,
                     m);
    return true;
}

/* --- the screen ----------------------------------------------------------- */

/* They may come only after the screen. */
static void know_stores(struct import *m) {
    if (m->stores && *m->stores)
        return;
    free(m->stores);
    m->stores = app_store_names(m->base.app);
    m->fields[FIELD_STORE].choices = m->stores;
    AUTO_FREE char *first = mem_dupn(m->stores, strcspn(m->stores, "|"));
    form_set(&m->form, FIELD_STORE, first);
}

/* arg: the method. */
static struct view *import_open(struct app *a, const char *arg) {
    struct import *m = NEW(struct import);
    m->base = (struct view){&view_import_ops, a};
    m->method =
        str_starts(arg, "products") ? "products.import" : "inventory.import";
    m->width = 78;
    m->lines.label_width = 8;
    m->fields[FIELD_STORE] = (struct form_field){
        "store", TEXT_COL_STORE, TEXT_FORM_CHOICE_HELP, FORM_CHOICE, true, NULL,
        ""};
    m->fields[FIELD_PATH] = (struct form_field){
        "file", TEXT_IMPORT_FILE, TEXT_IMPORT_FILE_HELP, FORM_TEXT, true, NULL,
        NULL};
    m->fields[FIELD_REASON] = (struct form_field){
        "reason", TEXT_COL_REASON, -1, FORM_TEXT, false, NULL, NULL};
    form_init(&m->form, m->fields, FIELDS);
    know_stores(m);
    m->form.at = FIELD_PATH;
    return &m->base;
}

/* What nobody waits for any more is not looked at any further. */
static void import_close(struct view *v) {
    struct import *m = (struct import *)v;
    (void)stop(m);
    app_forget(v->app, m);
    form_done(&m->form);
    textview_done(&m->lines);
    free(m->stores);
    free(m);
}

static void import_draw(struct view *v, const struct pane *body) {
    struct import *m = (struct import *)v;
    struct pane p = pane_sub(body, 0, 1, body->h, body->w - 2);
    m->width = p.w;
    know_stores(m);
    int y = form_draw(&m->form, &p);
    struct textview status = {0};
    textview_prose(&status, m->status_role, NULL, m->status, p.w);
    struct pane lines = pane_sub(&p, y, 0, p.h / 3, p.w);
    textview_draw(&status, &lines, false);
    y += status.n < lines.h ? status.n : lines.h;
    textview_done(&status);
    struct pane below = pane_sub(&p, y, 0, p.h - y, p.w);
    textview_draw(&m->lines, &below, false);
}

/* Another file or store is not what was looked at. */
static unsigned import_key(struct view *v, int key) {
    struct import *m = (struct import *)v;
    if (key == KEY_ENTER_) {
        if (m->form.at == FIELDS - 1)
            submit(m);
        else
            form_move(&m->form, 1);
        return VIEW_DONE;
    }
    if (m->job[0] || m->sending || !form_key(&m->form, key))
        return VIEW_IGNORED;
    if (m->form.at != FIELD_REASON && m->good) {
        m->good = false;
        say(m, ROLE_NORMAL, "");
    }
    return VIEW_DONE;
}

static unsigned import_action(struct view *v, enum action_id action) {
    struct import *m = (struct import *)v;
    switch (action) {
    case ACTION_NEXT_FIELD:
    case ACTION_PREVIOUS_FIELD:
        form_move(&m->form, action == ACTION_NEXT_FIELD ? 1 : -1);
        return VIEW_DONE;
    case ACTION_SUBMIT:
        submit(m);
        return VIEW_DONE;
    case ACTION_CANCEL:
        return stop(m) ? VIEW_DONE : VIEW_CLOSE;
    default:
        return VIEW_IGNORED;
    }
}

/* An event tells how far it is, and that it ended; not what came of it. */
static void import_event(struct view *v, const struct view_event *e) {
    struct import *m = (struct import *)v;
    if (!str_eq(e->topic, "job") || !m->job[0] ||
        !str_eq(model_str(e->data, "id"), m->job))
        return;
    if (is_over(e->data))
        ask_job(m);
    else
        job_came(m, e->data);
}

static void import_name(struct view *v, struct buf *out) {
    const struct import *m = (const struct import *)v;
    buf_adds(out, str_starts(m->method, "products") ? T(SCREEN_PRODUCTS)
                                                    : T(SCREEN_INVENTORY));
}

static void import_plain(struct view *v, struct buf *out) {
    struct import *m = (struct import *)v;
    int at = m->form.at, help = m->fields[at].help;
    buf_addf(out, "%s%s", m->status, m->status[0] ? "\n" : "");
    buf_addf(out, "%s? [%s] %s\n", form_label(&m->form, at),
             form_get(&m->form, at),
             help < 0 ? "" : text_get(tr_lang, (enum text_id)help));
    for (int i = 0; i < m->lines.n; i++)
        buf_addf(out, "%s %s\n",
                 m->lines.lines[i].label ? m->lines.lines[i].label : "",
                 m->lines.lines[i].text);
}

const struct view_ops view_import_ops = {
    .id = VIEW_IMPORT,
    .title = TEXT_SCREEN_IMPORT,
    .open = import_open,
    .close = import_close,
    .draw = import_draw,
    .action = import_action,
    .key = import_key,
    .event = import_event,
    .name = import_name,
    .plain = import_plain,
};
