/* Happy path: the object's values fill the fields; what is typed over is sent
 * with what was there; the daemon accepts, the form closes.
 * Failure modes: the object cannot be read (its sentence, nothing to edit), a
 * value is refused (its field is selected, all that was typed stays), the
 * daemon goes away (the link sends again what was sent; nothing is retyped),
 * the object changes meanwhile (what was seen goes along, so that the daemon
 * notices). */
#include "tui/edit_room.h"

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

enum { STATUS_ROWS = 3 };

void edit_say(struct edit *e, int role, const char *text) {
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

/* What a new object begins with: of one store alone that store. */
static const char *initial(const struct edit *e, const struct edit_field *row,
                           bool stores) {
    return stores && !strchr(e->stores, '|') ? e->stores : row->initial;
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
               : initial(e, row, stores));
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

/* Who decides about it reads why. */
static void add_reason(struct edit *e) {
    static const struct edit_field reason = {
        "reason", TEXT_COL_REASON, -1, FORM_TEXT, NULL, NULL, true};
    e->propose = e->def->propose && app_is_owner(e->base.app);
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
        edit_say(e, ROLE_WARN, T(EDIT_NOTHING_TO));
        return;
    }
    form_init(&e->form, e->fields, e->n);
    for (int i = 0; i < e->n; i++) {
        const char *was = e->inputs[i].was;
        form_set(&e->form, i, was ? was : "");
    }
    e->ready = true;
    edit_say(e, ROLE_DIM, e->propose ? T(EDIT_PROPOSES) : "");
}

static void on_object(void *arg, const struct link_reply *r) {
    struct edit *e = arg;
    if (r->result) {
        make_form(e, r->result);
        return;
    }
    AUTO_FREE char *why =
        mem_printf("%s %s", r->message, r->hint ? r->hint : "");
    edit_say(e, ROLE_BAD, why);
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
    e->stores = app_store_names(a);
    (void)str_copy(e->ref, sizeof e->ref, ref);
    if (def->get) {
        AUTO_BUF struct buf params = BUF_INIT;
        if (def->param) {
            view_param(&params, def->param, ref);
        } else {
            buf_adds(&params, "{}");
        }
        edit_say(e, ROLE_DIM, T(FRAME_LOADING));
        int err =
            link_ask(app_link(a), def->get, buf_str(&params), on_object, e);
        if (err < 0) {
            edit_say(e, ROLE_BAD, text_error(tr_lang, err));
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

/* --- sending ------------------------------------------------------------ */

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
        edit_say(e, ROLE_WARN, how);
        return;
    }
    AUTO_FREE char *why =
        mem_printf("%s %s", r->message, r->hint ? r->hint : "");
    edit_say(e, ROLE_BAD, why);
    if (r->field) {
        form_blame(&e->form, r->field);
    }
}

/* What took the values may have opened something on top. */
static void taken_due(void *arg) {
    struct edit *e = arg;
    app_drop(e->base.app, &e->base);
}

static bool is_bad(struct edit *e, int field, enum text_id sentence) {
    AUTO_BUF struct buf b = BUF_INIT;
    e->form.bad = field;
    if (field < 0) {
        return false;
    }
    e->form.at = field;
    text_format(&b, tr_lang, sentence, "field", form_label(&e->form, field),
                NULL);
    edit_say(e, ROLE_BAD, buf_str(&b));
    return true;
}

static void submit(struct edit *e) {
    AUTO_BUF struct buf params = BUF_INIT;
    if (!e->ready || e->asked ||
        is_bad(e, edit_missing(e), TEXT_UI_FIELD_MISSING) ||
        is_bad(e, edit_no_number(e), TEXT_UI_FIELD_NUMBER)) {
        return;
    }
    if (e->def->take) {
        if (e->def->take(e, e->base.app, e->ref) == 0) {
            loop_timer(app_loop(e->base.app), 0, taken_due, e);
        }
    } else if (!edit_goes(e)) {
        edit_say(e, ROLE_WARN, T(EDIT_UNCHANGED));
    } else if (edit_params(e, &params) == 0) {
        e->asked = true;
        edit_say(e, ROLE_NORMAL, T(EDIT_SENDING));
        int err = link_write(app_link(e->base.app), e->def->method,
                             buf_str(&params), on_answer, e);
        if (err < 0) {
            e->asked = false;
            edit_say(e, ROLE_BAD, text_error(tr_lang, err));
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
    if (key == KEY_ENTER_ && e->fields[e->form.at].type != FORM_LONG) {
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
        if (!e->ready || form_leave(&e->form)) {
            return VIEW_CLOSE;
        }
        edit_say(e, ROLE_WARN, T(UI_ESC_AGAIN));
        return VIEW_DONE;
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
