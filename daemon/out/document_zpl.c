/* ZPL II. Every text goes through ^FH, which reads _XX as a byte: '^' and '~'
 * of a shop's text never begin a command, '_' and '\' say nothing either.
 * ^CI28 makes the bytes UTF-8. Lines are broken here, not by ^FB, so that they
 * do not depend on the printer's font. */
#include <string.h>

#include "common/buf.h"
#include "common/utf8.h"
#include "out/document.h"

enum {
    WIDTH = 800, /* dots: 100 mm at 8 a mm */
    HEIGHT = 1200,
    LEFT = 24,
    TOP = 24,
    BAR = 90, /* height of a code */
};

struct label {
    struct buf *out;
    int y;
    bool open;
};

static void open_label(struct label *l) {
    buf_addf(l->out, "^XA^CI28^PW%d^LL%d^LH0,0\n", WIDTH, HEIGHT);
    l->open = true;
    l->y = TOP;
}

static void close_label(struct label *l) {
    if (l->open)
        buf_adds(l->out, "^XZ\n");
    l->open = false;
}

/* What comes next is so high: on the next label when this one is full. */
static void need(struct label *l, int height) {
    if (l->open && l->y + height > HEIGHT - TOP)
        close_label(l);
    if (!l->open)
        open_label(l);
}

static void field(struct buf *out, const char *s, size_t n) {
    buf_adds(out, "^FH_^FD");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c < 0x20 || c == 0x7F || strchr("^~_\\", c))
            buf_addf(out, "_%02X", c);
        else
            buf_addc(out, s[i]);
    }
    buf_adds(out, "^FS\n");
}

/* A letter of font 0 is about half as wide as high; a wide one as wide. */
static size_t cells_of(int width, int size) {
    return (size_t)(width * 2 / (size + size / 10));
}

static void prose(struct label *l, const char *s, int size) {
    while (*s) {
        size_t skip,
            n = document_wrap(s, cells_of(WIDTH - 2 * LEFT, size), &skip);
        need(l, size + size / 4);
        buf_addf(l->out, "^FO%d,%d^A0N,%d,%d", LEFT, l->y, size, size);
        field(l->out, s, n);
        l->y += size + size / 4;
        s += skip;
    }
}

/* Subset B has printable ASCII alone; '>' begins a command inside the field
 * and is written ">0". */
static void code(struct label *l, const char *s) {
    AUTO_BUF struct buf data = BUF_INIT;
    for (; *s; s++) {
        if (*s == '>')
            buf_adds(&data, ">0");
        else if (*s >= 0x20 && *s < 0x7F)
            buf_addc(&data, *s);
    }
    if (data.len == 0)
        return;
    need(l, BAR + 60);
    buf_addf(l->out, "^FO%d,%d^BY2^BCN,%d,Y,N,N", LEFT, l->y + 10, BAR);
    field(l->out, data.data, data.len);
    l->y += BAR + 60;
}

static void rule(struct label *l) {
    need(l, 12);
    buf_addf(l->out, "^FO%d,%d^GB%d,2,2^FS\n", LEFT, l->y + 4,
             WIDTH - 2 * LEFT);
    l->y += 12;
}

enum { ROW = 24 };

/* One line of every cell; true while one has more. */
static bool row_line(struct label *l, const struct document *d,
                     const char **at) {
    bool more = false;
    int x = LEFT;
    need(l, ROW + ROW / 4);
    for (size_t i = 0; i < d->n_columns; i++) {
        int width = d->columns[i].width * (WIDTH - 2 * LEFT) / DOCUMENT_WIDTH;
        size_t skip, n = document_wrap(at[i], cells_of(width, ROW), &skip);
        if (n > 0) {
            buf_addf(l->out, "^FO%d,%d^A0N,%d,%d", x, l->y, ROW, ROW);
            if (d->columns[i].right)
                buf_addf(l->out, "^FB%d,1,0,R", width);
            field(l->out, at[i], n);
        }
        at[i] += skip;
        more = more || *at[i];
        x += width + 9;
    }
    l->y += ROW + ROW / 4;
    return more;
}

static void row(struct label *l, const struct document *d,
                const struct document_item *item) {
    const char *at[DOCUMENT_CELLS];
    for (size_t i = 0; i < d->n_columns; i++)
        at[i] = item->cells[i];
    while (row_line(l, d, at))
        continue;
    if (item->what == DOCUMENT_HEAD)
        rule(l);
}

static void pair(struct label *l, const struct document_item *item) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "%s: %s", item->cells[0], item->cells[1]);
    prose(l, buf_str(&b), 28);
}

static void put(struct label *l, const struct document *d,
                const struct document_item *item) {
    switch (item->what) {
    case DOCUMENT_TITLE:
        prose(l, item->cells[0], 44);
        break;
    case DOCUMENT_BIG:
        prose(l, item->cells[0], 40);
        break;
    case DOCUMENT_LINE:
        prose(l, item->cells[0], 28);
        break;
    case DOCUMENT_PAIR:
        pair(l, item);
        break;
    case DOCUMENT_RULE:
        rule(l);
        break;
    case DOCUMENT_CODE:
        code(l, item->cells[0]);
        break;
    case DOCUMENT_HEAD:
    case DOCUMENT_ROW:
        row(l, d, item);
        break;
    case DOCUMENT_PAGE: /* what follows opens the next */
        close_label(l);
        break;
    }
}

void document_zpl(const struct document *d, struct buf *out) {
    struct label l = {.out = out};
    open_label(&l);
    for (size_t i = 0; i < d->n; i++)
        put(&l, d, &d->items[i]);
    close_label(&l);
}
