/* The old file gets its second name first; then one rename puts the copy in its
 * place, so that there is no moment without a database: an empty one would be
 * made in the gap and nobody would know. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "db/backup.h"
#include "db/lock.h"

/* A log that outlived its database holds pages that are not in the file: laid
 * over another file they would destroy it. */
static int no_log(const char *path, struct error *e) {
    AUTO_FREE char *wal = mem_printf("%s-wal", path);
    AUTO_FREE char *shm = mem_printf("%s-shm", path);
    struct stat st;
    if (stat(wal, &st) == 0 && st.st_size > 0)
        return error_set(e, ERR_LOCKED, wal,
                         "%s was not closed: its log %s is still there", path,
                         wal);
    (void)unlink(wal);
    (void)unlink(shm);
    return 0;
}

static int sync_folder(const char *path) {
    AUTO_FREE char *copy = mem_dup(path);
    AUTO_FD int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? 0 : ERR_IO;
}

int db_swap(const char *path, const char *copy, const char *kept,
            struct error *e) {
    AUTO_FD int lock = -1;
    int rc = lock_take(path, &lock, e);
    if (rc == 0)
        rc = no_log(path, e);
    if (rc == 0)
        rc = no_log(copy, e);
    if (rc < 0)
        return rc;
    if (link(path, kept) < 0 || rename(copy, path) < 0)
        return error_set(e, ERR_IO, path, "%s cannot take the place of %s: %s",
                         copy, path, strerror(errno));
    if (sync_folder(path) < 0)
        return error_set(e, ERR_IO, path, "the folder of %s: %s", path,
                         strerror(errno));
    return 0;
}
