/* A result in the shape that was asked for: table, CSV or JSON. */
#pragma once

#include "tui/cli.h"
#include "tui/cli_grid.h"

/* JSON text: as received into a pipe, indented for a person. */
void cli_print_json(struct cli *c, const char *text, size_t n);

/* Indent JSON text by two blanks a level; every token stays byte for byte. */
void cli_print_indent(struct buf *out, const char *text, size_t n);

/* A grid as table or CSV, as c->o says. */
void cli_print_grid(struct cli *c, const struct cli_grid *g, bool heading);

/* A grid as {"items": [{name: text}]}; "" is null. */
void cli_print_grid_json(struct cli *c, const struct cli_grid *g);

/* Rows of an array of objects by columns "a,b.c". */
void cli_print_rows(struct cli *c, const struct json *rows,
                    const char *columns);

/* Any object: "name value" for what is plain, a table for each list of objects
 * in it. */
void cli_print_object(struct cli *c, const struct json *v);
