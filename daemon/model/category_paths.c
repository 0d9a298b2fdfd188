#include "model/category_paths.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/category_list.h"
#include "model/list.h"

struct path {
    const char *key; /* folded, "outdoor/tents" */
    const struct category_item *c;
};

struct category_paths {
    struct arena *arena;
    struct path *paths; /* by key; owned */
    size_t n;
};

/* Between the names nothing but a slash. */
static const char *key_of(struct arena *a, const char *text, size_t n) {
    AUTO_BUF struct buf b = BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        bool cut = text[i] == '>' || text[i] == '/';
        while (cut && b.len && b.data[b.len - 1] == ' ')
            buf_truncate(&b, b.len - 1);
        if (text[i] != ' ' || (b.len && b.data[b.len - 1] != '/'))
            buf_addc(&b, cut ? '/' : text[i]);
    }
    while (b.len && b.data[b.len - 1] == ' ')
        buf_truncate(&b, b.len - 1);
    return list_fold(a, buf_str(&b));
}

static int by_key(const void *x, const void *y) {
    return strcmp(((const struct path *)x)->key, ((const struct path *)y)->key);
}

int category_paths_read(struct db_tx *tx, int64_t store_id,
                        struct category_paths **ret) {
    struct category_paths *t = NEW(struct category_paths);
    struct category_item *c = NULL;
    t->arena = arena_new(0);
    int rc = category_list(tx, store_id, t->arena, &c, &t->n);
    if (rc < 0) {
        t->n = 0;
        category_paths_free(t);
        return rc;
    }
    t->paths = mem_zalloc(t->n + 1, sizeof *t->paths);
    for (size_t i = 0; i < t->n; i++)
        t->paths[i] = (struct path){
            key_of(t->arena, c[i].path, strlen(c[i].path)), &c[i]};
    qsort(t->paths, t->n, sizeof *t->paths, by_key);
    *ret = t;
    return 0;
}

void category_paths_free(struct category_paths *t) {
    if (!t)
        return;
    free(t->paths);
    arena_free(t->arena);
    free(t);
}

/* A piece of the text: its id, or 0. */
static int64_t id_of(const struct category_paths *t, const char *text, size_t n,
                     struct arena *a) {
    const struct path key = {.key = key_of(a, text, n)};
    const struct path *p =
        bsearch(&key, t->paths, t->n, sizeof *t->paths, by_key);
    return p ? p->c->remote_id : 0;
}

static int add_ids(const struct category_paths *t, const char *text, size_t n,
                   const char *between, struct arena *a, struct jsonw *w,
                   struct error *e) {
    const char *end = text + n;
    while (text < end) {
        size_t piece = strcspn(text, between);
        piece = text + piece > end ? (size_t)(end - text) : piece;
        size_t blanks = strspn(text, " ");
        blanks = blanks < piece ? blanks : piece;
        int64_t id =
            piece > blanks ? id_of(t, text + blanks, piece - blanks, a) : 0;
        int rc = 0;
        if (id)
            jsonw_i64(w, id);
        else if (piece > blanks && *between == ';')
            rc = add_ids(t, text + blanks, piece - blanks, ",", a, w, e);
        else if (piece > blanks)
            rc = error_set(e, ERR_INVALID, "categories",
                           "the store has no category \"%.*s\": make it first "
                           "(categories.create)",
                           piece - blanks > 60 ? 60 : (int)(piece - blanks),
                           text + blanks);
        if (rc < 0)
            return rc;
        text += piece + (text + piece < end);
    }
    return 0;
}

int category_paths_ids(const struct category_paths *t, const char *text,
                       struct arena *a, const char **ret, struct error *e) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_array(&w);
    int rc = add_ids(t, text, strlen(text), ";", a, &w, e);
    jsonw_end_array(&w);
    if (rc >= 0)
        *ret = arena_dupn(a, buf_str(&b), b.len);
    return rc;
}

void category_paths_text(const struct category_paths *t, const char *ids,
                         struct buf *out) {
    struct arena *a = arena_new(1024);
    const struct json *v = NULL;
    size_t was = out->len;
    (void)json_parse(a, ids, strlen(ids), NULL, &v, NULL);
    for (v = json_first(v); v; v = json_next(v)) {
        int64_t id = 0;
        (void)json_i64(v, true, &id);
        for (size_t i = 0; id && i < t->n; i++)
            if (t->paths[i].c->remote_id == id)
                buf_addf(out, "%s%s", out->len > was ? "; " : "",
                         t->paths[i].c->path);
    }
    arena_free(a);
}
