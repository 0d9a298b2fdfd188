/* A paper of an order as it is printed, in letters; from here it goes to a
 * printer or into a file.
 *
 * Happy path: the text form is fetched and shown; `s` fetches the PDF part by
 * part and saves it. Failure modes: the daemon says why not, in place of the
 * text or in the message line; the order changes between two parts, which the
 * digest shows, and it is fetched again by hand. */
#include <string.h>

#include "common/base64.h"
#include "common/err.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/paper_file.h"
#include "tui/papers.h"
#include "tui/pick.h"
#include "tui/textview.h"
#include "tui/tr.h"
#include "tui/views.h"

struct paper {
    struct view base;
    char kind[8];
    char *whose; /* as papers_choose; owned */
    struct textview text;
    char *said;      /* why there is no text, or NULL */
    struct buf part; /* of the file on its way */
    char format[8];  /* of that file; "": none is */
    char digest[80];
};

/* --- asking --------------------------------------------------------------- */

static void ask(struct paper *p, const char *format, int64_t offset,
                link_cb *cb) {
    AUTO_BUF struct buf params = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    papers_whose(&w, p->whose);
    jsonw_kstring(&w, "kind", p->kind);
    jsonw_kstring(&w, "format", format);
    if (offset > 0)
        jsonw_ki64(&w, "offset", offset);
    jsonw_end_object(&w);
    int err = link_ask(app_link(p->base.app), "documents.render",
                       buf_str(&params), cb, p);
    if (err < 0)
        app_say(p->base.app, ROLE_BAD, "%s", text_error(tr_lang, err));
}

static void set_text(struct paper *p, const char *text) {
    textview_clear(&p->text);
    while (*text) {
        bool page = *text == '\f'; /* the next of several */
        if (page)
            textview_add(&p->text, ROLE_NORMAL, NULL, "%s", "");
        text += page;
        size_t n = strcspn(text, "\n");
        textview_add(&p->text, ROLE_NORMAL, NULL, "%.*s", (int)n, text);
        text += n + (text[n] == '\n');
    }
    app_dirty(p->base.app);
}

static void on_text(void *arg, const struct link_reply *r) {
    struct paper *p = arg;
    AUTO_BUF struct buf bytes = BUF_INIT;
    free(p->said);
    p->said = NULL;
    if (!r->result) {
        p->said = mem_printf("%s %s", r->message, r->hint ? r->hint : "");
    } else {
        const char *data = model_str(r->result, "data");
        (void)base64_decode(data, strlen(data), &bytes); /* none: no text */
        set_text(p, buf_str(&bytes));
    }
    app_dirty(p->base.app);
}

/* --- into a file ---------------------------------------------------------- */

static void save(struct paper *p, const char *name) {
    AUTO_BUF struct buf path = BUF_INIT, said = BUF_INIT;
    int rc = paper_file_save(name, p->part.data, p->part.len, &path);
    if (rc == ERR_DENIED) {
        app_say(p->base.app, ROLE_WARN, "%s", T(PAPER_NO_FILES));
    } else if (rc < 0) {
        app_say(p->base.app, ROLE_BAD, "%s", text_error(tr_lang, rc));
    } else {
        TF(&said, PAPER_SAVED, "path", buf_str(&path));
        app_say(p->base.app, ROLE_GOOD, "%s", buf_str(&said));
    }
}

static void on_part(void *arg, const struct link_reply *r) {
    struct paper *p = arg;
    const char *data = model_str(r->result, "data");
    const char *digest = model_str(r->result, "sha256");
    int64_t next = model_int(r->result, "next", 0);
    if (!r->result) {
        p->format[0] = '\0';
        app_say_error(p->base.app, r);
        return;
    }
    bool same = !p->digest[0] || str_eq(p->digest, digest);
    (void)str_copy(p->digest, sizeof p->digest, digest);
    if (!same || base64_decode(data, strlen(data), &p->part) < 0 ||
        (next > 0 && next != (int64_t)p->part.len)) {
        p->format[0] = '\0';
        app_say(p->base.app, ROLE_WARN, "%s", T(CLI_DOCUMENT_CHANGED));
        return;
    }
    if (next > 0) {
        ask(p, p->format, next, on_part);
        return;
    }
    p->format[0] = '\0';
    save(p, model_str(r->result, "name"));
}

/* One at a time: a second key while it is on its way is the first one's. */
static void fetch(struct paper *p, const char *format) {
    if (p->format[0])
        return;
    (void)str_copy(p->format, sizeof p->format, format);
    p->digest[0] = '\0';
    buf_clear(&p->part);
    ask(p, format, 0, on_part);
}

/* --- to a printer --------------------------------------------------------- */

/* What the list of printers is for. */
struct choice {
    struct app *app;
    struct pick *pick;
    char kind[8];
    char *whose; /* owned */
};

static void drop_choice(void *arg) {
    struct choice *c = arg;
    free(c->whose);
    free(c);
}

static void print_on(struct app *a, void *arg, const char *printer) {
    const struct choice *c = arg;
    AUTO_BUF struct buf params = BUF_INIT, label = BUF_INIT, title = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &params);
    jsonw_begin_object(&w);
    papers_whose(&w, c->whose);
    jsonw_kstring(&w, "kind", c->kind);
    jsonw_kstring(&w, "printer", printer);
    jsonw_end_object(&w);
    papers_title(&title, c->whose);
    TF(&label, PAPER_PRINTING, "what", tr_word("paper", c->kind), "ref",
       buf_str(&title), "printer", printer);
    app_job(a, "documents.print", buf_str(&params), true, buf_str(&label));
}

static void on_printers(void *arg, const struct link_reply *r) {
    struct choice *c = arg;
    const struct json *i = json_first(json_get(r->result, "items"));
    if (!r->result) {
        AUTO_FREE char *why =
            mem_printf("%s %s", r->message, r->hint ? r->hint : "");
        pick_say(c->pick, why);
        return;
    }
    if (!i)
        pick_say(c->pick, T(PAPER_NO_PRINTERS));
    for (; i; i = json_next(i)) {
        AUTO_FREE char *line =
            mem_printf("%s  %s:%s", model_str(i, "name"), model_str(i, "way"),
                       model_str(i, "where"));
        pick_add(c->pick, model_str(i, "name"), line);
    }
    pick_ready(c->pick); /* may end it */
}

static void choose_printer(struct paper *p) {
    struct app *a = p->base.app;
    struct choice *c = NEW(struct choice);
    AUTO_BUF struct buf title = BUF_INIT;
    c->app = a;
    c->whose = mem_dup(p->whose);
    (void)str_copy(c->kind, sizeof c->kind, p->kind);
    papers_title(&title, p->whose);
    struct pick *pick =
        pick_open(a, T(PAPER_PRINT), buf_str(&title), print_on, drop_choice, c);
    if (!pick)
        return; /* it went with it */
    c->pick = pick;
    int err = link_ask(app_link(a), "documents.printers", "{}", on_printers, c);
    if (err < 0)
        pick_say(pick, text_error(tr_lang, err));
}

/* --- the view ------------------------------------------------------------- */

/* arg: the kind and whose: "slip alpine:1779", "pick W-12", "codes ". */
static struct view *paper_open(struct app *a, const char *arg) {
    struct paper *p = NEW(struct paper);
    size_t n = strcspn(arg, " ");
    p->base = (struct view){&view_paper_ops, a};
    (void)str_format(p->kind, sizeof p->kind, "%.*s", (int)n, arg);
    p->whose = mem_dup(arg + n + (arg[n] == ' '));
    ask(p, "text", 0, on_text);
    return &p->base;
}

static void paper_close(struct view *v) {
    struct paper *p = (struct paper *)v;
    link_forget(app_link(v->app), p);
    textview_done(&p->text);
    buf_done(&p->part);
    free(p->said);
    free(p->whose);
    free(p);
}

static void paper_draw(struct view *v, const struct pane *body) {
    struct paper *p = (struct paper *)v;
    if (p->said)
        (void)textview_show(body, 0, ROLE_BAD, p->said);
    else if (p->text.n == 0)
        (void)textview_show(body, 0, ROLE_DIM, T(FRAME_LOADING));
    else
        textview_draw(&p->text, body, false);
}

static unsigned move(struct paper *p, enum listbox_move step) {
    (void)textview_move(&p->text, step);
    return VIEW_DONE;
}

static unsigned paper_action(struct view *v, enum action_id action) {
    struct paper *p = (struct paper *)v;
    switch (action) {
    case ACTION_DOWN:
        return move(p, LISTBOX_DOWN);
    case ACTION_UP:
        return move(p, LISTBOX_UP);
    case ACTION_PAGE_DOWN:
        return move(p, LISTBOX_PAGE_DOWN);
    case ACTION_PAGE_UP:
        return move(p, LISTBOX_PAGE_UP);
    case ACTION_FIRST:
        return move(p, LISTBOX_FIRST);
    case ACTION_LAST:
        return move(p, LISTBOX_LAST);
    case ACTION_PAPER_PRINT:
        choose_printer(p);
        return VIEW_DONE;
    case ACTION_PAPER_PDF:
        fetch(p, "pdf");
        return VIEW_DONE;
    case ACTION_PAPER_ZPL:
        fetch(p, "zpl");
        return VIEW_DONE;
    default:
        return VIEW_IGNORED;
    }
}

/* The order changed: so did its paper. Of a list any may be one of it. */
static void paper_event(struct view *v, const struct view_event *e) {
    struct paper *p = (struct paper *)v;
    bool ours = !strchr(p->whose, ':') || strstr(p->whose, e->ref);
    if (str_eq(e->topic, "order") && *p->whose && ours)
        ask(p, "text", 0, on_text);
}

static void paper_name(struct view *v, struct buf *out) {
    const struct paper *p = (const struct paper *)v;
    papers_title(out, p->whose);
    buf_addf(out, "%s%s", *p->whose ? ": " : "", tr_word("paper", p->kind));
}

static void paper_plain(struct view *v, struct buf *out) {
    const struct paper *p = (const struct paper *)v;
    if (p->said)
        buf_addf(out, "%s\n", p->said);
    for (int i = 0; i < p->text.n; i++)
        buf_addf(out, "%s\n", p->text.lines[i].text);
}

const struct view_ops view_paper_ops = {
    .id = VIEW_PAPER,
    .title = TEXT_SCREEN_PAPER,
    .open = paper_open,
    .close = paper_close,
    .draw = paper_draw,
    .action = paper_action,
    .event = paper_event,
    .name = paper_name,
    .plain = paper_plain,
};
