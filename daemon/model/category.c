#include "model/mirror_apply.h"
#include "model/product.h"

static int insert(const struct mirror_apply *m, const struct category *c) {
    return db_run(m->tx, STMT_CATEGORY_INSERT, "Siissiibb", m->read->store_id,
                  c->o.remote_id, c->parent_id, c->name, c->slug, c->count,
                  m->read->sent_seq, c->o.raw_hash, sizeof c->o.raw_hash,
                  c->o.hash, sizeof c->o.hash);
}

static int update(const struct mirror_apply *m, const struct category *c,
                  int64_t id) {
    return db_run(m->tx, STMT_CATEGORY_UPDATE, "issiibbi", c->parent_id,
                  c->name, c->slug, c->count, m->read->sent_seq, c->o.raw_hash,
                  sizeof c->o.raw_hash, c->o.hash, sizeof c->o.hash, id);
}

/* Categories have no dates: each read brings all of them, and nearly all are
 * the same. */
static int apply_one(const struct mirror_apply *m, const struct category *c) {
    struct mirror_found f;
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = mirror_find(m, STMT_CATEGORY_FIND, &c->o, &f, &r);
    if (rc < 0)
        return rc;
    db_rows_done(TAKE_PTR(r));
    switch (mirror_judge(m, &f, 0)) {
    case MIRROR_NEW:
        rc = insert(m, c);
        break;
    case MIRROR_CHANGED:
        rc = update(m, c, f.id);
        break;
    case MIRROR_SEEN: /* how many products are in it is nobody's change */
        rc = db_run(m->tx, STMT_CATEGORY_SEEN, "iibi", c->count,
                    m->read->sent_seq, c->o.raw_hash, sizeof c->o.raw_hash,
                    f.id);
        return rc < 0 ? rc : 0;
    case MIRROR_STALE:
        return mirror_late(m, &c->o);
    case MIRROR_SAME:
        return 0;
    }
    return rc < 0 ? rc : mirror_told(m, &c->o, 0);
}

int category_apply(struct db_tx *tx, const struct mirror_read *read,
                   const struct category *c, size_t n,
                   struct mirror_stats *st) {
    struct mirror_stats mine = {0};
    struct mirror_apply m;
    int rc = mirror_begin(&m, tx, read, MIRROR_CATEGORY, &mine);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = apply_one(&m, &c[i]);
    if (rc >= 0)
        rc = mirror_end(&m);
    if (rc < 0)
        return rc;
    mirror_stats_add(st, &mine);
    return 0;
}
