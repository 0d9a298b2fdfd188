/* Counting in what has come back. Every printable key goes to the scan line, as
 * a scanner is a keyboard; commands are function keys.
 *
 * Happy path: a code and Enter; it is sent at once, and the line is free for
 * the next; the answer counts it. Failure modes: a code that does not belong
 * here or is too many stops in words and colour until the next scan; nothing
 * was counted. The link lost: what was scanned is kept and sent again,
 * each once. */
#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/codes.h"
#include "tui/key.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/pad.h"
#include "tui/prompt.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { ID_MAX = 24, COUNT_WIDTH = 9, CODE_WIDTH = 16 };

struct receive {
    struct view base;
    char id[ID_MAX];
    struct prompt scan;
    struct textview lines;
    int waiting;       /* scans on their way */
    int64_t last_line; /* counted last, 0: none */
    int64_t last_part; /* of it, of a bundle */
    char said[400];
    int role;
};

static void say(struct receive *r, int role, const char *text) {
    (void)str_copy(r->said, sizeof r->said, text);
    r->role = role;
    app_dirty(r->base.app);
}

static void say_error(struct receive *r, const struct link_reply *reply) {
    AUTO_FREE char *why =
        mem_printf("%s %s", reply->message, reply->hint ? reply->hint : "");
    say(r, ROLE_BAD, why);
}

static void on_return(void *arg, const struct link_reply *reply) {
    struct receive *r = arg;
    if (!reply->result) {
        say_error(r, reply);
        return;
    }
    textview_clear(&r->lines);
    for (const struct json *l = json_first(json_get(reply->result, "lines")); l;
         l = json_next(l)) {
        AUTO_BUF struct buf b = BUF_INIT;
        const char *received = model_str(l, "received");
        bool all = str_eq(received, model_str(l, "quantity"));
        AUTO_FREE char *count =
            mem_printf("%s / %s", received, model_str(l, "quantity"));
        buf_adds(&b, all ? "OK " : ".. ");
        pad(&b, count, COUNT_WIDTH);
        pad(&b, model_str(l, "sku"), CODE_WIDTH);
        buf_addf(&b, " %s", model_str(l, "name"));
        textview_add(&r->lines, all ? ROLE_GOOD : ROLE_NORMAL, NULL, "%s",
                     buf_str(&b));
    }
    app_dirty(r->base.app);
}

static void ask(struct receive *r) {
    AUTO_BUF struct buf b = BUF_INIT;
    view_param(&b, "return", r->id);
    /* A full queue only leaves the old counts standing. */
    (void)link_ask(app_link(r->base.app), "returns.get", buf_str(&b), on_return,
                   r);
}

static void on_counted(void *arg, const struct link_reply *reply) {
    struct receive *r = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    r->waiting--;
    if (!reply->result) {
        say_error(r, reply);
        return;
    }
    const struct json *v = reply->result;
    const char *sku = model_str(v, "sku");
    r->last_line = model_int(v, "line", 0);
    r->last_part = model_int(v, "part", 0);
    TF(&b, RECEIVE_COUNTED, "what", *sku ? sku : model_str(v, "name"), "n",
       model_str(v, "received"), "of", model_str(v, "quantity"));
    say(r, ROLE_GOOD, buf_str(&b));
    ask(r);
}

static void send(struct receive *r, const char *code, int64_t line) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "return", r->id);
    if (code) {
        jsonw_kstring(&w, "code", code);
    } else {
        jsonw_ki64(&w, "line", line);
        jsonw_ki64(&w, "part", r->last_part);
        jsonw_kstring(&w, "quantity", "-1");
    }
    jsonw_end_object(&w);
    int err = link_write(app_link(r->base.app), "returns.receive", buf_str(&b),
                         on_counted, r);
    if (err < 0) {
        say(r, ROLE_BAD, text_error(tr_lang, err));
    } else {
        r->waiting++;
    }
}

static struct view *receive_open(struct app *a, const char *arg) {
    struct receive *r = NEW(struct receive);
    r->base = (struct view){&view_receive_ops, a};
    (void)str_copy(r->id, sizeof r->id, arg);
    prompt_init(&r->scan, NULL);
    say(r, ROLE_DIM, T(RECEIVE_SCAN_HELP));
    ask(r);
    return &r->base;
}

static void receive_close(struct view *v) {
    struct receive *r = (struct receive *)v;
    app_forget(v->app, r);
    prompt_done(&r->scan);
    textview_done(&r->lines);
    free(r);
}

static void scanned(struct receive *r) {
    AUTO_FREE char *code = mem_dup(buf_str(&r->scan.text));
    prompt_set(&r->scan, "");
    if (!codes_take(r->base.app, code, false) && *code) {
        send(r, code, 0);
    }
}

static unsigned receive_key(struct view *v, int key) {
    struct receive *r = (struct receive *)v;
    if (key == KEY_ESC_) {
        return VIEW_IGNORED;
    }
    bool empty = r->scan.text.len == 0;
    switch (prompt_key(&r->scan, key)) {
    case PROMPT_DONE:
        scanned(r);
        return VIEW_DONE;
    case PROMPT_EDITED:
        return VIEW_DONE;
    case PROMPT_CANCELLED: /* Backspace in an empty line leaves nothing */
        return empty ? VIEW_DONE : VIEW_REDRAW;
    default:
        return VIEW_IGNORED;
    }
}

static unsigned receive_action(struct view *v, enum action_id action) {
    struct receive *r = (struct receive *)v;
    switch (action) {
    case ACTION_CANCEL:
        return VIEW_CLOSE;
    case ACTION_UNDO_SCAN:
        if (r->last_line && r->waiting == 0) {
            send(r, NULL, r->last_line);
            r->last_line = 0;
        }
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}

static void receive_draw(struct view *v, const struct pane *body) {
    struct receive *r = (struct receive *)v;
    AUTO_BUF struct buf line = BUF_INIT;
    const char *label = T(RECEIVE_SCAN);
    int x = pane_text(body, 0, 1, -1, ROLE_KEY, label) + 2;
    int cursor;
    prompt_show(&r->scan, body->w - x - 1, &line, &cursor);
    (void)pane_text(body, 0, x, -1, ROLE_NORMAL, buf_str(&line));
    struct pane said = pane_sub(body, 2, 1, body->h - 2, body->w - 2);
    int y = textview_show(&said, 0, r->role, r->said) + 3;
    struct pane rows = pane_sub(body, y, 1, body->h - y, body->w - 2);
    textview_draw(&r->lines, &rows, false);
    pane_cursor(body, 0, x + cursor);
}

static void receive_event(struct view *v, const struct view_event *e) {
    if (str_eq(e->topic, "return") || str_eq(e->topic, "system")) {
        ask((struct receive *)v);
    }
}

static void receive_name(struct view *v, struct buf *out) {
    buf_adds(out, ((struct receive *)v)->id);
}

static const char *receive_ref(struct view *v) {
    return ((struct receive *)v)->id;
}

static void receive_plain(struct view *v, struct buf *out) {
    struct receive *r = (struct receive *)v;
    buf_addf(out, "%s\n", r->said);
    for (int i = 0; i < r->lines.n; i++) {
        buf_addf(out, "%s\n", r->lines.lines[i].text);
    }
}

const struct view_ops view_receive_ops = {
    .id = VIEW_RECEIVE,
    .title = TEXT_SCREEN_RECEIVE,
    .open = receive_open,
    .close = receive_close,
    .draw = receive_draw,
    .key = receive_key,
    .action = receive_action,
    .event = receive_event,
    .name = receive_name,
    .ref = receive_ref,
    .plain = receive_plain,
};
