/* Acts on a store. Long ones become jobs shown in the message line; the one
 * that cannot be taken back is typed out. */
#include "tui/store_acts.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/tr.h"
#include "tui/views.h"

static void job(struct view *v, const char *method, const char *store,
                enum text_id label) {
    AUTO_BUF struct buf params = BUF_INIT;
    AUTO_FREE char *text =
        mem_printf("%s: %s", store, text_get(tr_lang, label));
    view_param(&params, "store", store);
    app_job(v->app, method, buf_str(&params), false, text);
}

static void on_paused(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    const char *name = model_str(r->result, "name");
    if (str_eq(model_str(r->result, "state"), "paused")) {
        TF(&b, STORE_PAUSED, "store", name);
    } else {
        TF(&b, STORE_RESUMED, "store", name);
    }
    app_say(v->app, ROLE_NORMAL, "%s", buf_str(&b));
}

static void write_store(struct view *v, const char *method, const char *params,
                        link_cb *cb) {
    int err = link_write(app_link(v->app), method, params, cb, v);
    if (err < 0) {
        app_say(v->app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

static void pause_store(struct view *v, const char *store, const char *state) {
    AUTO_BUF struct buf params = BUF_INIT;
    bool resume = str_eq(state, "paused") || str_eq(state, "blocked");
    view_param(&params, "store", store);
    write_store(v, resume ? "stores.resume" : "stores.pause", buf_str(&params),
                on_paused);
}

static void on_removed(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    TF(&b, STORE_REMOVED, "store", model_str(r->result, "name"));
    app_say(v->app, ROLE_NORMAL, "%s", buf_str(&b));
}

/* The word was typed; it is the store's name (and store names need no
 * escapes). */
static void remove_confirmed(void *arg, const char *word) {
    struct view *v = arg;
    AUTO_FREE char *params =
        mem_printf("{\"store\":\"%s\",\"confirm\":\"%s\"}", word, word);
    write_store(v, "stores.remove", params, on_removed);
}

static void remove_store(struct view *v, const char *store) {
    AUTO_BUF struct buf b = BUF_INIT;
    TF(&b, STORE_REMOVE_CONFIRM, "store", store);
    app_confirm(v->app, buf_str(&b), store, remove_confirmed, v);
}

/* --- another company ----------------------------------------------------- */

static void moved(struct app *a, const char *ref, const struct json *result) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)ref;
    TF(&b, STORE_MOVED, "store", model_str(result, "name"), "tenant",
       model_str(result, "tenant"));
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

/* Whose it is to be, and the store's name as the word that is typed out. */
static void move_store(struct view *v, const char *store) {
    static const struct edit_field fields[] = {
        {.path = "tenant",
         .label = TEXT_FORM_STORE_COMPANY,
         .help = TEXT_FORM_STORE_COMPANY_HELP,
         .required = true},
        {.path = "confirm",
         .label = TEXT_FORM_STORE_CONFIRM,
         .help = TEXT_FORM_STORE_CONFIRM_HELP,
         .required = true},
    };
    static const struct edit_def def = {.title = TEXT_EDIT_STORE_MOVE,
                                        .method = "stores.move",
                                        .param = "store",
                                        .fields = fields,
                                        .n = 2,
                                        .note = TEXT_STORE_MOVE_NOTE,
                                        .done = moved};
    edit_open(v->app, &def, store);
}

/* --- what a status means -------------------------------------------------- */

static void mapped(struct app *a, const char *ref, const struct json *result) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)ref;
    TF(&b, STORE_MAPPED, "store", model_str(result, "store"), "status",
       model_str(result, "name"), "phase",
       tr_word("phase", model_str(result, "phase")));
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

static void map_fields(struct edit *e, const struct json *object) {
    (void)object;
    edit_fill(e, "status", edit_arg(e));
}

void store_map(struct view *v, const char *store, const char *slug) {
    static const struct edit_field fields[] = {
        {.path = "status",
         .label = TEXT_COL_STATUS,
         .help = -1,
         .required = true},
        {.path = "phase",
         .label = TEXT_FORM_PHASE,
         .help = TEXT_FORM_PHASE_HELP,
         .type = FORM_CHOICE,
         .choices = "todo|held|done|unpaid|dead",
         .required = true},
    };
    static const struct edit_def def = {.title = TEXT_EDIT_STORE_MAP,
                                        .method = "stores.map",
                                        .param = "store",
                                        .fields = fields,
                                        .n = 2,
                                        .note = TEXT_STORE_MAP_NOTE,
                                        .prepare = map_fields,
                                        .done = mapped};
    edit_open_with(v->app, &def, store, mem_dup(slug), free);
}

/* --- the webhooks' secret -------------------------------------------------
 */

static void on_rotated(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    TF(&b, STORE_HOOKS_ROTATED, "store", model_str(r->result, "name"));
    app_say(v->app, ROLE_GOOD, "%s", buf_str(&b));
}

static void rotate_confirmed(void *arg, const char *word) {
    AUTO_BUF struct buf params = BUF_INIT;
    view_param(&params, "store", word);
    write_store(arg, "stores.rotate_hooks", buf_str(&params), on_rotated);
}

static void rotate_hooks(struct view *v, const char *store) {
    AUTO_BUF struct buf b = BUF_INIT;
    TF(&b, STORE_HOOKS_CONFIRM, "store", store);
    app_confirm(v->app, buf_str(&b), store, rotate_confirmed, v);
}

unsigned store_act(struct view *v, enum action_id action, const char *store,
                   const char *state) {
    if (str_empty(store)) {
        return VIEW_IGNORED;
    }
    switch (action) {
    case ACTION_STORE_SYNC:
        job(v, "stores.sync", store, TEXT_ACTION_STORE_SYNC_HINT);
        return VIEW_DONE;
    case ACTION_STORE_VERIFY:
        job(v, "stores.verify", store, TEXT_ACTION_STORE_VERIFY_HINT);
        return VIEW_DONE;
    case ACTION_STORE_TEST: {
        AUTO_FREE char *arg = mem_printf("test %s", store);
        app_push(v->app, &view_store_form_ops, arg);
        return VIEW_DONE;
    }
    case ACTION_STORE_EDIT: {
        AUTO_FREE char *arg = mem_printf("edit %s", store);
        app_push(v->app, &view_store_form_ops, arg);
        return VIEW_DONE;
    }
    case ACTION_STORE_PAUSE:
        pause_store(v, store, state);
        return VIEW_DONE;
    case ACTION_STORE_HOOKS:
        rotate_hooks(v, store);
        return VIEW_DONE;
    case ACTION_STORE_MOVE:
        move_store(v, store);
        return VIEW_DONE;
    case ACTION_STORE_REMOVE:
        remove_store(v, store);
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}
