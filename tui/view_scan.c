/* Receiving and counting by scanner: a line that every printable key goes to,
 * the last scan in words and colour, and what there is so far.
 *
 * Happy path: a code and Enter; it is sent at once and the line is free again,
 * so that a scanner never waits. The daemon knows in which bin one stands.
 * Failure modes: a dropped connection (what was sent is sent again with its
 * request_id and counts once), a code nobody knows (said in words, with the
 * bell, and the line goes on). */
#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/codes.h"
#include "tui/edits.h"
#include "tui/key.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/prompt.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

struct scan {
    struct view base;
    char id[24];
    bool counts; /* else it receives */
    char state[16], bin[40], next_bin[40];
    char last[100]; /* code sent last, for taking it back */
    char lot[66];   /* with that lot, "" none */
    char asks[12];  /* what of `last` the daemon waits for, "" nothing */
    char qty[16];   /* of it, "" one piece */
    int serials;    /* of it that are still to come, this one too */
    char said[300];
    int said_role;
    struct prompt line;
    struct textview rows;
    bool asked, again; /* the page is being read; touched meanwhile */
};

/* --- the page ------------------------------------------------------------ */

static void ask(struct scan *s);

static const char *or_dash(const char *text) {
    return *text ? text : "-";
}

static void add_line(struct scan *s, const struct json *l) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *got = model_str(l, s->counts ? "counted" : "received");
    const char *want = model_str(l, "expected");
    bool differs = *want && !str_eq(got, want);
    buf_addf(&b, "%s / %s", or_dash(got), or_dash(want));
    AUTO_BUF struct buf line = BUF_INIT;
    pad(&line, buf_str(&b), -11);
    buf_addc(&line, ' ');
    if (s->counts)
        pad(&line, model_str(l, "bin"), 10);
    int lot = (int)strlen(model_str(l, "lot")) + 1;
    bool leaves = *model_str(l, "elsewhere");
    if (lot > 1) /* whole, and first: a handheld has room for little more */
        pad(&line, model_str(l, "lot"), lot < 10 && !leaves ? 10 : lot);
    if (leaves) {
        TF(&line, COUNT_ELSEWHERE, "bin", model_str(l, "elsewhere"));
        buf_addc(&line, ' ');
    }
    pad(&line, model_str(l, "sku"), 14);
    buf_addf(&line, " %s", model_str(l, "name"));
    textview_add(&s->rows, differs ? ROLE_WARN : ROLE_NORMAL, NULL, "%s",
                 buf_str(&line));
}

static void on_page(void *arg, const struct link_reply *r) {
    struct scan *s = arg;
    s->asked = false;
    if (r->result) {
        const struct json *l =
            json_first(json_get(r->result, s->counts ? "lines" : "items"));
        model_text(s->state, sizeof s->state, r->result, "state");
        model_text(s->bin, sizeof s->bin, r->result, "bin");
        model_text(s->next_bin, sizeof s->next_bin, r->result, "next_bin");
        textview_clear(&s->rows);
        for (; l; l = json_next(l))
            add_line(s, l);
    } else {
        app_say_error(s->base.app, r);
    }
    app_dirty(s->base.app);
    if (s->again)
        ask(s);
}

static void ask(struct scan *s) {
    AUTO_BUF struct buf params = BUF_INIT;
    s->again = s->asked;
    if (s->asked)
        return;
    view_param(&params, "id", s->id);
    s->asked = link_ask(app_link(s->base.app),
                        s->counts ? "counts.get" : "inbound.get",
                        buf_str(&params), on_page, s) >= 0;
}

/* --- scans ------------------------------------------------------------------
 */

static void say(struct scan *s, int role, const char *text) {
    s->said_role = role;
    (void)str_copy(s->said, sizeof s->said, text);
    app_dirty(s->base.app);
}

static void ring(struct scan *s) {
    struct screen *screen = app_screen(s->base.app);
    if (screen && screen->ops->ring)
        screen->ops->ring(screen);
}

/* The next thing typed is the lot, serial or day of what was scanned. */
static void ask_for(struct scan *s, const struct json *v) {
    AUTO_BUF struct buf b = BUF_INIT;
    model_text(s->asks, sizeof s->asks, v, "asks");
    TF(&b, SCAN_ASKS, "what", tr_word("ask", s->asks), "sku",
       model_str(v, "sku"), "name", model_str(v, "name"));
    say(s, ROLE_WARN, buf_str(&b));
}

static void ask_next_serial(struct scan *s) {
    AUTO_BUF struct buf n = BUF_INIT, b = BUF_INIT;
    buf_addf(&n, "%d", s->serials);
    TF(&b, SCAN_MORE_SERIALS, "n", buf_str(&n), "sku", s->last);
    (void)str_copy(s->asks, sizeof s->asks, "serial");
    say(s, ROLE_WARN, buf_str(&b));
}

static void say_scan(struct scan *s, const struct json *v) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *verdict = model_str(v, "verdict");
    bool good = !*verdict || str_eq(verdict, "ok");
    if (str_eq(model_str(v, "what"), "bin"))
        TF(&b, SCAN_AT_BIN, "bin", s->bin);
    else
        TF(&b, SCAN_ITEM, "sku", model_str(v, "sku"), "name",
           model_str(v, "name"), "n",
           model_str(v, s->counts ? "counted" : "received"), "bin", s->bin,
           "verdict", good ? "" : tr_word("scan", verdict));
    if (*model_str(v, "lot"))
        buf_addf(&b, "  %s", model_str(v, "lot"));
    say(s, good ? ROLE_GOOD : ROLE_WARN, buf_str(&b));
    if (!good)
        ring(s);
}

static void on_scan(void *arg, const struct link_reply *r) {
    struct scan *s = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    if (!r->result) {
        buf_addf(&b, "%s %s", r->message, r->hint ? r->hint : "");
        say(s, ROLE_BAD, buf_str(&b));
        ring(s);
        return;
    }
    model_text(s->bin, sizeof s->bin, r->result, "bin");
    if (*model_str(r->result, "asks")) {
        ask_for(s, r->result);
        return;
    }
    /* of a lot all came at once */
    bool serial = str_eq(s->asks, "serial") && *model_str(r->result, "lot");
    s->asks[0] = '\0';
    say_scan(s, r->result);
    if (serial && s->serials > 1) {
        s->serials--;
        ask_next_serial(s);
    }
    ask(s);
}

/* day: what a label says, NULL: not asked; "" it says none. */
static void send(struct scan *s, const char *code, const char *qty,
                 const char *lot, const char *day) {
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "id", s->id);
    jsonw_kstring(&w, "code", code);
    if (*qty)
        jsonw_kstring(&w, "qty", qty);
    if (*lot)
        jsonw_kstring(&w, "lot", lot);
    if (day)
        jsonw_kstring(&w, "expires", day);
    jsonw_end_object(&w);
    int rc = link_write(app_link(s->base.app),
                        s->counts ? "counts.scan" : "inbound.receive",
                        buf_str(&params), on_scan, s);
    if (rc < 0) { /* nothing is lost: the code stands in the line */
        say(s, ROLE_BAD, text_error(tr_lang, rc));
        ring(s);
        return;
    }
    prompt_set(&s->line, "");
}

/* "AO-34" one piece; "12*AO-34" twelve. */
static void send_code(struct scan *s, const char *typed) {
    size_t digits = strspn(typed, "0123456789");
    bool many = digits > 0 && digits < 8 && typed[digits] == '*';
    AUTO_FREE char *n = mem_dupn(typed, many ? digits : 0);
    int64_t pieces = 1;
    (void)str_copy(s->last, sizeof s->last, many ? typed + digits + 1 : typed);
    (void)str_copy(s->qty, sizeof s->qty, n);
    s->lot[0] = '\0';
    (void)str_to_i64(n, 1, 10000, &pieces); /* else one */
    s->serials = (int)pieces;
    send(s, s->last, s->qty, "", NULL);
}

/* A serial is one piece, of however many were said to come. */
static void send_answer(struct scan *s, const char *typed) {
    bool day = str_eq(s->asks, "expires");
    bool serial = str_eq(s->asks, "serial");
    if (!day)
        (void)str_copy(s->lot, sizeof s->lot, typed);
    send(s, s->last, serial ? "1" : s->qty, s->lot,
         !day                 ? NULL
         : str_eq(typed, "-") ? ""
                              : typed);
}

static void typed(struct scan *s) {
    AUTO_FREE char *text = mem_dup(buf_str(&s->line.text));
    prompt_set(&s->line, "");
    if (codes_take(s->base.app, text, !s->counts))
        return; /* it may be closed */
    prompt_set(&s->line, text);
    if (s->asks[0])
        send_answer(s, text);
    else
        send_code(s, text);
}

/* Nothing more of what was asked for: on with the next scan. */
static void leave_question(struct scan *s) {
    s->asks[0] = '\0';
    s->serials = 0;
    say(s, ROLE_DIM, T(SCAN_NOT_COUNTED));
}

/* Control and function keys are commands, all else is the line's. */
static unsigned scan_key(struct view *v, int key) {
    struct scan *s = (struct scan *)v;
    bool empty = s->line.text.len == 0;
    if (key == KEY_ENTER_) {
        if (!empty)
            typed(s);
        return VIEW_DONE;
    }
    if (key == KEY_ESC_ && empty && s->asks[0]) {
        leave_question(s);
        return VIEW_DONE;
    }
    if (key == KEY_ESC_ && !empty) {
        prompt_set(&s->line, "");
        return VIEW_DONE;
    }
    if (key == KEY_BACKSPACE_ && empty)
        return VIEW_DONE;
    if (key < ' ' || prompt_key(&s->line, key) == PROMPT_IGNORED)
        return VIEW_IGNORED;
    return VIEW_DONE;
}

/* --- acts -------------------------------------------------------------------
 */

static void on_done(void *arg, const struct link_reply *r) {
    struct scan *s = arg;
    if (!r->result) {
        AUTO_FREE char *why =
            mem_printf("%s %s", r->message, r->hint ? r->hint : "");
        say(s, ROLE_BAD, why);
        ring(s);
    } else {
        say(s, ROLE_GOOD, T(SCAN_DONE));
    }
    ask(s);
}

static void act(struct scan *s, const char *method, const char *more) {
    AUTO_FREE char *params =
        mem_printf("{\"id\":\"%s\"%s}", s->id, more ? more : "");
    int rc = link_write(app_link(s->base.app), method, params, on_done, s);
    if (rc < 0)
        say(s, ROLE_BAD, text_error(tr_lang, rc));
}

/* Differences are said in words before they are taken for right. */
static void close_with_differences(void *arg, const char *word) {
    (void)word;
    act(arg, "inbound.close", ",\"differences\":true");
}

static void finish(struct scan *s) {
    if (s->counts)
        act(s, "counts.submit", NULL);
    else
        app_confirm(s->base.app, T(SCAN_CLOSE_QUESTION), T(SCAN_CLOSE_WORD),
                    close_with_differences, s);
}

static void drop_count(void *arg, const char *word) {
    (void)word;
    act(arg, "counts.drop", NULL);
}

static unsigned scan_action(struct view *v, enum action_id action) {
    struct scan *s = (struct scan *)v;
    switch (action) {
    case ACTION_SCAN_UNDO:
        if (s->asks[0]) {
            leave_question(s);
        } else if (s->last[0]) {
            AUTO_FREE char *code = mem_dup(s->last);
            send(s, code, "-1", s->lot, NULL);
        }
        return VIEW_DONE;
    case ACTION_SCAN_FINISH:
        finish(s);
        return VIEW_DONE;
    case ACTION_SCAN_TELL:
        act(s, s->counts ? "counts.approve" : "inbound.tell", NULL);
        return VIEW_DONE;
    case ACTION_SCAN_AGAIN:
        if (s->counts)
            act(s, "counts.reopen", NULL);
        return VIEW_DONE;
    case ACTION_SCAN_EXPECT:
        edit_expect(v->app, s->id);
        return VIEW_DONE;
    case ACTION_SCAN_DROP:
        app_confirm(v->app, T(SCAN_DROP_QUESTION), T(WORD_DROP), drop_count, s);
        return VIEW_DONE;
    case ACTION_CANCEL:
        return VIEW_DONE | VIEW_CLOSE;
    case ACTION_PAGE_DOWN:
        (void)textview_move(&s->rows, LISTBOX_PAGE_DOWN);
        return VIEW_DONE;
    case ACTION_PAGE_UP:
        (void)textview_move(&s->rows, LISTBOX_PAGE_UP);
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}

/* --- the view ----------------------------------------------------------------
 */

static struct view *scan_open(struct app *a, const char *arg) {
    struct scan *s = NEW(struct scan);
    s->base.ops = &view_scan_ops;
    s->base.app = a;
    (void)str_copy(s->id, sizeof s->id, arg);
    s->counts = arg[0] == 'C';
    prompt_init(&s->line, "");
    ask(s);
    return &s->base;
}

static void scan_close(struct view *v) {
    struct scan *s = (struct scan *)v;
    link_forget(app_link(v->app), s);
    app_forget(v->app, s);
    prompt_done(&s->line);
    textview_done(&s->rows);
    free(s);
}

static void place_line(struct scan *s, struct buf *out) {
    if (s->bin[0])
        TF(out, SCAN_AT_BIN, "bin", s->bin);
    else
        buf_adds(out, T(SCAN_BIN_FIRST));
    if (s->counts && s->next_bin[0]) {
        buf_adds(out, "  ");
        TF(out, SCAN_NEXT_BIN, "bin", s->next_bin);
    }
}

/* Whole, for its end says what to do. Returns the rows it takes. */
static int draw_said(const struct scan *s, const struct pane *body) {
    struct textview t = {0};
    int rows = 0, most = body->h / 2;
    textview_prose(&t, s->said_role, NULL, s->said, body->w);
    for (; s->said[0] && rows < t.n && rows < most; rows++) {
        pane_fill(body, 1 + rows, s->said_role);
        (void)pane_text(body, 1 + rows, 0, -1, s->said_role,
                        t.lines[rows].text);
    }
    textview_done(&t);
    return rows > 1 ? rows : 1;
}

static void scan_draw(struct view *v, const struct pane *body) {
    struct scan *s = (struct scan *)v;
    AUTO_BUF struct buf place = BUF_INIT, typed = BUF_INIT;
    struct pane line = pane_sub(body, 0, 0, 1, body->w);
    int head = 2 + draw_said(s, body);
    struct pane rows = pane_sub(body, head, 0, body->h - head - 1, body->w);
    int cursor = 0;
    place_line(s, &place);
    (void)pane_text(&line, 0, 0, -1, s->bin[0] ? ROLE_KEY : ROLE_WARN,
                    buf_str(&place));
    textview_draw(&s->rows, &rows, false);
    prompt_show(&s->line, body->w - 3, &typed, &cursor);
    (void)pane_text(body, body->h - 1, 0, 2, ROLE_KEY, ">");
    (void)pane_text(body, body->h - 1, 2, -1, ROLE_NORMAL, buf_str(&typed));
    pane_cursor(body, body->h - 1, 2 + cursor);
}

static void scan_event(struct view *v, const struct view_event *e) {
    if (str_eq(e->topic, "inventory") || str_eq(e->topic, "system"))
        ask((struct scan *)v);
}

static void scan_name(struct view *v, struct buf *out) {
    struct scan *s = (struct scan *)v;
    buf_addf(out, "%s %s", s->id, s->counts ? tr_word("count", s->state) : "");
}

static void scan_plain(struct view *v, struct buf *out) {
    struct scan *s = (struct scan *)v;
    place_line(s, out);
    buf_addf(out, "\n%s\n", s->said);
    for (int i = 0; i < s->rows.n; i++)
        buf_addf(out, "%s\n", s->rows.lines[i].text);
}

static const char *scan_ref(struct view *v) {
    return ((struct scan *)v)->id;
}

static bool scan_offers(struct view *v, enum action_id action) {
    const struct scan *s = (const struct scan *)v;
    bool submitted = s->counts && str_eq(s->state, "submitted");
    switch (action) {
    case ACTION_SCAN_TELL:
        return !s->counts || submitted;
    case ACTION_SCAN_AGAIN:
        return submitted;
    case ACTION_SCAN_EXPECT:
        return !s->counts && str_eq(s->state, "open");
    case ACTION_SCAN_DROP:
        return s->counts && (submitted || str_eq(s->state, "open"));
    case ACTION_SCAN_UNDO:
    case ACTION_SCAN_FINISH:
        return str_eq(s->state, "open");
    default:
        return true;
    }
}

const struct view_ops view_scan_ops = {
    .id = VIEW_SCAN,
    .title = TEXT_SCREEN_SCAN,
    .open = scan_open,
    .close = scan_close,
    .draw = scan_draw,
    .action = scan_action,
    .key = scan_key,
    .event = scan_event,
    .name = scan_name,
    .plain = scan_plain,
    .ref = scan_ref,
    .offers = scan_offers,
};
