/* The ring's file: a line a key, "<id> <64 hex digits>", oldest first; '#'
 * begins a comment. Made whole under another name, synced, then renamed. */
#include "auth/seal_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "auth/seal.h"
#include "common/digest.h"
#include "common/mem.h"

enum { FILE_MAX = 16 * 1024 };

static int io(struct error *e, const char *path, const char *what) {
    return error_set(e, ERR_IO, path, "The key ring could not be %s: %s.", what,
                     strerror(errno));
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

static bool read_hex(const char *s, uint8_t key[SEAL_KEY]) {
    for (size_t i = 0; i < SEAL_KEY; i++) {
        int hi = hex_digit(s[2 * i]);
        int lo = hi < 0 ? -1 : hex_digit(s[2 * i + 1]);
        if (lo < 0)
            return false;
        key[i] = (uint8_t)(hi << 4 | lo);
    }
    return true;
}

static bool read_line(const char *s, struct seal_ring *r) {
    unsigned id = 0;
    int used = 0;
    if (*s == '#' || *s == 0)
        return true;
    if (r->n == SEAL_MAX_KEYS || sscanf(s, "%9u %n", &id, &used) != 1)
        return false;
    struct seal_key *k = &r->keys[r->n];
    k->id = id;
    if (strlen(s + used) != (size_t)2 * SEAL_KEY || !read_hex(s + used, k->key))
        return false;
    r->n++;
    return true;
}

static int parse(char *text, const char *path, struct seal_ring *r,
                 struct error *e) {
    char *rest = text;
    char *line;
    int at = 0;
    while ((line = strsep(&rest, "\n"))) {
        at++;
        if (!read_line(line, r))
            return error_set(e, ERR_CONFIG, path,
                             "Line %d of the key ring is damaged.", at);
    }
    if (r->n == 0)
        return error_set(e, ERR_CONFIG, path, "The key ring holds no key.");
    return 0;
}

static int check_mode(int fd, const char *path, struct error *e) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return io(e, path, "read");
    if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
        return error_set(e, ERR_CONFIG, path, "This is no key ring.");
    if (st.st_mode & 077)
        return error_set(e, ERR_DENIED, path,
                         "The key ring is open to others (mode %03o): run "
                         "chmod 600 on it.",
                         (unsigned)(st.st_mode & 0777));
    return 0;
}

static int read_file(int fd, const char *path, struct seal_ring *r,
                     struct error *e) {
    char text[FILE_MAX + 1];
    size_t n = 0;
    ssize_t got;
    int rc = check_mode(fd, path, e);
    if (rc < 0)
        return rc;
    while (n < FILE_MAX && (got = read(fd, text + n, FILE_MAX - n)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return io(e, path, "read");
        n += (size_t)got;
    }
    text[n] = 0;
    rc = parse(text, path, r, e);
    mem_wipe(text, sizeof text);
    return rc;
}

static int sync_folder(const char *path) {
    AUTO_FREE char *folder = mem_dup(path);
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = 0;
    AUTO_FD int fd = open(slash ? folder : ".", O_RDONLY | O_CLOEXEC);
    return fd < 0 || fsync(fd) != 0 ? -1 : 0;
}

static int write_file(const char *path, const char *text, struct error *e) {
    AUTO_FREE char *temp = mem_printf("%s.new", path);
    (void)unlink(temp); /* left by a crash */
    AUTO_FD int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    size_t n = strlen(text);
    if (fd < 0)
        return io(e, path, "created");
    if (write(fd, text, n) != (ssize_t)n || fsync(fd) != 0 ||
        rename(temp, path) != 0 || sync_folder(path) != 0) {
        int rc = io(e, path, "written");
        (void)unlink(temp);
        return rc;
    }
    return 0;
}

static const char heading[] =
    "# Fulexo key ring: without it no shop key can be read. Keep a copy apart "
    "from backups.\n";

void seal_ring_text(const struct seal_ring *r, struct buf *out) {
    char hex[2 * SEAL_KEY + 1];
    buf_adds(out, heading);
    for (size_t i = 0; i < r->n; i++) {
        digest_hex(r->keys[i].key, SEAL_KEY, hex);
        buf_addf(out, "%u %s\n", (unsigned)r->keys[i].id, hex);
    }
    mem_wipe(hex, sizeof hex);
}

static int save(const struct seal_ring *r, const char *path, struct error *e) {
    struct buf text = BUF_INIT;
    seal_ring_text(r, &text);
    int rc = write_file(path, buf_str(&text), e);
    seal_wipe(&text);
    return rc;
}

static int create(const char *path, struct seal_ring *r, struct error *e) {
    r->keys[0].id = 1;
    digest_random(r->keys[0].key, SEAL_KEY);
    r->n = 1;
    return save(r, path, e);
}

int seal_ring_add(struct seal_ring *r, struct error *e) {
    size_t n = r->n;
    if (n == SEAL_MAX_KEYS)
        return error_set(e, ERR_TOO_BIG, "",
                         "the ring holds %d keys, no more: remove from "
                         "master.key what no backup you keep needs, with the "
                         "daemon stopped",
                         SEAL_MAX_KEYS);
    struct seal_ring *wider = NEW(struct seal_ring);
    memcpy(wider->keys, r->keys, sizeof r->keys);
    wider->keys[n].id = r->keys[n - 1].id + 1;
    digest_random(wider->keys[n].key, SEAL_KEY);
    wider->n = n + 1;
    int rc = r->path ? save(wider, r->path, e) : 0;
    if (rc >= 0) {
        r->keys[n] = wider->keys[n];
        r->n = n + 1;
    }
    seal_ring_free(wider);
    return rc;
}

uint32_t seal_ring_newest(const struct seal_ring *r) {
    return r->keys[r->n - 1].id;
}

size_t seal_ring_count(const struct seal_ring *r) {
    return r->n;
}

int seal_ring_open(const char *path, struct seal_ring **ret, struct error *e) {
    struct seal_ring *r = NEW(struct seal_ring);
    AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int rc;
    if (fd >= 0)
        rc = read_file(fd, path, r, e);
    else if (errno == ENOENT)
        rc = create(path, r, e);
    else
        rc = io(e, path, "opened");
    if (rc < 0)
        seal_ring_free(r);
    else {
        r->path = mem_dup(path);
        *ret = r;
    }
    return rc;
}
