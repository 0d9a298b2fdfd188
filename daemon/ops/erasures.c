#include "ops/erasures.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/err.h"
#include "common/mem.h"

static int io_error(void) {
    return errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : ERR_IO;
}

static int write_all(int fd, const char *data, size_t n) {
    while (n > 0) {
        ssize_t done = write(fd, data, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return io_error();
        data += done;
        n -= (size_t)done;
    }
    return 0;
}

/* A line that was cut off must not swallow the next. */
static bool cut_off(int fd) {
    char last;
    off_t end = lseek(fd, 0, SEEK_END);
    return end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

static int sync_folder(const char *data) {
    AUTO_FD int fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? 0 : ERR_IO;
}

int erasures_append(const char *data, const char *line) {
    AUTO_FREE char *path = mem_printf("%s/" ERASURES_FILE, data);
    AUTO_BUF struct buf text = BUF_INIT;
    AUTO_FD int fd =
        open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return io_error();
    buf_addf(&text, "%s%s\n", cut_off(fd) ? "\n" : "", line);
    int rc = write_all(fd, text.data, text.len);
    if (rc >= 0 && fsync(fd) < 0)
        rc = io_error();
    return rc < 0 ? rc : sync_folder(data);
}

int erasures_each(const char *data,
                  int (*fn)(const char *line, size_t n, void *arg), void *arg) {
    AUTO_FREE char *path = mem_printf("%s/" ERASURES_FILE, data);
    AUTO_FREE char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int rc = 0;
    FILE *f = fopen(path, "re");
    if (!f)
        return errno == ENOENT ? 0 : ERR_IO;
    while (rc >= 0 && (n = getline(&line, &room, f)) > 0) {
        while (n > 0 && line[n - 1] == '\n')
            n--;
        if (n > 0)
            rc = fn(line, (size_t)n, arg);
    }
    if (rc >= 0 && ferror(f))
        rc = ERR_IO;
    (void)fclose(f); /* only read */
    return rc < 0 ? rc : 0;
}
