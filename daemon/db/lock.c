/* Two daemons on one file would each answer "ok" for what the other overwrites.
 * flock, not a pid file: the kernel lets go of it with the process, however it
 * died, and nothing stale has to be judged. */
#include "db/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"

enum { HEADER = 100, AT_PAGE_SIZE = 16, AT_APPLICATION_ID = 68 };

/* Who holds it, as they wrote it into the file: for the sentence only. */
static int locked_by_another(int fd, const char *path, struct error *e) {
    char pid[24] = "";
    ssize_t n = pread(fd, pid, sizeof pid - 1, 0);
    pid[n > 0 ? n : 0] = '\0';
    pid[strcspn(pid, "\n")] = '\0';
    return error_set(e, ERR_LOCKED, path,
                     "another fulexod (process %s) is using %s: stop it first, "
                     "or give this one its own folder with --data",
                     pid[0] ? pid : "unknown", path);
}

int lock_take(const char *path, int *ret_fd, struct error *e) {
    AUTO_FREE char *name = mem_printf("%s.lock", path);
    AUTO_FD int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(e, ERR_IO, name,
                         "cannot create %s: %s; the folder must exist and "
                         "belong to the user fulexod runs as",
                         name, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno == EWOULDBLOCK)
            return locked_by_another(fd, path, e);
        return error_set(e, ERR_IO, name, "cannot lock %s: %s", name,
                         strerror(errno));
    }
    char pid[24];
    (void)str_format(pid, sizeof pid, "%ld\n", (long)getpid());
    ssize_t len = (ssize_t)strlen(pid);
    if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, (size_t)len, 0) != len)
        return error_set(e, errno == ENOSPC ? ERR_DISK_FULL : ERR_IO, name,
                         "cannot write %s: %s", name, strerror(errno));
    *ret_fd = TAKE_FD(fd);
    return 0;
}

static uint32_t be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

static bool page_size_good(const uint8_t *h) {
    unsigned n = (unsigned)h[AT_PAGE_SIZE] << 8 | h[AT_PAGE_SIZE + 1];
    return n == 1 || (n >= 512 && (n & (n - 1)) == 0);
}

static int judge_header(const uint8_t *h, ssize_t n, const char *path,
                        struct error *e) {
    if (n < HEADER || memcmp(h, "SQLite format 3", 16) != 0 ||
        !page_size_good(h))
        return error_set(e, ERR_DB_CORRUPT, path,
                         "%s is not a database, or its beginning is damaged: "
                         "keep a copy of it, then restore a backup; nothing "
                         "was changed",
                         path);
    uint32_t id = be32(h + AT_APPLICATION_ID);
    if (id != 0 && id != DB_APPLICATION_ID)
        return error_set(e, ERR_DB, path,
                         "%s belongs to another program: give fulexod a "
                         "folder of its own with --data",
                         path);
    return 0;
}

int header_check(const char *path, struct error *e) {
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd < 0)
        return error_set(e, ERR_IO, path,
                         "cannot read %s: %s; check its owner and rights", path,
                         strerror(errno));
    struct stat st;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return error_set(e, ERR_IO, path, "%s is not a file", path);
    uint8_t h[HEADER];
    ssize_t n = pread(fd, h, sizeof h, 0);
    if (n < 0)
        return error_set(e, ERR_IO, path, "cannot read %s: %s", path,
                         strerror(errno));
    return n == 0 ? 0 : judge_header(h, n, path, e);
}
