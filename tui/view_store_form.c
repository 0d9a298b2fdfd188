/* Add a store, edit one, or test its connection: fields above, the doctor's
 * steps below as they come in.
 * Happy path: submit begins a job; its events bring the hops; done closes.
 * Failure modes: a field is refused (it is selected, the sentence below), a
 * hop fails (its cure is shown, the fields stay as typed). */
#include <string.h>

#include "common/err.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/form.h"
#include "tui/hops.h"
#include "tui/key.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

static const struct form_field add_fields[] = {
    {"name", TEXT_FORM_NAME, TEXT_FORM_NAME_HELP, FORM_TEXT, true},
    {"url", TEXT_FORM_URL, TEXT_FORM_URL_HELP, FORM_TEXT, true},
    {"key", TEXT_FORM_KEY, TEXT_FORM_KEY_HELP, FORM_TEXT, true},
    {"secret", TEXT_FORM_SECRET, TEXT_FORM_KEY_HELP, FORM_SECRET, true},
    {"tenant", TEXT_COL_TENANT, TEXT_FORM_STORE_TENANT_HELP, FORM_TEXT, false},
    {"allow_http", TEXT_FORM_ALLOW_HTTP, TEXT_FORM_ALLOW_HTTP_HELP, FORM_BOOL,
     false},
    {"ca", TEXT_FORM_CA, TEXT_FORM_CA_HELP, FORM_FILE, false},
};
static const struct form_field edit_fields[] = {
    {"title", TEXT_FORM_TITLE, -1, FORM_TEXT, false},
    {"interval", TEXT_FORM_INTERVAL, TEXT_UI_INTERVAL_HELP, FORM_NUMBER, false},
    {"requests_per_hour", TEXT_FORM_PER_HOUR, TEXT_UI_PER_HOUR_HELP,
     FORM_NUMBER, false},
    {"late", TEXT_FORM_LATE, TEXT_UI_LATE_HELP, FORM_NUMBER, false},
    {"key", TEXT_FORM_KEY, TEXT_UI_KEEP_HELP, FORM_TEXT, false},
    {"secret", TEXT_FORM_SECRET, TEXT_UI_KEEP_HELP, FORM_SECRET, false},
    {"ca", TEXT_FORM_CA, TEXT_UI_KEEP_HELP, FORM_FILE, false},
};

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))

enum mode { MODE_ADD, MODE_EDIT, MODE_TEST };

struct store_form {
    struct view base;
    enum mode mode;
    char store[33];
    struct form form; /* not in MODE_TEST */
    char job[40];     /* "" while none runs */
    struct textview hops;
    int width; /* of the last painting, for prose */
    char status[400];
    int status_role;
};

static void say(struct store_form *f, int role, const char *text) {
    (void)str_copy(f->status, sizeof f->status, text);
    f->status_role = role;
    app_dirty(f->base.app);
}

/* Done: leave. Not done: everything typed is still there. */
static void finished(struct store_form *f, const struct json *job) {
    AUTO_BUF struct buf b = BUF_INIT;
    bool done = str_eq(model_str(job, "state"), "done");
    f->job[0] = '\0';
    if (!done) {
        const char *hint = model_str(job, "error.hint");
        buf_addf(&b, "%s %s", model_str(job, "error.message"), hint);
        say(f, ROLE_BAD, buf_str(&b));
        return;
    }
    if (f->mode == MODE_TEST) {
        say(f, ROLE_GOOD, T(UI_TEST_DONE));
        return;
    }
    const char *name =
        f->mode == MODE_ADD ? buf_str(&f->form.input[0].text) : f->store;
    if (f->mode == MODE_ADD) {
        TF(&b, STORE_ADDED, "store", name);
    } else {
        TF(&b, STORE_SAVED, "store", name);
    }
    app_say(f->base.app, ROLE_GOOD, "%s", buf_str(&b));
    app_leave(f->base.app, &f->base);
}

/* Each event carries all steps so far: draw them anew. */
static void job_came(struct store_form *f, const struct json *job) {
    const char *state = model_str(job, "state");
    if (!f->job[0] || !str_eq(model_str(job, "id"), f->job)) {
        return;
    }
    textview_clear(&f->hops);
    hops_lines(&f->hops, json_get(job, "steps"), f->width);
    f->hops.at = f->hops.n - 1;
    app_dirty(f->base.app);
    if (!str_eq(state, "running") && !str_eq(state, "queued")) {
        finished(f, job);
    }
}

static void on_job(void *arg, const struct link_reply *r) {
    if (r->result) {
        job_came(arg, r->result);
    }
}

static void on_begun(void *arg, const struct link_reply *r) {
    struct store_form *f = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    if (!r->result) {
        buf_addf(&b, "%s %s", r->message, r->hint ? r->hint : "");
        say(f, ROLE_BAD, buf_str(&b));
        if (f->mode != MODE_TEST && r->field) {
            form_blame(&f->form, r->field);
        }
        return;
    }
    model_text(f->job, sizeof f->job, r->result, "job");
    view_param(&b, "id", f->job);
    /* It may have ended before its id was known here. */
    (void)link_ask(app_link(f->base.app), "jobs.get", buf_str(&b), on_job, f);
}

/* The answer is a job at once; what comes of it are events. */
static void begin(struct store_form *f, const char *method, const char *params,
                  bool write) {
    struct link *k = app_link(f->base.app);
    textview_clear(&f->hops);
    say(f, ROLE_NORMAL, T(STORE_HOPS_RUNNING));
    int err = write ? link_write(k, method, params, on_begun, f)
                    : link_ask(k, method, params, on_begun, f);
    if (err < 0) {
        say(f, ROLE_BAD, text_error(tr_lang, err));
    }
}

static void blame(struct store_form *f, int rc) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *label = text_get(tr_lang, f->form.fields[f->form.bad].label);
    if (rc == ERR_IO)
        TF(&b, UI_FILE_UNREADABLE, "field", label);
    else
        TF(&b, UI_FIELD_MISSING, "field", label);
    say(f, ROLE_BAD, buf_str(&b));
}

/* While one runs a second would only confuse. */
static void submit(struct store_form *f) {
    AUTO_BUF struct buf members = BUF_INIT;
    AUTO_BUF struct buf params = BUF_INIT;
    if (f->mode == MODE_TEST || f->job[0]) {
        return;
    }
    int rc = form_params(&f->form, &members);
    if (rc < 0) {
        blame(f, rc);
        return;
    }
    if (f->mode == MODE_ADD) {
        buf_addf(&params, "{%s}", buf_str(&members));
        begin(f, "stores.create", buf_str(&params), true);
    } else {
        buf_addf(&params, "{\"store\":\"%s\"%s%s}", f->store,
                 members.len ? "," : "", buf_str(&members));
        begin(f, "stores.update", buf_str(&params), true);
    }
}

/* arg: "add", "edit NAME" or "test NAME". */
static struct view *form_open(struct app *a, const char *arg) {
    struct store_form *f = NEW(struct store_form);
    const char *name = strchr(arg, ' ');
    f->base = (struct view){&view_store_form_ops, a};
    f->width = 78;
    f->hops.label_width = 14;
    (void)str_copy(f->store, sizeof f->store, name ? name + 1 : "");
    if (str_starts(arg, "test ")) {
        AUTO_BUF struct buf params = BUF_INIT;
        f->mode = MODE_TEST;
        view_param(&params, "store", f->store);
        begin(f, "stores.test", buf_str(&params), false);
    } else if (str_starts(arg, "edit ")) {
        f->mode = MODE_EDIT;
        form_init(&f->form, edit_fields, COUNT(edit_fields));
    } else {
        f->mode = MODE_ADD;
        form_init(&f->form, add_fields, COUNT(add_fields));
    }
    return &f->base;
}

static void form_close(struct view *v) {
    struct store_form *f = (struct store_form *)v;
    if (f->mode != MODE_TEST) {
        form_done(&f->form);
    }
    textview_done(&f->hops);
    free(f);
}

static void form_view_draw(struct view *v, const struct pane *body) {
    struct store_form *f = (struct store_form *)v;
    struct pane p = pane_sub(body, 0, 1, body->h, body->w - 2);
    f->width = p.w;
    int y = f->mode == MODE_TEST ? 0 : form_draw(&f->form, &p);
    /* Sentence and cure wrap: the end of them is the useful part. */
    struct textview status = {0};
    textview_prose(&status, f->status_role, NULL, f->status, p.w);
    struct pane lines = pane_sub(&p, y, 0, p.h / 3, p.w);
    textview_draw(&status, &lines, false);
    y += status.n < lines.h ? status.n : lines.h;
    textview_done(&status);
    struct pane below = pane_sub(&p, y, 0, p.h - y, p.w);
    textview_draw(&f->hops, &below, f->mode == MODE_TEST);
}

/* Enter: the next field, on the last one submit. */
static unsigned form_view_key(struct view *v, int key) {
    struct store_form *f = (struct store_form *)v;
    if (f->mode == MODE_TEST) {
        return key == KEY_ENTER_ || key == 'q' ? VIEW_CLOSE : VIEW_IGNORED;
    }
    if (key == KEY_ENTER_) {
        if (f->form.at == f->form.n - 1) {
            submit(f);
        } else {
            form_move(&f->form, 1);
        }
        return VIEW_DONE;
    }
    return form_key(&f->form, key) ? VIEW_DONE : VIEW_IGNORED;
}

static unsigned form_action(struct view *v, enum action_id action) {
    struct store_form *f = (struct store_form *)v;
    switch (action) {
    case ACTION_NEXT_FIELD:
    case ACTION_PREVIOUS_FIELD:
        if (f->mode != MODE_TEST) {
            form_move(&f->form, action == ACTION_NEXT_FIELD ? 1 : -1);
        }
        return VIEW_DONE;
    case ACTION_SUBMIT:
        submit(f);
        return VIEW_DONE;
    case ACTION_CANCEL:
        if (f->mode == MODE_TEST || form_leave(&f->form)) {
            return VIEW_CLOSE;
        }
        say(f, ROLE_WARN, T(UI_ESC_AGAIN));
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}

static void form_event(struct view *v, const struct view_event *e) {
    if (str_eq(e->topic, "job")) {
        job_came((struct store_form *)v, e->data);
    }
}

static void form_name(struct view *v, struct buf *out) {
    struct store_form *f = (struct store_form *)v;
    if (f->mode == MODE_ADD) {
        buf_adds(out, T(SCREEN_STORE_ADD));
    } else {
        TF(out, SCREEN_STORE, "store", f->store);
    }
}

static void form_plain(struct view *v, struct buf *out) {
    struct store_form *f = (struct store_form *)v;
    if (f->status[0]) {
        buf_addf(out, "%s\n", f->status);
    }
    if (f->mode != MODE_TEST) {
        const struct form_field *field = &f->form.fields[f->form.at];
        buf_addf(out, "%s? %s\n", text_get(tr_lang, field->label),
                 field->help < 0
                     ? ""
                     : text_get(tr_lang, (enum text_id)field->help));
    }
    for (int i = 0; i < f->hops.n; i++) {
        buf_addf(out, "%s %s\n",
                 f->hops.lines[i].label ? f->hops.lines[i].label : "",
                 f->hops.lines[i].text);
    }
}

const struct view_ops view_store_form_ops = {
    .id = VIEW_FORM,
    .title = TEXT_UI_SCREEN_FORM,
    .open = form_open,
    .close = form_close,
    .draw = form_view_draw,
    .action = form_action,
    .key = form_view_key,
    .event = form_event,
    .name = form_name,
    .plain = form_plain,
};
