#include "common/csv.h"

#include <stdbool.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/money.h"
#include "common/str.h"
#include "common/utf8.h"

enum { CODE_MIN = 12 }; /* digits a spreadsheet writes as 4.00638E+12 */

/* --- reading ----------------------------------------------------------------
 */

static char guess(const char *at, const char *end) {
    static const char all[] = {',', ';', '\t'};
    int n[3] = {0}, best = 0;
    bool quoted = false;
    for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
        quoted ^= *at == '"';
        for (int i = 0; i < 3; i++)
            n[i] += !quoted && *at == all[i];
    }
    for (int i = 1; i < 3; i++)
        best = n[i] > n[best] ? i : best;
    return all[best];
}

void csv_begin(struct csv *c, const char *text, size_t n) {
    bool mark = n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
    *c = (struct csv){.at = text + (mark ? 3 : 0), .end = text + n, .next = 1};
    c->separator = guess(c->at, c->end);
}

static bool is_end(const struct csv *c) {
    return c->at == c->end || *c->at == '\n' || *c->at == '\r';
}

/* CRLF, LF, CR. */
static void pass_end(struct csv *c) {
    if (c->at < c->end && *c->at == '\r')
        c->at++;
    if (c->at < c->end && *c->at == '\n')
        c->at++;
    c->next++;
}

/* The text of a cell; what stands between its quotes may hold anything. */
static int take(struct csv *c, struct buf *out) {
    if (c->at == c->end || *c->at != '"') {
        for (; !is_end(c) && *c->at != c->separator; c->at++)
            buf_addc(out, *c->at);
        return 0;
    }
    for (c->at++; c->at < c->end; c->at++) {
        if (*c->at == '"' && (c->at + 1 == c->end || c->at[1] != '"')) {
            c->at++;
            return is_end(c) || *c->at == c->separator ? 0 : ERR_INVALID;
        }
        c->at += *c->at == '"';
        c->next += *c->at == '\n';
        buf_addc(out, *c->at);
    }
    return ERR_INVALID;
}

static bool is_formula(char c) {
    return c && strchr("=+-@\t\r", c);
}

static bool is_number(const char *s) {
    int64_t v;
    return money_parse(s, 9, &v) == 0;
}

/* Digits that are a name. */
static bool is_code(const char *s) {
    size_t n = strspn(s, "0123456789");
    return s[n] == '\0' && (n >= CODE_MIN || (n > 1 && s[0] == '0'));
}

/* The mark of csv_cell comes off. */
static const char *keep(struct arena *a, const struct buf *b) {
    const char *s = buf_str(b);
    bool marked =
        s[0] == '\'' && (is_formula(s[1]) || s[1] == '\'' || is_code(s + 1));
    return arena_dupn(a, s + marked, b->len - marked);
}

static int cell(struct csv *c, struct arena *a, const char **ret) {
    AUTO_BUF struct buf b = BUF_INIT;
    int rc = take(c, &b);
    if (rc < 0)
        return rc;
    if (b.len > CSV_CELL_MAX)
        return ERR_TOO_BIG;
    if (b.len && (memchr(b.data, '\0', b.len) || !utf8_valid(b.data, b.len)))
        return ERR_INVALID;
    *ret = keep(a, &b);
    return 0;
}

/* The rest of a row at fault. */
static int skip(struct csv *c, int rc) {
    while (!is_end(c))
        c->at++;
    if (c->at < c->end)
        pass_end(c);
    return rc;
}

int csv_row(struct csv *c, struct arena *a, const char *ret[CSV_CELLS]) {
    const char *cells[CSV_CELLS];
    int n = 0;
    while (c->at < c->end && is_end(c))
        pass_end(c);
    c->line = c->next;
    if (c->at == c->end)
        return 0;
    for (;;) {
        int rc = n == CSV_CELLS ? ERR_TOO_BIG : cell(c, a, &cells[n]);
        if (rc < 0)
            return skip(c, rc);
        n++;
        if (is_end(c))
            break;
        c->at++;
    }
    if (c->at < c->end)
        pass_end(c);
    memcpy(ret, cells, (size_t)n * sizeof *cells);
    return n;
}

/* --- writing ----------------------------------------------------------------
 */

void csv_cell(struct buf *out, const char *text, int first) {
    bool mark = text[0] == '\'' || is_code(text) ||
                (is_formula(text[0]) && !is_number(text));
    /* What begins like a byte order mark would be taken for one. */
    bool quote = strpbrk(text, "\",;\t\r\n") || text[0] == ' ' || mark ||
                 str_starts(text, "\xEF\xBB\xBF");
    if (!first)
        buf_addc(out, ',');
    if (quote)
        buf_addc(out, '"');
    if (mark)
        buf_addc(out, '\'');
    for (const char *s = text; *s; s++) {
        if (*s == '"')
            buf_addc(out, '"');
        buf_addc(out, *s);
    }
    if (quote)
        buf_addc(out, '"');
}

void csv_end(struct buf *out) {
    buf_adds(out, "\r\n");
}
