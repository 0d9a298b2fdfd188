#include "tui/picking.h"

#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "tui/link.h"
#include "tui/pad.h"
#include "tui/textview.h"
#include "tui/tr.h"

enum { NARROW = 60 };

/* Quantities are decimals as text; three places are all there are. */
int64_t picking_e3(const char *s) {
    int64_t whole = strtoll(s, NULL, 10), part = 0, scale = 100;
    const char *dot = strchr(s, '.');
    for (; dot && *++dot && scale; scale /= 10) {
        part += (*dot - '0') * scale;
    }
    return whole * 1000 + part;
}

/* A part says whose it is, and whether it may be left. */
static void picking_what(const struct walk_line *l, struct buf *out) {
    if (l->lot[0]) { /* of which lot is more than what it is called */
        buf_addf(out, "%s  ", l->lot);
    }
    buf_adds(out, l->name);
    if (l->bundle[0]) {
        buf_addf(out, " (%s%s%s)", l->bundle, l->optional ? ", " : "",
                 l->optional ? T(BUNDLE_OPTIONAL) : "");
    }
}

static void draw_line(const struct pane *p, int y, const struct walk_line *l,
                      bool selected) {
    AUTO_BUF struct buf b = BUF_INIT;
    AUTO_BUF struct buf n = BUF_INIT;
    bool missing = picking_e3(l->missing) > 0;
    bool narrow = p->w < NARROW;
    int name = p->w - 4 - 13 - 10 - (narrow ? 0 : 17);
    buf_addf(&n, "%s / %s", l->picked, l->wanted);
    buf_adds(&b, selected ? ">" : " ");
    pad(&b, missing ? T(PICK_SHORT_MARK) : l->done ? "ok" : "..", 3);
    pad(&b, l->sku[0] ? l->sku : l->name, 12);
    buf_addc(&b, ' ');
    if (name > 0) {
        AUTO_BUF struct buf what = BUF_INIT;
        picking_what(l, &what);
        pad(&b, buf_str(&what), name);
    }
    pad(&b, buf_str(&n), -10);
    if (!narrow) {
        buf_adds(&b, "  ");
        pad(&b, l->bin, 9);
        buf_addc(&b, ' ');
        pad(&b, l->tote, 5);
    }
    (void)pane_text(p, y, 0, -1,
                    missing   ? ROLE_WARN
                    : l->done ? ROLE_GOOD
                              : ROLE_NORMAL,
                    buf_str(&b));
}

/* Rows that stay until the next scan: three, or as many as it takes to say what
 * to do. Returns the row behind them. */
static int draw_verdict(const struct picking *p, const struct pane *b, int y) {
    int rows = 0;
    AUTO_BUF struct buf word = BUF_INIT;
    buf_addf(&word, "%s%s%s", p->role == ROLE_BAD ? "## " : "", p->verdict,
             p->role == ROLE_BAD ? " ##" : "");
    (void)pane_text(b, y, 1, -1, p->role, buf_str(&word));
    struct textview t = {0};
    textview_prose(&t, p->role, NULL, p->detail, b->w - 1);
    for (; rows < t.n && rows < b->h / 2; rows++) {
        (void)pane_text(b, y + 1 + rows, 1, -1, p->role, t.lines[rows].text);
    }
    textview_done(&t);
    return y + 1 + (rows > 2 ? rows : 2);
}

static void draw_input(const struct picking *p, const struct pane *b) {
    AUTO_BUF struct buf text = BUF_INIT;
    int cursor;
    int used = pane_textf(b, 0, 1, -1, ROLE_KEY, "%s > ", T(PICK_SCAN));
    prompt_show(&p->input, b->w - used - 2, &text, &cursor);
    (void)pane_text(b, 0, 1 + used, -1, ROLE_INPUT, buf_str(&text));
    pane_cursor(b, 0, 1 + used + cursor);
}

void picking_draw(struct view *v, const struct pane *body) {
    struct picking *p = (struct picking *)v;
    int above = draw_verdict(p, body, 1);
    p->box.height = body->h > above ? body->h - above : 0;
    listbox_fix(&p->box);
    for (int i = 0; i < p->box.height && p->box.top + i < p->n; i++) {
        int64_t at = p->box.top + i;
        draw_line(body, above + i, &p->lines[at], at == p->box.selected);
    }
    draw_input(p, body);
}

void picking_name(struct view *v, struct buf *out) {
    const struct picking *p = (const struct picking *)v;
    buf_addf(out, "%s %s", p->id, p->n ? p->lines[0].ref : "");
}

void picking_head(struct view *v, struct buf *out) {
    const struct picking *p = (const struct picking *)v;
    char n[24];
    (void)str_format(n, sizeof n, "%lld", (long long)p->left);
    if (p->left == 0 && p->n > 0) {
        buf_adds(out, T(PICK_ALL));
    } else {
        TF(out, PICK_LEFT, "n", n);
    }
    if (p->waiting > 0 && link_state(app_link(v->app)) != LINK_UP) {
        (void)str_format(n, sizeof n, "%d", p->waiting);
        buf_adds(out, "  ");
        TF(out, PICK_WAITING, "n", n);
    }
}

void picking_plain(struct view *v, struct buf *out) {
    const struct picking *p = (const struct picking *)v;
    buf_addf(out, "%s %s\n", p->verdict, p->detail);
    for (int i = 0; i < p->n; i++) {
        const struct walk_line *l = &p->lines[i];
        AUTO_BUF struct buf what = BUF_INIT;
        picking_what(l, &what);
        buf_addf(out, "%s %s %s %s / %s %s\n", l->done ? "ok" : "..", l->sku,
                 buf_str(&what), l->picked, l->wanted, l->bin);
    }
}
