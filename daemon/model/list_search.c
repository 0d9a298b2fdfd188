/* The full-text expression for some words. FTS5 reads the whole list of every
 * trigram in an AND (12 ms for one that a million rows hold), so only those
 * that tell most are asked for; the hits are verified anyway. How common one is
 * shows in how far apart its first hits are. The rarest first, a further one as
 * long as reading its list costs less than verifying what it keeps away. */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"

enum {
    TRIGRAMS_MAX = 32, /* looked at */
    TRIGRAMS_ASKED = 6,
    COMMON = 8,   /* one row in so many: reading its list costs too much */
    SAMPLE = 100, /* hits whose distance is taken */
    LISTED = 100, /* entries of a list read in the time of verifying a hit,
                     and some more: trigrams of a word come together */
    TRIGRAM_BYTES = 13,
};

struct trigram {
    char text[TRIGRAM_BYTES];
    int64_t distance; /* mean rows from hit to hit; the larger the rarer */
};

static size_t char_len(const char *p) {
    size_t n = 1;
    while (((unsigned char)p[n] & 0xc0) == 0x80)
        n++;
    return n;
}

/* Bytes of three characters from p; 0 when there are fewer. */
static size_t trigram_len(const char *p) {
    size_t n = 0;
    for (int i = 0; i < 3; i++) {
        if (!p[n])
            return 0;
        n += char_len(p + n);
    }
    return n < TRIGRAM_BYTES ? n : 0;
}

static void add(struct trigram *t, size_t *n, const char *p, size_t len) {
    for (size_t i = 0; i < *n; i++)
        if (strncmp(t[i].text, p, len) == 0 && t[i].text[len] == '\0')
            return;
    if (*n == TRIGRAMS_MAX)
        return;
    memcpy(t[*n].text, p, len);
    t[(*n)++].text[len] = '\0';
}

static size_t split(const char *const *words, size_t n, struct trigram *t) {
    size_t found = 0, len;
    for (size_t i = 0; i < n; i++)
        for (const char *p = words[i]; (len = trigram_len(p)) > 0;
             p += char_len(p))
            add(t, &found, p, len);
    return found;
}

static void quote(struct buf *b, const char *s) {
    buf_adds(b, b->len ? " AND \"" : "\"");
    for (; *s; s++) {
        if (*s == '"')
            buf_addc(b, '"');
        buf_addc(b, *s);
    }
    buf_addc(b, '"');
}

static int probe(struct db_tx *tx, enum stmt_id matching, struct trigram *t) {
    struct db_rows *rows AUTO_ROWS = NULL;
    AUTO_BUF struct buf b = BUF_INIT;
    int64_t n = 0, last = 0;
    quote(&b, t->text);
    int rc = db_query(tx, matching, &rows, "si", buf_str(&b), (int64_t)SAMPLE);
    while (rc >= 0 && (rc = db_step(rows)) == 1) {
        last = db_i64(rows, 0);
        n++;
    }
    t->distance = n < SAMPLE ? INT64_MAX - n : last / n;
    return rc;
}

static int rarest_first(const void *x, const void *y) {
    const struct trigram *a = x, *b = y;
    return a->distance > b->distance ? -1 : a->distance < b->distance;
}

/* Is a list worth reading when those asked for leave one row in `left`. */
static bool is_worth(const struct trigram *t, int64_t left) {
    return (t->distance >= COMMON || left < COMMON) &&
           left / LISTED <= t->distance;
}

static void ask(const struct trigram *t, size_t n, struct buf *b) {
    int64_t left = 1;
    for (size_t i = 0; i < n && i < TRIGRAMS_ASKED; i++) {
        if (i > 0 && !is_worth(&t[i], left))
            return;
        quote(b, t[i].text);
        if (t[i].distance > INT64_MAX / SAMPLE / left)
            return; /* so rare that it tells all */
        left *= t[i].distance > 0 ? t[i].distance : 1;
    }
}

int list_match(struct db_tx *tx, enum stmt_id matching, struct arena *a,
               const char *const *words, size_t n, const char **ret) {
    struct trigram t[TRIGRAMS_MAX] = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    size_t found = split(words, n, t);
    for (size_t i = 0; i < found && found > 1; i++) {
        int rc = probe(tx, matching, &t[i]);
        if (rc < 0)
            return rc;
    }
    if (found > 1)
        qsort(t, found, sizeof t[0], rarest_first);
    ask(t, found, &b);
    if (found > 0)
        *ret = arena_dupn(a, b.data, b.len);
    return found > 0;
}
