#include "common/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/err.h"
#include "common/str.h"

enum { PAIRS_MAX = 12 };

struct text_row {
    const char *name;
    struct {
        const char *one; /* for n = 1; NULL: as other */
        const char *other;
    } lang[TEXT_LANGS];
};

struct error_row {
    int code;
    int sentence; /* enum text_id */
    int cure;     /* enum text_id, -1: none */
};

#include "text.gen.inc"

struct pairs {
    const char *name[PAIRS_MAX];
    const char *value[PAIRS_MAX];
    size_t n;
};

enum text_lang text_lang(const char *locale) {
    if (!locale || strncmp(locale, "tr", 2) != 0)
        return TEXT_EN;
    return locale[2] == '\0' || strchr("_-.@", locale[2]) ? TEXT_TR : TEXT_EN;
}

const char *text_lang_name(enum text_lang lang) {
    return lang == TEXT_TR ? "tr" : "en";
}

static const struct text_row *row_of(enum text_lang lang, enum text_id id) {
    REQUIRE((unsigned)id < TEXT_COUNT && (unsigned)lang < TEXT_LANGS);
    return &rows[id];
}

const char *text_get(enum text_lang lang, enum text_id id) {
    return row_of(lang, id)->lang[lang].other;
}

static const char *pair_find(const struct pairs *p, const char *name,
                             size_t n) {
    for (size_t i = 0; i < p->n; i++)
        if (strlen(p->name[i]) == n && memcmp(p->name[i], name, n) == 0)
            return p->value[i];
    return NULL;
}

static void fill(struct buf *out, const char *text, const struct pairs *p) {
    for (const char *at = text; *at;) {
        const char *open = strchr(at, '{');
        const char *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            buf_adds(out, at);
            return;
        }
        const char *value = pair_find(p, open + 1, (size_t)(close - open - 1));
        buf_add(out, at, (size_t)(open - at));
        if (value)
            buf_adds(out, value);
        else
            buf_add(out, open, (size_t)(close - open + 1));
        at = close + 1;
    }
}

void text_format(struct buf *out, enum text_lang lang, enum text_id id, ...) {
    struct pairs p = {.n = 0};
    va_list ap;
    va_start(ap, id);
    for (const char *name; (name = va_arg(ap, const char *)) != NULL; p.n++) {
        REQUIRE(p.n < PAIRS_MAX);
        p.name[p.n] = name;
        p.value[p.n] = va_arg(ap, const char *);
        REQUIRE(p.value[p.n]);
    }
    va_end(ap);
    const struct text_row *row = row_of(lang, id);
    const char *n = pair_find(&p, "n", 1);
    bool one = row->lang[lang].one && str_eq(n, "1");
    fill(out, one ? row->lang[lang].one : row->lang[lang].other, &p);
}

int text_find(const char *name) {
    for (int i = 0; i < TEXT_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0)
            return i;
    return -1;
}

const char *text_word(enum text_lang lang, const char *kind, const char *word) {
    char name[96];
    if (str_format(name, sizeof name, "%s.%s", kind, word) < 0)
        return word;
    for (char *c = name; *c; c++)
        *c = *c == '-' ? '_' : *c;
    int id = text_find(name);
    return id < 0 ? word : text_get(lang, (enum text_id)id);
}

static const struct error_row *error_find(int code) {
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].code == code)
            return &errors[i];
    return NULL;
}

const char *text_error(enum text_lang lang, int code) {
    const struct error_row *e = error_find(code ? code : ERR_INTERNAL);
    if (!e)
        e = error_find(ERR_INTERNAL);
    return text_get(lang, (enum text_id)e->sentence);
}

const char *text_cure(enum text_lang lang, int code) {
    const struct error_row *e = error_find(code);
    return e && e->cure >= 0 ? text_get(lang, (enum text_id)e->cure) : NULL;
}
