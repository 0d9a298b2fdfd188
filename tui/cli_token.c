#include "tui/cli_token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/err.h"
#include "common/mem.h"
#include "common/paths.h"

enum { FILE_MAX = 64 * 1024 };

static void wipe(struct buf *b) {
    if (b->data)
        mem_wipe(b->data, b->cap);
    buf_done(b);
}

static int read_all(const char *path, struct buf *ret) {
    struct stat st;
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
        return ERR_IO;
    if (st.st_mode & 077)
        return ERR_DENIED; /* take it for known: it is not used */
    char *at = buf_reserve(ret, FILE_MAX);
    ssize_t n = read(fd, at, FILE_MAX);
    if (n < 0)
        return ERR_IO;
    buf_added(ret, (size_t)n);
    return 0;
}

/* The word behind "SOCKET " in a line of its own; NULL: none. */
static const char *find(const char *text, const char *socket) {
    size_t n = strlen(socket);
    for (const char *line = text; line && *line;) {
        if (strncmp(line, socket, n) == 0 && line[n] == ' ')
            return line + n + 1;
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return NULL;
}

int cli_token_read(const char *file, const char *socket, struct buf *ret) {
    AUTO_FREE char *own = file ? NULL : paths_user_state("login");
    struct buf text = BUF_INIT;
    int rc = read_all(file ? file : own, &text);
    const char *at = rc < 0 ? NULL
                     : file ? buf_str(&text)
                            : find(buf_str(&text), socket);
    size_t n = at ? strcspn(at, " \r\n") : 0;
    buf_add(ret, at, n);
    wipe(&text);
    return rc < 0 ? rc : n ? 0 : ERR_NOT_FOUND;
}

/* Lines of other daemons, as they are. */
static void copy_others(const char *text, const char *socket, struct buf *out) {
    size_t n = strlen(socket);
    while (*text) {
        size_t line = strcspn(text, "\n");
        if (line && !(strncmp(text, socket, n) == 0 && text[n] == ' '))
            buf_addf(out, "%.*s\n", (int)line, text);
        text += line + (text[line] == '\n');
    }
}

/* Made whole beside it, then renamed: a full disk loses no session. */
static int write_all(const char *path, const struct buf *text) {
    AUTO_FREE char *fresh = mem_printf("%s.new", path);
    (void)unlink(fresh); /* left by a run that was ended */
    AUTO_FD int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, buf_str(text), text->len) != (ssize_t)text->len ||
        rename(fresh, path) < 0)
        return ERR_IO;
    return 0;
}

static void make_folders(const char *path) {
    AUTO_FREE char *p = mem_dup(path);
    for (char *slash = p + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        (void)mkdir(p, 0700); /* there already, or write_all tells */
        *slash = '/';
    }
}

int cli_token_keep(const char *socket, const char *token) {
    AUTO_FREE char *path = paths_user_state("login");
    struct buf before = BUF_INIT, after = BUF_INIT;
    int rc = read_all(path, &before);
    if (rc >= 0)
        copy_others(buf_str(&before), socket, &after);
    if (token)
        buf_addf(&after, "%s %s\n", socket, token);
    make_folders(path);
    rc = write_all(path, &after);
    wipe(&before);
    wipe(&after);
    return rc;
}
