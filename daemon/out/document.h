/* A document before it is text, ZPL or PDF: one after the other, titles, lines
 * of text, pairs, a code to scan, a table. Whatever is put into it becomes one
 * clean line of UTF-8: no control characters, no bidi overrides. Pure; memory
 * is the arena's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/text.h"

struct arena;
struct buf;

enum {
    DOCUMENT_CELLS = 6,          /* columns of a table */
    DOCUMENT_ITEMS = 20000,      /* more are not taken: document_full */
    DOCUMENT_TEXT = 2000,        /* bytes of one text; the rest is cut */
    DOCUMENT_WIDTH = 80,         /* columns of the text form */
    DOCUMENT_CHUNK = 512 * 1024, /* bytes of one answer */
};

enum document_form { DOCUMENT_AS_TEXT, DOCUMENT_AS_ZPL, DOCUMENT_AS_PDF };

enum document_what {
    DOCUMENT_TITLE, /* one text, large */
    DOCUMENT_BIG,   /* one text, larger than the rest: where it goes */
    DOCUMENT_LINE,  /* one text */
    DOCUMENT_PAIR,  /* a name and its value */
    DOCUMENT_RULE,  /* a line across */
    DOCUMENT_CODE,  /* one text, as Code 128 with the text below */
    DOCUMENT_HEAD,  /* cells of the table's head */
    DOCUMENT_ROW,   /* cells of one of its rows */
    DOCUMENT_PAGE,  /* what follows is on a page of its own */
};

struct document_item {
    enum document_what what;
    const char *cells[DOCUMENT_CELLS];
};

/* Width in cells of the text form; of all columns and a blank between them at
 * most DOCUMENT_WIDTH. */
struct document_column {
    int width;
    bool right;
};

struct document {
    struct arena *a;
    enum text_lang lang;
    bool label;       /* 100 x 150 mm, else A4 */
    const char *name; /* "slip-alpine-1779": of a file, without its ending */
    int64_t at_ms;    /* when what it says was so */
    struct document_column columns[DOCUMENT_CELLS];
    size_t n_columns;
    struct document_item *items;
    size_t n, room;
    bool full; /* something did not fit */
};

/* name: letters, digits, '-' and '.' are kept, all else becomes '-'. */
void document_begin(struct document *d, struct arena *a, enum text_lang lang,
                    const char *name);
/* One text; with several lines in it, as many items. "" adds nothing. */
void document_add(struct document *d, enum document_what what,
                  const char *text);
void document_rule(struct document *d);
/* The next page, unless there is nothing yet. */
void document_page(struct document *d);
/* Without a value nothing is added. */
void document_pair(struct document *d, enum text_id name, const char *value);
/* n_columns texts; NULL is "". Several lines in one become blanks. */
void document_cells(struct document *d, enum document_what what,
                    const char *const *cells);

/* Bytes of s that stand on one line of so many cells, broken at a blank where
 * there is one; *ret_skip: with the blanks behind them. At least one character
 * of a text that is not empty. */
size_t document_wrap(const char *s, size_t cells, size_t *ret_skip);

/* 80 columns, lines ended by '\n'; what a terminal must not see is '?'. */
void document_text(const struct document *d, struct buf *out);
/* Labels of 100 x 150 mm at 203 dpi, as many as it takes. */
void document_zpl(const struct document *d, struct buf *out);
/* What fulexo-pdf reads (pdf/lines.h). */
void document_pdf_lines(const struct document *d, struct buf *out);
