/* What is in the folder of files and in no row. A folder that cannot be read is
 * passed over: nothing is lost by a file that stays. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/file_store.h"

enum { PATH = 768, HEX = 2 * FILE_SHA };

DEFINE_CLEANUP(DIR *, dir_closep, closedir)

static int digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

static bool from_hex(const char *hex, uint8_t sha[FILE_SHA]) {
    for (int i = 0; i < FILE_SHA; i++) {
        int high = digit(hex[2 * i]);
        int low = high < 0 ? -1 : digit(hex[2 * i + 1]);
        if (low < 0)
            return false;
        sha[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* Does a row name it? What has no name of ours is nobody's: left alone. */
static int is_used(struct db_tx *tx, int slice, const char *name) {
    char hex[HEX + 8];
    uint8_t sha[FILE_SHA];
    int64_t one;
    if (strlen(name) != HEX - 2)
        return 1;
    (void)str_format(hex, sizeof hex, "%02x%s", (unsigned)slice, name);
    if (!from_hex(hex, sha))
        return 1;
    return db_value(tx, STMT_FILE_KNOWN, &one, "b", sha, sizeof sha);
}

static int sweep(struct db_tx *tx, const char *path, int slice) {
    CLEANUP(dir_closep) DIR *d = opendir(path);
    int64_t before = db_now(tx) - FILE_KEPT_MS;
    struct stat st;
    int gone = 0;
    for (const struct dirent *f = d ? readdir(d) : NULL; f; f = readdir(d)) {
        if (f->d_name[0] == '.' ||
            fstatat(dirfd(d), f->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
            (int64_t)st.st_mtim.tv_sec * 1000 >= before)
            continue;
        int used = slice < 0 ? 0 : is_used(tx, slice, f->d_name);
        if (used < 0)
            return used;
        gone += !used && unlinkat(dirfd(d), f->d_name, 0) == 0;
    }
    return gone;
}

int file_sweep(struct db_tx *tx, const char *data, int from, int n) {
    char path[PATH];
    int64_t before = db_now(tx) - FILE_KEPT_MS;
    int gone = 0;
    int rc = db_run(tx, STMT_FILE_FORGET, "i", before);
    (void)str_format(path, sizeof path, "%s/files/part", data);
    if (rc >= 0)
        rc = gone = sweep(tx, path, -1);
    for (int i = from; rc >= 0 && i < from + n; i++) {
        (void)str_format(path, sizeof path, "%s/files/%02x", data,
                         (unsigned)i % FILE_SLICES);
        rc = sweep(tx, path, i % FILE_SLICES);
        gone += rc < 0 ? 0 : rc;
    }
    return rc < 0 ? rc : gone;
}
