/* Acts on tickets: forms for what is written, lists for what is chosen. */
#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/pick.h"
#include "tui/screen.h"
#include "tui/tickets.h"
#include "tui/tr.h"
#include "tui/transfer.h"
#include "tui/view.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))
#define PRIORITIES "low|normal|high|urgent"

/* --- what is said -----------------------------------------------------------
 */

static void say(struct app *a, enum text_id text, const char *id) {
    AUTO_BUF struct buf b = BUF_INIT;
    text_format(&b, tr_lang, text, "id", id, NULL);
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

static void made(struct app *a, const char *ref, const struct json *result) {
    (void)ref;
    say(a, TEXT_TICKET_MADE, model_str(result, "id"));
}

static void done(struct app *a, const char *ref, const struct json *result) {
    (void)result;
    say(a, TEXT_TICKET_DONE, ref);
}

/* --- forms ------------------------------------------------------------------
 */

#define SUBJECT                                                                \
    {                                                                          \
        .path = "subject", .label = TEXT_COL_SUBJECT, .help = -1,              \
        .required = true                                                       \
    }
#define MESSAGE                                                                \
    { .path = "text", .label = TEXT_TICKET_TEXT, .help = -1, .required = true }
#define PRIORITY                                                               \
    {                                                                          \
        .path = "priority", .label = TEXT_COL_PRIORITY,                        \
        .help = TEXT_FORM_CHOICE_HELP, .type = FORM_CHOICE,                    \
        .choices = PRIORITIES, .initial = "normal"                             \
    }

static void new_of_store(struct app *a) {
    static const struct edit_field fields[] = {{.path = "store",
                                                .label = TEXT_COL_STORE,
                                                .help = TEXT_FORM_CHOICE_HELP,
                                                .type = FORM_CHOICE,
                                                .choices = "stores",
                                                .required = true},
                                               SUBJECT,
                                               MESSAGE,
                                               PRIORITY};
    static const struct edit_def def = {.title = TEXT_TICKET_NEW,
                                        .method = "tickets.create",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .done = made};
    edit_open(a, &def, "");
}

void ticket_new(struct app *a, const char *ref) {
    static const struct edit_field fields[] = {SUBJECT, MESSAGE, PRIORITY};
    static const struct edit_def def = {.title = TEXT_TICKET_NEW,
                                        .method = "tickets.create",
                                        .param = "ref",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .done = made};
    if (*ref) {
        edit_open(a, &def, ref);
    } else {
        new_of_store(a);
    }
}

static void reply(struct app *a, const char *id) {
    static const struct edit_field fields[] = {MESSAGE};
    static const struct edit_def def = {.title = TEXT_TICKET_REPLY,
                                        .method = "tickets.reply",
                                        .param = "id",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .done = done};
    edit_open(a, &def, id);
}

static void note(struct app *a, const char *id) {
    static const struct edit_field fields[] = {{.path = "text",
                                                .label = TEXT_TICKET_TEXT,
                                                .help = TEXT_TICKET_NOTE_HELP,
                                                .required = true}};
    static const struct edit_def def = {.title = TEXT_TICKET_NOTE,
                                        .method = "tickets.note",
                                        .param = "id",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = TEXT_TICKET_NOTE_HELP,
                                        .done = done};
    edit_open(a, &def, id);
}

static void assign(struct app *a, const char *id) {
    static const struct edit_field fields[] = {
        {.path = "assignee",
         .label = TEXT_COL_ASSIGNEE,
         .help = TEXT_TICKET_ASSIGN_HELP}};
    static const struct edit_def def = {.title = TEXT_TICKET_ASSIGN,
                                        .get = "tickets.get",
                                        .method = "tickets.update",
                                        .param = "id",
                                        .changed = true,
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .done = done};
    edit_open(a, &def, id);
}

/* --- choices ----------------------------------------------------------------
 */

struct choice {
    char id[24];
    const char *param; /* static */
};

static void on_set(void *arg, const struct link_reply *r) {
    if (r->code) {
        app_say_error(arg, r);
    } else {
        say(arg, TEXT_TICKET_DONE, model_str(r->result, "id"));
    }
}

static void chosen(struct app *a, void *arg, const char *value) {
    const struct choice *c = arg;
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "id", c->id);
    jsonw_kstring(&w, c->param, value);
    jsonw_end_object(&w);
    int err =
        link_write(app_link(a), "tickets.update", buf_str(&params), on_set, a);
    if (err < 0) {
        app_say(a, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

static struct pick *choose(struct app *a, enum text_id question,
                           const char *param, const struct json *t) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct choice *c = NEW(struct choice);
    (void)str_copy(c->id, sizeof c->id, model_str(t, "id"));
    c->param = param;
    text_format(&b, tr_lang, question, "id", c->id, NULL);
    return pick_open(a, c->id, buf_str(&b), chosen, free, c);
}

static void choose_state(struct app *a, const struct json *t) {
    struct pick *p = choose(a, TEXT_TICKET_WHICH_STATE, "state", t);
    const struct json *m = json_first(json_get(t, "moves"));
    for (; p && m; m = json_next(m)) {
        const char *s = json_string(m);
        pick_add(p, s ? s : "", tr_word("ticket.state", s ? s : ""));
    }
    if (p) {
        pick_ready(p);
    }
}

static void choose_priority(struct app *a, const struct json *t) {
    static const char *const all[] = {"low", "normal", "high", "urgent"};
    struct pick *p = choose(a, TEXT_TICKET_WHICH_PRIORITY, "priority", t);
    for (size_t i = 0; p && i < sizeof all / sizeof *all; i++) {
        pick_add(p, all[i], tr_word("ticket.priority", all[i]));
    }
    if (p) {
        pick_select(p, model_str(t, "priority"));
        pick_ready(p);
    }
}

/* --- files ------------------------------------------------------------------
 */

static int take_path(struct edit *e, struct app *a, const char *id) {
    enum text_id why;
    if (transfer_send(a, edit_value(e, "path"), id, &why) == 0) {
        return 0;
    }
    edit_blame(e, "path", why);
    return ERR_INVALID;
}

static void attach(struct app *a, const char *id) {
    static const struct edit_field fields[] = {{.path = "path",
                                                .label = TEXT_TICKET_PATH,
                                                .help = TEXT_TICKET_PATH_HELP,
                                                .required = true}};
    static const struct edit_def def = {.title = TEXT_TICKET_ATTACH,
                                        .method = "tickets.reply",
                                        .fields = fields,
                                        .n = COUNT(fields),
                                        .note = -1,
                                        .take = take_path};
    edit_open(a, &def, id);
}

static void save(struct app *a, void *arg, const char *file) {
    (void)arg;
    transfer_save(a, file);
}

static void choose_file(struct app *a, const struct json *t) {
    struct pick *p =
        pick_open(a, model_str(t, "id"), T(TICKET_FILE_OF), save, NULL, NULL);
    int n = 0;
    const struct json *m = json_first(json_get(t, "messages"));
    for (; p && m; m = json_next(m)) {
        const struct json *f = json_first(json_get(m, "files"));
        for (; f; f = json_next(f), n++) {
            AUTO_FREE char *text =
                mem_printf("%s  %s", model_str(f, "id"), model_str(f, "name"));
            pick_add(p, model_str(f, "id"), text);
        }
    }
    if (p && n == 0) {
        pick_say(p, T(TICKET_NO_FILES));
    } else if (p) {
        pick_ready(p);
    }
}

/* --- one act -----------------------------------------------------------------
 */

bool ticket_act_may(enum action_id action, const struct json *t) {
    switch (action) {
    case ACTION_TICKET_REPLY:
    case ACTION_TICKET_ATTACH:
        return !t || model_has(t, "can", "reply");
    case ACTION_TICKET_NOTE:
        return !t || model_has(t, "can", "note");
    case ACTION_TICKET_STATE:
    case ACTION_TICKET_PRIORITY:
    case ACTION_TICKET_ASSIGN:
        return !t || model_has(t, "can", "update");
    default:
        return true;
    }
}

bool ticket_act(struct app *a, enum action_id action, const struct json *t) {
    const char *id = model_str(t, "id");
    switch (action) {
    case ACTION_TICKET_REPLY:
        reply(a, id);
        return true;
    case ACTION_TICKET_NOTE:
        note(a, id);
        return true;
    case ACTION_TICKET_STATE:
        choose_state(a, t);
        return true;
    case ACTION_TICKET_PRIORITY:
        choose_priority(a, t);
        return true;
    case ACTION_TICKET_ASSIGN:
        assign(a, id);
        return true;
    case ACTION_TICKET_ATTACH:
        attach(a, id);
        return true;
    case ACTION_TICKET_SAVE:
        choose_file(a, t);
        return true;
    default:
        return false;
    }
}
