/* What waits for a person: objects that were set aside, then listings whose
 * stock does not add up. */
#include "common/mem.h"
#include "common/str.h"
#include "tui/list_view.h"
#include "tui/model.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum {
    COL_STORE,
    COL_COLLECTION,
    COL_ID,
    COL_WHAT,
    COL_DETAIL,
    COL_SINCE,
    COLS
};
enum { FOOT_ROWS = 4, FOOT_FROM = 9 };

static const struct column columns[COLS] = {
    [COL_STORE] = {TEXT_COL_STORE, 8, 14, 3, false},
    [COL_COLLECTION] = {TEXT_COL_COLLECTION, 10, 12, 4, false},
    [COL_ID] = {TEXT_COL_NUMBER, 7, 10, 2, true},
    [COL_WHAT] = {TEXT_COL_WHAT, 12, 20, 5, false},
    [COL_DETAIL] = {TEXT_COL_DETAIL, 14, 120, 1, false},
    [COL_SINCE] = {TEXT_COL_WHEN, 5, 5, 6, true},
};

static void cell(struct app *a, const void *row, int column, struct buf *out,
                 int *ret_role) {
    const struct attention_row *r = row;
    switch (column) {
    case COL_STORE:
        buf_adds(out, r->store);
        break;
    case COL_COLLECTION:
        buf_adds(out, tr_word("collection", r->collection));
        break;
    case COL_ID:
        buf_adds(out, r->remote_id[0] ? r->remote_id : "?");
        break;
    case COL_WHAT:
        *ret_role = ROLE_WARN;
        buf_adds(out, tr_word("attention", r->what));
        break;
    case COL_DETAIL:
        buf_adds(out, r->detail);
        break;
    default:
        *ret_role = ROLE_DIM;
        buf_adds(out, app_age(a, r->since_ms));
        break;
    }
}

struct attention {
    struct list_view list;
    char agreeing[80]; /* the listing a question stands about */
};

static const struct pager_def drifts = {
    "inventory.drift", sizeof(struct attention_row), attention_row_drift,
    attention_row_key, NULL};

static const struct list_def def = {
    .rows = {"attention.list", sizeof(struct attention_row), attention_row_read,
             attention_row_key, &drifts},
    .topic = "attention",
    .columns = columns,
    .n_columns = COLS,
    .cell = cell,
    .empty = TEXT_ATTENTION_NONE,
};

static struct view *attention_open(struct app *a, const char *filter) {
    struct attention *v = NEW(struct attention);
    list_view_init(&v->list, a, &view_attention_ops, &def, filter);
    return &v->list.base;
}

/* A drift comes and goes with its product. */
static void attention_event(struct view *v, const struct view_event *e) {
    list_view_event(v, e);
    if (str_eq(e->topic, "product")) {
        list_view_touch((struct list_view *)v);
    }
}

/* The whole sentence and its cure below the rows. */
static void draw_foot(struct list_view *l, const struct pane *p) {
    const struct attention_row *r = list_view_row(l);
    if (!r) {
        return;
    }
    int y = textview_show(p, 0, ROLE_WARN, r->detail);
    if (r->cure[0]) {
        (void)textview_show(p, y, ROLE_KEY, r->cure);
    }
}

/* Keys refused, webhooks disabled, a copied shop: troubles of whole stores
 * stand above the objects, the whole story is on the store's page. */
static bool trouble(const struct store_row *r, struct buf *out, int *ret_role) {
    const struct hooks_row *h = &r->hooks;
    bool bad = str_eq(r->state, "blocked") || str_eq(r->state, "degraded");
    bool hooks = h->known && (h->copied[0] || h->disabled);
    const char *why = bad ? r->reason : h->reason;
    char word[60], what[120];
    if (!bad && !hooks) {
        return false;
    }
    *ret_role = store_state_role(r->state);
    (void)str_copy(what, sizeof what, tr_word("state", r->state));
    if (!bad) {
        hooks_row_word(h, "", word, sizeof word, ret_role);
        (void)str_format(what, sizeof what, "%s %s", T(COL_HOOKS), word);
    }
    TF(out, ATTENTION_STORE_TROUBLE, "store", r->name, "state", what, "why",
       why);
    buf_addf(out, "%s%s", bad || !h->cure[0] ? "" : " ", bad ? "" : h->cure);
    buf_addf(out, "%s%s", bad && r->cure[0] ? " " : "", bad ? r->cure : "");
    return true;
}

/* The worst first, at most a third of the page; returns the rows used. */
static int draw_troubles(struct app *a, const struct pane *body) {
    int n, y = 0;
    const struct store_row *stores = app_stores(a, &n);
    struct pane p = pane_sub(body, 0, 0, body->h / 3, body->w);
    for (int bad = 1; bad >= 0; bad--) {
        for (int i = 0; i < n && y < p.h; i++) {
            AUTO_BUF struct buf b = BUF_INIT;
            int role;
            if (trouble(&stores[i], &b, &role) && (role == ROLE_BAD) == bad) {
                y = textview_show(&p, y, role, buf_str(&b));
            }
        }
    }
    return y;
}

static void attention_plain(struct view *v, struct buf *out) {
    int n;
    const struct store_row *stores = app_stores(v->app, &n);
    for (int i = 0; i < n; i++) {
        int role;
        if (trouble(&stores[i], out, &role)) {
            buf_addc(out, '\n');
        }
    }
    list_view_plain(v, out);
}

static void attention_draw(struct view *v, const struct pane *whole) {
    int used = draw_troubles(v->app, whole);
    struct pane under = pane_sub(whole, used, 0, whole->h - used, whole->w);
    const struct pane *body = &under;
    int foot = body->h >= FOOT_FROM ? FOOT_ROWS : 0;
    struct pane bottom = pane_sub(body, body->h - foot, 0, foot, body->w);
    struct pane rows = pane_sub(body, 0, 0, body->h - foot, body->w);
    list_view_draw(v, &rows);
    draw_foot((struct list_view *)v, &bottom);
}

static void on_retried(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    if (model_flag(r->result, "solved")) {
        buf_adds(&b, T(ATTENTION_SOLVED));
    } else {
        TF(&b, ATTENTION_STILL, "detail", model_str(r->result, "detail"));
    }
    app_say(v->app, ROLE_NORMAL, "%s", buf_str(&b));
    list_view_touch((struct list_view *)v);
}

static void write_row(struct view *v, const char *method, const char *params,
                      link_cb *done) {
    int err = link_write(app_link(v->app), method, params, done, v);
    if (err < 0) {
        app_say(v->app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

static void retry(struct view *v, const struct attention_row *r) {
    AUTO_FREE char *params = mem_printf("{\"id\":%s}", r->id);
    app_say(v->app, ROLE_NORMAL, "%s", T(ATTENTION_RETRYING));
    write_row(v, "attention.retry", params, on_retried);
}

static void on_agreed(void *arg, const struct link_reply *r) {
    struct view *v = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    if (!r->result) {
        app_say_error(v->app, r);
        return;
    }
    TF(&b, ATTENTION_AGREED, "ref", model_str(r->result, "ref"), "n",
       model_str(r->result, "agreed"));
    app_say(v->app, ROLE_NORMAL, "%s", buf_str(&b));
    list_view_touch((struct list_view *)v);
}

static void agree_confirmed(void *arg, const char *word) {
    struct attention *v = arg;
    AUTO_BUF struct buf params = BUF_INIT;
    (void)word;
    view_param(&params, "ref", v->agreeing);
    write_row(&v->list.base, "inventory.agree", buf_str(&params), on_agreed);
}

static void ask_agree(struct attention *v, const struct attention_row *r) {
    AUTO_BUF struct buf question = BUF_INIT;
    const char *word = T(WORD_AGREE);
    (void)str_copy(v->agreeing, sizeof v->agreeing, r->ref);
    TF(&question, ASK_AGREE, "ref", r->ref, "word", word);
    app_confirm(v->list.base.app, buf_str(&question), word, agree_confirmed, v);
}

static bool attention_offers(struct view *v, enum action_id action) {
    const struct attention_row *r = list_view_row((struct list_view *)v);
    bool drift = r && r->ref[0];
    return action == ACTION_RETRY                            ? r && !drift
           : action == ACTION_AGREE || action == ACTION_OPEN ? drift
                                                             : true;
}

static unsigned attention_action(struct view *v, enum action_id action) {
    const struct attention_row *r = list_view_row((struct list_view *)v);
    bool drift = r && r->ref[0];
    if (action == ACTION_RETRY && r && !drift) {
        retry(v, r);
    } else if (action == ACTION_AGREE && drift) {
        ask_agree((struct attention *)v, r);
    } else if (action == ACTION_OPEN && drift) {
        app_push(v->app, &view_product_ops, r->ref);
    } else {
        return list_view_action(v, action);
    }
    return VIEW_DONE;
}

const struct view_ops view_attention_ops = {
    .id = VIEW_ATTENTION,
    .title = TEXT_SCREEN_ATTENTION,
    .open = attention_open,
    .close = list_view_close,
    .draw = attention_draw,
    .action = attention_action,
    .offers = attention_offers,
    .event = attention_event,
    .shown = list_view_shown,
    .position = list_view_position,
    .filter = list_view_filter,
    .set_filter = list_view_set_filter,
    .ref = list_view_ref,
    .plain = attention_plain,
    .pick = list_view_pick,
    .query = "attention",
};
