/* Happy path: the preview lists the rows, with what the daemon says would
 * become of each; Enter (a typed word where it cannot be taken back) sends them
 * a few at a time; acks and events fill in what becomes of each. Failure modes:
 * the daemon cannot say beforehand (its sentence; the rows can be sent all the
 * same), a row is refused (its sentence stands beside it, the others go on),
 * the daemon goes away (what was sent is asked again by the link, with the same
 * request ids), the screen is left (what was not sent is not). */
#include "tui/bulk.h"

#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/ref.h"
#include "common/str.h"
#include "tui/bulk_sum.h"
#include "tui/link.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/progress.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { IN_FLIGHT = 8, WIDE = 60, SAID = 300 };

struct bulk_row {
    struct bulk *bulk;
    char key[REF_TEXT];
    char *seen; /* owned */
    char id[28], state[12];
    char said[SAID]; /* why it was not taken, or what is in the way */
    bool sent, done; /* asked; answered */
    bool so;         /* nothing to do: it was seen as it is to become */
    bool barred;     /* the daemon said beforehand that it may not */
    bool taken;      /* done, and no change: ours alone */
    char holds[48];  /* what it is held for */
};

struct bulk {
    struct view base;
    const struct bulk_act *act;
    char *value, *more; /* owned */
    struct bulk_row *rows;
    int n, next, waiting;
    bool sending;
    bool asked, early; /* the preview is awaited; Enter was typed meanwhile */
    char sum[200];     /* of the preview, or why there is none */
    struct textview text;
};

struct bulk *bulk_create(struct app *a, const struct bulk_act *act,
                         const char *value, const char *more) {
    struct bulk *b = NEW(struct bulk);
    b->base = (struct view){&view_bulk_ops, a};
    b->act = act;
    b->value = mem_dup(value);
    b->more = mem_dup(more);
    b->rows = mem_zalloc(BULK_ROWS, sizeof *b->rows);
    return b;
}

void bulk_add(struct bulk *b, const char *key, const char *seen) {
    if (b->n < BULK_ROWS) {
        struct bulk_row *r = &b->rows[b->n++];
        *r = (struct bulk_row){.bulk = b,
                               .seen = mem_dup(seen),
                               .so = b->act->base && str_eq(seen, b->value)};
        (void)str_copy(r->key, sizeof r->key, key);
    }
}

static void bulk_close(struct view *v) {
    struct bulk *b = (struct bulk *)v;
    for (int i = 0; i < b->n; i++) {
        app_forget(v->app, &b->rows[i]);
        free(b->rows[i].seen);
    }
    textview_done(&b->text);
    free(b->rows);
    free(b->value);
    free(b->more);
    free(b);
}

static void ask(struct bulk *b);

/* Rows come back in the order they were asked for. */
static void read_preview(struct bulk *b, const struct json *preview) {
    const struct json *v = json_first(json_get(preview, "rows"));
    AUTO_BUF struct buf sum = BUF_INIT;
    for (int i = 0; i < b->n && v; i++, v = json_next(v)) {
        struct bulk_row *r = &b->rows[i];
        const char *state = model_str(v, "state");
        r->so = str_eq(state, "unchanged");
        r->barred = str_eq(state, "refused");
        model_text(r->said, sizeof r->said, v, "text");
        model_join(r->holds, sizeof r->holds, v, "holds");
    }
    bulk_sum(tr_lang, preview, &sum);
    (void)str_copy(b->sum, sizeof b->sum, buf_str(&sum));
}

static void on_preview(void *arg, const struct link_reply *r) {
    struct bulk *b = arg;
    bool early = b->early;
    b->asked = b->early = false;
    if (r->result) {
        read_preview(b, r->result);
    } else {
        (void)str_format(b->sum, sizeof b->sum, "%s %s", r->message,
                         r->hint ? r->hint : "");
    }
    app_dirty(b->base.app);
    if (early) {
        ask(b);
    }
}

static void ask_preview(struct bulk *b) {
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "act", b->act->preview);
    jsonw_kstring(&w, "value", b->value);
    jsonw_key(&w, "orders");
    jsonw_begin_array(&w);
    for (int i = 0; i < b->n; i++) {
        jsonw_string(&w, b->rows[i].key);
    }
    jsonw_end_array(&w);
    jsonw_end_object(&w);
    b->asked = link_ask(app_link(b->base.app), "orders.preview",
                        buf_str(&params), on_preview, b) == 0;
}

void bulk_show(struct bulk *b) {
    if (b->n == 0) {
        bulk_close(&b->base);
        return;
    }
    if (b->act->preview) {
        ask_preview(b);
    }
    (void)app_push_view(b->base.app, &b->base);
}

/* --- sending ------------------------------------------------------------ */

static void send_more(struct bulk *b);

static void on_text(void *arg, const struct link_reply *r) {
    struct bulk_row *row = arg;
    if (r->result) {
        model_text(row->state, sizeof row->state, r->result, "state");
        model_text(row->said, sizeof row->said, r->result, "text");
        app_dirty(row->bulk->base.app);
    }
}

/* What is in the way is worth its sentence. */
static void moved(struct bulk_row *r, const char *state) {
    (void)str_copy(r->state, sizeof r->state, state);
    r->said[0] = '\0';
    if (change_state_role(state) == ROLE_BAD || str_eq(state, "unknown")) {
        AUTO_BUF struct buf params = BUF_INIT;
        view_param(&params, "id", r->id);
        (void)link_ask(app_link(r->bulk->base.app), "changes.get",
                       buf_str(&params), on_text, r);
    }
    app_dirty(r->bulk->base.app);
}

static void on_answer(void *arg, const struct link_reply *r) {
    struct bulk_row *row = arg;
    struct bulk *b = row->bulk;
    row->done = true;
    b->waiting--;
    if (r->result) {
        bool change = json_get(r->result, "change") != NULL;
        model_text(row->id, sizeof row->id, r->result,
                   change ? "change" : "id");
        row->taken = !row->id[0];
        if (!row->taken) {
            moved(row, model_str(r->result, "state"));
        }
    } else {
        (void)str_format(row->said, sizeof row->said, "%s %s", r->message,
                         r->hint ? r->hint : "");
    }
    send_more(b);
    app_dirty(b->base.app);
}

static void write_params(const struct bulk *b, const struct bulk_row *r,
                         struct buf *out) {
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, b->act->param, r->key);
    if (b->act->base) {
        jsonw_key(&w, "base");
        jsonw_begin_object(&w);
        jsonw_kstring(&w, b->act->base, r->seen);
        jsonw_end_object(&w);
    }
    jsonw_end_object(&w);
    if (b->more) {
        buf_truncate(out, out->len - 1);
        buf_addf(out, ",%s}", b->more);
    }
}

static void send_more(struct bulk *b) {
    while (b->sending && b->next < b->n && b->waiting < IN_FLIGHT) {
        struct bulk_row *r = &b->rows[b->next++];
        if (r->so || r->barred) {
            continue;
        }
        AUTO_BUF struct buf params = BUF_INIT;
        write_params(b, r, &params);
        int err = link_write(app_link(b->base.app), b->act->method,
                             buf_str(&params), on_answer, r);
        r->sent = true;
        b->waiting += err == 0;
        if (err < 0) {
            r->done = true;
            (void)str_copy(r->said, sizeof r->said, text_error(tr_lang, err));
        }
    }
}

/* What is done together has a screen of its own, in place of this one. */
static void together_due(void *arg) {
    struct bulk *b = arg;
    struct app *a = b->base.app;
    void (*together)(struct app * a, const char *keys) = b->act->together;
    AUTO_BUF struct buf keys = BUF_INIT;
    for (int i = 0; i < b->n; i++) {
        if (!b->rows[i].barred) {
            buf_addf(&keys, "%s%s", keys.len ? " " : "", b->rows[i].key);
        }
    }
    app_drop(a, &b->base);
    if (keys.len) {
        together(a, buf_str(&keys));
    }
}

static void begin(void *arg, const char *word) {
    struct bulk *b = arg;
    (void)word;
    b->sending = true;
    if (b->act->together) {
        loop_timer(app_loop(b->base.app), 0, together_due, b);
        return;
    }
    send_more(b);
    app_dirty(b->base.app);
}

static int stores_of(const struct bulk *b) {
    int n = 0;
    for (int i = 0; i < b->n; i++) {
        const char *key = b->rows[i].key;
        size_t len = strcspn(key, ":") + 1;
        int k = 0;
        while (k < i && strncmp(b->rows[k].key, key, len) != 0) {
            k++;
        }
        n += k == i;
    }
    return n;
}

static void say(const struct bulk *b, enum text_id id, struct buf *out) {
    char n[32];
    AUTO_BUF struct buf all = BUF_INIT;
    AUTO_BUF struct buf stores = BUF_INIT;
    TF(&stores, BULK_SHOPS, "n", progress_count(n, stores_of(b)));
    TF(&all, COUNTS_ORDERS, "n", progress_count(n, b->n));
    text_format(out, tr_lang, id, "n", n, "stores", buf_str(&stores), "value",
                b->value, "ref", buf_str(&all), NULL);
}

static void ask(struct bulk *b) {
    AUTO_BUF struct buf question = BUF_INIT;
    AUTO_BUF struct buf word = BUF_INIT;
    if (b->sending) {
        return;
    }
    if (b->asked) { /* nothing goes before it was said what would become of it
                     */
        b->early = true;
        return;
    }
    if (b->act->word < 0) {
        begin(b, "");
        return;
    }
    say(b, (enum text_id)b->act->word, &word);
    TF(&question, UI_TYPE_WORD, "word", buf_str(&word));
    app_confirm(b->base.app, buf_str(&question), buf_str(&word), begin, b);
}

static unsigned bulk_action(struct view *v, enum action_id action) {
    static const struct {
        enum action_id action;
        enum listbox_move move;
    } moves[] = {
        {ACTION_UP, LISTBOX_UP},
        {ACTION_DOWN, LISTBOX_DOWN},
        {ACTION_FIRST, LISTBOX_FIRST},
        {ACTION_LAST, LISTBOX_LAST},
        {ACTION_PAGE_UP, LISTBOX_PAGE_UP},
        {ACTION_PAGE_DOWN, LISTBOX_PAGE_DOWN},
    };
    struct bulk *b = (struct bulk *)v;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (moves[i].action == action) {
            (void)textview_move(&b->text, moves[i].move);
            return VIEW_DONE;
        }
    }
    if (action == ACTION_SEND) {
        ask(b);
        return VIEW_DONE;
    }
    return VIEW_IGNORED;
}

/* Once sent there is nothing more to send. */
static bool bulk_offers(struct view *v, enum action_id action) {
    return action != ACTION_SEND || !((struct bulk *)v)->sending;
}

static void bulk_event(struct view *v, const struct view_event *e) {
    struct bulk *b = (struct bulk *)v;
    const char *id = model_str(e->data, "id");
    for (int i = 0; str_eq(e->topic, "change") && i < b->n; i++) {
        if (b->rows[i].id[0] && str_eq(b->rows[i].id, id)) {
            moved(&b->rows[i], model_str(e->data, "state"));
        }
    }
}

/* --- lines --------------------------------------------------------------- */

static void row_line(struct bulk *b, const struct bulk_row *r, int width) {
    AUTO_BUF struct buf line = BUF_INIT;
    bool wide = width >= WIDE;
    bool failed = r->barred || (r->done && !r->id[0] && !r->taken);
    int role = failed ? ROLE_BAD : change_state_role(r->state);
    bool order = b->act->param[0] == 'r';
    pad(&line, order ? r->key : r->seen, order ? 15 : wide ? 34 : 20);
    if (order && (wide || !r->sent)) {
        AUTO_FREE char *to =
            mem_printf("%s%s%s", wide || !*b->value || r->so ? r->seen : "",
                       *b->value && !r->so ? "->" : "", r->so ? "" : b->value);
        buf_addc(&line, ' ');
        pad(&line, to, wide ? 26 : 20);
    }
    if (r->holds[0] && !r->sent) {
        buf_addf(&line, " %s:%s", T(UI_HOLD), r->holds);
    }
    buf_addf(&line, " %s%s%s%s",
             r->so      ? T(BULK_ALREADY)
             : r->taken ? T(BULK_DONE)
                        : "",
             r->id[0] ? change_state_word(r->state) : "",
             r->id[0] && r->said[0] ? ": " : "", r->barred ? "! " : "");
    buf_adds(&line, r->said);
    buf_adds(&line, r->sent && !r->done ? ".." : "");
    textview_add(&b->text, r->sent || r->barred ? role : ROLE_NORMAL, NULL,
                 "%s", buf_str(&line));
}

static void make_lines(struct bulk *b, int width) {
    textview_clear(&b->text);
    for (int i = 0; i < b->n; i++) {
        row_line(b, &b->rows[i], width);
    }
}

/* What will happen, or how far it is. */
static void head_line(const struct bulk *b, struct buf *out) {
    int taken = 0, refused = 0;
    char n[32], k[32];
    if (!b->sending) {
        say(b, b->act->question, out);
        return;
    }
    for (int i = 0; i < b->n; i++) {
        bool taken_in = b->rows[i].id[0] || b->rows[i].taken;
        taken += taken_in;
        refused += b->rows[i].barred || (b->rows[i].done && !taken_in);
    }
    TF(out, BULK_SENT, "n", progress_count(n, taken), "total",
       progress_count(k, b->n));
    if (refused) {
        buf_adds(out, "  ");
        TF(out, BULK_REFUSED, "n", progress_count(n, refused));
    }
}

static void bulk_draw(struct view *v, const struct pane *body) {
    struct bulk *b = (struct bulk *)v;
    AUTO_BUF struct buf head = BUF_INIT;
    head_line(b, &head);
    int y = textview_show(body, 0, ROLE_KEY, buf_str(&head));
    if (b->sum[0] && !b->sending) {
        y = textview_show(body, y, ROLE_WARN, b->sum);
    }
    struct pane lines = pane_sub(body, y, 1, body->h - y, body->w - 2);
    make_lines(b, lines.w);
    textview_draw(&b->text, &lines, true);
}

static void bulk_plain(struct view *v, struct buf *out) {
    struct bulk *b = (struct bulk *)v;
    head_line(b, out);
    buf_addf(out, "\n%s%s", b->sum, b->sum[0] ? "\n" : "");
    make_lines(b, 100);
    for (int i = 0; i < b->text.n; i++) {
        buf_addf(out, "%s\n", b->text.lines[i].text);
    }
}

static void bulk_name(struct view *v, struct buf *out) {
    struct bulk *b = (struct bulk *)v;
    say(b, b->act->title, out);
}

const struct view_ops view_bulk_ops = {
    .id = VIEW_BULK,
    .title = TEXT_SCREEN_BULK,
    .close = bulk_close,
    .draw = bulk_draw,
    .action = bulk_action,
    .offers = bulk_offers,
    .event = bulk_event,
    .name = bulk_name,
    .plain = bulk_plain,
};
