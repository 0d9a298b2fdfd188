/* Lists one comes back to: g1 to g9 open them, V keeps the one that is shown.
 * The daemon is asked each time which there are: they may have been kept at
 * another terminal. */
#include <stdlib.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/app_core.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/pick.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { SLOTS = 9 };

/* --- opening ------------------------------------------------------------ */

struct opening {
    struct app *app;
    int slot;
};

static const struct json *in_slot(const struct link_reply *r, int slot) {
    const struct json *v = json_first(json_get(r->result, "items"));
    while (v && model_int(v, "slot", 0) != slot) {
        v = json_next(v);
    }
    return v;
}

static void go(struct app *a, const struct json *v) {
    const struct view_ops *ops = view_find(model_str(v, "list"));
    if (!ops) {
        app_say(a, ROLE_WARN, "%s", T(MESSAGE_NOT_ALLOWED));
        return;
    }
    app_go(a, ops->id, model_str(v, "filter"));
    list_view_sort_by(app_top(a), model_str(v, "sort"));
    app_say(a, ROLE_NORMAL, "%s", model_str(v, "name"));
}

static void opened(void *arg, const struct link_reply *r) {
    struct opening *o = arg;
    const struct json *v = r->code ? NULL : in_slot(r, o->slot);
    if (r->code) {
        app_say_error(o->app, r);
    } else if (v) {
        go(o->app, v);
    } else {
        AUTO_BUF struct buf b = BUF_INIT;
        const char digit[] = {(char)('0' + o->slot), '\0'};
        TF(&b, SAVED_VIEW_NONE, "n", digit);
        app_say(o->app, ROLE_NORMAL, "%s", buf_str(&b));
    }
    free(o);
}

void app_saved_open(struct app *a, int slot) {
    struct opening *o = NEW(struct opening);
    *o = (struct opening){a, slot};
    if (link_ask(app_link(a), "views.list", "{}", opened, o) < 0) {
        free(o);
    }
}

/* --- keeping ------------------------------------------------------------ */

struct keeping {
    struct app *app;
    struct pick *pick;
    char *list, *filter, *sort; /* owned */
};

static void drop(void *arg) {
    struct keeping *k = arg;
    free(k->list);
    free(k->filter);
    free(k->sort);
    free(k);
}

static void kept(void *arg, const struct link_reply *r) {
    struct app *a = arg;
    if (r->code) {
        app_say_error(a, r);
        return;
    }
    AUTO_BUF struct buf b = BUF_INIT;
    char digit[2] = {(char)('0' + model_int(r->result, "slot", 0)), '\0'};
    TF(&b, SAVED_VIEW_KEPT, "n", digit);
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

static void picked(struct app *a, void *arg, const char *slot) {
    const struct keeping *k = arg;
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_ki64(&w, "slot", slot[0] - '0');
    jsonw_kstring(&w, "list", k->list);
    jsonw_kstring(&w, "filter", k->filter);
    jsonw_kstring(&w, "sort", k->sort);
    jsonw_end_object(&w);
    int err = link_write(app_link(a), "views.save", buf_str(&params), kept, a);
    if (err < 0) {
        app_say(a, ROLE_BAD, "%s", text_error(text_lang(NULL), err));
    }
}

static void offer(void *arg, const struct link_reply *r) {
    struct keeping *k = arg;
    if (r->code) {
        pick_say(k->pick, r->message);
        return;
    }
    for (int slot = 1; slot <= SLOTS; slot++) {
        const struct json *v = in_slot(r, slot);
        char value[2] = {(char)('0' + slot), '\0'};
        AUTO_BUF struct buf line = BUF_INIT;
        buf_addf(&line, "g%d  %s", slot, v ? model_str(v, "list") : "-");
        if (v) {
            buf_addf(&line, "  %s", model_str(v, "name"));
        }
        pick_add(k->pick, value, buf_str(&line));
    }
    pick_ready(k->pick);
}

void app_saved_keep(struct app *a) {
    struct view *v = app_top(a);
    if (!v->ops->query) {
        return;
    }
    struct keeping *k = NEW(struct keeping);
    *k = (struct keeping){.app = a,
                          .list = mem_dup(v->ops->query),
                          .filter = mem_dup(v->ops->filter(v)),
                          .sort = mem_dup(list_view_sort(v))};
    struct pick *p = pick_open(a, T(SAVED_VIEW_TITLE),
                               k->filter[0] ? k->filter : T(SAVED_VIEW_ALL),
                               picked, drop, k);
    if (!p) {
        return; /* k is freed */
    }
    k->pick = p;
    int err = link_ask(app_link(a), "views.list", "{}", offer, k);
    if (err < 0) {
        pick_say(p, text_error(text_lang(NULL), err));
    }
}
