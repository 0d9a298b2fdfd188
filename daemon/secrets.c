#include "daemon/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/seal.h"
#include "common/cleanup.h"
#include "common/digest.h"
#include "common/mem.h"

/* mkdir -p; what is made is ours alone. */
static int make_folder(const char *path, struct error *e) {
    AUTO_FREE char *p = mem_dup(path);
    for (char *slash = p + 1; *slash; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        (void)mkdir(p, 0700); /* the last one tells */
        *slash = '/';
    }
    struct stat st;
    if (mkdir(p, 0700) < 0 && errno != EEXIST)
        return error_set(e, ERR_IO, path, "cannot be made: %s",
                         strerror(errno));
    if (stat(p, &st) < 0 || !S_ISDIR(st.st_mode) || access(p, W_OK | X_OK) < 0)
        return error_set(e, ERR_IO, path,
                         "is no folder this account can write to");
    return 0;
}

/* 32 random bytes under a name that appears whole or not at all. */
static int make_key(const char *path, uint8_t key[32], struct error *e) {
    AUTO_FREE char *fresh = mem_printf("%s.new", path);
    digest_random(key, 32);
    AUTO_FD int fd =
        open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, key, 32) != 32 || fsync(fd) < 0 ||
        rename(fresh, path) < 0)
        return error_set(e, ERR_IO, path, "cannot be written: %s",
                         strerror(errno));
    return 0;
}

static int open_key(const char *path, uint8_t key[32], struct error *e) {
    struct stat st;
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return make_key(path, key, e);
    if (fd < 0 || fstat(fd, &st) < 0)
        return error_set(e, ERR_IO, path, "cannot be read: %s",
                         strerror(errno));
    if (st.st_mode & 077)
        return error_set(
            e, ERR_DENIED, path,
            "others can read it: chmod 600, and take it for known");
    if (read(fd, key, 32) != 32)
        return error_set(e, ERR_CONFIG, path,
                         "is damaged: restore it from a backup of the folder");
    return 0;
}

int secrets_open(const char *data, struct secrets *ret, struct error *e) {
    AUTO_FREE char *master = mem_printf("%s/master.key", data);
    AUTO_FREE char *audit = mem_printf("%s/audit.key", data);
    int rc = make_folder(data, e);
    if (rc >= 0)
        rc = open_key(audit, ret->audit, e);
    if (rc >= 0)
        rc = seal_ring_open(master, &ret->ring, e);
    return rc;
}

void secrets_done(struct secrets *s) {
    seal_ring_free(s->ring);
    s->ring = NULL;
    mem_wipe(s->audit, sizeof s->audit);
}
