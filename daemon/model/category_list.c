#include "model/category_list.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/mem.h"
#include "db/sql.h"

enum { MAX = 10000, DEPTH_MAX = 12 };

static const char *copy(struct arena *a, const char *s) {
    return arena_dupn(a, s, strlen(s));
}

static int by_id(const void *a, const void *b) {
    int64_t x = ((const struct category_item *)a)->remote_id;
    int64_t y = ((const struct category_item *)b)->remote_id;
    return x < y ? -1 : x > y;
}

static int by_path(const void *a, const void *b) {
    const struct category_item *x = a, *y = b;
    int order = strcmp(x->path, y->path);
    return order ? order : by_id(a, b);
}

/* Parents first; a circle or a chain too deep ends the path. */
static void add_path(struct buf *out, const struct category_item *all, size_t n,
                     const struct category_item *c, int depth) {
    const struct category_item key = {.remote_id = c->parent_id};
    const struct category_item *parent = NULL;
    if (c->parent_id > 0 && depth < DEPTH_MAX)
        parent = bsearch(&key, all, n, sizeof *all, by_id);
    if (parent) {
        add_path(out, all, n, parent, depth + 1);
        buf_adds(out, " / ");
    }
    buf_adds(out, c->name);
}

static void set_paths(struct category_item *c, size_t n, struct arena *a) {
    AUTO_BUF struct buf path = BUF_INIT;
    for (size_t i = 0; i < n; i++) {
        buf_clear(&path);
        add_path(&path, c, n, &c[i], 0);
        c[i].path = copy(a, buf_str(&path));
    }
    qsort(c, n, sizeof *c, by_path);
}

int category_list(struct db_tx *tx, int64_t store_id, struct arena *a,
                  struct category_item **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    AUTO_FREE struct category_item *c = NULL;
    size_t n = 0, cap = 0;
    int rc = db_query(tx, STMT_CATEGORY_LIST, &r, "S", store_id);
    while (rc >= 0 && n < MAX && (rc = db_step(r)) > 0) {
        if (n == cap)
            c = mem_resize(c, cap = cap ? 2 * cap : 64, sizeof *c);
        c[n++] = (struct category_item){.remote_id = db_i64(r, 0),
                                        .parent_id = db_i64(r, 1),
                                        .name = copy(a, db_text(r, 2)),
                                        .slug = copy(a, db_text(r, 3)),
                                        .products = db_i64(r, 4)};
    }
    if (rc < 0)
        return rc;
    *ret = arena_alloc(a, (n + 1) * sizeof **ret);
    if (n > 0)
        memcpy(*ret, c, n * sizeof *c);
    set_paths(*ret, n, a);
    *ret_n = n;
    return 0;
}
