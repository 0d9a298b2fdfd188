#include "out/document.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/str.h"
#include "common/text.h"
#include "common/utf8.h"

void document_begin(struct document *d, struct arena *a, enum text_lang lang,
                    const char *name) {
    *d = (struct document){.a = a, .lang = lang};
    char *copy = arena_dupn(a, name, strlen(name));
    for (char *s = copy; *s; s++) {
        bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');
        if (!letter && !(*s >= '0' && *s <= '9') && *s != '.')
            *s = '-';
    }
    d->name = copy;
}

/* Direction that is set by force would show another text than is stored. */
static bool is_override(uint32_t cp) {
    return (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

static bool is_blank(uint32_t cp) {
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 ||
           cp == 0x2029;
}

static const char *clean(struct document *d, const char *s, size_t n) {
    AUTO_BUF struct buf b = BUF_INIT;
    while (n > 0 && b.len < DOCUMENT_TEXT - 4) {
        uint32_t cp = 0xFFFD;
        size_t len = utf8_decode(s, n, &cp);
        if (len && is_blank(cp))
            buf_addc(&b, ' ');
        else if (len && !is_override(cp))
            buf_add(&b, s, len);
        else if (!len)
            buf_adds(&b, "\xEF\xBF\xBD");
        s += len ? len : 1;
        n -= len ? len : 1;
    }
    while (b.len > 0 && b.data[b.len - 1] == ' ')
        buf_truncate(&b, b.len - 1);
    return arena_dupn(d->a, buf_str(&b), b.len);
}

static struct document_item *push(struct document *d, enum document_what what) {
    if (d->n == DOCUMENT_ITEMS) {
        d->full = true;
        return NULL;
    }
    if (d->n == d->room) {
        size_t room = d->room ? 2 * d->room : 64;
        struct document_item *more = arena_alloc(d->a, room * sizeof *more);
        if (d->n > 0)
            memcpy(more, d->items, d->n * sizeof *more);
        d->items = more;
        d->room = room;
    }
    d->items[d->n] = (struct document_item){.what = what};
    return &d->items[d->n++];
}

void document_add(struct document *d, enum document_what what,
                  const char *text) {
    while (text && *text) {
        size_t n = strcspn(text, "\r\n");
        const char *line = clean(d, text, n);
        struct document_item *i = *line ? push(d, what) : NULL;
        if (i)
            i->cells[0] = line;
        text += n;
        text += *text != '\0';
    }
}

void document_rule(struct document *d) {
    (void)push(d, DOCUMENT_RULE);
}

void document_page(struct document *d) {
    if (d->n > 0)
        (void)push(d, DOCUMENT_PAGE);
}

void document_pair(struct document *d, enum text_id name, const char *value) {
    const char *v = value ? clean(d, value, strlen(value)) : "";
    struct document_item *i = *v ? push(d, DOCUMENT_PAIR) : NULL;
    if (!i)
        return;
    i->cells[0] = text_get(d->lang, name);
    i->cells[1] = v;
}

void document_cells(struct document *d, enum document_what what,
                    const char *const *cells) {
    struct document_item *item = push(d, what);
    for (size_t i = 0; item && i < d->n_columns; i++) {
        const char *s = cells[i] ? cells[i] : "";
        item->cells[i] = clean(d, s, strlen(s));
    }
}

size_t document_wrap(const char *s, size_t cells, size_t *ret_skip) {
    size_t used, n = utf8_fit(s, cells, &used);
    if (n == 0 && *s) { /* wider than the column: it stands alone */
        uint32_t cp;
        n = utf8_decode(s, strlen(s), &cp);
        n = n ? n : 1;
    }
    size_t cut = n;
    if (s[n] && s[n] != ' ') {
        while (cut > 0 && s[cut - 1] != ' ')
            cut--;
        n = cut > 0 ? cut : n;
    }
    *ret_skip = n + strspn(s + n, " ");
    while (n > 0 && s[n - 1] == ' ')
        n--;
    return n;
}
