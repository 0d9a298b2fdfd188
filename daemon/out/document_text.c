/* A document in 80 columns. Widths are terminal cells, so that a table with
 * names in Chinese stays a table. */
#include <string.h>

#include "common/buf.h"
#include "common/utf8.h"
#include "out/document.h"

enum { NAMES = 18 /* cells of the names of pairs */ };

static void blanks(struct buf *out, size_t n) {
    while (n-- > 0)
        buf_addc(out, ' ');
}

/* Blanks at the end of a line are none of it. */
static void end_line(struct buf *out) {
    while (out->len > 0 && out->data[out->len - 1] == ' ')
        buf_truncate(out, out->len - 1);
    buf_addc(out, '\n');
}

/* Every line of it behind `left` cells, the first where the cursor is. */
static void prose(struct buf *out, const char *s, size_t left) {
    AUTO_BUF struct buf safe = BUF_INIT;
    utf8_safe(&safe, s, strlen(s));
    const char *at = buf_str(&safe);
    do {
        size_t skip, n = document_wrap(at, DOCUMENT_WIDTH - left, &skip);
        buf_add(out, at, n);
        end_line(out);
        at += skip;
        if (*at)
            blanks(out, left);
    } while (*at);
}

static void pair(struct buf *out, const struct document_item *i) {
    size_t cells = utf8_cells(i->cells[0]);
    buf_adds(out, i->cells[0]);
    blanks(out, cells < NAMES ? NAMES - cells : 1);
    prose(out, i->cells[1], cells < NAMES ? NAMES : cells + 1);
}

/* The next line of one cell; *at moves behind it. */
static void cell(struct buf *out, const struct document_column *c,
                 const char **at) {
    size_t width = (size_t)c->width, skip;
    size_t n = document_wrap(*at, width, &skip);
    AUTO_BUF struct buf part = BUF_INIT;
    buf_add(&part, *at, n);
    size_t cells = utf8_cells(buf_str(&part));
    size_t rest = cells < width ? width - cells : 0;
    if (c->right)
        blanks(out, rest);
    buf_add(out, part.data, part.len);
    if (!c->right)
        blanks(out, rest);
    *at += skip;
}

static void row(struct buf *out, const struct document *d,
                const struct document_item *item) {
    struct buf safe[DOCUMENT_CELLS] = {BUF_INIT};
    const char *at[DOCUMENT_CELLS];
    bool more = true;
    for (size_t i = 0; i < d->n_columns; i++) {
        utf8_safe(&safe[i], item->cells[i], strlen(item->cells[i]));
        at[i] = buf_str(&safe[i]);
    }
    while (more) {
        more = false;
        for (size_t i = 0; i < d->n_columns; i++) {
            if (i > 0)
                buf_addc(out, ' ');
            cell(out, &d->columns[i], &at[i]);
            more = more || *at[i];
        }
        end_line(out);
    }
    for (size_t i = 0; i < d->n_columns; i++)
        buf_done(&safe[i]);
}

static void rule(struct buf *out, char c) {
    for (size_t i = 0; i < DOCUMENT_WIDTH; i++)
        buf_addc(out, c);
    buf_addc(out, '\n');
}

void document_text(const struct document *d, struct buf *out) {
    for (size_t i = 0; i < d->n; i++) {
        const struct document_item *item = &d->items[i];
        switch (item->what) {
        case DOCUMENT_TITLE:
            prose(out, item->cells[0], 0);
            rule(out, '=');
            break;
        case DOCUMENT_BIG:
        case DOCUMENT_LINE:
            prose(out, item->cells[0], 0);
            break;
        case DOCUMENT_CODE:
            buf_adds(out, "[ ");
            prose(out, item->cells[0], 2);
            buf_truncate(out, out->len - 1);
            buf_adds(out, " ]\n");
            break;
        case DOCUMENT_PAIR:
            pair(out, item);
            break;
        case DOCUMENT_RULE:
            rule(out, '-');
            break;
        case DOCUMENT_HEAD:
            row(out, d, item);
            rule(out, '-');
            break;
        case DOCUMENT_PAGE:
            buf_addc(out, '\f');
            break;
        case DOCUMENT_ROW:
            row(out, d, item);
            break;
        }
    }
}
