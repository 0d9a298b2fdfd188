#include "ops/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/when.h"

enum {
    SPACE_RESERVE = 64 << 20, /* left free for everybody else */
    STAMP = 15,               /* 20261124-170958 */
    FDS = 16,                 /* nftw may hold open */
};

DEFINE_CLEANUP(DIR *, closedirp, (void)closedir)

/* --- names -------------------------------------------------------------- */

static void tail_of(char dst[FOLDER_TAIL + 1], const char *instance_id) {
    size_t n = strlen(instance_id);
    const char *p =
        n > FOLDER_TAIL ? instance_id + n - FOLDER_TAIL : instance_id;
    size_t i = 0;
    for (; *p && i < FOLDER_TAIL; p++)
        dst[i++] = (char)tolower((unsigned char)*p);
    dst[i] = '\0';
}

void folder_name(char dst[FOLDER_NAME], int64_t ms, enum manifest_kind kind,
                 const char *instance_id) {
    char iso[WHEN_TEXT], stamp[WHEN_TEXT], tail[FOLDER_TAIL + 1];
    size_t n = 0;
    tail_of(tail, instance_id);
    for (const char *p = when_iso(iso, ms); *p && n < STAMP; p++) {
        if (isdigit((unsigned char)*p))
            stamp[n++] = *p;
        else if (*p == 'T')
            stamp[n++] = '-';
    }
    stamp[n] = '\0';
    (void)str_format(dst, FOLDER_NAME, "%s-%s-%s", stamp,
                     manifest_kind_name(kind), tail);
}

static int stamp_parse(const char *name, int64_t *ret_ms) {
    char iso[WHEN_TEXT];
    for (int i = 0; i < STAMP; i++)
        if (i == 8 ? name[i] != '-' : !isdigit((unsigned char)name[i]))
            return ERR_INVALID;
    (void)str_format(iso, sizeof iso, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", name,
                     name + 4, name + 6, name + 9, name + 11, name + 13);
    return when_parse(iso, ret_ms);
}

int folder_name_parse(const char *name, struct folder_entry *ret) {
    struct folder_entry f = {0};
    char kind[16];
    if (strlen(name) >= sizeof f.name || strlen(name) < STAMP + 2 ||
        stamp_parse(name, &f.created_ms) < 0 || name[STAMP] != '-')
        return ERR_INVALID;
    const char *p = name + STAMP + 1;
    size_t n = strcspn(p, "-");
    if (n >= sizeof kind || p[n] != '-')
        return ERR_INVALID;
    (void)str_copy(kind, n + 1, p);
    int k = manifest_kind_parse(kind);
    const char *tail = p + n + 1;
    if (k < 0 || !*tail)
        return ERR_INVALID;
    for (const char *c = tail; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c))
            return ERR_INVALID;
    f.kind = (enum manifest_kind)k;
    (void)str_copy(f.name, sizeof f.name, name);
    *ret = f;
    return 0;
}

/* --- on the disk -------------------------------------------------------- */

int folder_make(const char *path, struct error *e) {
    AUTO_FREE char *p = mem_dup(path);
    for (char *slash = p + 1; *slash; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        (void)mkdir(p, 0700); /* the last one tells */
        *slash = '/';
    }
    if (mkdir(p, 0700) < 0 && errno != EEXIST)
        return error_set(e, errno == ENOSPC ? ERR_DISK_FULL : ERR_IO, path,
                         "the folder %s cannot be made: %s", path,
                         strerror(errno));
    if (access(p, W_OK | X_OK) < 0)
        return error_set(e, ERR_IO, path,
                         "nothing can be written to the folder %s: %s", path,
                         strerror(errno));
    return 0;
}

static int drop_one(const char *path, const struct stat *st, int flag,
                    struct FTW *w) {
    (void)st, (void)flag, (void)w;
    (void)remove(path); /* what cannot go is met again next time */
    return 0;
}

void folder_drop(const char *path) {
    (void)nftw(path, drop_one, FDS, FTW_DEPTH | FTW_PHYS);
}

int folder_sync(const char *path) {
    AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? 0 : ERR_IO;
}

int folder_space(const char *path, int64_t bytes, struct error *e) {
    struct statvfs v;
    if (statvfs(path, &v) < 0)
        return error_set(e, ERR_IO, path, "cannot look at %s: %s", path,
                         strerror(errno));
    uint64_t have = (uint64_t)v.f_bavail * v.f_frsize;
    /* A small disk keeps a small reserve: an eighth of it at most. */
    uint64_t reserve = (uint64_t)v.f_blocks * v.f_frsize / 8;
    if (reserve > SPACE_RESERVE)
        reserve = SPACE_RESERVE;
    uint64_t need = (uint64_t)bytes + reserve;
    if (have >= need)
        return 0;
    return error_set(e, ERR_DISK_FULL, path,
                     "%llu MB are needed in %s, and %llu MB are free",
                     (unsigned long long)(need >> 20) + 1, path,
                     (unsigned long long)(have >> 20));
}

/* --- what is there ------------------------------------------------------ */

static bool there(const char *dir, const char *name, const char *file,
                  const char *end) {
    AUTO_FREE char *path = mem_printf("%s/%s/%s%s", dir, name, file, end);
    return access(path, F_OK) == 0;
}

/* nftw has no argument: one list is made at a time, on one thread. */
static _Thread_local int64_t bytes_found;

static int add_bytes(const char *path, const struct stat *st, int flag,
                     struct FTW *w) {
    (void)path, (void)w;
    if (flag == FTW_F)
        bytes_found += st->st_size;
    return 0;
}

static int64_t bytes_of(const char *dir, const char *name) {
    AUTO_FREE char *path = mem_printf("%s/%s", dir, name);
    bytes_found = 0;
    (void)nftw(path, add_bytes, FDS, FTW_PHYS);
    return bytes_found;
}

static bool look(const char *dir, const char *name, const char *tail,
                 struct folder_entry *ret) {
    if (folder_name_parse(name, ret) < 0)
        return false;
    ret->sealed = there(dir, name, "manifest", FOLDER_SEALED);
    ret->ours = str_ends(name, tail);
    return ret->sealed || there(dir, name, "manifest", "");
}

static int newest_first(const void *a, const void *b) {
    const struct folder_entry *x = a, *y = b;
    if (x->created_ms != y->created_ms)
        return x->created_ms < y->created_ms ? 1 : -1;
    return strcmp(y->name, x->name);
}

int folder_list(const char *dir, const char *instance_id,
                struct folder_entry **ret, size_t *ret_n, struct error *e) {
    char tail[FOLDER_TAIL + 1];
    struct folder_entry *all = NULL, one;
    size_t n = 0;
    CLEANUP(closedirp) DIR *d = opendir(dir);
    if (!d && errno != ENOENT)
        return error_set(e, ERR_IO, dir, "%s cannot be read: %s", dir,
                         strerror(errno));
    tail_of(tail, instance_id);
    for (const struct dirent *f; d && (f = readdir(d));) {
        if (!look(dir, f->d_name, tail, &one))
            continue;
        one.bytes = bytes_of(dir, one.name);
        all = mem_resize(all, n + 1, sizeof *all);
        all[n++] = one;
    }
    if (n > 0)
        qsort(all, n, sizeof *all, newest_first);
    *ret = all;
    *ret_n = n;
    return 0;
}

void folder_clean(const char *dir, const char *instance_id) {
    char tail[FOLDER_TAIL + 1];
    CLEANUP(closedirp) DIR *d = opendir(dir);
    tail_of(tail, instance_id);
    for (const struct dirent *f; d && (f = readdir(d));) {
        if (!str_starts(f->d_name, FOLDER_PART) || !str_ends(f->d_name, tail))
            continue;
        AUTO_FREE char *path = mem_printf("%s/%s", dir, f->d_name);
        folder_drop(path);
    }
}

/* Hidden first: a removal that is cut off in the middle leaves no entry that
 * looks whole. */
static void remove_one(const char *dir, const char *name) {
    AUTO_FREE char *path = mem_printf("%s/%s", dir, name);
    AUTO_FREE char *part = mem_printf("%s/" FOLDER_PART "%s", dir, name);
    if (rename(path, part) == 0)
        folder_drop(part);
}

int folder_trim(const char *dir, const char *instance_id,
                enum manifest_kind kind, int64_t keep) {
    struct folder_entry *all = NULL;
    size_t n = 0;
    int64_t seen = 0;
    int removed = 0;
    if (folder_list(dir, instance_id, &all, &n, NULL) < 0)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (!all[i].ours || all[i].kind != kind || ++seen <= keep)
            continue;
        remove_one(dir, all[i].name);
        removed++;
    }
    free(all);
    return removed;
}
