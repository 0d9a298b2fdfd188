#include "out/pdf/lines.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"

enum { PARTS = LINES_CELLS + 1 };

struct parser {
    struct lines *l;
    char *parts[PARTS];
    size_t n_parts;
    size_t line;
};

static const char *split(struct parser *p, char *line) {
    p->n_parts = 0;
    for (char *at = line; at;) {
        if (p->n_parts == PARTS)
            return "more than six cells";
        p->parts[p->n_parts++] = at;
        at = strchr(at, '\t');
        if (at)
            *at++ = '\0';
    }
    return NULL;
}

static const char *take_first(struct parser *p) {
    if (p->n_parts != 4 || !str_eq(p->parts[0], "fulexo-pdf") ||
        !str_eq(p->parts[1], "1"))
        return "not what fulexo-pdf 1 reads";
    p->l->label = str_eq(p->parts[2], "label");
    if (!p->l->label && !str_eq(p->parts[2], "a4"))
        return "a size is a4 or label";
    p->l->lang = p->parts[3];
    return strlen(p->l->lang) > 8 ? "no such language" : NULL;
}

static const char *take_name(struct parser *p) {
    p->l->name = p->parts[1];
    return p->n_parts == 2 ? NULL : "a name is one text";
}

static const char *take_at(struct parser *p) {
    if (p->n_parts != 2 ||
        str_to_i64(p->parts[1], 0, INT64_C(253402300799), &p->l->at_s) < 0)
        return "no such second";
    return NULL;
}

static const char *take_columns(struct parser *p) {
    if (p->l->n_columns > 0 || p->n_parts < 2)
        return "columns are told once, with a width each";
    for (size_t i = 1; i < p->n_parts; i++) {
        int64_t width;
        size_t n = strlen(p->parts[i]);
        bool right = n > 0 && p->parts[i][n - 1] == 'r';
        if (right)
            p->parts[i][n - 1] = '\0';
        if (str_to_i64(p->parts[i], 1, 999, &width) < 0)
            return "a width is 1 to 999";
        p->l->widths[i - 1] = (int)width;
        p->l->right[i - 1] = right;
    }
    p->l->n_columns = p->n_parts - 1;
    return NULL;
}

static const struct word {
    const char *name;
    enum line_what what;
    size_t cells;
    const char *(*take)(struct parser *p);
} words[] = {
    {"name", LINE_NONE, 1, take_name},
    {"at", LINE_NONE, 1, take_at},
    {"columns", LINE_NONE, 1, take_columns},
    {"title", LINE_TITLE, 1, NULL},
    {"big", LINE_BIG, 1, NULL},
    {"line", LINE_TEXT, 1, NULL},
    {"pair", LINE_PAIR, 2, NULL},
    {"rule", LINE_RULE, 0, NULL},
    {"code", LINE_CODE, 1, NULL},
    {"page", LINE_PAGE, 0, NULL},
    {"head", LINE_HEAD, 0, NULL},
    {"row", LINE_ROW, 0, NULL},
};

static bool is_code(const char *s) {
    size_t n = 0;
    while (s[n] >= 0x20 && s[n] < 0x7F)
        n++;
    return n > 0 && n <= LINES_CODE && !s[n];
}

static const char *take_item(struct parser *p, const struct word *w) {
    bool table = w->what == LINE_HEAD || w->what == LINE_ROW;
    size_t cells = table ? p->l->n_columns : w->cells;
    if (p->n_parts != cells + 1 || (table && cells == 0))
        return "the wrong number of cells";
    if (w->what == LINE_CODE && !is_code(p->parts[1]))
        return "a code is 1 to 80 of printable ASCII";
    struct line *item = &p->l->items[p->l->n++];
    *item = (struct line){.what = w->what};
    for (size_t i = 0; i < cells; i++)
        item->cells[i] = p->parts[i + 1];
    return NULL;
}

static const char *take(struct parser *p, char *line) {
    const char *why = split(p, line);
    if (why)
        return why;
    if (p->line == 1)
        return take_first(p);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(words[i].name, p->parts[0]))
            return words[i].take ? words[i].take(p) : take_item(p, &words[i]);
    return "no such word";
}

static const char *check(const char *text, size_t n) {
    if (n > LINES_BYTES)
        return "more than 2 MiB";
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F)
            return "control characters";
    }
    return utf8_valid(text, n) ? NULL : "not UTF-8";
}

size_t lines_parse(char *text, size_t n, struct lines *ret,
                   const char **ret_why) {
    struct lines l = {.lang = "en", .name = ""};
    struct parser p = {.l = &l};
    const char *why = check(text, n);
    l.items = mem_alloc(LINES_MAX * sizeof *l.items);
    for (char *at = text; !why && (at < text + n || p.line == 0);) {
        char *end = strchr(at, '\n');
        if (end)
            *end = '\0';
        why = ++p.line > LINES_MAX ? "more than 20,200 lines" : take(&p, at);
        at = end ? end + 1 : text + n;
    }
    if (why) {
        free(l.items);
        *ret_why = why;
        return p.line > 0 ? p.line : 1;
    }
    *ret = l;
    return 0;
}

void lines_done(struct lines *l) {
    free(l->items);
    *l = (struct lines){0};
}
