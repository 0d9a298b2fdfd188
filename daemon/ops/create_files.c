/* Stored files in a backup: DATA/files/ab/cdef..., named by their SHA-256 and
 * never written again once they have their name. People go on storing.
 *
 * Happy path: what the backup before has, and is still sound there, is linked;
 * the rest is copied. A night without new files costs reading, not room.
 * Failure modes: one that goes meanwhile (a sweep) is passed over; one whose
 * bytes are not those of its name is left out, so that damage does not spread
 * into the backups and a sound one of an earlier night is carried on; where
 * nothing can be linked (sealed, another file system) all is copied. Parts
 * of what somebody is sending (files/part) are no files yet. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "ops/making.h"

enum { SLICES = 256, HEX_REST = 2 * VAULT_SHA - 2 };

DEFINE_CLEANUP(DIR *, closedirp, (void)closedir)

/* Is the entry of files/xx one of ours? */
static bool is_name(const char *s) {
    return strlen(s) == HEX_REST && strspn(s, "0123456789abcdef") == HEX_REST;
}

/* "files/ab/cdef" says which SHA-256. */
static bool is_of(const char *name, const char *hex) {
    const char *at = name + sizeof TASK_FILES;
    return strncmp(at, hex, 2) == 0 && str_eq(at + 3, hex + 2);
}

/* --- linking ---------------------------------------------------------------
 */

/* Read it through: 1 and its bytes when they are those of its name. */
static int is_sound(struct making *mk, const char *path, const char *name,
                    int64_t *ret_n, uint8_t sha[VAULT_SHA]) {
    static const struct vault_key plain;
    AUTO_FREE uint8_t *piece = mem_alloc(VAULT_PIECE);
    char hex[2 * VAULT_SHA + 1];
    struct error ignored = {0};
    struct vault_in *in;
    int64_t n, all = 0;
    int rc = vault_open(path, &plain, name, &in, &ignored);
    if (rc < 0)
        return 0; /* that backup has none */
    while ((n = vault_read(in, piece, VAULT_PIECE, &ignored)) > 0 && rc == 0) {
        all += n;
        rc = task_go_on(mk->t, mk->kib + (all >> 10));
    }
    vault_close(in, sha);
    digest_hex(sha, VAULT_SHA, hex);
    *ret_n = all;
    return rc < 0 ? rc : n == 0 && is_of(name, hex);
}

/* 1: it is in the backup now; 0: it has to be copied. */
static int link_before(struct making *mk, const char *name) {
    uint8_t sha[VAULT_SHA];
    int64_t n = 0;
    if (mk->key.sealed || !mk->before[0])
        return 0;
    AUTO_FREE char *from = mem_printf("%s/%s/%s", mk->t->dir, mk->before, name);
    AUTO_FREE char *to = mem_printf("%s/%s", mk->part, name);
    int rc = is_sound(mk, from, name, &n, sha);
    if (rc <= 0 || link(from, to) < 0)
        return rc < 0 ? rc : 0;
    manifest_add(mk->m, name, n, sha);
    mk->kib += n >> 10;
    return 1;
}

/* --- copying ---------------------------------------------------------------
 */

static int copy(struct making *mk, const char *name, int64_t bytes) {
    struct manifest *m = mk->m;
    AUTO_FREE char *from = mem_printf("%s/%s", mk->t->data, name);
    int rc = folder_space(mk->part, bytes, &mk->t->error);
    if (rc == 0)
        rc = making_put(mk, from, name);
    if (rc == ERR_NOT_FOUND) {
        mk->t->error = (struct error){0};
        return 0;
    }
    if (rc < 0 || is_of(name, m->files[m->n_files - 1].sha))
        return rc;
    AUTO_FREE char *to = mem_printf("%s/%s%s", mk->part, name,
                                    mk->key.sealed ? FOLDER_SEALED : "");
    (void)unlink(to); /* at worst a file the manifest does not name */
    manifest_drop_last(m);
    return 0;
}

static int put_one(struct making *mk, const char *name, int64_t bytes) {
    if (mk->m->n_files >= MANIFEST_FILES)
        return error_set(&mk->t->error, ERR_TOO_BIG, "files",
                         "a backup holds at most %d files", MANIFEST_FILES);
    int rc = link_before(mk, name);
    return rc == 0 ? copy(mk, name, bytes) : rc < 0 ? rc : 0;
}

/* --- the folder ------------------------------------------------------------
 */

static int64_t size_at(DIR *d, const char *name) {
    struct stat st;
    if (!is_name(name) || fstatat(dirfd(d), name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return -1;
    return S_ISREG(st.st_mode) ? (int64_t)st.st_size : -1;
}

/* What is to come, for the progress. */
static int64_t slice_kib(const char *path) {
    CLEANUP(closedirp) DIR *d = opendir(path);
    int64_t kib = 0, n;
    for (const struct dirent *f = d ? readdir(d) : NULL; f; f = readdir(d))
        kib += (n = size_at(d, f->d_name)) > 0 ? n >> 10 : 0;
    return kib;
}

static int put_slice(struct making *mk, const char *path, unsigned slice) {
    AUTO_FREE char *to = mem_printf("%s/" TASK_FILES "/%02x", mk->part, slice);
    CLEANUP(closedirp) DIR *d = opendir(path);
    if (!d)
        return errno == ENOENT
                   ? 0
                   : error_set(&mk->t->error, ERR_IO, path,
                               "%s cannot be read: %s", path, strerror(errno));
    int rc = folder_make(to, &mk->t->error);
    for (const struct dirent *f; rc == 0 && (f = readdir(d));) {
        int64_t n = size_at(d, f->d_name);
        AUTO_FREE char *name =
            mem_printf(TASK_FILES "/%02x/%s", slice, f->d_name);
        if (n >= 0)
            rc = put_one(mk, name, n);
    }
    return rc < 0 ? rc : folder_sync(to);
}

int making_put_stored(struct making *mk) {
    struct task *t = mk->t;
    AUTO_FREE char *path = mem_printf("%s/" TASK_FILES, t->data);
    AUTO_FREE char *to = mem_printf("%s/" TASK_FILES, mk->part);
    int64_t kib = mk->kib;
    int rc = 0;
    if (access(path, F_OK) < 0)
        return t->kind != MANIFEST_STORAGE
                   ? 0
                   : error_set(&t->error, ERR_NOT_FOUND, path,
                               "no file was stored yet: there is no %s", path);
    for (unsigned i = 0; i < SLICES; i++) {
        AUTO_FREE char *slice = mem_printf("%s/%02x", path, i);
        kib += slice_kib(slice);
    }
    task_step(t, BACKUP_STEP_WRITE, kib);
    rc = folder_make(to, &t->error);
    for (unsigned i = 0; rc == 0 && i < SLICES; i++) {
        AUTO_FREE char *slice = mem_printf("%s/%02x", path, i);
        rc = put_slice(mk, slice, i);
    }
    return rc < 0 ? rc : folder_sync(to);
}
