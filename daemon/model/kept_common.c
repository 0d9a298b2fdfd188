/* A dictionary is for ever, a person's data is not. Fields with names in them
 * could be blanked, but plug-ins put names where nobody looks for them, and a
 * dictionary without values packs badly. So it is counted: what many people
 * have in common tells of none of them, wherever it stands, and the erasure of
 * one of them takes nothing away from it. */
#include "model/kept_common.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"

/* Somebody's object has a word. */
struct sighting {
    uint64_t word, who;
};

struct sightings {
    struct sighting *all; /* owned */
    size_t n, room;
};

static void sightings_done(struct sightings *s) {
    free(s->all);
}

/* As the escape of a letter is part of a word, so is its u. */
static bool in_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static size_t word_at(const char *p, const char *end) {
    const char *from = p;
    while (p < end && in_word(*p))
        p++;
    return (size_t)(p - from);
}

static uint64_t hash_of(const void *data, size_t n) {
    uint8_t key[DIGEST_KEY];
    uint64_t h;
    digest_raw(data, n, key);
    memcpy(&h, key, sizeof h);
    return h;
}

/* --- whose it is ---------------------------------------------------------- */

DEFINE_CLEANUP(struct arena *, common_arena, arena_free)

/* Written in capitals it is the same person. */
static uint64_t hash_email(const char *email) {
    char lower[256];
    size_t n = str_copy(lower, sizeof lower, email);
    for (size_t i = 0; i < n; i++)
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] - 'A' + 'a');
    return hash_of(lower, n);
}

static uint64_t person_of(struct arena *a, const char *raw, size_t n,
                          unsigned at) {
    const struct json *o;
    int64_t id = 0;
    arena_reset(a);
    if (json_parse(a, raw, n, NULL, &o, NULL) < 0)
        return at;
    const char *email = json_string(json_path(o, "billing.email"));
    if (!email || !*email)
        email = json_string(json_get(o, "email"));
    if (email && *email)
        return hash_email(email);
    if (json_i64(json_get(o, "customer_id"), true, &id) == 0 && id > 0)
        return hash_of(&id, sizeof id);
    return at;
}

/* --- counting ------------------------------------------------------------- */

static void see(struct sightings *s, uint64_t word, uint64_t who) {
    if (s->n == s->room) {
        s->room = s->room ? 2 * s->room : 4096;
        s->all = mem_resize(s->all, s->room, sizeof *s->all);
    }
    s->all[s->n++] = (struct sighting){word, who};
}

static int by_word(const void *x, const void *y) {
    const struct sighting *a = x, *b = y;
    if (a->word != b->word)
        return a->word < b->word ? -1 : 1;
    return (a->who > b->who) - (a->who < b->who);
}

static bool same(const struct sighting *a, const struct sighting *b) {
    return a->word == b->word && a->who == b->who;
}

/* Sorted, each pair once, from the `from`th on. */
static void tidy(struct sightings *s, size_t from) {
    size_t n = from;
    if (s->n > from)
        qsort(s->all + from, s->n - from, sizeof *s->all, by_word);
    for (size_t i = from; i < s->n; i++)
        if (i == from || !same(&s->all[i], &s->all[i - 1]))
            s->all[n++] = s->all[i];
    s->n = n;
}

static void look_through(struct sightings *s, const char *p, size_t n,
                         uint64_t who) {
    const char *end = p + n;
    size_t from = s->n;
    while (p < end) {
        size_t len = word_at(p, end);
        if (len)
            see(s, hash_of(p, len), who);
        p += len ? len : 1;
    }
    tidy(s, from); /* a text says "id" often */
}

/* Only words that are common, each once, in order. */
static void keep_common(struct sightings *s) {
    size_t kept = 0;
    tidy(s, 0);
    for (size_t i = 0, j; i < s->n; i = j) {
        for (j = i; j < s->n && s->all[j].word == s->all[i].word; j++) {
        }
        if (j - i >= KEPT_COMMON)
            s->all[kept++] = s->all[i];
    }
    s->n = kept;
}

static int find_word(const void *key, const void *at) {
    uint64_t word = *(const uint64_t *)key;
    const struct sighting *s = at;
    return (word > s->word) - (word < s->word);
}

static bool is_common(const struct sightings *s, uint64_t word) {
    return s->n && bsearch(&word, s->all, s->n, sizeof *s->all, find_word);
}

static void strip(const struct sightings *s, const char *p, size_t n,
                  struct buf *out) {
    const char *end = p + n;
    while (p < end) {
        size_t len = word_at(p, end);
        if (!len)
            buf_add(out, p++, 1);
        else if (is_common(s, hash_of(p, len)))
            buf_add(out, p, len);
        p += len;
    }
}

void kept_common(struct buf *text, size_t *sizes, unsigned n) {
    CLEANUP(sightings_done) struct sightings s = {0};
    CLEANUP(common_arena) struct arena *a = arena_new(0);
    struct buf clean = BUF_INIT;
    const char *p = text->data;
    for (unsigned i = 0; i < n; p += sizes[i++])
        look_through(&s, p, sizes[i], person_of(a, p, sizes[i], i));
    keep_common(&s);
    p = text->data;
    for (unsigned i = 0; i < n; i++) {
        size_t before = clean.len;
        strip(&s, p, sizes[i], &clean);
        p += sizes[i];
        sizes[i] = clean.len - before;
    }
    buf_done(text);
    *text = clean;
}
