#include "model/feed.h"

#include <string.h>

#include "common/arena.h"
#include "db/sql.h"

int feed_add(struct db_tx *tx, const char *topic, int64_t store_id,
             int64_t remote_id, const char *data) {
    int rc = db_run(tx, STMT_FEED_ADD, "isiis", db_now(tx), topic, store_id,
                    remote_id, data);
    return rc < 0 ? rc : 0;
}

int feed_last(struct db_tx *tx, int64_t *ret_seq) {
    int64_t last = 0; /* nothing was ever written: no row yet */
    int rc = db_value(tx, STMT_FEED_LAST, &last, "");
    if (rc < 0)
        return rc;
    *ret_seq = last;
    return 0;
}

/* Lost: events after `since` were dropped, or the client knows a later one
 * than this file ever had (it was restored). */
static int is_lost(struct db_tx *tx, int64_t since, bool *ret) {
    int64_t first = 0, last = 0;
    int rc = feed_last(tx, &last);
    if (rc >= 0)
        rc = db_value(tx, STMT_FEED_FIRST, &first, "");
    if (rc < 0)
        return rc;
    *ret = since > last || (first ? since < first - 1 : since < last);
    return 0;
}

static const char *copy(struct arena *a, const char *s) {
    return arena_dupn(a, s, strlen(s));
}

int feed_since(struct db_tx *tx, int64_t since, struct arena *a,
               struct feed_event *ret, size_t max, size_t *ret_n,
               bool *ret_lost) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n = 0;
    bool lost;
    int rc = is_lost(tx, since, &lost);
    if (rc >= 0)
        rc = db_query(tx, STMT_FEED_SINCE, &r, "ii", since, (int64_t)max);
    while (rc >= 0 && n < max && (rc = db_step(r)) > 0)
        ret[n++] = (struct feed_event){.seq = db_i64(r, 0),
                                       .at_ms = db_i64(r, 1),
                                       .topic = copy(a, db_text(r, 2)),
                                       .store_id = db_i64(r, 3),
                                       .remote_id = db_i64(r, 4),
                                       .data = copy(a, db_text(r, 5))};
    if (rc < 0)
        return rc;
    *ret_n = n;
    *ret_lost = lost;
    return 0;
}

int feed_trim(struct db_tx *tx, int64_t keep) {
    int64_t last;
    int rc = feed_last(tx, &last);
    if (rc >= 0)
        rc = db_run(tx, STMT_FEED_TRIM, "i", last - keep);
    return rc < 0 ? rc : 0;
}
