#include <string.h>

#include "common/arena.h"
#include "common/digest.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/feed.h"

int request_find(struct db_tx *tx, const char *actor, const char *request_id,
                 const char *method, const uint8_t params[32], struct arena *a,
                 const char **ret_result) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n;
    int rc = db_query(tx, STMT_REQUEST_FIND, &r, "ss", actor, request_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    const void *then = db_blob(r, 1, &n);
    if (!str_eq(db_text(r, 0), method) || n != DIGEST_SHA256 ||
        memcmp(then, params, n) != 0)
        return ERR_REPEAT;
    const char *result = db_text(r, 2);
    *ret_result = arena_dupn(a, result, strlen(result));
    return 1;
}

int request_store(struct db_tx *tx, const char *actor, const char *request_id,
                  const char *method, const uint8_t params[32],
                  const char *result) {
    int rc = db_run(tx, STMT_REQUEST_ADD, "sssbsi", actor, request_id, method,
                    params, (size_t)DIGEST_SHA256, result, db_now(tx));
    return rc < 0 ? rc : 0;
}
