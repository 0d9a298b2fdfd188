#include "common/said.h"

#include <stddef.h>
#include <string.h>

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/field.h"
#include "common/mem.h"
#include "common/str.h"

enum { PLACES = 6, DEPTH_MAX = 3 };

struct said_row {
    const char *english, *turkish;
};

#include "said.gen.inc"

/* What stands in the places of a sentence. */
struct places {
    struct {
        const char *s;
        size_t n;
    } at[PLACES];
    size_t n;
};

static bool is_place(const char *template) {
    return template[0] == '{' && template[1] == '}';
}

/* Bytes up to the next place, or the end. */
static size_t literal(const char *template) {
    size_t n = 0;
    while (template[n] && !is_place(template + n))
        n++;
    return n;
}

/* Where a place that begins at s ends: at the first n bytes of `text` behind
 * it, at the last when nothing follows them. NULL: they are not there. */
static const char *place_end(const char *s, const char *text, size_t n) {
    size_t left = strlen(s);
    if (left <= n)
        return NULL;
    if (text[n])
        return memmem(s + 1, left - 1, text, n);
    const char *tail = s + left - n;
    return memcmp(tail, text, n) == 0 ? tail : NULL;
}

/* The shortest fillings, from the left; a place is never empty. What follows a
 * place is looked for once: a sentence may be a shop's, made to be looked at
 * for ever. */
static bool fits(const char *template, const char *s, struct places *p) {
    size_t n = literal(template);
    if (strncmp(template, s, n) != 0)
        return false;
    while (template[n]) {
        s += n;
        template += n + 2;
        n = literal(template);
        const char *end = place_end(s, template, n);
        if (!end || p->n == PLACES)
            return false;
        p->at[p->n].s = s;
        p->at[p->n++].n = (size_t)(end - s);
        s = end;
    }
    return !s[n];
}

/* How much of it is the sentence's own. */
static size_t weight(const char *template) {
    size_t n = 0;
    for (const char *c = template; *c; c++)
        n += is_place(c) ? 0 : 1;
    return n;
}

/* Of several that fit the one that says most itself. */
static const struct said_row *find(const char *sentence, struct places *ret) {
    const struct said_row *best = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct places p = {.n = 0};
        if (fits(rows[i].english, sentence, &p) &&
            (!best || weight(rows[i].english) > weight(best->english))) {
            best = &rows[i];
            *ret = p;
        }
    }
    return best;
}

bool said_known(const char *sentence) {
    struct places p;
    return find(sentence, &p) != NULL;
}

static void say(struct buf *out, const char *sentence, int depth);

/* Where it ends in a colon, another's sentence follows; elsewhere a part may be
 * words of ours or a status, and mostly is neither. */
static void add_part(struct buf *out, const char *part, bool quoted,
                     int depth) {
    struct places none;
    const struct said_row *r = find(part, &none);
    if (quoted || (r && none.n == 0))
        say(out, part, depth - 1);
    else
        buf_adds(out, field_status(TEXT_TR, part));
}

/* {2}, or {f2} of a field. */
static void fill(struct buf *out, const struct said_row *r,
                 const struct places *p, int depth) {
    bool quotes = str_ends(r->english, ": {}");
    for (const char *c = r->turkish; *c; c++) {
        bool field = c[0] == '{' && c[1] == 'f';
        size_t k = c[0] == '{' ? (size_t)(c[1 + field] - '1') : PLACES;
        if (k >= p->n) {
            buf_addc(out, *c);
            continue;
        }
        AUTO_FREE char *part = mem_dupn(p->at[k].s, p->at[k].n);
        if (field)
            field_words(out, TEXT_TR, part);
        else
            add_part(out, part, quotes && k + 1 == p->n, depth);
        c += 2 + field;
    }
}

/* "alpine:12: it is held": whom it is about may stand before it. */
static void say_behind(struct buf *out, const char *sentence, int depth) {
    const char *colon = strstr(sentence, ": ");
    if (!colon || depth < DEPTH_MAX || !said_known(colon + 2)) {
        buf_adds(out, sentence);
        return;
    }
    buf_add(out, sentence, (size_t)(colon - sentence) + 2);
    say(out, colon + 2, depth - 1);
}

static void say(struct buf *out, const char *sentence, int depth) {
    struct places p;
    const struct said_row *r = depth > 0 ? find(sentence, &p) : NULL;
    if (r)
        fill(out, r, &p, depth);
    else
        say_behind(out, sentence, depth);
}

void said_words(struct buf *out, enum text_lang lang, const char *sentence) {
    if (lang == TEXT_TR)
        say(out, sentence, DEPTH_MAX);
    else
        buf_adds(out, sentence);
}

void said_behind(struct buf *out, enum text_lang lang, const char *sentence) {
    if (!*sentence)
        return;
    buf_adds(out, " (");
    said_words(out, lang, sentence);
    buf_addc(out, ')');
}
