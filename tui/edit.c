/* Happy path: the object's values fill the fields; what is typed over is sent
 * with what was there; the daemon accepts, the form closes.
 * Failure modes: the object cannot be read (its sentence, nothing to edit), a
 * value is refused (its field is selected, all that was typed stays), the
 * daemon goes away (the link sends again what was sent; nothing is retyped),
 * the object changes meanwhile (what was seen goes along, so that the daemon
 * notices). */
#include "tui/edit.h"

#include <stdio.h>
#include <string.h>

#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/ref.h"
#include "common/str.h"
#include "tui/key.h"
#include "tui/link.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { REF_MAX = 400, STATUS_ROWS = 3 };

struct edit_input {
    char *path, *title; /* owned; title NULL: of the table */
    char *was;          /* owned; what was seen, NULL: not known */
    bool own;           /* sent by `more` */
    bool list;          /* its words go as an array */
    bool number;        /* its value was a JSON number */
};

struct edit {
    struct view base;
    const struct edit_def *def;
    char ref[REF_MAX];
    struct form_field fields[FORM_FIELDS];
    struct edit_input inputs[FORM_FIELDS];
    int n;
    char *stores; /* owned: choices of a field of them */
    struct form form;
    bool ready, asked; /* fields are there; waits for the daemon's word */
    bool propose;      /* goes along: it is to wait for approval */
    char status[400];
    int status_role;
    void *arg; /* the opener's */
    void (*drop)(void *arg);
};

static void say(struct edit *e, int role, const char *text) {
    (void)str_copy(e->status, sizeof e->status, text);
    e->status_role = role;
    app_dirty(e->base.app);
}

/* --- fields ------------------------------------------------------------- */

static void put(struct edit *e, const struct form_field *f, char *path,
                const char *was) {
    if (e->n == FORM_FIELDS) {
        free(path);
        return;
    }
    e->fields[e->n] = *f;
    e->fields[e->n].param = path;
    e->inputs[e->n] = (struct edit_input){.path = path, .was = mem_dup(was)};
    e->n++;
}

enum { TYPED_MAX = 2200 }; /* 64 names */

/* Text of a value as it is typed; NULL: the object does not have it. */
static const char *typed_value(const struct json *v, char typed[TYPED_MAX]) {
    if (json_type(v) == JSON_ARRAY) {
        size_t n = 0;
        typed[0] = '\0';
        for (const struct json *c = json_first(v); c && n < TYPED_MAX;
             c = json_next(c)) {
            const char *word = json_string(c);
            n += (size_t)snprintf(typed + n, TYPED_MAX - n, "%s%s",
                                  n ? ", " : "", word ? word : "");
        }
        return typed;
    }
    return !v ? NULL : json_type(v) == JSON_NULL ? "" : json_text(v, typed);
}

static void add_row(struct edit *e, const struct edit_field *row,
                    const struct json *object) {
    char typed[TYPED_MAX];
    bool stores = str_eq(row->choices, "stores");
    struct form_field f = {.label = row->label,
                           .help = row->help,
                           .type = row->type,
                           .required = row->required,
                           .choices = stores ? e->stores : row->choices};
    put(e, &f, mem_dup(row->path),
        object ? typed_value(json_path(object, row->path), typed)
               : row->initial);
    e->inputs[e->n - 1].own = row->own;
    e->inputs[e->n - 1].list = row->list;
}

void edit_add(struct edit *e, const char *path, const char *title,
              enum form_type type, const struct json *value) {
    char typed[TYPED_MAX];
    int i = e->n;
    struct form_field f = {.help = -1, .type = type};
    put(e, &f, mem_dup(path), typed_value(value, typed));
    if (e->n > i) {
        e->inputs[i].title = mem_dup(title);
        e->fields[i].title = e->inputs[i].title;
        e->inputs[i].own = e->def->more != NULL;
        e->inputs[i].number = json_type(value) == JSON_NUMBER;
    }
}

void edit_fill(struct edit *e, const char *path, const char *text) {
    for (int i = 0; i < e->n; i++) {
        if (str_eq(e->inputs[i].path, path)) {
            free(e->inputs[i].was);
            e->inputs[i].was = mem_dup(text);
        }
    }
}

static void free_input(struct edit_input *in) {
    free(in->path);
    free(in->title);
    free(in->was);
}

void edit_drop(struct edit *e, const char *path) {
    int kept = 0;
    for (int i = 0; i < e->n; i++) {
        if (str_eq(e->inputs[i].path, path)) {
            free_input(&e->inputs[i]);
        } else {
            e->fields[kept] = e->fields[i];
            e->inputs[kept++] = e->inputs[i];
        }
    }
    e->n = kept;
}

/* The names there are now; "alpine|nordic". */
static char *store_names(struct app *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    int n;
    const struct store_row *s = app_stores(a, &n);
    for (int i = 0; i < n; i++) {
        buf_addf(&b, "%s%s", i ? "|" : "", s[i].name);
    }
    return mem_dup(buf_str(&b));
}

/* Who decides about it reads why. */
static void add_reason(struct edit *e) {
    static const struct edit_field reason = {
        "reason", TEXT_COL_REASON, -1, FORM_TEXT, NULL, NULL, true};
    e->propose = e->def->propose &&
                 str_eq(link_session(app_link(e->base.app))->role, "owner");
    for (int i = 0; i < e->n; i++) {
        if (str_eq(e->inputs[i].path, "reason")) {
            return;
        }
    }
    if (e->propose) {
        add_row(e, &reason, NULL);
    }
}

static void make_form(struct edit *e, const struct json *object) {
    for (int i = 0; i < e->def->n; i++) {
        add_row(e, &e->def->fields[i], object);
    }
    if (e->def->prepare) {
        e->def->prepare(e, object);
    }
    add_reason(e);
    if (e->n == 0) {
        say(e, ROLE_WARN, T(EDIT_NOTHING_TO));
        return;
    }
    form_init(&e->form, e->fields, e->n);
    for (int i = 0; i < e->n; i++) {
        const char *was = e->inputs[i].was;
        form_set(&e->form, i, was ? was : "");
    }
    e->ready = true;
    say(e, ROLE_DIM, e->propose ? T(EDIT_PROPOSES) : "");
}

static void on_object(void *arg, const struct link_reply *r) {
    struct edit *e = arg;
    if (r->result) {
        make_form(e, r->result);
        return;
    }
    AUTO_FREE char *why =
        mem_printf("%s %s", r->message, r->hint ? r->hint : "");
    say(e, ROLE_BAD, why);
}

void edit_open(struct app *a, const struct edit_def *def, const char *ref) {
    edit_open_with(a, def, ref, NULL, NULL);
}

void *edit_arg(const struct edit *e) {
    return e->arg;
}

void edit_open_with(struct app *a, const struct edit_def *def, const char *ref,
                    void *arg, void (*drop)(void *arg)) {
    struct edit *e = NEW(struct edit);
    e->arg = arg;
    e->drop = drop;
    e->base = (struct view){&view_edit_ops, a};
    e->def = def;
    e->stores = store_names(a);
    (void)str_copy(e->ref, sizeof e->ref, ref);
    if (def->get) {
        AUTO_BUF struct buf params = BUF_INIT;
        if (def->param) {
            view_param(&params, def->param, ref);
        } else {
            buf_adds(&params, "{}");
        }
        say(e, ROLE_DIM, T(FRAME_LOADING));
        int err =
            link_ask(app_link(a), def->get, buf_str(&params), on_object, e);
        if (err < 0) {
            say(e, ROLE_BAD, text_error(tr_lang, err));
        }
    } else {
        make_form(e, NULL);
    }
    (void)app_push_view(a, &e->base);
}

static void edit_close(struct view *v) {
    struct edit *e = (struct edit *)v;
    app_forget(v->app, e);
    if (e->ready) {
        form_done(&e->form);
    }
    for (int i = 0; i < e->n; i++) {
        free_input(&e->inputs[i]);
    }
    free(e->stores);
    if (e->drop) {
        e->drop(e->arg);
    }
    free(e);
}

/* --- what is sent ------------------------------------------------------- */

const char *edit_ref(const struct edit *e) {
    return e->ref;
}

int edit_count(const struct edit *e) {
    return e->n;
}

const char *edit_path(const struct edit *e, int i) {
    return e->inputs[i].path;
}

const char *edit_at(const struct edit *e, int i) {
    return form_get(&e->form, i);
}

static int index_of(const struct edit *e, const char *path) {
    for (int i = 0; i < e->n; i++) {
        if (str_eq(e->inputs[i].path, path)) {
            return i;
        }
    }
    return -1;
}

const char *edit_value(const struct edit *e, const char *path) {
    int i = index_of(e, path);
    return i < 0 ? "" : form_get(&e->form, i);
}

void edit_blame(struct edit *e, const char *path, enum text_id sentence) {
    int i = index_of(e, path);
    if (i >= 0) {
        e->form.at = e->form.bad = i;
    }
    say(e, ROLE_BAD, text_get(tr_lang, sentence));
}

/* With what was seen at hand only changes count; else whatever is filled in. */
static bool goes(const struct edit *e, int i) {
    const struct edit_input *in = &e->inputs[i];
    const char *now = form_get(&e->form, i);
    if (in->own) {
        return false;
    }
    if (e->def->base || e->def->set || e->def->changed) {
        return !str_eq(now, in->was ? in->was : "") &&
               (in->was || e->fields[i].type != FORM_BOOL || e->form.on[i]);
    }
    return *now || e->fields[i].required;
}

static void write_words(const char *text, struct jsonw *w) {
    static const char between[] = ", \t";
    jsonw_begin_array(w);
    for (text += strspn(text, between); *text; text += strspn(text, between)) {
        size_t n = strcspn(text, between);
        jsonw_stringn(w, text, n);
        text += n;
    }
    jsonw_end_array(w);
}

static void write_value(const struct edit *e, int i, struct jsonw *w) {
    const char *now = form_get(&e->form, i);
    int64_t n;
    if (e->inputs[i].list) {
        write_words(now, w);
    } else if (e->fields[i].type == FORM_BOOL) {
        jsonw_bool(w, e->form.on[i]);
    } else if (e->fields[i].type == FORM_NUMBER &&
               str_to_i64(now, 0, INT32_MAX, &n) == 0) {
        jsonw_i64(w, n);
    } else if (e->inputs[i].number &&
               str_to_i64(now, -1000000000, 1000000000, &n) == 0) {
        jsonw_i64(w, n);
    } else {
        jsonw_string(w, now);
    }
}

/* "billing.city" becomes a member of billing; such fields stand together. */
static void write_values(const struct edit *e, struct jsonw *w) {
    char open[80] = "";
    for (int i = 0; i < e->n; i++) {
        const char *path = e->inputs[i].path;
        const char *dot = e->def->set ? NULL : strchr(path, '.');
        size_t n = dot ? (size_t)(dot - path) : 0;
        if (!goes(e, i)) {
            continue;
        }
        if (open[0] && (strlen(open) != n || strncmp(open, path, n) != 0)) {
            jsonw_end_object(w);
            open[0] = '\0';
        }
        if (dot && !open[0] && n < sizeof open) {
            memcpy(open, path, n);
            open[n] = '\0';
            jsonw_key(w, open);
            jsonw_begin_object(w);
        }
        jsonw_key(w, dot ? dot + 1 : path);
        write_value(e, i, w);
    }
    if (open[0]) {
        jsonw_end_object(w);
    }
}

/* What was seen of a flag is no text. */
static void write_seen(const struct edit *e, int i, struct jsonw *w) {
    const char *was = e->inputs[i].was;
    jsonw_key(w, e->inputs[i].path);
    if (e->fields[i].type == FORM_BOOL) {
        jsonw_bool(w, str_eq(was, "true"));
    } else {
        jsonw_string(w, was);
    }
}

static void write_base(const struct edit *e, struct jsonw *w) {
    jsonw_key(w, "base");
    jsonw_begin_object(w);
    for (int i = 0; i < e->n; i++) {
        if (goes(e, i) && e->inputs[i].was) {
            write_seen(e, i, w);
        }
    }
    jsonw_end_object(w);
}

static int write_params(struct edit *e, struct buf *out) {
    struct jsonw w;
    int rc = 0;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    if (e->def->param) {
        jsonw_kstring(&w, e->def->param, e->ref);
    }
    if (e->def->set) {
        jsonw_key(&w, e->def->set);
        jsonw_begin_object(&w);
    }
    write_values(e, &w);
    if (e->def->set) {
        jsonw_end_object(&w);
    }
    if (e->def->base) {
        write_base(e, &w);
    }
    if (e->def->more) {
        rc = e->def->more(e, &w);
    }
    if (e->propose) {
        jsonw_kbool(&w, "propose", true);
    }
    jsonw_end_object(&w);
    return rc;
}

static void on_answer(void *arg, const struct link_reply *r) {
    struct edit *e = arg;
    e->asked = false;
    if (r->result && e->def->done) {
        e->def->done(e->base.app, e->ref, r->result);
        app_drop(e->base.app, &e->base);
        return;
    }
    if (r->result) {
        const char *store = edit_value(e, "store");
        if (e->def->made) {
            e->def->made(e->base.app, r->result, e->ref);
        } else if (json_get(r->result, "change") ||
                   json_get(r->result, "return") ||
                   json_get(r->result, "what")) {
            app_change_made(e->base.app, r->result,
                            e->def->get || e->ref[0] ? e->ref : store);
        } else { /* ours alone: no shop is told */
            app_say(e->base.app, ROLE_GOOD, "%s", T(MESSAGE_MARKED));
        }
        app_leave(e->base.app, &e->base);
        return;
    }
    /* What was typed stays: sent once more it is a proposal. */
    if (e->def->propose && str_eq(r->code, "needs_approval")) {
        e->propose = true;
        AUTO_FREE char *how =
            mem_printf("%s %s", r->message, T(EDIT_PROPOSE_NOW));
        say(e, ROLE_WARN, how);
        return;
    }
    AUTO_FREE char *why =
        mem_printf("%s %s", r->message, r->hint ? r->hint : "");
    say(e, ROLE_BAD, why);
    if (r->field) {
        form_blame(&e->form, r->field);
    }
}

static int first_missing(const struct edit *e) {
    for (int i = 0; i < e->n; i++) {
        if (e->fields[i].required && str_empty(form_get(&e->form, i))) {
            return i;
        }
    }
    return -1;
}

static bool anything_goes(const struct edit *e) {
    if (e->def->as_is) {
        return true;
    }
    for (int i = 0; i < e->n; i++) {
        if (goes(e, i) || (e->inputs[i].own && *form_get(&e->form, i))) {
            return true;
        }
    }
    return false;
}

/* What took the values may have opened something on top. */
static void taken_due(void *arg) {
    struct edit *e = arg;
    app_drop(e->base.app, &e->base);
}

static void submit(struct edit *e) {
    AUTO_BUF struct buf params = BUF_INIT;
    if (!e->ready || e->asked) {
        return;
    }
    e->form.bad = first_missing(e);
    if (e->form.bad >= 0) {
        AUTO_BUF struct buf b = BUF_INIT;
        e->form.at = e->form.bad;
        TF(&b, UI_FIELD_MISSING, "field", form_label(&e->form, e->form.at));
        say(e, ROLE_BAD, buf_str(&b));
    } else if (e->def->take) {
        if (e->def->take(e, e->base.app, e->ref) == 0) {
            loop_timer(app_loop(e->base.app), 0, taken_due, e);
        }
    } else if (!anything_goes(e)) {
        say(e, ROLE_WARN, T(EDIT_UNCHANGED));
    } else if (write_params(e, &params) == 0) {
        e->asked = true;
        say(e, ROLE_NORMAL, T(EDIT_SENDING));
        int err = link_write(app_link(e->base.app), e->def->method,
                             buf_str(&params), on_answer, e);
        if (err < 0) {
            e->asked = false;
            say(e, ROLE_BAD, text_error(tr_lang, err));
        }
        mem_wipe(params.data, params.cap);
    }
}

/* --- the view ----------------------------------------------------------- */

static void edit_draw(struct view *v, const struct pane *body) {
    struct edit *e = (struct edit *)v;
    struct pane p = pane_sub(body, 0, 1, body->h, body->w - 2);
    int y = 0;
    if (e->ready) {
        struct pane fields = pane_sub(&p, 0, 0, p.h - STATUS_ROWS, p.w);
        y = form_draw(&e->form, &fields) - 1;
    } else {
        pane_cursor(&p, 0, 0);
    }
    if (e->status[0]) {
        (void)textview_show(&p, y, e->status_role, e->status);
    } else if (e->def->note >= 0) {
        (void)textview_show(&p, y, ROLE_DIM,
                            text_get(tr_lang, (enum text_id)e->def->note));
    }
}

/* Enter: the next field, on the last one submit. */
static unsigned edit_key(struct view *v, int key) {
    struct edit *e = (struct edit *)v;
    if (!e->ready) {
        return VIEW_IGNORED;
    }
    if (key == KEY_ENTER_) {
        if (e->form.at == e->form.n - 1) {
            submit(e);
        } else {
            form_move(&e->form, 1);
        }
        return VIEW_DONE;
    }
    return form_key(&e->form, key) ? VIEW_DONE : VIEW_IGNORED;
}

static unsigned edit_action(struct view *v, enum action_id action) {
    struct edit *e = (struct edit *)v;
    switch (action) {
    case ACTION_NEXT_FIELD:
    case ACTION_PREVIOUS_FIELD:
        if (e->ready) {
            form_move(&e->form, action == ACTION_NEXT_FIELD ? 1 : -1);
        }
        return VIEW_DONE;
    case ACTION_SUBMIT:
        submit(e);
        return VIEW_DONE;
    case ACTION_CANCEL:
        return VIEW_CLOSE;
    default:
        return VIEW_IGNORED;
    }
}

static void edit_name(struct view *v, struct buf *out) {
    const struct edit *e = (const struct edit *)v;
    text_format(out, tr_lang, e->def->title, "ref", e->ref, NULL);
}

/* What is asked for now, and what stands there. */
static void edit_plain(struct view *v, struct buf *out) {
    struct edit *e = (struct edit *)v;
    buf_addf(out, "%s%s", e->status, e->status[0] ? "\n" : "");
    if (e->ready) {
        int at = e->form.at;
        int help = e->fields[at].help;
        buf_addf(out, "%s? [%s] %s\n", form_label(&e->form, at),
                 form_get(&e->form, at),
                 help < 0 ? "" : text_get(tr_lang, (enum text_id)help));
    }
}

const struct view_ops view_edit_ops = {
    .id = VIEW_FORM,
    .title = TEXT_SCREEN_EDIT,
    .close = edit_close,
    .draw = edit_draw,
    .action = edit_action,
    .key = edit_key,
    .name = edit_name,
    .plain = edit_plain,
};
