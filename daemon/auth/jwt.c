/* The algorithm is ours to choose, never the token's: a header that names
 * another one is refused before any key is looked at. */
#include "auth/jwt.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "auth/encode.h"
#include "common/arena.h"
#include "common/check.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"

struct jwt_key {
    EVP_PKEY *pkey;
};

DEFINE_CLEANUP(EVP_MD_CTX *, cleanup_md, EVP_MD_CTX_free)
DEFINE_CLEANUP(BIO *, cleanup_bio, BIO_free_all)
DEFINE_CLEANUP(BIGNUM *, cleanup_bn, BN_free)

/* --- keys --------------------------------------------------------------- */

static struct jwt_key *key_of(EVP_PKEY *pkey) {
    struct jwt_key *k = NEW(struct jwt_key);
    k->pkey = pkey;
    return k;
}

struct jwt_key *jwt_key_make(void) {
    EVP_PKEY *pkey = EVP_RSA_gen(JWT_BITS);
    REQUIRE(pkey);
    return key_of(pkey);
}

int jwt_key_read(const char *pem, size_t n, struct jwt_key **ret) {
    CLEANUP(cleanup_bio) BIO *pair = BIO_new_mem_buf(pem, (int)n);
    CLEANUP(cleanup_bio) BIO *half = BIO_new_mem_buf(pem, (int)n);
    REQUIRE(pair && half);
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(pair, NULL, NULL, NULL);
    if (!pkey)
        pkey = PEM_read_bio_PUBKEY(half, NULL, NULL, NULL);
    if (!pkey)
        return ERR_INVALID;
    if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA ||
        EVP_PKEY_get_bits(pkey) < JWT_BITS) {
        EVP_PKEY_free(pkey);
        return ERR_INVALID;
    }
    *ret = key_of(pkey);
    return 0;
}

void jwt_key_write(const struct jwt_key *k, struct buf *out) {
    char *text;
    CLEANUP(cleanup_bio) BIO *bio = BIO_new(BIO_s_secmem());
    REQUIRE(bio && PEM_write_bio_PKCS8PrivateKey(bio, k->pkey, NULL, NULL, 0,
                                                 NULL, NULL) == 1);
    long n = BIO_get_mem_data(bio, &text);
    REQUIRE(n > 0);
    buf_add(out, text, (size_t)n);
}

void jwt_key_free(struct jwt_key *k) {
    if (!k)
        return;
    EVP_PKEY_free(k->pkey);
    free(k);
}

static void add_number(struct jsonw *w, const struct jwt_key *k,
                       const char *name, const char *param) {
    AUTO_BUF struct buf text = BUF_INIT;
    CLEANUP(cleanup_bn) BIGNUM *v = NULL;
    REQUIRE(EVP_PKEY_get_bn_param(k->pkey, param, &v) == 1);
    uint8_t *bytes = mem_alloc((size_t)BN_num_bytes(v));
    int n = BN_bn2bin(v, bytes);
    encode_base64url(bytes, (size_t)n, &text);
    free(bytes);
    jsonw_kstring(w, name, buf_str(&text));
}

void jwt_key_jwk(const struct jwt_key *k, const char *kid, struct jsonw *w) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "kty", "RSA");
    jsonw_kstring(w, "use", "sig");
    jsonw_kstring(w, "alg", "RS256");
    jsonw_kstring(w, "kid", kid);
    add_number(w, k, "n", OSSL_PKEY_PARAM_RSA_N);
    add_number(w, k, "e", OSSL_PKEY_PARAM_RSA_E);
    jsonw_end_object(w);
}

/* --- sign --------------------------------------------------------------- */

static void add_header(const char *kid, struct buf *out) {
    AUTO_BUF struct buf json = BUF_INIT;
    struct jsonw w;
    jsonw_init(&w, &json);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "alg", "RS256");
    if (kid) {
        jsonw_kstring(&w, "typ", "JWT");
        jsonw_kstring(&w, "kid", kid);
    }
    jsonw_end_object(&w);
    encode_base64url(json.data, json.len, out);
}

void jwt_sign(const struct jwt_key *k, const char *kid, const char *claims,
              struct buf *out) {
    uint8_t mac[1024];
    size_t n = sizeof mac, from = out->len;
    add_header(kid, out);
    buf_addc(out, '.');
    encode_base64url(claims, strlen(claims), out);
    CLEANUP(cleanup_md) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    REQUIRE(ctx);
    REQUIRE(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, k->pkey) == 1);
    REQUIRE(EVP_DigestSign(ctx, mac, &n, (const uint8_t *)out->data + from,
                           out->len - from) == 1);
    buf_addc(out, '.');
    encode_base64url(mac, n, out);
}

/* --- verify ------------------------------------------------------------- */

struct parts {
    const char *text; /* of the whole token */
    size_t header, claims, mac;
};

static int split(const char *token, struct parts *ret) {
    size_t n = strnlen(token, JWT_TEXT_MAX);
    const char *a = memchr(token, '.', n);
    const char *b = a ? memchr(a + 1, '.', n - (size_t)(a + 1 - token)) : NULL;
    if (n == JWT_TEXT_MAX || !b)
        return ERR_INVALID;
    *ret = (struct parts){.text = token,
                          .header = (size_t)(a - token),
                          .claims = (size_t)(b - a - 1),
                          .mac = n - (size_t)(b + 1 - token)};
    return 0;
}

/* RS256 and nothing that would have to be understood. */
static int read_header(const char *text, size_t n, struct buf *kid) {
    static const struct json_limits limits = {
        .max_bytes = JWT_TEXT_MAX, .max_depth = 4, .unique_keys = true};
    struct arena *a = arena_new(1024);
    const struct json *v = NULL;
    int rc = json_parse(a, text, n, &limits, &v, NULL);
    const char *alg = rc < 0 ? NULL : json_string(json_get(v, "alg"));
    if (!alg || !str_eq(alg, "RS256") || json_get(v, "crit"))
        rc = ERR_INVALID;
    const char *id = rc < 0 ? NULL : json_string(json_get(v, "kid"));
    if (id)
        buf_adds(kid, id);
    arena_free(a);
    return rc < 0 ? ERR_INVALID : 0;
}

int jwt_kid(const char *token, struct buf *ret) {
    AUTO_BUF struct buf header = BUF_INIT;
    struct parts p;
    if (split(token, &p) < 0 || decode_base64url(token, p.header, &header) < 0)
        return ERR_INVALID;
    return read_header(buf_str(&header), header.len, ret);
}

static bool mac_fits(const struct jwt_key *k, const struct parts *p,
                     const struct buf *mac) {
    CLEANUP(cleanup_md) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    REQUIRE(ctx);
    REQUIRE(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, k->pkey) == 1);
    return EVP_DigestVerify(ctx, (const uint8_t *)mac->data, mac->len,
                            (const uint8_t *)p->text,
                            p->header + 1 + p->claims) == 1;
}

int jwt_verify(const struct jwt_key *k, const char *token, struct buf *claims) {
    AUTO_BUF struct buf kid = BUF_INIT, mac = BUF_INIT;
    struct parts p;
    if (jwt_kid(token, &kid) < 0 || split(token, &p) < 0)
        return ERR_INVALID;
    const char *at = token + p.header + 1;
    if (decode_base64url(at + p.claims + 1, p.mac, &mac) < 0 ||
        !mac_fits(k, &p, &mac))
        return ERR_INVALID;
    return decode_base64url(at, p.claims, claims);
}
