#include "http/signer.h"

#include <stdlib.h>
#include <string.h>

#include "auth/jwt.h"
#include "auth/seal.h"
#include "common/arena.h"
#include "common/check.h"
#include "common/digest.h"
#include "common/env.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/ulid.h"
#include "db/db.h"
#include "db/sql.h"

static const char issuer[] = "fulexo";
static const int64_t day_ms = 24LL * 3600 * 1000;
enum { FRESH_DAYS = 30, BELIEVED_DAYS = 31, KEYS = 8 };

struct key {
    char kid[27];
    struct jwt_key *key;
    int64_t created_ms;
};

struct waiter {
    struct waiter *next;
    void (*ready)(int status, void *arg);
    void *arg;
};

struct signer {
    struct db *db;
    const struct env *env;
    const struct seal_ring *ring;
    struct key keys[KEYS]; /* the newest first */
    size_t n;
    struct key read[KEYS]; /* by the job that runs */
    size_t n_read;
    struct waiter *waiting; /* for it */
};

/* --- keys -------------------------------------------------------------------
 */

static void forget(struct key *keys, size_t *n) {
    for (size_t i = 0; i < *n; i++)
        jwt_key_free(keys[i].key);
    *n = 0;
}

static struct seal_place place_of(const char *kid) {
    return (struct seal_place){"signing_key", kid, "sealed"};
}

/* One whose master key is gone is passed over. */
static void take_row(struct signer *s, struct db_rows *r) {
    struct buf pem = BUF_INIT;
    size_t n;
    struct key *k = &s->read[s->n_read];
    *k = (struct key){.created_ms = db_i64(r, 2)};
    (void)str_copy(k->kid, sizeof k->kid, db_text(r, 0));
    const struct seal_place place = place_of(k->kid);
    const void *blob = db_blob(r, 1, &n);
    if (blob && seal_get(s->ring, &place, blob, n, &pem) >= 0 &&
        jwt_key_read(pem.data, pem.len, &k->key) >= 0)
        s->n_read++;
    seal_wipe(&pem);
}

static int read_keys(struct signer *s, struct db_tx *tx) {
    AUTO_ROWS struct db_rows *r = NULL;
    forget(s->read, &s->n_read);
    int rc = db_query(tx, STMT_SIGNING_KEYS, &r, "");
    while (rc >= 0 && s->n_read < KEYS && (rc = db_step(r)) > 0)
        take_row(s, r);
    return rc < 0 ? rc : 0;
}

static int make_key(struct signer *s, struct db_tx *tx) {
    AUTO_BUF struct buf sealed = BUF_INIT;
    struct buf pem = BUF_INIT;
    uint8_t random[10];
    char kid[ULID_TEXT];
    struct jwt_key *k = jwt_key_make();
    digest_random(random, sizeof random);
    ulid_format(kid, db_now(tx), random);
    const struct seal_place place = place_of(kid);
    jwt_key_write(k, &pem);
    jwt_key_free(k);
    seal_put(s->ring, &place, pem.data, pem.len, &sealed);
    seal_wipe(&pem);
    int rc = db_run(tx, STMT_SIGNING_KEY_ADD, "sbi", kid, sealed.data,
                    sealed.len, db_now(tx));
    if (rc >= 0)
        rc = db_run(tx, STMT_SIGNING_KEY_TRIM, "i",
                    db_now(tx) - BELIEVED_DAYS * day_ms);
    return rc < 0 ? rc : 0;
}

static bool is_fresh(const struct key *keys, size_t n, int64_t now) {
    return n > 0 && now - keys[0].created_ms < FRESH_DAYS * day_ms;
}

static int job_keys(struct db_tx *tx, void *arg) {
    struct signer *s = arg;
    int rc = read_keys(s, tx);
    if (rc >= 0 && !is_fresh(s->read, s->n_read, db_now(tx))) {
        rc = make_key(s, tx);
        if (rc >= 0)
            rc = read_keys(s, tx);
    }
    return rc;
}

static void on_keys(int status, void *arg) {
    struct signer *s = arg;
    struct waiter *w = TAKE_PTR(s->waiting);
    if (status >= 0 && s->n_read > 0) {
        forget(s->keys, &s->n);
        memcpy(s->keys, s->read, sizeof s->keys);
        s->n = s->n_read;
        s->n_read = 0;
    }
    while (w) {
        struct waiter *next = w->next;
        w->ready(status < 0 && s->n == 0 ? status : 0, w->arg);
        free(w);
        w = next;
    }
}

struct signer *signer_new(struct db *db, const struct env *env,
                          const struct seal_ring *ring) {
    struct signer *s = NEW(struct signer);
    *s = (struct signer){.db = db, .env = env, .ring = ring};
    return s;
}

void signer_free(struct signer *s) {
    if (!s)
        return;
    REQUIRE(!s->waiting);
    forget(s->keys, &s->n);
    forget(s->read, &s->n_read);
    free(s);
}

void signer_await(struct signer *s, void (*ready)(int status, void *arg),
                  void *arg) {
    if (is_fresh(s->keys, s->n, env_now(s->env))) {
        ready(0, arg);
        return;
    }
    bool first = !s->waiting;
    struct waiter *w = NEW(struct waiter);
    *w = (struct waiter){s->waiting, ready, arg};
    s->waiting = w;
    int rc = first ? db_write(s->db, DB_SYNC, job_keys, on_keys, s) : 0;
    if (rc < 0)
        on_keys(rc, s);
}

/* --- tokens -----------------------------------------------------------------
 */

void signer_sign(const struct signer *s, const char *session, const char *user,
                 struct buf *out) {
    AUTO_BUF struct buf claims = BUF_INIT;
    struct jsonw w;
    int64_t now_s = env_now(s->env) / 1000;
    REQUIRE(s->n > 0);
    jsonw_init(&w, &claims);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "iss", issuer);
    jsonw_kstring(&w, "sub", user);
    jsonw_kstring(&w, "sid", session);
    jsonw_ki64(&w, "iat", now_s);
    jsonw_ki64(&w, "exp", now_s + SIGNER_S);
    jsonw_end_object(&w);
    jwt_sign(s->keys[0].key, s->keys[0].kid, buf_str(&claims), out);
}

static const struct jwt_key *key_of(const struct signer *s, const char *kid) {
    for (size_t i = 0; i < s->n; i++) {
        if (str_eq(s->keys[i].kid, kid))
            return s->keys[i].key;
    }
    return NULL;
}

static int read_claims(const struct buf *claims, int64_t now_s,
                       struct buf *ret_session) {
    struct arena *a = arena_new(1024);
    const struct json *v = NULL;
    int64_t exp = 0;
    int rc = json_parse(a, claims->data, claims->len, NULL, &v, NULL);
    const char *iss = rc < 0 ? NULL : json_string(json_get(v, "iss"));
    const char *sid = rc < 0 ? NULL : json_string(json_get(v, "sid"));
    bool good = iss && sid && str_eq(iss, issuer) &&
                json_i64(json_get(v, "exp"), false, &exp) == 0 && exp > now_s;
    if (good)
        buf_adds(ret_session, sid);
    arena_free(a);
    return good ? 0 : ERR_SIGN_IN;
}

int signer_check(const struct signer *s, const char *token,
                 struct buf *ret_session) {
    AUTO_BUF struct buf kid = BUF_INIT, claims = BUF_INIT;
    if (jwt_kid(token, &kid) < 0)
        return ERR_SIGN_IN;
    const struct jwt_key *key = key_of(s, buf_str(&kid));
    if (!key || jwt_verify(key, token, &claims) < 0)
        return ERR_SIGN_IN;
    return read_claims(&claims, env_now(s->env) / 1000, ret_session);
}

void signer_keys(const struct signer *s, struct jsonw *w) {
    jsonw_begin_object(w);
    jsonw_key(w, "keys");
    jsonw_begin_array(w);
    for (size_t i = 0; i < s->n; i++)
        jwt_key_jwk(s->keys[i].key, s->keys[i].kid, w);
    jsonw_end_array(w);
    jsonw_end_object(w);
}
