/* Grammar: terms are separated by white space. term = ["-"] (word | key ":"
 * [op] value {"," value}); quotes may stand anywhere in a word or value and
 * keep blanks, commas and stars literal; a backslash keeps the next byte. */
#include "common/query.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/query_value.h"
#include "common/str.h"
#include "common/utf8.h"

struct parser {
    const char *text;
    const char *p;
    const struct query_key *keys;
    size_t n_keys;
    struct query *query;
    struct error *error;
};

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* 1-based, in characters: what an editor shows. */
static size_t column(const char *text, const char *at) {
    size_t n = 1;
    for (const char *p = text; p < at; p++)
        n += ((unsigned char)*p & 0xc0) != 0x80;
    return n;
}

__attribute__((format(printf, 3, 4))) static int
fault(struct parser *ps, const char *at, const char *fmt, ...) {
    char where[32];
    AUTO_BUF struct buf detail = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_addv(&detail, fmt, ap);
    va_end(ap);
    (void)snprintf(where, sizeof where, "column %zu", column(ps->text, at));
    return error_set(ps->error, ERR_INVALID, where, "%s", buf_str(&detail));
}

/* --- words ------------------------------------------------------------- */

/* A word while it is read. */
struct word {
    char text[sizeof((struct query_value *)NULL)->text];
    size_t n;
    bool wildcard; /* a star outside quotes */
    bool too_long;
};

static void word_add(struct word *w, char c) {
    if (w->n + 1 < sizeof w->text)
        w->text[w->n++] = c;
    else
        w->too_long = true;
}

/* A literal star or backslash is marked by a backslash for now: whether it has
 * to stay marked is known at the word's end. */
static void word_add_literal(struct word *w, char c) {
    if (c == '*' || c == '\\')
        word_add(w, '\\');
    word_add(w, c);
}

/* Drop the marks: without a wildcard every star is literal. */
static void word_unmark(struct word *w) {
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (w->text[i] == '\\')
            i++;
        w->text[n++] = w->text[i];
    }
    w->n = n;
}

/* From an opening quote to behind the closing one. */
static int read_quoted(struct parser *ps, struct word *w) {
    const char *open = ps->p++;
    while (*ps->p && *ps->p != '"') {
        if (*ps->p == '\\' && ps->p[1])
            ps->p++;
        word_add_literal(w, *ps->p++);
    }
    if (!*ps->p)
        return fault(ps, open,
                     "this quote is not closed; write \\\" for a "
                     "quote that is part of the text");
    ps->p++;
    return 0;
}

/* Up to a blank or, with `list`, a comma. */
static int read_word(struct parser *ps, bool list, struct query_value *ret) {
    const char *from = ps->p;
    struct word w = {.n = 0};
    while (*ps->p && !is_blank(*ps->p) && !(list && *ps->p == ',')) {
        if (*ps->p == '"') {
            if (read_quoted(ps, &w))
                return ERR_INVALID;
            continue;
        }
        if (*ps->p == '\\' && ps->p[1]) {
            word_add_literal(&w, ps->p[1]);
            ps->p += 2;
            continue;
        }
        w.wildcard |= *ps->p == '*';
        if (*ps->p == '\\')
            word_add_literal(&w, *ps->p++);
        else
            word_add(&w, *ps->p++);
    }
    if (w.too_long)
        return fault(ps, from, "longer than %zu bytes", sizeof w.text - 1);
    if (!w.wildcard)
        word_unmark(&w);
    memcpy(ret->text, w.text, w.n);
    ret->text[w.n] = '\0';
    ret->wildcard = w.wildcard;
    return 0;
}

/* --- keys -------------------------------------------------------------- */

/* Wider than what tables use, so that a mistyped key is still seen as one. */
static bool is_key_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || (c >= '0' && c <= '9');
}

/* Length of the name before a colon; 0 when the term is a search word. */
static size_t key_length(const char *p) {
    size_t n = 0;
    if ((*p >= '0' && *p <= '9') || *p == '-')
        return 0; /* 12:30 */
    while (is_key_char(p[n]))
        n++;
    return p[n] == ':' ? n : 0;
}

const struct query_key *query_key_find(const struct query_key *keys, size_t n,
                                       const char *name, size_t len) {
    for (size_t i = 0; i < n; i++)
        if (strlen(keys[i].name) == len &&
            strncasecmp(keys[i].name, name, len) == 0)
            return &keys[i];
    return NULL;
}

/* n: bytes of the name at p. */
static int fault_unknown_key(struct parser *ps, size_t n) {
    char names[256] = "";
    char name[64];
    const char *best = NULL;
    int best_distance = 3;
    (void)snprintf(name, sizeof name, "%.*s", (int)n, ps->p);
    for (size_t i = 0; i < ps->n_keys; i++) {
        const char *known = ps->keys[i].name;
        size_t used = strlen(names);
        int d = str_distance(name, known);
        if (d < best_distance && d * 2 <= (int)n) {
            best_distance = d;
            best = known;
        }
        (void)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                       known);
    }
    if (best)
        return fault(ps, ps->p,
                     "there is no filter \"%s:\"; did you mean "
                     "\"%s:\"? Put quotes around it to search for the text",
                     name, best);
    return fault(ps, ps->p,
                 "there is no filter \"%s:\"; there are: %s. Put "
                 "quotes around it to search for the text",
                 name, names);
}

/* Longest first; none means equal. */
static enum query_op read_op(struct parser *ps) {
    static const struct {
        const char *text;
        enum query_op op;
    } ops[] = {{">=", QUERY_GE},
               {"<=", QUERY_LE},
               {">", QUERY_GT},
               {"<", QUERY_LT},
               {"=", QUERY_EQ}};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (str_starts(ps->p, ops[i].text)) {
            ps->p += strlen(ops[i].text);
            return ops[i].op;
        }
    }
    return QUERY_EQ;
}

/* --- terms ------------------------------------------------------------- */

/* One of a comma list. */
static int read_value(struct parser *ps, struct query_term *t) {
    const char *from = ps->p;
    char why[300];
    struct query_value *v = &t->values[t->n_values];
    if (t->n_values == QUERY_VALUES_MAX)
        return fault(ps, from, "more than %d values", QUERY_VALUES_MAX);
    int rc = read_word(ps, true, v);
    if (rc)
        return rc;
    if (ps->p == from) {
        query_value_allowed(t->key, why, sizeof why);
        return fault(ps, from, "a value is missing: %s takes %s", t->key->name,
                     why);
    }
    if (query_value_read(t->key, v, why, sizeof why))
        return fault(ps, from, "%s", why);
    t->n_values++;
    return 0;
}

/* name: bytes of the key at p; its colon follows. */
static int read_filter(struct parser *ps, size_t name, struct query_term *t) {
    t->key = query_key_find(ps->keys, ps->n_keys, ps->p, name);
    if (!t->key)
        return fault_unknown_key(ps, name);
    ps->p += name + 1;
    const char *op = ps->p;
    t->op = read_op(ps);
    if (t->op != QUERY_EQ &&
        (t->key->type == QUERY_WORD || t->key->type == QUERY_CHOICE))
        return fault(ps, op,
                     "%s has no order: only numbers, dates and ages "
                     "take < and >",
                     t->key->name);
    for (;;) {
        int rc = read_value(ps, t);
        if (rc)
            return rc;
        if (*ps->p != ',')
            break;
        if (t->op != QUERY_EQ)
            return fault(ps, ps->p, "a comparison takes one value");
        ps->p++;
    }
    return 0;
}

/* From its first byte to the blank behind it. */
static int read_term(struct parser *ps, struct query_term *t) {
    const char *from = ps->p;
    t->negated = *ps->p == '-';
    if (t->negated)
        ps->p++;
    if (!*ps->p || is_blank(*ps->p))
        return fault(ps, from,
                     "- leaves out what follows it: -word or "
                     "-key:value");
    size_t name = key_length(ps->p);
    int rc;
    if (name) {
        rc = read_filter(ps, name, t);
    } else {
        const char *word = ps->p;
        rc = read_word(ps, false, &t->values[0]);
        if (rc == 0 && !*t->values[0].text)
            rc = fault(ps, word, "there is nothing between the quotes");
        t->n_values = 1;
    }
    t->at = (size_t)(from - ps->text);
    t->len = (size_t)(ps->p - from);
    return rc;
}

static int read_terms(struct parser *ps) {
    struct query *q = ps->query;
    for (;;) {
        while (is_blank(*ps->p))
            ps->p++;
        if (!*ps->p)
            return 0;
        if (q->n_terms == QUERY_TERMS_MAX)
            return fault(ps, ps->p, "more than %d terms", QUERY_TERMS_MAX);
        q->terms =
            mem_resize(q->terms, (size_t)q->n_terms + 1, sizeof *q->terms);
        struct query_term *t = &q->terms[q->n_terms];
        *t = (struct query_term){0};
        int rc = read_term(ps, t);
        if (rc)
            return rc;
        REQUIRE(t->len > 0);
        q->n_terms++;
    }
}

/* First byte that is no text: invalid UTF-8 or a control character. */
static const char *find_bad_byte(const char *text, size_t n) {
    size_t at = 0;
    while (at < n) {
        uint32_t cp;
        size_t used = utf8_decode(text + at, n - at, &cp);
        if (!used || cp == 0x7f || (cp < 0x20 && !is_blank(text[at])))
            return text + at;
        at += used;
    }
    return NULL;
}

int query_parse(const char *text, const struct query_key *keys, size_t n_keys,
                struct query *ret, struct error *e) {
    struct parser ps = {.text = text,
                        .p = text,
                        .keys = keys,
                        .n_keys = n_keys,
                        .query = ret,
                        .error = e};
    REQUIRE(text && (keys || n_keys == 0));
    *ret = (struct query){0};
    size_t n = strnlen(text, QUERY_TEXT_MAX + 1);
    if (n > QUERY_TEXT_MAX)
        return fault(&ps, text, "longer than %d bytes", QUERY_TEXT_MAX);
    const char *bad = find_bad_byte(text, n);
    if (bad)
        return fault(&ps, bad, "this is not a character of a text");
    int rc = read_terms(&ps);
    if (rc)
        query_done(ret);
    return rc;
}

void query_done(struct query *q) {
    free(q->terms);
    *q = (struct query){0};
}
