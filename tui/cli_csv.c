/* CSV of a grid. */
#include <string.h>

#include "common/money.h"
#include "tui/cli_grid.h"

/* Spreadsheets run a cell that begins like this as a formula. */
static bool is_formula(const char *s) {
    int64_t number;
    if (!*s || !strchr("=+-@\t\r", *s))
        return false;
    return money_parse(s, 9, &number) != 0;
}

static void add_cell(struct buf *out, const char *s) {
    bool formula = is_formula(s);
    if (!formula && !strpbrk(s, ",\"\r\n") && *s != ' ') {
        buf_adds(out, s);
        return;
    }
    buf_addc(out, '"');
    if (formula)
        buf_addc(out, '\'');
    for (; *s; s++) {
        if (*s == '"')
            buf_addc(out, '"');
        buf_addc(out, *s);
    }
    buf_addc(out, '"');
}

static void add_row(struct buf *out, char *const *cells, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_addc(out, ',');
        add_cell(out, cells[i]);
    }
    buf_addc(out, '\n');
}

void cli_grid_csv(struct buf *out, const struct cli_grid *g, bool heading) {
    if (heading)
        add_row(out, g->names, g->n_cols);
    for (size_t i = 0; i < g->n_rows; i++)
        add_row(out, g->cells + i * g->n_cols, g->n_cols);
}
