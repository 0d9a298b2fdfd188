#include "auth/seal.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "auth/seal_ring.h"
#include "common/check.h"
#include "common/digest.h"
#include "common/mem.h"

enum { VERSION = 1, NONCE = 12, TAG = 16, HEAD = 1 + 4 + NONCE };

DEFINE_CLEANUP(EVP_CIPHER_CTX *, cleanup_ctx, EVP_CIPHER_CTX_free)

struct seal_ring *seal_ring_of(uint32_t id, const uint8_t key[32]) {
    struct seal_ring *r = NEW(struct seal_ring);
    r->n = 1;
    r->keys[0].id = id;
    memcpy(r->keys[0].key, key, SEAL_KEY);
    return r;
}

void seal_ring_free(struct seal_ring *r) {
    if (!r)
        return;
    free(r->path);
    mem_wipe(r, sizeof *r);
    free(r);
}

/* Length-prefixed, so that table "ab" column "c" is not table "a" column "bc".
 */
static void add_place(EVP_CIPHER_CTX *ctx, const struct seal_place *p) {
    const char *parts[] = {p->table, p->uuid, p->column};
    for (size_t i = 0; i < 3; i++) {
        int len = 0;
        size_t n = strlen(parts[i]);
        uint8_t head = (uint8_t)n;
        REQUIRE(n <= 255);
        REQUIRE(EVP_CipherUpdate(ctx, NULL, &len, &head, 1) == 1);
        REQUIRE(EVP_CipherUpdate(ctx, NULL, &len, (const uint8_t *)parts[i],
                                 (int)n) == 1);
    }
}

static EVP_CIPHER_CTX *begin(const uint8_t *key, const uint8_t *nonce,
                             const struct seal_place *place, bool seal) {
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    REQUIRE(ctx);
    REQUIRE(EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce, seal) ==
            1);
    add_place(ctx, place);
    return ctx;
}

void seal_put_nonce(const struct seal_ring *r, const struct seal_place *place,
                    const uint8_t nonce[12], const void *plain, size_t n,
                    struct buf *out) {
    int len = 0;
    REQUIRE(r && r->n > 0 && n < INT_MAX - SEAL_OVERHEAD);
    const struct seal_key *k = &r->keys[r->n - 1];
    CLEANUP(cleanup_ctx)
    EVP_CIPHER_CTX *ctx = begin(k->key, nonce, place, true);
    uint8_t *p = (uint8_t *)buf_reserve(out, n + SEAL_OVERHEAD);
    p[0] = VERSION;
    for (int i = 0; i < 4; i++)
        p[1 + i] = (uint8_t)(k->id >> (24 - 8 * i));
    memcpy(p + 5, nonce, NONCE);
    if (n)
        REQUIRE(EVP_EncryptUpdate(ctx, p + HEAD, &len, plain, (int)n) == 1);
    REQUIRE((size_t)len == n);
    REQUIRE(EVP_EncryptFinal_ex(ctx, p + HEAD + n, &len) == 1);
    REQUIRE(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG,
                                p + HEAD + n) == 1);
    buf_added(out, n + SEAL_OVERHEAD);
}

void seal_put(const struct seal_ring *r, const struct seal_place *place,
              const void *plain, size_t n, struct buf *out) {
    uint8_t nonce[NONCE];
    digest_random(nonce, sizeof nonce);
    seal_put_nonce(r, place, nonce, plain, n, out);
}

static const struct seal_key *find_key(const struct seal_ring *r,
                                       const uint8_t *p) {
    uint32_t id = 0;
    for (int i = 0; i < 4; i++)
        id = id << 8 | p[1 + i];
    for (size_t i = 0; i < r->n; i++)
        if (r->keys[i].id == id)
            return &r->keys[i];
    return NULL;
}

int seal_get(const struct seal_ring *r, const struct seal_place *place,
             const void *blob, size_t n, struct buf *out) {
    const uint8_t *p = blob;
    uint8_t tag[TAG];
    int len = 0, end = 0;
    if (n < SEAL_OVERHEAD || n > INT_MAX || p[0] != VERSION)
        return ERR_INVALID;
    const struct seal_key *k = find_key(r, p);
    if (!k)
        return ERR_NOT_FOUND;
    size_t plain = n - SEAL_OVERHEAD;
    CLEANUP(cleanup_ctx)
    EVP_CIPHER_CTX *ctx = begin(k->key, p + 5, place, false);
    uint8_t *dst = (uint8_t *)buf_reserve(out, plain + 1);
    memcpy(tag, p + HEAD + plain, TAG);
    if (plain)
        REQUIRE(EVP_DecryptUpdate(ctx, dst, &len, p + HEAD, (int)plain) == 1);
    REQUIRE(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1);
    if (EVP_DecryptFinal_ex(ctx, dst + len, &end) != 1) {
        mem_wipe(dst, plain);
        return ERR_INVALID;
    }
    buf_added(out, plain);
    return 0;
}

void seal_wipe(struct buf *b) {
    if (b->data)
        mem_wipe(b->data, b->cap);
    buf_done(b);
}
