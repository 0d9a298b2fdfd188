/* The packing table. Every printable key belongs to the scan line; commands
 * are F keys.
 *
 * Happy path: the order is begun, each scan goes to the daemon and its answer
 * paints the line; F10 when all is in.
 * Failure modes: the wrong piece, or one too many: words, colour, bell, until a
 * scan that was made after it was shown is right; the shop changes the order:
 * the lines make room for what changed and what can be done; the link drops:
 * scans wait and are sent again, each with its request_id, and how many are on
 * their way is shown; somebody else has it in hand: who, and nothing counts. */
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
#include "tui/pack_acts.h"
#include "tui/packing.h"
#include "tui/papers.h"
#include "tui/scan_line.h"
#include "tui/tr.h"
#include "tui/views.h"

enum { CODE_MAX = 128 };

/* --- what is shown ------------------------------------------------------- */

static void ring(struct packing *p) {
    struct screen *s = app_screen(p->base.app);
    if (s) {
        s->ops->ring(s);
    }
}

static void show_box(struct packing *p, int role, const char *title,
                     const char *text) {
    (void)str_copy(p->box_title, sizeof p->box_title, title);
    (void)str_copy(p->box, sizeof p->box, text);
    p->box_role = role;
    p->box_at = p->sent;
    if (role == ROLE_BAD) {
        ring(p);
    }
    app_dirty(p->base.app);
}

static void choose_line(struct packing *p, int scanned) {
    bool more = scanned >= 0 && !p->s.lines[scanned].done;
    int next = more ? scanned : pack_state_next(&p->s);
    if (next >= 0) {
        p->at = next;
    }
    if (p->at >= p->s.n) {
        p->at = p->s.n ? p->s.n - 1 : 0;
    }
}

/* What a conflict says of itself: here it is seldom another person. */
static void say_refused(struct packing *p, const char *title,
                        const struct link_reply *r) {
    const char *from = strchr(r->message, '(');
    const char *to = strrchr(r->message, ')');
    if (from && to > from && str_eq(r->code, "conflict")) {
        AUTO_FREE char *why = mem_dupn(from + 1, (size_t)(to - from - 1));
        show_box(p, ROLE_BAD, title, why);
        return;
    }
    AUTO_FREE char *why =
        mem_printf("%s %s", r->message, r->hint ? r->hint : "");
    show_box(p, ROLE_BAD, title, why);
}

/* --- the daemon -------------------------------------------------------- */

static void on_table(void *arg, const struct link_reply *r) {
    struct packing *p = arg;
    bool stopped = p->s.stop[0] != '\0';
    p->asked = false;
    if (!r->result) {
        say_refused(p, T(PACK_REFUSED), r);
        return;
    }
    pack_state_read(&p->s, r->result);
    choose_line(p, -1);
    if (p->s.stop[0] && !stopped) {
        ring(p);
    }
    const char *out = model_str(r->result, "take_out");
    if (*out) {
        AUTO_BUF struct buf b = BUF_INIT;
        TF(&b, PACK_TAKE_OUT, "pieces", out);
        show_box(p, ROLE_WARN, T(PACK_TAKE_OUT_TITLE), buf_str(&b));
    }
    app_dirty(p->base.app);
}

static void read_again(void *arg);

/* Its parcels have left, as was said already: nothing lies on the table. */
static bool has_left(const struct packing *p, const struct link_reply *r) {
    return !r->result && p->shipped && str_eq(r->code, "not_found");
}

/* The daemon reads beside its writes: a scan that was answered meanwhile may
 * not be in what was read, and the table must not forget it. */
static void on_read(void *arg, const struct link_reply *r) {
    struct packing *p = arg;
    if (r->result && p->answered != p->asked_at) {
        p->asked = false;
        read_again(p);
    } else if (has_left(p, r)) {
        app_leave(p->base.app, &p->base);
    } else {
        on_table(p, r);
    }
}

static void read_again(void *arg) {
    struct packing *p = arg;
    if (!p->asked) {
        p->asked = true;
        p->asked_at = p->answered;
        view_ask_ref(p->base.app, "packs.get", p->ref, on_read, p);
    }
}

static void ask(struct packing *p, const char *method, const char *params) {
    int err = link_write(app_link(p->base.app), method, params, on_table, p);
    if (err < 0) {
        app_say(p->base.app, ROLE_BAD, "%s", text_error(tr_lang, err));
    }
}

static void step(struct packing *p, const char *method, const char *flag) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "ref", p->ref);
    if (flag) {
        jsonw_kbool(&w, flag, true);
    }
    jsonw_end_object(&w);
    p->box[0] = '\0';
    ask(p, method, buf_str(&b));
}

static void begin(struct packing *p, const char *ref) {
    p->shipped = false;
    (void)str_copy(p->ref, sizeof p->ref, ref);
    p->at = 0;
    p->box[0] = '\0';
    step(p, "packs.begin", NULL);
}

static void on_scan(void *arg, const struct link_reply *r) {
    struct packing *p = arg;
    p->answered++;
    if (!r->result) {
        say_refused(p, T(PACK_NOT_COUNTED), r);
        return;
    }
    const char *verdict = model_str(r->result, "verdict");
    const char *text = model_str(r->result, "text");
    if (!str_eq(model_str(r->result, "ref"), p->ref)) {
        return; /* of the order before */
    }
    choose_line(p, pack_state_scan(&p->s, r->result));
    if (str_eq(verdict, "wrong")) {
        show_box(p, ROLE_BAD, T(PACK_WRONG_TITLE), text);
    } else if (str_eq(verdict, "excess")) {
        show_box(p, ROLE_BAD, T(PACK_EXCESS_TITLE), text);
    } else if (str_eq(verdict, "serial") || str_eq(verdict, "expired") ||
               str_eq(verdict, "used") || str_eq(verdict, "quarantine")) {
        show_box(p, ROLE_BAD, tr_word("stop", verdict), text);
    } else if (str_eq(verdict, "stop")) {
        ring(p);
    } else if (p->answered > p->box_at) {
        p->box[0] = '\0';
    }
    if (str_eq(verdict, "order")) {
        begin(p, model_str(r->result, "order"));
    } else if (str_eq(verdict, "parcel")) {
        app_say(p->base.app, ROLE_GOOD, "%s", text);
        read_again(p);
    }
    app_dirty(p->base.app);
}

static void scan(struct packing *p) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    const char *code = buf_str(&p->input.text);
    code += strspn(code, " ");
    size_t n = strlen(code);
    while (n > 0 && code[n - 1] == ' ') {
        n--;
    }
    if (n == 0 || n > CODE_MAX) {
        return;
    }
    AUTO_FREE char *typed = mem_dupn(code, n);
    prompt_set(&p->input, "");
    if (codes_take(p->base.app, typed, false)) {
        return;
    }
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "ref", p->ref);
    scan_line_code(&w, typed, n);
    jsonw_end_object(&w);
    int err = link_write(app_link(p->base.app), "packs.scan", buf_str(&b),
                         on_scan, p);
    if (err < 0) {
        show_box(p, ROLE_BAD, T(PACK_NOT_COUNTED), text_error(tr_lang, err));
        prompt_set(&p->input, typed); /* nothing is lost */
        return;
    }
    p->sent++;
}

/* --- keys -------------------------------------------------------------- */

/* Whatever can be typed is the scan line's, whatever key it would be
 * elsewhere. */
static bool of_line(int key) {
    return (key >= ' ' && key < KEY_SPECIAL) || key == KEY_LEFT_ ||
           key == KEY_RIGHT_ || key == KEY_DEL_;
}

static unsigned pack_key(struct view *v, int key) {
    struct packing *p = (struct packing *)v;
    if (key == KEY_ENTER_) {
        scan(p);
        return VIEW_DONE;
    }
    if (!of_line(key)) {
        return VIEW_IGNORED;
    }
    /* a backspace in an empty line would cancel a prompt; here it is nothing */
    (void)prompt_key(&p->input, key);
    return VIEW_DONE;
}

static void put_back(void *arg, const char *word) {
    (void)word;
    step(arg, "packs.put_back", NULL);
}

static void short_picked(void *arg, const char *params) {
    ask(arg, "packs.short", params);
}

static void say_short(struct packing *p) {
    if (p->at < p->s.n) {
        const struct pack_line *l = &p->s.lines[p->at];
        pack_acts_short(p->base.app, p->ref, l, short_picked, p);
    }
}

/* Which line it is only shows when every scan is answered. */
static void say_missing(struct packing *p) {
    if (p->sent > p->answered) {
        show_box(p, ROLE_BAD, T(PACK_REFUSED), T(CODE_SCANS_WAIT));
    } else if (p->at < p->s.n) {
        pack_acts_missing(p->base.app, p->ref, &p->s.lines[p->at], short_picked,
                          p);
    }
}

static void move(struct packing *p, int by) {
    int at = p->at + by;
    if (at >= 0 && at < p->s.n) {
        p->at = at;
    }
}

static unsigned pack_action(struct view *v, enum action_id action) {
    struct packing *p = (struct packing *)v;
    switch (action) {
    case ACTION_PACK_SHORT:
        say_short(p);
        return VIEW_DONE;
    case ACTION_PACK_MISSING:
        say_missing(p);
        return VIEW_DONE;
    case ACTION_PACK_UNDO:
        step(p, "packs.undo", NULL);
        return VIEW_DONE;
    case ACTION_PACK_PARCEL:
        if (str_eq(p->s.state, "packed")) {
            step(p, "packs.begin", "again");
        } else {
            step(p, "packs.parcel", NULL);
        }
        return VIEW_DONE;
    case ACTION_PACK_PAPER:
        papers_choose(v->app, p->ref);
        return VIEW_DONE;
    case ACTION_PACK_ACCEPT:
        step(p, "packs.accept_change", NULL);
        return VIEW_DONE;
    case ACTION_PACK_TAKE:
        step(p, "packs.begin", "take");
        return VIEW_DONE;
    case ACTION_PACK_BACK:
        app_confirm(v->app, T(PACK_ASK_BACK), T(WORD_BACK), put_back, p);
        return VIEW_DONE;
    case ACTION_PACK_SHIP:
        p->shipped = true;
        pack_acts_ship(v->app, p->ref);
        return VIEW_DONE;
    case ACTION_PACK_DONE:
        step(p, "packs.finish", NULL);
        return VIEW_DONE;
    case ACTION_DOWN:
    case ACTION_UP:
        move(p, action == ACTION_DOWN ? 1 : -1);
        return VIEW_DONE;
    case ACTION_PACK_LEAVE:
        return VIEW_CLOSE;
    default:
        return VIEW_IGNORED;
    }
}

static bool pack_offers(struct view *v, enum action_id action) {
    const struct packing *p = (const struct packing *)v;
    bool packed = str_eq(p->s.state, "packed");
    bool stopped = p->s.stop[0] != '\0';
    switch (action) {
    case ACTION_PACK_ACCEPT:
        return stopped && !p->s.dead;
    case ACTION_PACK_SHIP:
        return packed;
    case ACTION_PACK_DONE:
    case ACTION_PACK_UNDO:
    case ACTION_PACK_SHORT:
    case ACTION_PACK_MISSING:
        return p->s.ref[0] && !packed && !stopped;
    case ACTION_PACK_PAPER:
        return p->s.ref[0] != '\0';
    case ACTION_PACK_TAKE:
        return !p->s.ref[0];
    default:
        return true;
    }
}

/* --- the view
 * ------------------------------------------------------------------ */

static struct view *pack_open(struct app *a, const char *arg) {
    struct packing *p = NEW(struct packing);
    p->base = (struct view){&view_pack_ops, a};
    prompt_init(&p->input, NULL);
    begin(p, arg ? arg : "");
    return &p->base;
}

static void pack_close(struct view *v) {
    struct packing *p = (struct packing *)v;
    prompt_done(&p->input);
    pack_state_done(&p->s);
    free(p);
}

/* Our own scans tell of work on this order all the time: they were answered
 * already. Everything else may be the shop. */
static void pack_event(struct view *v, const struct view_event *e) {
    enum { TOGETHER_MS = 50 };
    struct packing *p = (struct packing *)v;
    struct loop *loop = app_loop(v->app);
    bool ours = str_eq(e->topic, "order") && str_eq(e->ref, p->ref) &&
                !str_eq(model_str(e->data, "part"), "work");
    bool many =
        (str_eq(e->topic, "order") && !e->ref[0]) || str_eq(e->topic, "system");
    if ((ours || many) && p->s.ref[0] &&
        !loop_timer_pending(loop, read_again, p)) {
        loop_timer(loop, TOGETHER_MS, read_again, p);
    }
}

static void pack_shown(struct view *v) {
    read_again(v);
}

static void pack_name(struct view *v, struct buf *out) {
    buf_adds(out, ((struct packing *)v)->ref);
}

static void pack_head(struct view *v, struct buf *out) {
    const struct packing *p = (const struct packing *)v;
    if (p->s.ref[0]) {
        buf_addf(out, "%s  %s  %s", p->s.work, tr_word("work", p->s.state),
                 p->s.open[0] ? p->s.open : p->s.parcels);
    }
}

const struct view_ops view_pack_ops = {
    .id = VIEW_PACK,
    .title = TEXT_SCREEN_PACK,
    .open = pack_open,
    .close = pack_close,
    .draw = pack_draw,
    .action = pack_action,
    .key = pack_key,
    .event = pack_event,
    .shown = pack_shown,
    .name = pack_name,
    .head = pack_head,
    .plain = pack_plain,
    .offers = pack_offers,
};
