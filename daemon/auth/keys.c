#include "auth/keys.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "model/store.h"

struct pair {
    int64_t store_id;
    struct buf key, secret; /* sealed */
};

struct keys {
    const struct seal_ring *ring;
    struct pair *pairs;
    size_t n;
};

struct keys *keys_new(const struct seal_ring *ring) {
    struct keys *k = NEW(struct keys);
    k->ring = ring;
    return k;
}

void keys_free(struct keys *k) {
    if (!k)
        return;
    for (size_t i = 0; i < k->n; i++) {
        buf_done(&k->pairs[i].key);
        buf_done(&k->pairs[i].secret);
    }
    free(k->pairs);
    free(k);
}

static struct pair *find(const struct keys *k, int64_t store_id) {
    for (size_t i = 0; i < k->n; i++) {
        if (k->pairs[i].store_id == store_id)
            return &k->pairs[i];
    }
    return NULL;
}

static struct seal_place place_of(const char *uuid, const char *column) {
    return (struct seal_place){
        .table = "store", .uuid = uuid, .column = column};
}

void keys_seal(const struct keys *k, const char *uuid, const char *key,
               const char *secret, struct buf *ret_key,
               struct buf *ret_secret) {
    struct seal_place place = place_of(uuid, "key_sealed");
    seal_put(k->ring, &place, key, strlen(key), ret_key);
    place = place_of(uuid, "secret_sealed");
    seal_put(k->ring, &place, secret, strlen(secret), ret_secret);
}

void keys_put(struct keys *k, int64_t store_id, const void *key, size_t key_n,
              const void *secret, size_t secret_n) {
    struct pair *p = find(k, store_id);
    if (!p) {
        k->pairs = mem_resize(k->pairs, k->n + 1, sizeof *k->pairs);
        p = &k->pairs[k->n++];
        *p = (struct pair){.store_id = store_id};
    }
    buf_clear(&p->key);
    buf_clear(&p->secret);
    buf_add(&p->key, key, key_n);
    buf_add(&p->secret, secret, secret_n);
}

void keys_drop(struct keys *k, int64_t store_id) {
    struct pair *p = find(k, store_id);
    if (!p)
        return;
    buf_done(&p->key);
    buf_done(&p->secret);
    *p = k->pairs[--k->n];
}

static int load_one(struct keys *k, struct db_tx *tx, int64_t id) {
    struct arena *a = arena_new(4096);
    const void *key, *secret;
    size_t key_n, secret_n;
    int rc = store_get_keys(tx, id, a, &key, &key_n, &secret, &secret_n);
    if (rc >= 0)
        keys_put(k, id, key, key_n, secret, secret_n);
    arena_free(a);
    /* one store without keys must not stop the others */
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

int keys_load(struct keys *k, struct db_tx *tx) {
    struct store *stores = NULL;
    size_t n = 0;
    int rc = store_list(tx, &stores, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = load_one(k, tx, stores[i].id);
    store_list_free(stores, n);
    return rc < 0 ? rc : 0;
}

static int open_one(const struct keys *k, const struct seal_place *place,
                    const struct buf *sealed, struct arena *a,
                    const char **ret) {
    struct buf plain = BUF_INIT;
    int rc = seal_get(k->ring, place, sealed->data, sealed->len, &plain);
    if (rc >= 0)
        *ret = arena_dupn(a, buf_str(&plain), plain.len);
    seal_wipe(&plain);
    return rc;
}

int keys_open(const struct keys *k, const struct store *s, struct arena *a,
              const char **key, const char **secret) {
    const struct pair *p = find(k, s->id);
    if (!p)
        return ERR_NOT_FOUND;
    struct seal_place place = place_of(s->uuid, "key_sealed");
    int rc = open_one(k, &place, &p->key, a, key);
    place = place_of(s->uuid, "secret_sealed");
    return rc < 0 ? rc : open_one(k, &place, &p->secret, a, secret);
}

static struct seal_place hook_place(const char *uuid) {
    return (struct seal_place){
        .table = "hook_secret", .uuid = uuid, .column = "sealed"};
}

void keys_seal_hook(const struct keys *k, const char *uuid, const char *secret,
                    struct buf *ret_sealed) {
    struct seal_place place = hook_place(uuid);
    seal_put(k->ring, &place, secret, strlen(secret), ret_sealed);
}

int keys_open_hook(const struct keys *k, const char *uuid, const void *sealed,
                   size_t n, struct buf *ret_secret) {
    struct seal_place place = hook_place(uuid);
    return seal_get(k->ring, &place, sealed, n, ret_secret);
}
