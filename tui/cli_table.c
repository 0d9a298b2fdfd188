/* A grid as a table that fits a terminal. All cells are measured in terminal
 * cells, not bytes or letters: one wide letter is two, a combining mark none.
 * Measured first, then narrowed, then written, so that a row is never broken.
 */
#include <string.h>

#include "common/mem.h"
#include "common/money.h"
#include "common/str.h"
#include "common/utf8.h"
#include "common/when.h"
#include "tui/cli_grid.h"

enum { GAP = 2, NARROW = 16 };

/* How one grid is laid out. */
struct layout {
    char **cells;  /* as the grid's, made safe; heading first */
    size_t *width; /* of each column */
    bool *number;  /* right-aligned */
    size_t shown;  /* columns that fit */
};

/* Seconds are for programs: people read an age. */
static char *safe_cell(const char *name, const char *s) {
    struct buf b = BUF_INIT;
    char age[WHEN_TEXT];
    int64_t seconds;
    if (str_eq(name, "age") &&
        str_to_i64(s, 0, INT64_MAX / 1000, &seconds) == 0)
        s = when_age(age, seconds * 1000);
    utf8_safe(&b, s, strlen(s));
    return buf_take(&b);
}

static void measure(struct layout *l, const struct cli_grid *g) {
    for (size_t col = 0; col < g->n_cols; col++) {
        l->cells[col] = safe_cell("", g->names[col]);
        l->width[col] = utf8_cells(l->cells[col]);
        l->number[col] = g->n_rows > 0;
        for (size_t row = 0; row < g->n_rows; row++) {
            size_t at = row * g->n_cols + col;
            int64_t n;
            char *cell = safe_cell(g->names[col], g->cells[at]);
            size_t cells = utf8_cells(cell);
            l->cells[at + g->n_cols] = cell;
            if (cells > l->width[col])
                l->width[col] = cells;
            if (*cell && money_parse(cell, 9, &n) != 0)
                l->number[col] = false;
        }
    }
}

static size_t total_width(const struct layout *l) {
    size_t sum = 0;
    for (size_t col = 0; col < l->shown; col++)
        sum += l->width[col] + (col ? GAP : 0);
    return sum;
}

/* The widest column that may still be cut, or -1. */
static int widest(const struct layout *l) {
    int best = -1;
    for (size_t col = 0; col < l->shown; col++)
        if (l->width[col] > NARROW &&
            (best < 0 || l->width[col] > l->width[best]))
            best = (int)col;
    return best;
}

static void fit(struct layout *l, size_t width) {
    for (;;) {
        size_t total = total_width(l);
        int col = widest(l);
        if (total <= width)
            return;
        if (col >= 0) {
            size_t over = total - width;
            size_t spare = l->width[col] - NARROW;
            /* The widest gives at most half of what it has to spare, so that
             * two wide columns end about equally narrow. */
            size_t give = (spare + 1) / 2;
            l->width[col] -= give < over ? give : over;
        } else if (l->shown > 1)
            l->shown--;
        else {
            l->width[0] = width;
            return;
        }
    }
}

static void pad(struct buf *out, size_t n) {
    for (size_t i = 0; i < n; i++)
        buf_addc(out, ' ');
}

static void add_cell(struct buf *out, const struct layout *l, size_t col,
                     const char *s, bool last) {
    size_t cells = utf8_cells(s), width = l->width[col];
    if (cells > width) {
        size_t n = utf8_fit(s, width > 2 ? width - 2 : 0, &cells);
        buf_add(out, s, n);
        buf_adds(out, width > 2 ? ".." : "");
        pad(out, last || cells + 2 > width ? 0 : width - cells - 2);
        return;
    }
    if (l->number[col])
        pad(out, width - cells);
    buf_adds(out, s);
    if (!l->number[col] && !last)
        pad(out, width - cells);
}

static void add_row(struct buf *out, const struct layout *l, char **cells) {
    for (size_t col = 0; col < l->shown; col++) {
        if (col)
            pad(out, GAP);
        add_cell(out, l, col, cells[col], col + 1 == l->shown);
    }
    while (out->len && out->data[out->len - 1] == ' ')
        buf_truncate(out, out->len - 1);
    buf_addc(out, '\n');
}

void cli_grid_table(struct buf *out, const struct cli_grid *g, int width) {
    size_t n = (g->n_rows + 1) * g->n_cols;
    struct layout l = {.cells = mem_zalloc(n, sizeof(char *)),
                       .width = mem_zalloc(g->n_cols, sizeof(size_t)),
                       .number = mem_zalloc(g->n_cols, sizeof(bool)),
                       .shown = g->n_cols};
    measure(&l, g);
    if (width > 0)
        fit(&l, (size_t)width);
    for (size_t row = 0; row <= g->n_rows && g->n_cols; row++)
        add_row(out, &l, l.cells + row * g->n_cols);
    for (size_t i = 0; i < n; i++)
        free(l.cells[i]);
    free(l.cells);
    free(l.width);
    free(l.number);
}
