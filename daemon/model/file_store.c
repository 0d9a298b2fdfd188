#include "model/file_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "model/file_kind.h"

enum { PATH = 768, HEX = 2 * FILE_SHA + 1 };

/* --- where ---------------------------------------------------------------- */

static int failed(struct error *e, const char *path) {
    int code = errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : ERR_IO;
    return error_set(e, code, "", "%s: %s", path, strerror(errno));
}

static void parts_folder(char dst[PATH], const char *data) {
    (void)str_format(dst, PATH, "%s/files/part", data);
}

/* By who sends it as well: nobody learns that another has the same bytes. */
static void part_path(char dst[PATH], const struct file_part *p) {
    AUTO_BUF struct buf b = BUF_INIT;
    uint8_t key[DIGEST_SHA256];
    char hex[HEX];
    buf_addf(&b, "%s\n%lld\n", p->who, (long long)p->size);
    buf_add(&b, p->sha, FILE_SHA);
    digest_sha256(b.data, b.len, key);
    digest_hex(key, sizeof key, hex);
    (void)str_format(dst, PATH, "%s/files/part/%s", p->data, hex);
}

static void kept_path(char dst[PATH], const char *data,
                      const uint8_t sha[FILE_SHA]) {
    char hex[HEX];
    digest_hex(sha, FILE_SHA, hex);
    (void)str_format(dst, PATH, "%s/files/%.2s/%s", data, hex, hex + 2);
}

static int make_folder(const char *path, struct error *e) {
    return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : failed(e, path);
}

static int sync_folder(const char *path, struct error *e) {
    AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? 0 : failed(e, path);
}

static int make_parts(const char *data, struct error *e) {
    char path[PATH];
    (void)str_format(path, sizeof path, "%s/files", data);
    int rc = make_folder(path, e);
    parts_folder(path, data);
    return rc < 0 ? rc : make_folder(path, e);
}

/* --- parts ---------------------------------------------------------------- */

int file_part_at(const struct file_part *p, int64_t *ret, struct error *e) {
    char path[PATH];
    struct stat st;
    part_path(path, p);
    bool there = stat(path, &st) == 0;
    if (!there && errno != ENOENT)
        return failed(e, path);
    *ret = there ? st.st_size : 0;
    return 0;
}

DEFINE_CLEANUP(DIR *, dir_closep, closedir)

int file_part_others(const struct file_part *p, int64_t *ret, struct error *e) {
    char path[PATH], own[PATH];
    struct stat st;
    int64_t sum = 0;
    parts_folder(path, p->data);
    part_path(own, p);
    CLEANUP(dir_closep) DIR *d = opendir(path);
    if (!d && errno != ENOENT)
        return failed(e, path);
    for (const struct dirent *f = d ? readdir(d) : NULL; f; f = readdir(d))
        if (f->d_name[0] != '.' && !str_ends(own, f->d_name) &&
            fstatat(dirfd(d), f->d_name, &st, 0) == 0)
            sum += st.st_size;
    *ret = sum;
    return 0;
}

/* Open and ours alone: two pieces at once would mix. */
static int open_part(const char *path, int flags, struct error *e) {
    int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno == ENOENT
                   ? error_set(e, ERR_NOT_FOUND, "", "nothing of it was sent")
                   : failed(e, path);
    if (flock(fd, LOCK_EX) == 0)
        return fd;
    int rc = failed(e, path);
    (void)close(fd);
    return rc;
}

static int write_at(int fd, const char *path, const void *bytes, size_t n,
                    int64_t at, struct error *e) {
    const char *from = bytes;
    while (n > 0) {
        ssize_t done = pwrite(fd, from, n, at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return failed(e, path);
        from += done;
        at += done;
        n -= (size_t)done;
    }
    return 0;
}

int file_part_put(const struct file_part *p, int64_t offset, const void *bytes,
                  size_t n, int64_t *ret_at, struct error *e) {
    char path[PATH];
    struct stat st;
    if (offset > p->size || (int64_t)n > p->size - offset)
        return error_set(e, ERR_INVALID, "offset", "that is beyond its size");
    int rc = make_parts(p->data, e);
    part_path(path, p);
    AUTO_FD int fd = rc < 0 ? -1 : open_part(path, O_RDWR | O_CREAT, e);
    if (rc < 0 || fd < 0)
        return rc < 0 ? rc : fd;
    if (fstat(fd, &st) < 0)
        return failed(e, path);
    if (offset > st.st_size)
        return error_set(e, ERR_CONFLICT, "offset",
                         "%lld bytes are there: go on behind them",
                         (long long)st.st_size);
    int64_t end = offset + (int64_t)n;
    if (end > st.st_size)
        rc = write_at(fd, path, bytes, n, offset, e);
    if (rc < 0)
        return rc;
    *ret_at = end > st.st_size ? end : st.st_size;
    return 0;
}

static int read_all(int fd, const char *path, char *dst, size_t n,
                    struct error *e) {
    size_t got = 0;
    while (got < n) {
        ssize_t r = pread(fd, dst + got, n - got, (off_t)got);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            return failed(e, path);
        got += (size_t)r;
    }
    return 0;
}

/* Right bytes of a kind that is kept, or why not. */
static int judge(const struct file_part *p, const char *bytes, const char *name,
                 const char **ret, struct error *e) {
    uint8_t sha[DIGEST_SHA256];
    digest_sha256(bytes, (size_t)p->size, sha);
    if (memcmp(sha, p->sha, sizeof sha) != 0)
        return error_set(e, ERR_INVALID, "sha256",
                         "other bytes came than were promised: send it again");
    const char *type = file_kind(bytes, (size_t)p->size, name);
    if (!type)
        return error_set(e, ERR_INVALID, "name",
                         "kept are PNG, JPEG, GIF, WebP, PDF, plain text and "
                         "CSV; this is none of them");
    *ret = type;
    return 0;
}

int file_part_check(const struct file_part *p, const char *name,
                    const char **ret, struct error *e) {
    char path[PATH];
    struct stat st;
    part_path(path, p);
    AUTO_FD int fd = open_part(path, O_RDWR, e);
    if (fd < 0)
        return fd;
    if (fstat(fd, &st) < 0)
        return failed(e, path);
    if (st.st_size != p->size)
        return error_set(e, ERR_CONFLICT, "size",
                         "%lld of %lld bytes are there: send the rest",
                         (long long)st.st_size, (long long)p->size);
    AUTO_FREE char *bytes = mem_alloc((size_t)p->size);
    int rc = read_all(fd, path, bytes, (size_t)p->size, e);
    if (rc >= 0)
        rc = judge(p, bytes, name, ret, e);
    if (rc == ERR_INVALID)
        (void)unlink(path);
    if (rc >= 0 && fsync(fd) < 0)
        rc = failed(e, path);
    return rc;
}

int file_part_keep(const struct file_part *p, struct error *e) {
    char part[PATH], kept[PATH], folder[PATH];
    part_path(part, p);
    kept_path(kept, p->data, p->sha);
    (void)str_format(folder, sizeof folder, "%.*s",
                     (int)(strrchr(kept, '/') - kept), kept);
    int rc = make_folder(folder, e);
    if (rc < 0)
        return rc;
    if (rename(part, kept) < 0) {
        /* a write job may run twice: then it is there already */
        if (errno != ENOENT)
            return failed(e, kept);
        return access(kept, R_OK) == 0
                   ? 0
                   : error_set(e, ERR_NOT_FOUND, "", "nothing of it was sent");
    }
    rc = sync_folder(folder, e);
    (void)str_format(folder, sizeof folder, "%s/files", p->data);
    return rc < 0 ? rc : sync_folder(folder, e);
}

int file_bytes(const char *data, const uint8_t sha[FILE_SHA], int64_t offset,
               struct buf *out, struct error *e) {
    char path[PATH];
    kept_path(path, data, sha);
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT
                   ? error_set(e, ERR_NOT_FOUND, "id", "its bytes are gone")
                   : failed(e, path);
    AUTO_FREE char *bytes = mem_alloc(FILE_CHUNK);
    ssize_t n = pread(fd, bytes, FILE_CHUNK, offset);
    if (n < 0)
        return failed(e, path);
    buf_add(out, bytes, (size_t)n);
    return 0;
}
