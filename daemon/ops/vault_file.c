/* A file of a backup, written and read in pieces.
 *
 * Happy path: each full piece is sealed and written when the next byte comes,
 * the last one, marked as such, at the end; a reader hands out one piece a
 * call.
 * Failure modes: a file that ends without its last piece was cut off; a piece
 * that does not open was changed, is another file's or stood elsewhere. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "common/check.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "ops/vault_file.h"

/* What both directions have. */
struct stream {
    char *path;
    int fd;
    bool sealed;
    EVP_MD_CTX *sha;
    EVP_CIPHER_CTX *gcm;
    uint8_t key[VAULT_KEY], head[VAULT_HEAD];
    uint64_t piece; /* number of the next */
};

struct vault_out {
    struct stream s;
    size_t n; /* bytes of plain */
    uint8_t plain[VAULT_PIECE];
    uint8_t out[VAULT_PIECE + VAULT_TAG];
};

struct vault_in {
    struct stream s;
    bool last; /* the last piece was read */
    uint8_t in[VAULT_PIECE + VAULT_TAG];
};

static void stream_begin(struct stream *s, const char *path, int fd,
                         const struct vault_key *k, const char *name) {
    s->path = mem_dup(path);
    s->fd = fd;
    s->sealed = k->sealed;
    s->sha = EVP_MD_CTX_new();
    REQUIRE(s->sha && EVP_DigestInit_ex(s->sha, EVP_sha256(), NULL) == 1);
    if (!k->sealed)
        return;
    s->gcm = EVP_CIPHER_CTX_new();
    REQUIRE(s->gcm);
    vault_head_make(k, s->head);
    vault_file_key(k, name, s->key);
}

static void stream_end(struct stream *s, uint8_t sha[VAULT_SHA]) {
    if (sha)
        REQUIRE(EVP_DigestFinal_ex(s->sha, sha, NULL) == 1);
    EVP_MD_CTX_free(s->sha);
    EVP_CIPHER_CTX_free(s->gcm);
    if (s->fd >= 0)
        (void)close(s->fd); /* written ones were synced before */
    free(s->path);
}

static void hash(struct stream *s, const void *data, size_t n) {
    REQUIRE(EVP_DigestUpdate(s->sha, data, n) == 1);
}

/* The cipher for the next piece, the head already in. */
static void next_piece(struct stream *s, bool last, bool seal) {
    uint8_t nonce[VAULT_NONCE] = {last};
    int len;
    for (int i = 0; i < 8; i++)
        nonce[4 + i] = (uint8_t)(s->piece >> (56 - 8 * i));
    s->piece++;
    REQUIRE(EVP_CipherInit_ex(s->gcm, EVP_aes_256_gcm(), NULL, s->key, nonce,
                              seal) == 1);
    REQUIRE(EVP_CipherUpdate(s->gcm, NULL, &len, s->head, VAULT_HEAD) == 1);
}

/* --- writing ------------------------------------------------------------ */

static int failed(const struct stream *s, struct error *e) {
    int code = errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : ERR_IO;
    return error_set(e, code, s->path, "%s cannot be written: %s", s->path,
                     strerror(errno));
}

static int put(struct stream *s, const void *data, size_t n, struct error *e) {
    const uint8_t *p = data;
    while (n > 0) {
        ssize_t done = write(s->fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return failed(s, e);
        p += done;
        n -= (size_t)done;
    }
    return 0;
}

int vault_create(const char *path, const struct vault_key *k, const char *name,
                 struct vault_out **ret, struct error *e) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(&(struct stream){.path = (char *)path}, e);
    struct vault_out *o = NEW(struct vault_out);
    stream_begin(&o->s, path, fd, k, name);
    int rc = k->sealed ? put(&o->s, o->s.head, VAULT_HEAD, e) : 0;
    if (rc < 0)
        vault_drop(o);
    else
        *ret = o;
    return rc;
}

/* Seal and write what is there. */
static int flush(struct vault_out *o, bool last, struct error *e) {
    int len = 0, end = 0;
    size_t n = o->n;
    o->n = 0;
    if (!o->s.sealed)
        return put(&o->s, o->plain, n, e);
    next_piece(&o->s, last, true);
    REQUIRE(EVP_EncryptUpdate(o->s.gcm, o->out, &len, o->plain, (int)n) == 1);
    REQUIRE(EVP_EncryptFinal_ex(o->s.gcm, o->out + len, &end) == 1);
    REQUIRE((size_t)len == n && end == 0);
    REQUIRE(EVP_CIPHER_CTX_ctrl(o->s.gcm, EVP_CTRL_AEAD_GET_TAG, VAULT_TAG,
                                o->out + n) == 1);
    return put(&o->s, o->out, n + VAULT_TAG, e);
}

int vault_write(struct vault_out *o, const void *data, size_t n,
                struct error *e) {
    const uint8_t *p = data;
    hash(&o->s, data, n);
    while (n > 0) {
        if (o->n == VAULT_PIECE) {
            int rc = flush(o, false, e);
            if (rc < 0)
                return rc;
        }
        size_t room = VAULT_PIECE - o->n;
        size_t part = n < room ? n : room;
        memcpy(o->plain + o->n, p, part);
        o->n += part;
        p += part;
        n -= part;
    }
    return 0;
}

int vault_finish(struct vault_out *o, uint8_t sha[VAULT_SHA], struct error *e) {
    int rc = flush(o, true, e);
    if (rc == 0 && fsync(o->s.fd) < 0)
        rc = failed(&o->s, e);
    if (rc < 0) {
        vault_drop(o);
        return rc;
    }
    stream_end(&o->s, sha);
    mem_wipe(o, sizeof *o);
    free(o);
    return 0;
}

void vault_drop(struct vault_out *o) {
    if (!o)
        return;
    (void)unlink(o->s.path); /* it is no use */
    stream_end(&o->s, NULL);
    mem_wipe(o, sizeof *o);
    free(o);
}

/* --- reading ------------------------------------------------------------ */

static int damaged(const struct stream *s, const char *what, struct error *e) {
    return error_set(e, ERR_BACKUP_DAMAGED, s->path, "%s %s", s->path, what);
}

/* Up to n bytes; fewer only at the end of the file. */
static int64_t fill(const struct stream *s, uint8_t *dst, size_t n,
                    struct error *e) {
    size_t got = 0;
    while (got < n) {
        ssize_t now = read(s->fd, dst + got, n - got);
        if (now < 0 && errno == EINTR)
            continue;
        if (now < 0)
            return error_set(e, ERR_IO, s->path, "%s cannot be read: %s",
                             s->path, strerror(errno));
        if (now == 0)
            break;
        got += (size_t)now;
    }
    return (int64_t)got;
}

int vault_open(const char *path, const struct vault_key *k, const char *name,
               struct vault_in **ret, struct error *e) {
    uint8_t head[VAULT_HEAD];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(e, errno == ENOENT ? ERR_BACKUP_DAMAGED : ERR_IO, path,
                         "%s cannot be read: %s", path, strerror(errno));
    struct vault_in *i = NEW(struct vault_in);
    stream_begin(&i->s, path, fd, k, name);
    int64_t n = k->sealed ? fill(&i->s, head, sizeof head, e) : 0;
    int rc = n < 0 ? (int)n : 0;
    if (rc == 0 && k->sealed &&
        (n != VAULT_HEAD || memcmp(head, i->s.head, sizeof head) != 0))
        rc = damaged(&i->s, "does not begin as this backup's files do", e);
    if (rc < 0)
        vault_close(i, NULL);
    else
        *ret = i;
    return rc;
}

/* Open a piece of n bytes and its tag. Whether it is the last is known only by
 * what follows: a full piece at the end of the file is. */
static int64_t unseal(struct vault_in *i, size_t n, bool last, uint8_t *dst,
                      struct error *e) {
    int len = 0, end = 0;
    if (n < VAULT_TAG)
        return damaged(&i->s, "is cut off", e);
    size_t plain = n - VAULT_TAG;
    next_piece(&i->s, last, false);
    REQUIRE(EVP_DecryptUpdate(i->s.gcm, dst, &len, i->in, (int)plain) == 1);
    REQUIRE(EVP_CIPHER_CTX_ctrl(i->s.gcm, EVP_CTRL_AEAD_SET_TAG, VAULT_TAG,
                                i->in + plain) == 1);
    if (EVP_DecryptFinal_ex(i->s.gcm, dst + len, &end) == 1)
        return (int64_t)plain;
    mem_wipe(dst, plain);
    return damaged(&i->s, "was changed, or is cut off", e);
}

static bool at_end(const struct stream *s) {
    char c;
    bool more = read(s->fd, &c, 1) == 1;
    if (more)
        (void)lseek(s->fd, -1, SEEK_CUR); /* a regular file: it can */
    return !more;
}

static int64_t read_sealed(struct vault_in *i, uint8_t *dst, struct error *e) {
    if (i->last)
        return 0;
    int64_t n = fill(&i->s, i->in, sizeof i->in, e);
    if (n < 0)
        return n;
    i->last = n < (int64_t)sizeof i->in || at_end(&i->s);
    return unseal(i, (size_t)n, i->last, dst, e);
}

int64_t vault_read(struct vault_in *i, void *data, size_t n, struct error *e) {
    REQUIRE(n >= VAULT_PIECE);
    int64_t got = i->s.sealed ? read_sealed(i, data, e)
                              : fill(&i->s, data, VAULT_PIECE, e);
    if (got > 0)
        hash(&i->s, data, (size_t)got);
    return got;
}

void vault_close(struct vault_in *i, uint8_t sha[VAULT_SHA]) {
    stream_end(&i->s, sha);
    mem_wipe(i, sizeof *i);
    free(i);
}
