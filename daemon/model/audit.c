/* Each row's mac covers the mac before it, so that no row can be changed,
 * dropped or put in between unseen. Every part is preceded by its length: no
 * two rows give the same bytes. */
#include <string.h>

#include "common/buf.h"
#include "common/digest.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/audit_list.h"
#include "model/feed.h"

enum { MAC = DIGEST_SHA256, SALT = 16 };

struct audit_row {
    int64_t id, at_ms;
    const char *actor, *action, *object;
    uint8_t digest[DIGEST_SHA256];
};

static void add_i64(struct buf *b, int64_t v) {
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_addc(b, (char)((uint64_t)v >> shift));
}

static void add_text(struct buf *b, const char *s) {
    add_i64(b, (int64_t)strlen(s));
    buf_adds(b, s);
}

static void row_mac(const uint8_t key[32], const uint8_t before[MAC],
                    const struct audit_row *row, uint8_t ret[MAC]) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_add(&b, before, MAC);
    add_i64(&b, row->id);
    add_i64(&b, row->at_ms);
    add_text(&b, row->actor);
    add_text(&b, row->action);
    add_text(&b, row->object);
    buf_add(&b, row->digest, sizeof row->digest);
    digest_hmac(key, 32, b.data, b.len, ret);
}

static void payload_digest(const void *salt, const char *payload,
                           uint8_t ret[DIGEST_SHA256]) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_add(&b, salt, SALT);
    buf_adds(&b, payload);
    digest_sha256(b.data, b.len, ret);
}

/* Id and mac of the newest row; 0 and zeros before the first. */
static int read_head(struct db_tx *tx, int64_t *ret_id, uint8_t mac[MAC]) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n;
    int rc = db_query(tx, STMT_AUDIT_HEAD, &r, "");
    if (rc >= 0)
        rc = db_step(r);
    if (rc < 0)
        return rc;
    *ret_id = 0;
    memset(mac, 0, MAC);
    if (rc == 0)
        return 0;
    const void *p = db_blob(r, 1, &n);
    if (n != MAC)
        return ERR_DB_CORRUPT;
    memcpy(mac, p, MAC);
    *ret_id = db_i64(r, 0);
    return 0;
}

int audit_add(struct db_tx *tx, const uint8_t key[32], const uint8_t salt[16],
              const char *actor, const char *action, const char *object,
              const char *payload) {
    uint8_t before[MAC], mac[MAC];
    int64_t last;
    int rc = read_head(tx, &last, before);
    if (rc < 0)
        return rc;
    struct audit_row row = {.id = last + 1,
                            .at_ms = db_now(tx),
                            .actor = actor,
                            .action = action,
                            .object = object};
    payload_digest(salt, payload, row.digest);
    row_mac(key, before, &row, mac);
    rc = db_run(tx, STMT_AUDIT_ADD, "iisssbb", row.id, row.at_ms, actor, action,
                object, row.digest, sizeof row.digest, mac, sizeof mac);
    if (rc >= 0)
        rc = db_run(tx, STMT_AUDIT_PAYLOAD_ADD, "ibs", row.id, salt,
                    (size_t)SALT, payload);
    return rc < 0 ? rc : 0;
}

/* Does a stored payload still give its digest? An erased one (a person's
 * right) is none and fits. */
static bool payload_fits(struct db_rows *r, const uint8_t digest[MAC]) {
    uint8_t now[MAC];
    size_t salt_n;
    if (db_null(r, 8))
        return true;
    const void *salt = db_blob(r, 7, &salt_n);
    if (salt_n != SALT)
        return false;
    payload_digest(salt, db_text(r, 8), now);
    return memcmp(now, digest, sizeof now) == 0;
}

/* Check the current row against the mac before it, which becomes its own. */
static bool row_fits(struct db_rows *r, const uint8_t key[32],
                     uint8_t mac[MAC]) {
    uint8_t expected[MAC];
    size_t digest_n, mac_n;
    struct audit_row row = {.id = db_i64(r, 0),
                            .at_ms = db_i64(r, 1),
                            .actor = db_text(r, 2),
                            .action = db_text(r, 3),
                            .object = db_text(r, 4)};
    const void *digest = db_blob(r, 5, &digest_n);
    const void *stored = db_blob(r, 6, &mac_n);
    if (digest_n != MAC || mac_n != MAC)
        return false;
    memcpy(row.digest, digest, MAC);
    row_mac(key, mac, &row, expected);
    if (memcmp(expected, stored, MAC) != 0)
        return false;
    memcpy(mac, expected, MAC);
    return payload_fits(r, row.digest);
}

int audit_walk(struct db_tx *tx, const uint8_t key[32], struct audit_walk *w,
               int64_t max, struct error *e) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_AUDIT_FROM, &r, "i", w->rows);
    while (rc >= 0 && max-- > 0 && (rc = db_step(r)) > 0) {
        if (db_i64(r, 0) != w->rows + 1 || !row_fits(r, key, w->mac)) {
            char id[24];
            (void)str_format(id, sizeof id, "%lld", (long long)db_i64(r, 0));
            return error_set(e, ERR_DB_CORRUPT, id,
                             "The audit trail does not fit at row %s: it or "
                             "a row before it was changed.",
                             id);
        }
        w->rows++;
    }
    return rc;
}

int audit_head(struct db_tx *tx, int64_t *ret_id, uint8_t ret_mac[32]) {
    return read_head(tx, ret_id, ret_mac);
}

int audit_verify(struct db_tx *tx, const uint8_t key[32], struct error *e) {
    struct audit_walk w = {0};
    int rc = audit_walk(tx, key, &w, INT64_MAX, e);
    return rc < 0 ? rc : 0;
}
