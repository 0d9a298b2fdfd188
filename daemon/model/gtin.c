#include "model/gtin.h"

#include "common/arena.h"
#include "common/gtin.h"
#include "common/json.h"
#include "db/sql.h"
#include "model/mirror.h"

enum { SLICE_MAX = 500 };

struct one {
    int64_t id, store_id, remote_id;
};

/* 0 too where its bytes are not kept. */
static int rebuild(struct db_tx *tx, const struct one *p) {
    struct arena *a = arena_new(0);
    const struct json *v = NULL;
    const char *raw, *code = NULL;
    char key[GTIN_TEXT];
    size_t n;
    int rc =
        mirror_raw(tx, MIRROR_PRODUCT, p->store_id, p->remote_id, a, &raw, &n);
    if (rc > 0 && json_parse(a, raw, n, NULL, &v, NULL) == 0)
        code = json_string(json_get(v, "global_unique_id"));
    if (rc > 0)
        rc = db_run(tx, STMT_PRODUCT_GTIN, "si",
                    gtin_key(key, code ? code : ""), p->id);
    arena_free(a);
    return rc < 0 ? rc : 0;
}

int64_t gtin_rebuild(struct db_tx *tx, int64_t after, int n) {
    struct one all[SLICE_MAX];
    int got = 0;
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_PRODUCT_SLICE, &r, "ii", after,
                      (int64_t)(n > SLICE_MAX ? SLICE_MAX : n));
    while (rc >= 0 && got < SLICE_MAX && (rc = db_step(r)) > 0)
        all[got++] = (struct one){db_i64(r, 0), db_i64(r, 1), db_i64(r, 2)};
    db_rows_done(TAKE_PTR(r));
    for (int i = 0; rc >= 0 && i < got; i++)
        rc = rebuild(tx, &all[i]);
    return rc < 0 ? rc : got ? all[got - 1].id : 0;
}
