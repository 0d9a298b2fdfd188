/* Picking by scanner. Every printable key belongs to the scan line; commands
 * are F-keys, so that no code can run one.
 *
 * Happy path: a code and Enter is one write; its answer says in words, colour
 * and bell what it was, and that stays until the next.
 * Failure modes: the link is down: scans are kept and sent in their order once
 * it is back, each with its request_id, and the line says how many wait; the
 * work was taken over, dropped or is packed: the refusal's sentence stands
 * where the verdict would, nothing was counted; another screen scans the same
 * order: its event reads the list again. */
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/codes.h"
#include "tui/key.h"
#include "tui/link.h"
#include "tui/loop.h"
#include "tui/model.h"
#include "tui/papers.h"
#include "tui/picking.h"
#include "tui/scan_line.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { LINES_MAX = 1000, CODE_MAX = 127, READ_AGAIN_MS = 200 };

/* --- what the daemon says ----------------------------------------------- */

static void read_line(struct walk_line *l, const struct json *v) {
    model_text(l->pick, sizeof l->pick, v, "pick");
    model_text(l->ref, sizeof l->ref, v, "ref");
    model_text(l->tote, sizeof l->tote, v, "tote");
    model_text(l->sku, sizeof l->sku, v, "sku");
    model_text(l->name, sizeof l->name, v, "name");
    model_text(l->bin, sizeof l->bin, v, "bin");
    model_text(l->lot, sizeof l->lot, v, "lot");
    model_text(l->wanted, sizeof l->wanted, v, "quantity");
    model_text(l->picked, sizeof l->picked, v, "picked");
    model_text(l->missing, sizeof l->missing, v, "short");
    model_text(l->bundle, sizeof l->bundle, v, "bundle");
    l->line = model_int(v, "line", 0);
    l->part = model_int(v, "part", 0);
    l->optional = model_flag(v, "optional");
}

static void judge_line(struct walk_line *l) {
    l->done =
        picking_e3(l->picked) + picking_e3(l->missing) >= picking_e3(l->wanted);
}

static struct walk_line *line_of(struct picking *p, const char *pick,
                                 int64_t line, int64_t part) {
    for (int i = 0; i < p->n; i++) {
        if (p->lines[i].line == line && p->lines[i].part == part &&
            str_eq(p->lines[i].pick, pick)) {
            return &p->lines[i];
        }
    }
    return NULL;
}

/* The cursor rests on what was scanned, and goes on when that is done. */
static void place(struct picking *p, const struct walk_line *at) {
    int i = at ? (int)(at - p->lines) : 0;
    int from = i;
    while (i < p->n && p->lines[i].done) {
        i++;
    }
    p->box.selected = i < p->n ? i : from;
    listbox_fix(&p->box);
}

static void take(struct picking *p, const struct json *v) {
    const struct json *l = json_first(json_get(v, "lines"));
    model_text(p->id, sizeof p->id, v, "id");
    model_text(p->who, sizeof p->who, v, "who");
    p->left = model_int(v, "left", 0);
    for (p->n = 0; l && p->n < LINES_MAX; l = json_next(l)) {
        struct walk_line *line = &p->lines[p->n++];
        read_line(line, l);
        judge_line(line);
    }
    p->box.count = p->n;
    if (!p->placed) {
        place(p, line_of(p, model_str(v, "last.pick"),
                         model_int(v, "last.line", 0),
                         model_int(v, "last.part", 0)));
        p->placed = true;
    }
    listbox_fix(&p->box);
    app_dirty(p->base.app);
}

void picking_say(struct picking *p, int role, const char *word,
                 const char *detail) {
    p->role = role;
    (void)str_copy(p->verdict, sizeof p->verdict, word);
    (void)str_copy(p->detail, sizeof p->detail, detail);
    app_dirty(p->base.app);
}

void picking_stop(struct picking *p, const char *word, const char *detail) {
    struct screen *s = app_screen(p->base.app);
    picking_say(p, ROLE_BAD, word, detail);
    if (s) {
        s->ops->ring(s);
    }
}

void picking_refused(struct picking *p, const struct link_reply *r) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "%s %s", r->message ? r->message : "", r->hint ? r->hint : "");
    picking_stop(p, T(PICK_REFUSED), buf_str(&b));
}

/* --- asking ------------------------------------------------------------- */

static void on_whole(void *arg, const struct link_reply *r) {
    struct picking *p = arg;
    if (r->result) {
        take(p, r->result);
    } else {
        picking_refused(p, r);
    }
}

void picking_read_again(void *arg) {
    struct picking *p = arg;
    AUTO_BUF struct buf b = BUF_INIT;
    if (p->id[0]) {
        view_param(&b, "pick", p->id);
        /* a full queue: the next event asks again */
        (void)link_ask(app_link(p->base.app), "picks.get", buf_str(&b),
                       on_whole, p);
    }
}

static void write_pick(struct picking *p, const char *method, link_cb *cb) {
    AUTO_BUF struct buf b = BUF_INIT;
    view_param(&b, "pick", p->id);
    int rc = link_write(app_link(p->base.app), method, buf_str(&b), cb, p);
    if (rc < 0) {
        picking_stop(p, T(PICK_REFUSED), text_error(tr_lang, rc));
    }
}

/* --- scanning ----------------------------------------------------------- */

static void counted(struct picking *p, const struct json *v) {
    struct walk_line *l =
        line_of(p, model_str(v, "pick"), model_int(v, "line", 0),
                model_int(v, "part", 0));
    p->left = model_int(v, "left", p->left);
    if (!l) {
        return;
    }
    model_text(l->picked, sizeof l->picked, v, "picked");
    model_text(l->missing, sizeof l->missing, v, "short");
    judge_line(l);
    place(p, l);
}

/* What stops a piece of the order; -1: it is something else. */
static int stop_text(const char *verdict) {
    return str_eq(verdict, "serial")       ? TEXT_PACK_SERIAL
           : str_eq(verdict, "expired")    ? TEXT_PACK_EXPIRED
           : str_eq(verdict, "used")       ? TEXT_PACK_USED
           : str_eq(verdict, "quarantine") ? TEXT_PACK_QUARANTINE
                                           : -1;
}

static void judged(struct picking *p, const struct json *v) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *verdict = model_str(v, "verdict");
    const char *code = model_str(v, "code"), *name = model_str(v, "name");
    const char *tote = model_str(v, "tote");
    counted(p, v);
    if (str_eq(verdict, "ok") || str_eq(verdict, "undone")) {
        bool ok = str_eq(verdict, "ok");
        buf_addf(&b, "%s  %s / %s", name, model_str(v, "picked"),
                 model_str(v, "quantity"));
        if (ok && *tote) {
            buf_adds(&b, "  ");
            TF(&b, PICK_TOTE, "tote", tote);
        }
        picking_say(p, ok ? ROLE_GOOD : ROLE_WARN,
                    ok ? T(PICK_OK) : T(PICK_UNDONE), buf_str(&b));
    } else if (str_eq(verdict, "excess")) {
        TF(&b, PICK_EXCESS_TEXT, "code", code, "name", name);
        picking_stop(p, T(PICK_EXCESS), buf_str(&b));
    } else if (stop_text(verdict) >= 0) {
        text_format(&b, tr_lang, (enum text_id)stop_text(verdict), "code", code,
                    "name", name, NULL);
        picking_stop(p, tr_word("stop", verdict), buf_str(&b));
    } else {
        text_format(&b, tr_lang,
                    *name ? TEXT_PICK_WRONG_TEXT : TEXT_PICK_UNKNOWN_TEXT,
                    "code", code, "name", name, NULL);
        picking_stop(p, T(PICK_WRONG), buf_str(&b));
    }
}

static void on_scan(void *arg, const struct link_reply *r) {
    struct picking *p = arg;
    p->waiting -= p->waiting > 0;
    if (r->result) {
        judged(p, r->result);
    } else {
        picking_refused(p, r);
    }
}

static void on_undo(void *arg, const struct link_reply *r) {
    struct picking *p = arg;
    if (r->result) {
        judged(p, r->result);
    } else {
        picking_refused(p, r);
    }
}

/* "3*CODE" counts three. */
static void scan(struct picking *p, const char *text) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    size_t digits = strspn(text, "0123456789");
    bool many = digits > 0 && digits < 6 && text[digits] == '*';
    AUTO_FREE char *n = many ? mem_dupn(text, digits) : NULL;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "pick", p->id);
    const char *code = many ? text + digits + 1 : text;
    scan_line_code(&w, code, strlen(code));
    if (many) {
        jsonw_kstring(&w, "quantity", n);
    }
    jsonw_end_object(&w);
    int rc = link_write(app_link(p->base.app), "picks.scan", buf_str(&b),
                        on_scan, p);
    if (rc < 0) {
        picking_stop(p, T(PICK_REFUSED), text_error(tr_lang, rc));
    } else {
        p->waiting++;
    }
}

/* Blanks around a code are the scanner's, not the code's. */
static void entered(struct picking *p) {
    const char *s = buf_str(&p->input.text);
    AUTO_FREE char *code = mem_dup(s + strspn(s, " "));
    size_t n = strlen(code);
    while (n > 0 && code[n - 1] == ' ') {
        code[--n] = '\0';
    }
    prompt_set(&p->input, "");
    if (!codes_take(p->base.app, code, false) && n > 0 && n <= CODE_MAX &&
        p->id[0]) {
        scan(p, code);
    }
}

static unsigned picking_key(struct view *v, int key) {
    struct picking *p = (struct picking *)v;
    bool printable = key >= ' ' && key < KEY_SPECIAL && key != KEY_BACKSPACE_;
    if (key == KEY_ENTER_ || key == '\n') {
        entered(p);
        return VIEW_DONE;
    }
    if (printable || key == KEY_BACKSPACE_) {
        (void)prompt_key(&p->input, key);
        return VIEW_DONE;
    }
    return VIEW_IGNORED;
}

/* --- commands ----------------------------------------------------------- */

static void left_hand(struct picking *p, const struct link_reply *r,
                      enum text_id said) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (!r->result) {
        picking_refused(p, r);
        return;
    }
    text_format(&b, tr_lang, said, "pick", p->id, NULL);
    app_say(p->base.app, ROLE_GOOD, "%s", buf_str(&b));
    app_leave(p->base.app, &p->base);
}

static void on_handed(void *arg, const struct link_reply *r) {
    left_hand(arg, r, TEXT_PICK_HANDED);
}

static void on_given_back(void *arg, const struct link_reply *r) {
    left_hand(arg, r, TEXT_PICK_GIVEN_BACK);
}

static void on_dropped(void *arg, const struct link_reply *r) {
    left_hand(arg, r, TEXT_PICK_DROPPED);
}

static void drop(void *arg, const char *word) {
    (void)word;
    write_pick(arg, "picks.drop", on_dropped);
}

static unsigned picking_action(struct view *v, enum action_id action) {
    struct picking *p = (struct picking *)v;
    switch (action) {
    case ACTION_DOWN:
        (void)listbox_move(&p->box, LISTBOX_DOWN);
        return VIEW_DONE;
    case ACTION_UP:
        (void)listbox_move(&p->box, LISTBOX_UP);
        return VIEW_DONE;
    case ACTION_PAGE_DOWN:
        (void)listbox_move(&p->box, LISTBOX_PAGE_DOWN);
        return VIEW_DONE;
    case ACTION_PAGE_UP:
        (void)listbox_move(&p->box, LISTBOX_PAGE_UP);
        return VIEW_DONE;
    case ACTION_PICK_SHORT:
        picking_ask_short(p);
        return VIEW_DONE;
    case ACTION_PICK_MISSING:
        picking_missing(p);
        return VIEW_DONE;
    case ACTION_PICK_PAPER:
        if (p->box.selected < p->n) {
            papers_pick_list(v->app, p->id, p->lines[p->box.selected].ref);
        }
        return VIEW_DONE;
    case ACTION_PICK_UNDO:
        write_pick(p, "picks.undo", on_undo);
        return VIEW_DONE;
    case ACTION_PICK_GIVE_BACK:
        write_pick(p, "picks.give_back", on_given_back);
        return VIEW_DONE;
    case ACTION_PICK_DROP:
        app_confirm(v->app, T(PICK_ASK_DROP), T(WORD_BACK), drop, p);
        return VIEW_DONE;
    case ACTION_PICK_TAKE_OVER:
        write_pick(p, "picks.take_over", on_whole);
        return VIEW_DONE;
    case ACTION_PICK_LEAVE:
        return VIEW_CLOSE;
    case ACTION_PICK_FINISH:
        write_pick(p, "picks.finish", on_handed);
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}

/* --- life --------------------------------------------------------------- */

static void picking_event(struct view *v, const struct view_event *e) {
    struct picking *p = (struct picking *)v;
    bool ours = str_empty(e->ref);
    for (int i = 0; i < p->n && !ours; i++) {
        ours = str_eq(e->ref, p->lines[i].ref);
    }
    if (ours && (str_eq(e->topic, "order") || str_eq(e->topic, "system")) &&
        !loop_timer_pending(app_loop(v->app), picking_read_again, p)) {
        loop_timer(app_loop(v->app), READ_AGAIN_MS, picking_read_again, p);
    }
}

static const char *picking_ref(struct view *v) {
    const struct picking *p = (const struct picking *)v;
    return p->box.selected < p->n ? p->lines[p->box.selected].ref : "";
}

static void on_order(void *arg, const struct link_reply *r) {
    struct picking *p = arg;
    model_text(p->id, sizeof p->id, r->result, "work.pick");
    picking_read_again(p);
}

/* One that is begun already is gone on with. */
static void on_begun(void *arg, const struct link_reply *r) {
    struct picking *p = arg;
    if (r->code && str_eq(r->code, "exists") && !strchr(p->refs, ' ')) {
        view_ask_ref(p->base.app, "orders.get", p->refs, on_order, p);
    } else {
        on_whole(p, r);
    }
}

static void begin(struct picking *p, const char *refs) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_key(&w, "orders");
    jsonw_begin_array(&w);
    while (*refs) {
        size_t n = strcspn(refs, " ");
        jsonw_stringn(&w, refs, n);
        refs += n + (refs[n] == ' ');
    }
    jsonw_end_array(&w);
    jsonw_end_object(&w);
    int rc = link_write(app_link(p->base.app), "picks.begin", buf_str(&b),
                        on_begun, p);
    if (rc < 0) {
        picking_stop(p, T(PICK_REFUSED), text_error(tr_lang, rc));
    }
}

/* arg: P-77, W-12, or the references of orders to begin on. */
static struct view *picking_open(struct app *a, const char *arg) {
    struct picking *p = NEW(struct picking);
    p->base = (struct view){.ops = &view_picking_ops, .app = a};
    p->lines = mem_zalloc(LINES_MAX, sizeof *p->lines);
    prompt_init(&p->input, NULL);
    if (strchr(arg, ':')) {
        p->refs = mem_dup(arg);
        begin(p, arg);
    } else {
        (void)str_copy(p->id, sizeof p->id, arg);
        picking_read_again(p);
    }
    return &p->base;
}

/* Scans that wait are sent all the same. */
static void picking_close(struct view *v) {
    struct picking *p = (struct picking *)v;
    app_forget(v->app, p);
    link_forget(app_link(v->app), p);
    loop_timer_cancel(app_loop(v->app), picking_read_again, p);
    prompt_done(&p->input);
    free(p->lines);
    free(p->refs);
    free(p);
}

const struct view_ops view_picking_ops = {
    .id = VIEW_PICKING,
    .title = TEXT_SCREEN_PICKING,
    .open = picking_open,
    .close = picking_close,
    .draw = picking_draw,
    .action = picking_action,
    .key = picking_key,
    .event = picking_event,
    .name = picking_name,
    .head = picking_head,
    .ref = picking_ref,
    .plain = picking_plain,
};
