/* Happy path: parse threads pack with the newest dictionary of the kind and
 * leave samples; when kept_sample says so, a reader trains, a writer stores,
 * and once that is committed kept_serve puts the new one into service.
 * Failure modes: samples too alike to train on: the kind stays as it is; a
 * store that is not committed: the dictionary waits, nothing was packed with
 * it; a damaged object: ERR_DB_CORRUPT, never more memory than it declares. */
#include "model/kept.h"

#include <pthread.h>
#include <string.h>
#include <zdict.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/kept_common.h"
#include "model/kept_dict.h"

enum {
    SAMPLES = 2000,                 /* objects enough to train */
    SAMPLE_BYTES = 4 * 1024 * 1024, /* and never more text than this */
    SAMPLE_MAX = 64 * 1024,         /* a larger object teaches nothing */
    JUDGES = 32, /* samples by which two dictionaries are compared */
};

/* How far a kind is with its own dictionary. */
enum stage { STAGE_SAMPLING, STAGE_READY, STAGE_TRAINED, STAGE_DONE };

struct kind_state {
    enum stage stage;
    struct buf text; /* samples, one behind the other */
    size_t *sizes;   /* of each */
    unsigned n;
    struct buf trained; /* dictionary that waits to be stored */
    int64_t stored_id;  /* its row, once stored; 0: not yet */
    struct kept_dict *newest;
};

struct kept {
    pthread_mutex_t lock; /* all below; held for a few instructions */
    struct kind_state kinds[KEPT_KINDS];
    struct kept_dict *dicts; /* all, newest first; never removed */
    ZSTD_CCtx *cctx[KEPT_IDLE];
    ZSTD_DCtx *dctx[KEPT_IDLE];
    int n_cctx, n_dctx;
};

static struct kept *current;

void kept_use(struct kept *k) {
    current = k;
}

struct kept *kept_current(void) {
    REQUIRE(current);
    return current;
}

static void put_dict(struct kept *k, struct kept_dict *d) {
    d->next = k->dicts;
    k->dicts = d;
    k->kinds[d->kind].newest = d;
}

static void put_builtin(struct kept *k, enum mirror_kind kind, int generation) {
    size_t n;
    const void *data = kept_builtin(kind, generation, &n);
    if (n > 0 || generation == 0)
        put_dict(
            k, kept_dict_new(kept_builtin_id(kind, generation), kind, data, n));
}

struct kept *kept_new(void) {
    struct kept *k = NEW(struct kept);
    REQUIRE(pthread_mutex_init(&k->lock, NULL) == 0);
    for (int i = 0; i < KEPT_KINDS; i++)
        for (int g = 0; g < KEPT_GENERATIONS; g++)
            put_builtin(k, (enum mirror_kind)i, g);
    return k;
}

static void drop_samples(struct kind_state *s) {
    buf_done(&s->text);
    free(TAKE_PTR(s->sizes));
    s->n = 0;
}

void kept_free(struct kept *k) {
    if (!k)
        return;
    if (current == k)
        current = NULL;
    for (int i = 0; i < KEPT_KINDS; i++) {
        drop_samples(&k->kinds[i]);
        buf_done(&k->kinds[i].trained);
    }
    while (k->dicts) {
        struct kept_dict *d = k->dicts;
        k->dicts = d->next;
        kept_dict_free(d);
    }
    while (k->n_cctx)
        (void)ZSTD_freeCCtx(k->cctx[--k->n_cctx]);
    while (k->n_dctx)
        (void)ZSTD_freeDCtx(k->dctx[--k->n_dctx]);
    (void)pthread_mutex_destroy(&k->lock);
    free(k);
}

static void lock(struct kept *k) {
    REQUIRE(pthread_mutex_lock(&k->lock) == 0);
}

static void unlock(struct kept *k) {
    REQUIRE(pthread_mutex_unlock(&k->lock) == 0);
}

static int kind_by_name(const char *name) {
    for (int i = 0; i < KEPT_KINDS; i++)
        if (str_eq(mirror_kind_name((enum mirror_kind)i), name))
            return i;
    return -1;
}

/* By id; NULL when there is no such dictionary. The caller holds the lock. */
static struct kept_dict *find(const struct kept *k, int64_t id) {
    struct kept_dict *d = k->dicts;
    while (d && d->id != id)
        d = d->next;
    return d;
}

int kept_load(struct kept *k, struct db_tx *tx) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_DICT_ALL, &r, "");
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        size_t n;
        int kind = kind_by_name(db_text(r, 1));
        const void *data = db_blob(r, 2, &n);
        if (kind < 0)
            continue; /* of a newer program: nothing here is packed with it */
        lock(k);
        if (!find(k, db_i64(r, 0)))
            put_dict(k, kept_dict_new(db_i64(r, 0), (enum mirror_kind)kind,
                                      data, n));
        k->kinds[kind].stage = STAGE_DONE;
        drop_samples(&k->kinds[kind]);
        unlock(k);
    }
    return rc;
}

static ZSTD_CCtx *take_cctx(struct kept *k, enum mirror_kind kind,
                            const struct kept_dict **ret_dict) {
    lock(k);
    ZSTD_CCtx *c = k->n_cctx ? k->cctx[--k->n_cctx] : NULL;
    *ret_dict = k->kinds[kind].newest;
    unlock(k);
    if (!c) {
        c = ZSTD_createCCtx();
        REQUIRE(c);
        /* the row names the dictionary; damage must not pass as truth */
        (void)ZSTD_CCtx_setParameter(c, ZSTD_c_dictIDFlag, 0);
        (void)ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
    }
    return c;
}

static void give_cctx(struct kept *k, ZSTD_CCtx *c) {
    lock(k);
    if (k->n_cctx < KEPT_IDLE)
        k->cctx[k->n_cctx++] = TAKE_PTR(c);
    unlock(k);
    (void)ZSTD_freeCCtx(c);
}

static ZSTD_DCtx *take_dctx(struct kept *k, int64_t id,
                            const struct kept_dict **ret_dict) {
    lock(k);
    ZSTD_DCtx *c = k->n_dctx ? k->dctx[--k->n_dctx] : NULL;
    *ret_dict = find(k, id);
    unlock(k);
    if (!c)
        c = ZSTD_createDCtx();
    REQUIRE(c);
    return c;
}

static void give_dctx(struct kept *k, ZSTD_DCtx *c) {
    lock(k);
    if (k->n_dctx < KEPT_IDLE)
        k->dctx[k->n_dctx++] = TAKE_PTR(c);
    unlock(k);
    (void)ZSTD_freeDCtx(c);
}

int kept_pack(struct kept *k, struct arena *a, enum mirror_kind kind,
              const void *raw, size_t n, const void **ret_z, size_t *ret_n,
              int64_t *ret_dict) {
    const struct kept_dict *d;
    if (n > KEPT_RAW_MAX)
        return ERR_TOO_BIG;
    ZSTD_CCtx *c = take_cctx(k, kind, &d);
    size_t room = ZSTD_compressBound(n);
    void *z = mem_alloc(room);
    (void)ZSTD_CCtx_refCDict(c, d->pack);
    size_t got = ZSTD_compress2(c, z, room, raw, n);
    (void)ZSTD_CCtx_refCDict(c, NULL);
    give_cctx(k, c);
    bool good = !ZSTD_isError(got);
    if (good) {
        *ret_z = arena_dupn(a, z, got);
        *ret_n = got;
        *ret_dict = d->id;
    }
    free(z);
    return CHECK(good) ? 0 : ERR_INTERNAL;
}

int kept_unpack(struct kept *k, struct arena *a, const void *z, size_t z_n,
                int64_t dict, const char **ret, size_t *ret_n) {
    const struct kept_dict *d;
    unsigned long long n = ZSTD_getFrameContentSize(z, z_n);
    if (n == ZSTD_CONTENTSIZE_UNKNOWN || n == ZSTD_CONTENTSIZE_ERROR ||
        n > KEPT_RAW_MAX)
        return ERR_DB_CORRUPT;
    ZSTD_DCtx *c = take_dctx(k, dict, &d);
    char *raw = arena_alloc(a, (size_t)n + 1);
    size_t got =
        d ? ZSTD_decompress_usingDDict(c, raw, (size_t)n, z, z_n, d->unpack)
          : 0;
    give_dctx(k, c);
    if (!d || got != n)
        return ERR_DB_CORRUPT;
    raw[n] = 0;
    *ret = raw;
    *ret_n = (size_t)n;
    return 0;
}

int kept_sample(struct kept *k, enum mirror_kind kind, const void *raw,
                size_t n) {
    struct kind_state *s = &k->kinds[kind];
    lock(k);
    if (s->stage == STAGE_SAMPLING && n > 0 && n <= SAMPLE_MAX) {
        if (!s->sizes)
            s->sizes = mem_zalloc(SAMPLES, sizeof *s->sizes);
        buf_add(&s->text, raw, n);
        s->sizes[s->n++] = n;
        if (s->n == SAMPLES || s->text.len > SAMPLE_BYTES - SAMPLE_MAX)
            s->stage = STAGE_READY;
    }
    int ready = s->stage == STAGE_READY;
    unlock(k);
    return ready;
}

/* Hand the samples over to the one thread that trains. */
static bool take_samples(struct kept *k, enum mirror_kind kind,
                         struct kind_state *ret) {
    struct kind_state *s = &k->kinds[kind];
    lock(k);
    bool mine = s->stage == STAGE_READY;
    if (mine) {
        *ret = (struct kind_state){
            .text = s->text, .sizes = TAKE_PTR(s->sizes), .n = s->n};
        s->text = (struct buf)BUF_INIT;
        s->n = 0;
        s->stage = STAGE_DONE; /* until the training says more */
    }
    unlock(k);
    return mine;
}

/* The first samples, as they came. */
static void take_judges(const struct kind_state *s, struct kind_state *ret) {
    size_t bytes = 0;
    ret->n = s->n < JUDGES ? s->n : JUDGES;
    ret->sizes = mem_zalloc(JUDGES, sizeof *ret->sizes);
    for (unsigned i = 0; i < ret->n; i++) {
        ret->sizes[i] = s->sizes[i];
        bytes += s->sizes[i];
    }
    buf_add(&ret->text, s->text.data, bytes);
}

/* Bytes they are packed to. */
static size_t packed(const struct kept_dict *d, const struct kind_state *s) {
    size_t sum = 0, at = 0, room = ZSTD_compressBound(SAMPLE_MAX);
    void *z = mem_alloc(room);
    ZSTD_CCtx *c = ZSTD_createCCtx();
    REQUIRE(c);
    for (unsigned i = 0; i < s->n; at += s->sizes[i++]) {
        size_t n = ZSTD_compress_usingCDict(c, z, room, s->text.data + at,
                                            s->sizes[i], d->pack);
        sum += ZSTD_isError(n) ? s->sizes[i] : n;
    }
    (void)ZSTD_freeCCtx(c);
    free(z);
    return sum;
}

/* What was learnt of common words may pack worse than what is in service. */
static bool better(struct kept *k, enum mirror_kind kind, const void *data,
                   size_t n, const struct kind_state *judges) {
    struct kept_dict *d = kept_dict_new(0, kind, data, n);
    lock(k);
    const struct kept_dict *now = k->kinds[kind].newest; /* never removed */
    unlock(k);
    bool less = packed(d, judges) < packed(now, judges);
    kept_dict_free(d);
    return less;
}

int kept_train(struct kept *k, enum mirror_kind kind) {
    struct kind_state mine = {0}, judges = {0};
    if (!take_samples(k, kind, &mine))
        return ERR_NOT_FOUND;
    take_judges(&mine, &judges);
    if (kind != MIRROR_PRODUCT)
        kept_common(&mine.text, mine.sizes, mine.n);
    char *dict = mem_alloc(KEPT_DICT_MAX);
    size_t n = ZDICT_trainFromBuffer(dict, KEPT_DICT_MAX, mine.text.data,
                                     mine.sizes, mine.n);
    drop_samples(&mine);
    bool good = !ZDICT_isError(n) && better(k, kind, dict, n, &judges);
    drop_samples(&judges);
    if (good) {
        lock(k);
        buf_add(&k->kinds[kind].trained, dict, n);
        k->kinds[kind].stage = STAGE_TRAINED;
        unlock(k);
    }
    free(dict);
    return good ? 0 : ERR_INVALID;
}

int kept_store(struct kept *k, struct db_tx *tx, enum mirror_kind kind) {
    struct kind_state *s = &k->kinds[kind];
    lock(k);
    bool waits = s->stage == STAGE_TRAINED;
    unlock(k);
    if (!waits)
        return ERR_NOT_FOUND;
    int rc = db_run(tx, STMT_DICT_INSERT, "sb", mirror_kind_name(kind),
                    s->trained.data, s->trained.len);
    if (rc < 0)
        return rc;
    lock(k);
    s->stored_id = db_last_id(tx);
    unlock(k);
    return 0;
}

void kept_serve(struct kept *k, enum mirror_kind kind) {
    struct kind_state *s = &k->kinds[kind];
    lock(k);
    if (s->stage == STAGE_TRAINED && s->stored_id > 0) {
        put_dict(k, kept_dict_new(s->stored_id, kind, s->trained.data,
                                  s->trained.len));
        buf_done(&s->trained);
        s->stage = STAGE_DONE;
    }
    unlock(k);
}
