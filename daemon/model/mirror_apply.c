/* The promise behind every kind: the mirror holds what the shop said last, and
 * nothing else. A read carries the number it was sent under; an answer that was
 * sent before the one a row came from is stale, however late it arrives: it
 * changes nothing, and the object is read again. Equal truth is not written
 * again and nobody is told. */
#include "model/mirror_apply.h"

#include <string.h>

#include "common/check.h"
#include "model/erased.h"
#include "model/feed.h"
#include "model/overlay.h"
#include "model/wake.h"

const char *mirror_topic(enum mirror_kind k) {
    switch (k) {
    case MIRROR_PRODUCT:
    case MIRROR_CATEGORY:
        return "product";
    case MIRROR_CUSTOMER:
        return "customer";
    default:
        return "order";
    }
}

int mirror_begin(struct mirror_apply *m, struct db_tx *tx,
                 const struct mirror_read *read, enum mirror_kind kind,
                 struct mirror_stats *st) {
    REQUIRE(read->store_id > 0);
    *m = (struct mirror_apply){.tx = tx, .read = read, .kind = kind, .st = st};
    int rc = mirror_any_aside(tx, read->store_id, kind);
    m->aside = rc == 1;
    if (rc >= 0)
        rc = overlay_any(tx, read->store_id, kind);
    m->changes = rc == 1;
    if (rc >= 0)
        rc = erased_any(tx, read->store_id);
    m->erased = rc == 1;
    return rc < 0 ? rc : 0;
}

static bool same_key(struct db_rows *r, int col, const uint8_t key[16]) {
    size_t n;
    const void *p = db_blob(r, col, &n);
    return n == 16 && memcmp(p, key, 16) == 0;
}

int mirror_find(const struct mirror_apply *m, enum stmt_id find,
                const struct mirror_object *o, struct mirror_found *ret,
                struct db_rows **ret_rows) {
    AUTO_ROWS struct db_rows *r = NULL;
    *ret = (struct mirror_found){0};
    *ret_rows = NULL;
    int rc = db_query(m->tx, find, &r, "Si", m->read->store_id, o->remote_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    *ret = (struct mirror_found){.id = db_i64(r, 0),
                                 .read_seq = db_i64(r, 1),
                                 .raw_same = same_key(r, 2, o->raw_hash),
                                 .hash_same = same_key(r, 3, o->hash),
                                 .gone = (int)db_i64(r, 4)};
    bool mended =
        m->aside && ret->hash_same && ret->read_seq <= m->read->sent_seq;
    if (mended) /* it reads again, as it was: nothing else will say so */
        rc =
            mirror_clear_aside(m->tx, m->read->store_id, m->kind, o->remote_id);
    if (rc < 0)
        return rc;
    *ret_rows = TAKE_PTR(r);
    return 0;
}

enum mirror_verdict mirror_judge(const struct mirror_apply *m,
                                 const struct mirror_found *f, int gone) {
    m->st->seen++;
    if (f->id == 0) {
        m->st->inserted++;
        return MIRROR_NEW;
    }
    if (f->read_seq > m->read->sent_seq) {
        bool equal = f->hash_same && f->gone == gone;
        m->st->same += equal;
        m->st->stale += !equal;
        return equal ? MIRROR_SAME : MIRROR_STALE;
    }
    if (f->hash_same && f->gone == gone) {
        m->st->same++;
        return f->raw_same ? MIRROR_SAME : MIRROR_SEEN;
    }
    m->st->changed++;
    return MIRROR_CHANGED;
}

int mirror_late(const struct mirror_apply *m, const struct mirror_object *o) {
    return wake_put(m->tx, m->read->store_id, m->kind, o->remote_id);
}

int mirror_keep(struct db_tx *tx, enum stmt_id put, int64_t id,
                const struct mirror_object *o) {
    if (!o->z)
        return 0;
    return db_run(tx, put, "iib", id, o->dict, o->z, o->z_n);
}

int mirror_seen(const struct mirror_apply *m, enum stmt_id seen,
                enum stmt_id put, int64_t id, const struct mirror_object *o) {
    int rc = db_run(m->tx, seen, "ibi", m->read->sent_seq, o->raw_hash,
                    sizeof o->raw_hash, id);
    return rc < 0 ? rc : mirror_keep(m->tx, put, id, o);
}

int mirror_told(const struct mirror_apply *m, const struct mirror_object *o,
                int64_t feed_id) {
    if (m->aside) {
        int rc =
            mirror_clear_aside(m->tx, m->read->store_id, m->kind, o->remote_id);
        if (rc < 0)
            return rc;
    }
    if (m->read->bulk)
        return 0;
    return feed_add(m->tx, mirror_topic(m->kind), m->read->store_id, feed_id,
                    m->kind == MIRROR_NOTE ? FEED_NOTES : "");
}

int mirror_end(const struct mirror_apply *m) {
    if (!m->read->bulk || m->st->inserted + m->st->changed == 0)
        return 0;
    return feed_add(m->tx, mirror_topic(m->kind), m->read->store_id, 0, "");
}

void mirror_stats_add(struct mirror_stats *sum,
                      const struct mirror_stats *part) {
    sum->seen += part->seen;
    sum->inserted += part->inserted;
    sum->changed += part->changed;
    sum->same += part->same;
    sum->stale += part->stale;
}
