/* The packing table on the screen: the scan line, the lines of the order, and
 * what is wrong, in words that are seen without colour. */
#include "common/str.h"
#include "common/utf8.h"
#include "tui/packing.h"
#include "tui/textview.h"
#include "tui/tr.h"

enum { BOX_ROWS = 4, NARROW = 60 };

static int draw_scan_line(struct packing *p, const struct pane *b) {
    AUTO_BUF struct buf right = BUF_INIT;
    AUTO_BUF struct buf text = BUF_INIT;
    int cursor;
    const char *label = b->w >= NARROW ? T(PACK_SCAN) : T(PACK_SCAN_SHORT);
    if (p->sent > p->answered) {
        char n[24];
        (void)str_format(n, sizeof n, "%lld",
                         (long long)(p->sent - p->answered));
        TF(&right, PACK_ON_THEIR_WAY, "n", n);
    } else if (p->s.ref[0]) {
        TF(&right, PACK_LEFT, "n", p->s.left);
    }
    int used = pane_text(b, 0, 1, -1, ROLE_KEY, label) + 1;
    int cells = (int)utf8_cells(buf_str(&right));
    int room = b->w - used - cells - 4;
    if (room < 10) {
        room = b->w - used - 2;
        buf_clear(&right);
    }
    prompt_show(&p->input, room, &text, &cursor);
    (void)pane_text(b, 0, 1 + used, room, ROLE_INPUT, buf_str(&text));
    if (right.len) {
        (void)pane_text(b, 0, b->w - 1 - cells, -1, ROLE_DIM, buf_str(&right));
    }
    pane_cursor(b, 0, 1 + used + cursor);
    return 1;
}

static void count_text(const struct pack_line *l, struct buf *out) {
    buf_addf(out, "%s / %s", l->packed, l->want);
    if (l->missing[0]) {
        buf_addf(out, " %s %s", T(PACK_SHORT_WORD), l->missing);
    }
}

/* A part says whose it is, and whether it may be left. */
static void pack_what(const struct pack_line *l, struct buf *out) {
    buf_adds(out, l->name);
    if (l->bundle[0]) {
        buf_addf(out, " (%s%s%s)", l->bundle, l->optional ? ", " : "",
                 l->optional ? T(BUNDLE_OPTIONAL) : "");
    }
}

static void draw_line(const struct packing *p, const struct pane *b, int y,
                      int i) {
    const struct pack_line *l = &p->s.lines[i];
    AUTO_BUF struct buf count = BUF_INIT;
    AUTO_BUF struct buf what = BUF_INIT;
    int role = l->missing[0] ? ROLE_WARN : l->done ? ROLE_GOOD : ROLE_NORMAL;
    const char *mark = l->missing[0] ? T(PACK_SHORT_MARK)
                       : l->done     ? "OK"
                                     : "..";
    count_text(l, &count);
    int cells = (int)utf8_cells(buf_str(&count));
    int bin = b->w >= NARROW && l->bin[0] ? 10 : 0;
    int right = b->w - 1 - bin - cells;
    (void)pane_text(b, y, 0, 1, ROLE_KEY, i == p->at ? ">" : " ");
    (void)pane_text(b, y, 2, 3, role, mark);
    int sku = b->w >= NARROW ? 16 : 12;
    (void)pane_text(b, y, 6, sku, role, l->sku);
    pack_what(l, &what);
    (void)pane_text(b, y, 7 + sku, right - sku - 8, role, buf_str(&what));
    (void)pane_text(b, y, right, cells, role, buf_str(&count));
    if (bin) {
        (void)pane_text(b, y, b->w - bin, bin, ROLE_DIM, l->bin);
    }
}

static void draw_lines(const struct packing *p, const struct pane *b) {
    int top = p->at - b->h / 2;
    top = top > p->s.n - b->h ? p->s.n - b->h : top;
    top = top < 0 ? 0 : top;
    for (int y = 0; y < b->h && top + y < p->s.n; y++) {
        draw_line(p, b, y, top + y);
    }
}

/* Title and words, marked at the edge so that it is seen without colour. */
static void draw_box(const struct pane *b, int role, const char *title,
                     const char *text) {
    struct pane inner = pane_sub(b, 0, 3, b->h, b->w - 4);
    for (int y = 0; y < b->h; y++) {
        (void)pane_text(b, y, 0, 2, role, "##");
    }
    (void)pane_text(&inner, 0, 0, -1, role, title);
    (void)textview_show(&inner, 1, role, text);
}

static void draw_stop(const struct packing *p, const struct pane *b) {
    AUTO_BUF struct buf text = BUF_INIT;
    buf_addf(&text, "%s\n%s", p->s.stop,
             p->s.dead ? T(PACK_STOP_DEAD) : T(PACK_STOP_DO));
    draw_box(b, ROLE_BAD, T(PACK_STOP_TITLE), buf_str(&text));
}

static void draw_packed(const struct packing *p, const struct pane *b) {
    AUTO_BUF struct buf text = BUF_INIT;
    TF(&text, PACK_PACKED, "parcels", p->s.parcels);
    (void)textview_show(b, 0, ROLE_GOOD, buf_str(&text));
}

void pack_draw(struct view *v, const struct pane *body) {
    struct packing *p = (struct packing *)v;
    int y = draw_scan_line(p, body);
    struct pane rest = pane_sub(body, y, 0, body->h - y, body->w);
    if (p->s.stop[0]) {
        draw_stop(p, &rest);
        return;
    }
    bool packed = str_eq(p->s.state, "packed");
    int box = p->box[0] || packed ? BOX_ROWS : 0;
    box = box > rest.h - 1 ? rest.h - 1 : box;
    struct pane lines = pane_sub(&rest, 0, 0, rest.h - box, rest.w);
    struct pane foot = pane_sub(&rest, rest.h - box, 0, box, rest.w);
    draw_lines(p, &lines);
    if (p->box[0]) {
        draw_box(&foot, p->box_role, p->box_title, p->box);
    } else if (packed) {
        draw_packed(p, &foot);
    }
}

static void plain_lines(const struct packing *p, struct buf *out) {
    for (int i = 0; i < p->s.n; i++) {
        const struct pack_line *l = &p->s.lines[i];
        AUTO_BUF struct buf count = BUF_INIT;
        count_text(l, &count);
        buf_addf(out, "%s %s %s %s %s\n", i == p->at ? ">" : " ",
                 l->done ? "OK" : "..", l->sku, l->name, buf_str(&count));
    }
}

void pack_plain(struct view *v, struct buf *out) {
    struct packing *p = (struct packing *)v;
    plain_lines(p, out);
    if (p->s.stop[0]) {
        buf_addf(out, "%s: %s\n%s\n", T(PACK_STOP_TITLE), p->s.stop,
                 p->s.dead ? T(PACK_STOP_DEAD) : T(PACK_STOP_DO));
    }
    if (p->box[0]) {
        buf_addf(out, "%s: %s\n", p->box_title, p->box);
    }
    buf_addf(out, "%s %s\n", T(PACK_SCAN), buf_str(&p->input.text));
}
