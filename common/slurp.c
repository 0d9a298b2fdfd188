#include "common/slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/err.h"

int slurp(const char *path, size_t max, struct buf *out) {
    struct stat st;
    size_t before = out->len;
    /* a pipe somebody left there must not hold us */
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) < 0)
        return ERR_IO;
    if (!S_ISREG(st.st_mode))
        return ERR_INVALID;
    for (;;) {
        char bytes[65536];
        ssize_t n = read(fd, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            return 0;
        bool fits = n > 0 && (size_t)n <= max - (out->len - before);
        if (!fits) {
            buf_truncate(out, before);
            return n < 0 ? ERR_IO : ERR_TOO_BIG;
        }
        buf_add(out, bytes, (size_t)n);
    }
}
