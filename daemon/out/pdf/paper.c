#include "out/pdf/paper.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <pango/pangocairo.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/str.h"
#include "common/when.h"
#include "out/pdf/code128.h"
#include "out/pdf/lines.h"

enum { PAGES = 500, OUT_MAX = 32 * 1024 * 1024 };

/* All lengths in points. */
struct paper {
    const struct lines *l;
    cairo_t *cr;
    PangoLayout *layout;
    double width, height, margin, foot;
    double y;
    int page;
    const struct line *head; /* of the table; again on each page */
};

static double inner(const struct paper *p) {
    return p->width - 2 * p->margin;
}

static double room(const struct paper *p) {
    return p->height - p->margin - p->foot - p->y;
}

/* --- text ---------------------------------------------------------------- */

static void set_font(struct paper *p, double size, bool bold) {
    PangoFontDescription *f = pango_font_description_from_string("Sans");
    pango_font_description_set_absolute_size(f, size * PANGO_SCALE);
    if (bold)
        pango_font_description_set_weight(f, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(p->layout, f);
    pango_font_description_free(f);
}

/* Lay a text out; what is longer than a page ends in an ellipsis. */
static double lay(struct paper *p, const char *text, double width, bool right) {
    int height;
    double most = p->height - 2 * p->margin - p->foot;
    pango_layout_set_text(p->layout, text, -1);
    pango_layout_set_width(p->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_height(p->layout, (int)(most / 2 * PANGO_SCALE));
    pango_layout_set_alignment(p->layout,
                               right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_get_size(p->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

static void show(struct paper *p, double x, double y) {
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout(p->cr, p->layout);
}

/* --- pages --------------------------------------------------------------- */

static double row(struct paper *p, const struct line *l, bool measure);

static void write_foot(struct paper *p) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (p->l->label)
        return;
    buf_addf(&b, "%s  %d", p->l->name, p->page + 1);
    set_font(p, 7, false);
    double h = lay(p, buf_str(&b), inner(p), true);
    show(p, p->margin, p->height - p->margin - h);
}

static void end_page(struct paper *p) {
    write_foot(p);
    cairo_show_page(p->cr);
    p->page++;
    p->y = p->margin;
}

/* What comes next is so high. */
static void need(struct paper *p, double height) {
    if (height <= room(p) || p->y <= p->margin || p->page >= PAGES)
        return;
    end_page(p);
    if (p->head)
        p->y += row(p, p->head, false);
}

/* --- what there is to draw ------------------------------------------------ */

static void prose(struct paper *p, const char *text, double size, bool bold) {
    set_font(p, size, bold);
    double h = lay(p, text, inner(p), false);
    if (h > room(p)) {
        need(p, h);
        set_font(p, size, bold);
        h = lay(p, text, inner(p), false);
    }
    show(p, p->margin, p->y);
    p->y += h + size / 4;
}

static void pair(struct paper *p, const struct line *l) {
    double names = p->l->label ? 70 : 110;
    set_font(p, 10, false);
    double h = lay(p, l->cells[1], inner(p) - names, false);
    need(p, h);
    set_font(p, 10, false);
    h = lay(p, l->cells[1], inner(p) - names, false);
    show(p, p->margin + names, p->y);
    set_font(p, 10, true);
    double own = lay(p, l->cells[0], names - 6, false);
    show(p, p->margin, p->y);
    p->y += (h > own ? h : own) + 2;
}

static void rule(struct paper *p) {
    need(p, 8);
    cairo_set_line_width(p->cr, 0.6);
    cairo_move_to(p->cr, p->margin, p->y + 4);
    cairo_line_to(p->cr, p->width - p->margin, p->y + 4);
    cairo_stroke(p->cr);
    p->y += 8;
}

/* Bars of whole modules, with ten of white on both sides; drawn narrower when
 * the code is long, never wider than 1.1 points a module. */
static void code(struct paper *p, const char *text) {
    uint8_t widths[CODE128_WIDTHS];
    int modules = 0;
    size_t n = code128_widths(text, widths, &modules);
    double module = inner(p) / (modules + 20), high = p->l->label ? 56 : 34;
    module = module > 1.1 ? 1.1 : module;
    need(p, high + 24);
    double x = p->margin + (p->l->label ? 10 * module : 0);
    for (size_t i = 0; i < n; i++) {
        if (i % 2 == 0) {
            cairo_rectangle(p->cr, x, p->y + 4, widths[i] * module, high);
            cairo_fill(p->cr);
        }
        x += widths[i] * module;
    }
    set_font(p, 9, false);
    p->y += high + 6;
    double h = lay(p, text, inner(p), false);
    show(p, p->margin, p->y);
    p->y += h + 4;
}

/* --- tables -------------------------------------------------------------- */

static double row(struct paper *p, const struct line *l, bool measure) {
    double x = p->margin, high = 0, gap = 6;
    int sum = 0;
    for (size_t i = 0; i < p->l->n_columns; i++)
        sum += p->l->widths[i];
    double all = inner(p) - gap * (double)(p->l->n_columns - 1);
    set_font(p, 9.5, l->what == LINE_HEAD);
    for (size_t i = 0; i < p->l->n_columns; i++) {
        double width = all * p->l->widths[i] / sum;
        double h = lay(p, l->cells[i], width, p->l->right[i]);
        if (!measure)
            show(p, x, p->y);
        high = h > high ? h : high;
        x += width + gap;
    }
    return high + 3;
}

static void table(struct paper *p, const struct line *l) {
    if (l->what == LINE_HEAD)
        p->head = NULL;
    need(p, row(p, l, true));
    p->y += row(p, l, false);
    if (l->what == LINE_HEAD) {
        p->head = l;
        rule(p);
    }
}

static void draw(struct paper *p, const struct line *l) {
    if (l->what != LINE_ROW && l->what != LINE_HEAD)
        p->head = NULL;
    switch (l->what) {
    case LINE_TITLE:
        prose(p, l->cells[0], 18, true);
        break;
    case LINE_BIG:
        prose(p, l->cells[0], p->l->label ? 15 : 12, false);
        break;
    case LINE_TEXT:
        prose(p, l->cells[0], 10, false);
        break;
    case LINE_PAIR:
        pair(p, l);
        break;
    case LINE_RULE:
        rule(p);
        break;
    case LINE_CODE:
        code(p, l->cells[0]);
        break;
    case LINE_HEAD:
    case LINE_ROW:
        table(p, l);
        break;
    case LINE_PAGE:
        if (p->y > p->margin)
            end_page(p);
        break;
    case LINE_NONE:
        break;
    }
}

/* --- the file ------------------------------------------------------------ */

static cairo_status_t take(void *arg, const unsigned char *data,
                           unsigned int n) {
    struct buf *out = arg;
    if (out->len + n > OUT_MAX)
        return CAIRO_STATUS_WRITE_ERROR;
    buf_add(out, data, n);
    return CAIRO_STATUS_SUCCESS;
}

/* The order's date, not the clock's: the same paper twice is the same bytes. */
static void describe(cairo_surface_t *s, const struct lines *l) {
    char date[WHEN_TEXT];
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, l->name);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE,
                                   when_iso(date, l->at_s * 1000));
}

int paper_draw(const struct lines *l, struct buf *out) {
    const double mm = 72 / 25.4;
    struct paper p = {.l = l,
                      .width = l->label ? 100 * mm : 210 * mm,
                      .height = l->label ? 150 * mm : 297 * mm,
                      .margin = l->label ? 12 : 42,
                      .foot = l->label ? 0 : 14};
    cairo_surface_t *s =
        cairo_pdf_surface_create_for_stream(take, out, p.width, p.height);
    describe(s, l);
    p.cr = cairo_create(s);
    p.layout = pango_cairo_create_layout(p.cr);
    pango_context_set_language(pango_layout_get_context(p.layout),
                               pango_language_from_string(l->lang));
    pango_layout_set_wrap(p.layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(p.layout, PANGO_ELLIPSIZE_END);
    p.y = p.margin;
    for (size_t i = 0; i < l->n && p.page < PAGES; i++)
        draw(&p, &l->items[i]);
    if (p.page < PAGES)
        end_page(&p);
    g_object_unref(p.layout);
    cairo_destroy(p.cr);
    cairo_surface_finish(s);
    cairo_status_t status = cairo_surface_status(s);
    cairo_surface_destroy(s);
    if (p.page >= PAGES)
        return ERR_TOO_BIG;
    return status == CAIRO_STATUS_SUCCESS ? 0 : ERR_IO;
}
