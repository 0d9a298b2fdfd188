/* The canonical form is a stream of length-prefixed values in the order of
 * truth_fields.c, so no text a shop sends can imitate structure. Its bytes are
 * in the truth hashes of every installation: a change here is a re-read of
 * every shop. */
#include "shop/truth.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/digest.h"
#include "common/entities.h"
#include "common/json.h"
#include "common/mem.h"
#include "shop/decode.h"
#include "shop/truth_fields.h"

/* Meta that changes by itself: last visit, who has the edit screen open. */
static const char *const volatile_meta[] = {"wc_last_active", "_edit_lock",
                                            "_edit_last"};

static void put_field(struct buf *out, const struct truth_field *f,
                      const struct json *v);
static void put_any(struct buf *out, const struct json *v);

/* Digits of n in front of end; returns where they begin. */
static char *digits_before(char *end, uint64_t n) {
    do
        *--end = (char)('0' + n % 10);
    while (n /= 10);
    return end;
}

static void put_bytes(struct buf *out, const char *s, size_t n) {
    char head[24];
    char *end = head + sizeof head;
    char *p = end;
    *--p = ':';
    p = digits_before(p, n);
    size_t head_n = (size_t)(end - p);
    char *at = buf_reserve(out, head_n + n);
    memcpy(at, p, head_n);
    memcpy(at + head_n, s, n);
    buf_added(out, head_n + n);
}

/* Nearly every number is an id or a count: no need for printf. */
static void put_number(struct buf *out, const struct json *v) {
    char text[40];
    char *end = text + sizeof text;
    char *p;
    int64_t n = 0;
    if (json_i64(v, false, &n) == 0) {
        p = digits_before(end, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
        if (n < 0)
            *--p = '-';
        put_bytes(out, p, (size_t)(end - p));
        return;
    }
    const char *s = json_text(v, text);
    put_bytes(out, s ? s : "", s ? strlen(s) : 0);
}

/* false and 0 differ: booleans are marked. */
static void put_scalar(struct buf *out, const struct json *v) {
    const char *s;
    bool b = false;
    switch (json_type(v)) {
    case JSON_STRING:
        s = json_string(v);
        if (*s)
            put_bytes(out, s, strlen(s));
        else
            buf_addc(out, '-');
        break;
    case JSON_NUMBER:
        put_number(out, v);
        break;
    case JSON_BOOL:
        (void)json_bool(v, false, &b); /* a boolean it is */
        buf_addc(out, b ? 't' : 'f');
        break;
    case JSON_NULL:
        buf_addc(out, '-');
        break;
    default:
        put_any(out, v);
    }
}

static void put_decoded(struct buf *out, const struct json *v) {
    const char *s = json_string(v);
    if (!s || !strchr(s, '&')) {
        put_scalar(out, v);
        return;
    }
    AUTO_BUF struct buf text = BUF_INIT;
    entities_decode(&text, s);
    put_bytes(out, buf_str(&text), text.len);
}

/* Depth is bounded by the parser's limit. */
static void put_any(struct buf *out, const struct json *v) {
    const struct json *c;
    switch (json_type(v)) {
    case JSON_ARRAY:
    case JSON_OBJECT:
        buf_addc(out, json_type(v) == JSON_ARRAY ? '[' : '{');
        for (c = json_first(v); c; c = json_next(c)) {
            const char *key = json_key(c);
            if (key)
                put_bytes(out, key, strlen(key));
            put_any(out, c);
        }
        buf_addc(out, '.');
        return;
    default:
        put_scalar(out, v);
    }
}

/* Shops send members in the order of the lists, nearly: look on from the last
 * one found before looking at those passed over. */
static const struct json *find(const struct json *object,
                               const struct json **cursor, const char *key) {
    const struct json *c;
    const char *k;
    for (c = *cursor; c; c = json_next(c)) {
        k = json_key(c);
        if (*k == *key && strcmp(k, key) == 0) {
            *cursor = json_next(c);
            return c;
        }
    }
    for (c = json_first(object); c != *cursor; c = json_next(c)) {
        k = json_key(c);
        if (*k == *key && strcmp(k, key) == 0)
            return c;
    }
    return NULL;
}

static bool stock_is_parents(const struct json *product) {
    const char *manage = json_string(json_get(product, "manage_stock"));
    return manage && strcmp(manage, "parent") == 0;
}

static void put_object(struct buf *out, const struct truth_field *fields,
                       const struct json *v) {
    const struct json *cursor = NULL;
    if (json_type(v) != JSON_OBJECT) {
        put_any(out, v);
        return;
    }
    cursor = json_first(v);
    buf_addc(out, '{');
    for (const struct truth_field *f = fields; f->key; f++) {
        const struct json *member = find(v, &cursor, f->key);
        bool other = f->how == TRUTH_STOCK && stock_is_parents(v);
        put_field(out, f, other ? NULL : member);
    }
    buf_addc(out, '}');
}

static void put_element(struct buf *out, const struct truth_field *fields,
                        const struct json *v) {
    if (fields->key)
        put_object(out, fields, v);
    else
        put_any(out, v);
}

/* What a list is sorted by. */
struct rank {
    const char *key;
    int64_t id;
    size_t at; /* in the answer: keeps the sort stable */
    const struct json *v;
};

static int compare_rank(const void *a, const void *b) {
    const struct rank *x = a, *y = b;
    int c = strcmp(x->key, y->key);
    if (c == 0)
        c = (x->id > y->id) - (x->id < y->id);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static bool is_volatile(const char *key) {
    for (size_t i = 0; i < sizeof volatile_meta / sizeof *volatile_meta; i++)
        if (strcmp(key, volatile_meta[i]) == 0)
            return true;
    return false;
}

static void rank_sort(struct rank *ranks, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (compare_rank(&ranks[i - 1], &ranks[i]) > 0) {
            qsort(ranks, n, sizeof *ranks, compare_rank);
            return;
        }
}

/* Fill ranks from the list's elements, without those that change alone. */
static size_t rank_all(const struct json *list, bool meta, struct rank *ranks) {
    size_t n = 0;
    for (const struct json *c = json_first(list); c; c = json_next(c)) {
        const char *key = meta ? json_string(json_get(c, "key")) : "";
        struct rank *k = &ranks[n];
        *k = (struct rank){.key = key ? key : "", .at = n, .v = c};
        (void)json_i64(json_get(c, "id"), true, &k->id); /* else 0 */
        if (!meta || !is_volatile(k->key))
            n++;
    }
    rank_sort(ranks, n);
    return n;
}

static void put_sorted(struct buf *out, const struct truth_field *f,
                       const struct json *list) {
    struct rank few[32];
    AUTO_FREE struct rank *many = NULL;
    struct rank *ranks = few;
    size_t n = json_count(list);
    if (n > sizeof few / sizeof *few) {
        many = mem_zalloc(n, sizeof *many);
        ranks = many;
    }
    n = rank_all(list, f->how == TRUTH_META, ranks);
    buf_addc(out, '[');
    for (size_t i = 0; i < n; i++)
        if (f->how == TRUTH_META) {
            put_bytes(out, ranks[i].key, strlen(ranks[i].key));
            put_any(out, json_get(ranks[i].v, "value"));
        } else {
            put_element(out, f->sub, ranks[i].v);
        }
    buf_addc(out, ']');
}

static void put_list(struct buf *out, const struct truth_field *f,
                     const struct json *v) {
    if (json_type(v) != JSON_ARRAY) {
        put_any(out, v);
        return;
    }
    if (f->how != TRUTH_LIST) {
        put_sorted(out, f, v);
        return;
    }
    buf_addc(out, '[');
    for (const struct json *c = json_first(v); c; c = json_next(c))
        put_element(out, f->sub, c);
    buf_addc(out, ']');
}

static void put_field(struct buf *out, const struct truth_field *f,
                      const struct json *v) {
    switch (f->how) {
    case TRUTH_SCALAR:
    case TRUTH_STOCK:
        put_scalar(out, v);
        break;
    case TRUTH_DECODED:
        put_decoded(out, v);
        break;
    case TRUTH_OBJECT:
        put_object(out, f->sub, v);
        break;
    case TRUTH_LIST:
    case TRUTH_BY_ID:
    case TRUTH_META:
        put_list(out, f, v);
        break;
    case TRUTH_ANY:
        put_any(out, v);
        break;
    }
}

void truth_canon(struct buf *out, enum mirror_kind kind, const struct json *v) {
    const struct truth_field *fields = truth_fields(kind);
    REQUIRE(fields);
    put_object(out, fields, v);
}

void truth_hash(struct buf *scratch, enum mirror_kind kind,
                const struct json *v, uint8_t ret[16]) {
    buf_clear(scratch);
    truth_canon(scratch, kind, v);
    digest_truth(scratch->data, scratch->len, ret);
}
