/* What fulexo-pdf reads: UTF-8, a line each, its parts divided by tabs. No
 * other control characters; at most 2 MiB, 20,200 lines, 6 cells a line.
 *
 *   fulexo-pdf 1 SIZE LANG     the first line; SIZE a4 or label (100 x 150 mm)
 *   name TEXT                  title of the file, at the foot of its pages
 *   at SECONDS                 since 1970: date of the file
 *   columns WIDTH ...          of the table, 1 to 999, relative; "7r": right
 *   title TEXT                 large
 *   big TEXT                   larger than the rest
 *   line TEXT
 *   pair NAME VALUE
 *   rule                       a line across
 *   code TEXT                  Code 128, printable ASCII, at most 80
 *   page                       what follows is on the next
 *   head CELL ...              as many as there are columns; again on each page
 *   row CELL ...
 *
 * The whole is looked at before anything is drawn. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LINES_BYTES = 2 * 1024 * 1024,
    LINES_MAX = 20200,
    LINES_CELLS = 6,
    LINES_CODE = 80,
};

enum line_what {
    LINE_NONE, /* one that draws nothing */
    LINE_TITLE,
    LINE_BIG,
    LINE_TEXT,
    LINE_PAIR,
    LINE_RULE,
    LINE_CODE,
    LINE_HEAD,
    LINE_ROW,
    LINE_PAGE,
};

struct line {
    enum line_what what;
    const char *cells[LINES_CELLS];
};

struct lines {
    bool label;
    const char *lang, *name;
    int64_t at_s;
    int widths[LINES_CELLS];
    bool right[LINES_CELLS];
    size_t n_columns;
    struct line *items; /* owned */
    size_t n;
};

/* Take the text apart, in place: it must outlive *ret, text[n] is NUL. 0, or
 * the number of the first line that is wrong and what is wrong in *ret_why
 * (nothing to free then). */
size_t lines_parse(char *text, size_t n, struct lines *ret,
                   const char **ret_why);
void lines_done(struct lines *l);
