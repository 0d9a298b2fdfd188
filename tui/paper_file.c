#include "tui/paper_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/err.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/captive.h"

enum { TRIES = 99, NAME_MAX_ = 120 };

/* The daemon says it; a path it is not. */
static bool is_name(const char *s) {
    return *s && *s != '.' && *s != '-' && !strchr(s, '/') &&
           strlen(s) <= NAME_MAX_;
}

static int code_of(int err) {
    return err == EEXIST                    ? ERR_EXISTS
           : err == ENOSPC || err == EDQUOT ? ERR_DISK_FULL
                                            : ERR_IO;
}

static int write_all(int fd, const char *p, size_t n) {
    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return code_of(errno);
        p += done;
        n -= (size_t)done;
    }
    return 0;
}

/* Names and addresses are in it: only for its owner. */
static int save_as(const char *path, const void *data, size_t n) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return code_of(errno);
    int rc = write_all(fd, data, n);
    if (close(fd) < 0 && rc == 0)
        rc = code_of(errno);
    if (rc < 0)
        (void)unlink(path); /* a half paper is none */
    return rc;
}

/* "slip.pdf", "slip-2.pdf" .. */
static void numbered(struct buf *out, const char *name, int i) {
    const char *dot = strrchr(name, '.');
    size_t stem = dot ? (size_t)(dot - name) : strlen(name);
    buf_clear(out);
    buf_add(out, name, stem);
    if (i > 1)
        buf_addf(out, "-%d", i);
    buf_adds(out, name + stem);
}

int paper_file_save(const char *name, const void *data, size_t n,
                    struct buf *ret) {
    AUTO_BUF struct buf path = BUF_INIT;
    int rc = ERR_EXISTS;
    if (captive())
        return ERR_DENIED;
    if (!is_name(name))
        return ERR_INVALID;
    for (int i = 1; i <= TRIES && rc == ERR_EXISTS; i++) {
        numbered(&path, name, i);
        rc = save_as(buf_str(&path), data, n);
    }
    if (rc < 0)
        return rc;
    AUTO_FREE char *folder = getcwd(NULL, 0);
    buf_addf(ret, "%s/%s", folder ? folder : ".", buf_str(&path));
    return 0;
}
