#include "model/proof.h"

#include <string.h>

#include "common/arena.h"
#include "common/err.h"
#include "db/sql.h"

enum { DAY_MS = 24 * 3600000 };

/* Rows written or not: 0. */
static int done(int rc) {
    return rc < 0 ? rc : 0;
}

static const void *keep(struct arena *a, struct db_rows *r, int col,
                        size_t *ret_n) {
    const void *p = db_blob(r, col, ret_n);
    return p ? arena_dupn(a, p, *ret_n) : NULL;
}

int proof_get(struct db_tx *tx, int64_t user_id, struct arena *a,
              struct proof *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n;
    int rc = db_query(tx, STMT_PROOF_GET, &r, "i", user_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    ret->password = keep(a, r, 0, &n);
    ret->totp = keep(a, r, 1, &ret->totp_n);
    ret->totp_new = keep(a, r, 2, &ret->totp_new_n);
    ret->totp_step = db_i64(r, 3);
    ret->password_ms = db_i64(r, 4);
    return 0;
}

int proof_password_set(struct db_tx *tx, int64_t user_id, const char *hash) {
    return done(
        db_run(tx, STMT_PROOF_PASSWORD, "sii", hash, db_now(tx), user_id));
}

int proof_totp_set(struct db_tx *tx, int64_t user_id, const void *sealed,
                   size_t n, int64_t step) {
    return done(db_run(tx, STMT_PROOF_TOTP, "bii", sealed, n, step, user_id));
}

int proof_totp_offer(struct db_tx *tx, int64_t user_id, const void *sealed,
                     size_t n) {
    return done(db_run(tx, STMT_PROOF_TOTP_NEW, "bi", sealed, n, user_id));
}

int proof_totp_use(struct db_tx *tx, int64_t user_id, int64_t step) {
    return db_run(tx, STMT_PROOF_TOTP_USED, "ii", step, user_id);
}

int proof_codes_set(struct db_tx *tx, int64_t user_id,
                    const uint8_t (*digests)[32], size_t n) {
    int rc = db_run(tx, STMT_CODES_CLEAR, "i", user_id);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = db_run(tx, STMT_CODE_ADD, "ib", user_id, digests[i], (size_t)32);
    return done(rc);
}

int proof_code_use(struct db_tx *tx, int64_t user_id,
                   const uint8_t digest[32]) {
    return db_run(tx, STMT_CODE_USE, "ib", user_id, digest, (size_t)32);
}

int proof_codes_left(struct db_tx *tx, int64_t user_id, int64_t *ret) {
    return done(db_value(tx, STMT_CODE_COUNT, ret, "i", user_id));
}

/* --- invitations ---------------------------------------------------------- */

int invitation_put(struct db_tx *tx, int64_t user_id, const uint8_t digest[32],
                   int64_t until_ms) {
    return done(db_run(tx, STMT_INVITATION_PUT, "ibi", user_id, digest,
                       (size_t)32, until_ms));
}

int invitation_drop(struct db_tx *tx, int64_t user_id) {
    return done(db_run(tx, STMT_INVITATION_DROP, "i", user_id));
}

static int invitation_fits(struct db_tx *tx, int64_t user_id,
                           const uint8_t digest[32]) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n;
    int rc = db_query(tx, STMT_INVITATION_GET, &r, "ii", user_id, db_now(tx));
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    const void *p = db_blob(r, 0, &n);
    /* Digests of random codes: their order tells nothing of the code. */
    return n == 32 && memcmp(p, digest, 32) == 0;
}

int invitation_use(struct db_tx *tx, int64_t user_id,
                   const uint8_t digest[32]) {
    int fits = invitation_fits(tx, user_id, digest);
    int rc = fits > 0 ? invitation_drop(tx, user_id) : 0;
    return rc < 0 ? rc : fits;
}

/* --- wrong tries ---------------------------------------------------------- */

struct tries {
    int64_t until_ms, wrong;
};

static int tries_get(struct db_tx *tx, const char *name, const char *place,
                     struct tries *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    *ret = (struct tries){0};
    int rc = db_query(tx, STMT_LOCKOUT_GET, &r, "ss", name, place);
    if (rc >= 0)
        rc = db_step(r);
    if (rc > 0)
        *ret = (struct tries){db_i64(r, 0), db_i64(r, 1)};
    return rc;
}

int lockout_left(struct db_tx *tx, const char *name, const char *place,
                 int64_t *ret_ms) {
    struct tries t;
    int rc = tries_get(tx, name, place, &t);
    int64_t left = t.until_ms - db_now(tx);
    if (rc >= 0)
        *ret_ms = left > 0 ? left : 0;
    return done(rc);
}

int lockout_wrong(struct db_tx *tx, const char *name, const char *place,
                  int64_t *ret_ms) {
    struct tries t;
    int rc = tries_get(tx, name, place, &t);
    if (rc < 0)
        return rc;
    int64_t ms = 0;
    t.wrong++;
    for (int64_t i = LOCKOUT_WRONG; i <= t.wrong && ms < LOCKOUT_MOST_MS; i++)
        ms = ms ? 2 * ms : LOCKOUT_FIRST_MS;
    ms = ms > LOCKOUT_MOST_MS ? LOCKOUT_MOST_MS : ms;
    int64_t now = db_now(tx);
    rc = db_run(tx, STMT_LOCKOUT_PUT, "ssiii", name, place, t.wrong, now,
                ms ? now + ms : 0);
    if (rc >= 0)
        *ret_ms = ms;
    return done(rc);
}

int lockout_clear(struct db_tx *tx, const char *name, const char *place) {
    return done(db_run(tx, STMT_LOCKOUT_CLEAR, "ss", name, place));
}

int lockout_trim(struct db_tx *tx) {
    int64_t now = db_now(tx);
    return db_run(tx, STMT_LOCKOUT_TRIM, "ii", now - DAY_MS, now);
}
