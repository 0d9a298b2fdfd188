#include "model/list.h"

#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/str.h"
#include "db/sql.h"
#include "query_keys.gen.h"

enum { CURSOR_TEXT_MAX = 400 }; /* bytes of a name that go into a cursor */

static void add_term(struct buf *b, const char *key, const char *value) {
    if (str_empty(value))
        return;
    buf_addf(b, " %s:\"", key);
    for (const char *p = value; *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_addc(b, '\\');
        buf_addc(b, *p);
    }
    buf_addc(b, '"');
}

static uint64_t hash_of(const struct buf *text, const char *list, int sort) {
    AUTO_BUF struct buf b = BUF_INIT;
    uint8_t h[DIGEST_KEY];
    uint64_t ret;
    buf_addf(&b, "%s %d %s", list, sort, buf_str(text));
    digest_raw(b.data, b.len, h);
    memcpy(&ret, h, sizeof ret);
    return ret;
}

int list_parse(const struct list_request *r, const struct query_list *keys,
               struct query *ret, uint64_t *ret_hash, struct error *e) {
    AUTO_BUF struct buf text = BUF_INIT;
    if (r->limit < 1 || r->limit > LIST_LIMIT_MAX)
        return error_set(e, ERR_RANGE, "limit", "limit is 1 to %d",
                         LIST_LIMIT_MAX);
    buf_adds(&text, r->filter ? r->filter : "");
    add_term(&text, "store", r->store);
    add_term(&text, "status", r->status);
    int rc = query_parse(buf_str(&text), keys->keys, keys->n, ret, e);
    if (rc == 0)
        *ret_hash = hash_of(&text, keys->name, r->sort);
    return rc;
}

/* hash.id.sub.number, behind it t and the bytes of the text in hex. */
const char *list_cursor(struct arena *a, uint64_t hash,
                        const struct list_key *k) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b, "%016llx.%lld.%lld.", (unsigned long long)hash,
             (long long)k->id, (long long)k->sub);
    buf_addf(&b, "%lld", (long long)k->num);
    if (k->text) {
        char hex[2 * CURSOR_TEXT_MAX + 1];
        size_t n = strlen(k->text);
        digest_hex(k->text, n < CURSOR_TEXT_MAX ? n : CURSOR_TEXT_MAX, hex);
        buf_addf(&b, ".t%s", hex);
    }
    return arena_dupn(a, b.data, b.len);
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_hex(const char *s, struct arena *a, const char **ret) {
    size_t n = strlen(s);
    if (n % 2 != 0 || n > 2 * (size_t)CURSOR_TEXT_MAX)
        return ERR_INVALID;
    char *text = arena_dupn(a, s, n / 2);
    for (size_t i = 0; i < n / 2; i++) {
        int hi = hex_value(s[2 * i]), lo = hex_value(s[2 * i + 1]);
        if (hi < 0 || lo < 0 || hi + lo == 0)
            return ERR_INVALID;
        text[i] = (char)(hi << 4 | lo);
    }
    *ret = text;
    return 0;
}

/* The part before the next dot; *p moves behind it. */
static int read_part(const char **p, char *dst, size_t size) {
    size_t n = strcspn(*p, ".");
    if ((*p)[n] != '.' || n >= size)
        return ERR_INVALID;
    memcpy(dst, *p, n);
    dst[n] = '\0';
    *p += n + 1;
    return 0;
}

static int read_cursor(const char *text, uint64_t hash, struct arena *a,
                       struct list_key *k) {
    char part[24], want[24];
    (void)str_format(want, sizeof want, "%016llx", (unsigned long long)hash);
    if (read_part(&text, part, sizeof part) < 0 || !str_eq(part, want) ||
        read_part(&text, part, sizeof part) < 0 ||
        str_to_i64(part, INT64_MIN, INT64_MAX, &k->id) < 0 ||
        read_part(&text, part, sizeof part) < 0 ||
        str_to_i64(part, 0, INT64_MAX, &k->sub) < 0)
        return ERR_INVALID;
    const char *dot = strchr(text, '.');
    if (!dot)
        return str_to_i64(text, INT64_MIN, INT64_MAX, &k->num);
    if (read_part(&text, part, sizeof part) < 0 || *text != 't' ||
        str_to_i64(part, INT64_MIN, INT64_MAX, &k->num) < 0)
        return ERR_INVALID;
    return read_hex(text + 1, a, &k->text);
}

int list_cursor_read(const char *text, uint64_t hash, struct arena *a,
                     struct list_key *ret, struct error *e) {
    struct list_key k = {0};
    if (read_cursor(text, hash, a, &k) < 0)
        return error_set(e, ERR_INVALID, "after",
                         "this `after` belongs to another list, filter or "
                         "sort: leave it out to begin at the first page");
    *ret = k;
    return 0;
}

static int load_stores(struct db_tx *tx, struct arena *a,
                       struct list_stores *ret) {
    struct db_rows *rows AUTO_ROWS = NULL;
    const struct db_scope *scope = db_get_scope(tx);
    size_t cap = 0;
    int rc = db_query(tx, STMT_LIST_STORES, &rows, "");
    while (rc >= 0 && (rc = db_step(rows)) == 1) {
        if (!db_scope_has(scope, db_i64(rows, 0)))
            continue;
        if (ret->n == cap) {
            struct list_store *more =
                arena_alloc(a, (cap ? cap * 2 : 128) * sizeof *more);
            if (ret->n)
                memcpy(more, ret->s, ret->n * sizeof *more);
            cap = cap ? cap * 2 : 128;
            ret->s = more;
        }
        const char *name = db_text(rows, 1);
        ret->s[ret->n++] = (struct list_store){
            db_i64(rows, 0), arena_dupn(a, name, strlen(name)), true};
    }
    return rc;
}

/* A term without * must name a store, or a slip of the pen shows nothing. */
static int must_exist(const struct list_stores *s, const struct query_term *t,
                      struct error *e) {
    for (int v = 0; v < t->n_values; v++) {
        bool found = t->values[v].wildcard;
        for (size_t i = 0; !found && i < s->n; i++)
            found = str_eq(s->s[i].name, t->values[v].text);
        if (!found)
            return error_set(e, ERR_NOT_FOUND, "store",
                             "there is no store \"%s\"", t->values[v].text);
    }
    return 0;
}

int list_stores(struct db_tx *tx, struct arena *a, const struct query *q,
                int key, struct list_stores *ret, struct error *e) {
    struct list_stores s = {.all = db_get_scope(tx)->all};
    int rc = load_stores(tx, a, &s);
    for (int i = 0; rc >= 0 && i < q->n_terms; i++) {
        const struct query_term *t = &q->terms[i];
        if (!t->key || t->key->id != key)
            continue;
        rc = must_exist(&s, t, e);
        s.all = false;
        for (size_t k = 0; k < s.n; k++)
            s.s[k].chosen &= list_word(t, s.s[k].name) != t->negated;
    }
    for (size_t k = 0; k < s.n; k++)
        s.n_chosen += s.s[k].chosen;
    if (rc < 0)
        return rc;
    *ret = s;
    return 0;
}

int list_walk_ms(const struct list_request *r) {
    return r->walk_ms ? r->walk_ms : LIST_WALK_MS;
}

int list_search_ms(const struct list_request *r) {
    return list_walk_ms(r) * 3 / 5;
}

int list_stores_one(struct db_tx *tx, struct arena *a, int64_t store_id,
                    struct list_stores *ret) {
    struct db_rows *rows AUTO_ROWS = NULL;
    struct list_stores s = {0};
    int rc = db_query(tx, STMT_LIST_STORE, &rows, "S", store_id);
    if (rc >= 0)
        rc = db_step(rows);
    if (rc < 0 && rc != ERR_NOT_FOUND)
        return rc;
    if (rc == 1) {
        s.s = arena_alloc(a, sizeof *s.s);
        s.s[0] =
            (struct list_store){store_id, list_keep(a, db_text(rows, 1)), true};
        s.n = s.n_chosen = 1;
    }
    *ret = s;
    return 0;
}

const struct list_store *list_store_of(const struct list_stores *s,
                                       int64_t id) {
    size_t from = 0, to = s->n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (s->s[mid].id == id)
            return s->s[mid].chosen ? &s->s[mid] : NULL;
        if (s->s[mid].id < id)
            from = mid + 1;
        else
            to = mid;
    }
    return NULL;
}
