/* Rows and columns of text, and their three shapes: a table for a terminal,
 * CSV, and lines of "name value". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

struct json;

/* Zero it before the first use. */
struct cli_grid {
    char **names; /* n_cols headings: a, b.c */
    size_t n_cols;
    char **cells; /* n_rows * n_cols */
    size_t n_rows, cap_rows;
};

/* Columns "a,b.c"; at most 64. */
void cli_grid_init(struct cli_grid *g, const char *columns);
void cli_grid_done(struct cli_grid *g);

/* A row; an object's members by the columns' paths, or texts (n_cols of them;
 * NULL = ""). */
void cli_grid_add(struct cli_grid *g, const struct json *object);
void cli_grid_add_texts(struct cli_grid *g, const char *const *texts);

/* The text of a value: "" for null, members of lists joined with ", ", other
 * structures as JSON. */
void cli_grid_value(struct buf *out, const struct json *v);

/* A table within `width` cells (0: as wide as it wants). When it does not fit,
 * wide columns are cut to 16 cells first, then columns fall away from the right
 * (the first stays), as the schema names the important ones first. Numbers
 * stand to the right; text is made safe for a terminal. */
void cli_grid_table(struct buf *out, const struct cli_grid *g, int width);

/* RFC 4180, LF line ends. A cell that a spreadsheet would take for a formula
 * gets a ' in front; plain numbers do not. */
void cli_grid_csv(struct buf *out, const struct cli_grid *g, bool heading);
