/* Which file this is. A file at another path, inode or machine than at the
 * last start is a copy or a restored backup: its epoch grows, so that what it
 * would send twice is held back. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/env.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/ulid.h"
#include "db/conn.h"
#include "db/db.h"
#include "db/lock.h"

/* Text of a meta row into dst; 1 found, 0 not. */
static int meta_get(struct db_tx *tx, const char *key, char *dst, size_t size) {
    struct db_rows *rows AUTO_ROWS = NULL;
    int rc = db_query(tx, STMT_META_GET, &rows, "s", key);
    if (rc == 0)
        rc = db_step(rows);
    if (rc == 1)
        (void)str_copy(dst, size, db_text(rows, 0));
    return rc;
}

static void machine_id(char dst[33]) {
    dst[0] = '\0';
    AUTO_FD int fd = open("/etc/machine-id", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, dst, 32) : 0;
    dst[n > 0 ? n : 0] = '\0';
}

/* "machine inode path". */
static char *origin_of(const char *path) {
    char machine[33];
    machine_id(machine);
    struct stat st = {0};
    AUTO_FREE char *real = realpath(path, NULL);
    if (stat(path, &st) < 0)
        st.st_ino = 0; /* in memory */
    return mem_printf("%s %llu %s", machine, (unsigned long long)st.st_ino,
                      real ? real : path);
}

static int load_instance(struct db_tx *tx, const struct env *env,
                         struct db_identity *ret) {
    int rc =
        meta_get(tx, "instance_id", ret->instance_id, sizeof ret->instance_id);
    if (rc != 0)
        return rc;
    uint8_t random[10];
    env->random(env->self, random, sizeof random);
    ulid_format(ret->instance_id, db_now(tx), random);
    return db_run(tx, STMT_META_SET, "ss", "instance_id", ret->instance_id);
}

static int load_epoch(struct db_tx *tx, const char *origin,
                      struct db_identity *ret) {
    char was[4200], text[24];
    int rc = meta_get(tx, "origin", was, sizeof was);
    if (rc < 0)
        return rc;
    ret->moved = rc == 1 && !str_eq(was, origin);
    rc = meta_get(tx, "epoch", text, sizeof text);
    if (rc < 0)
        return rc;
    ret->epoch = 1;
    if (rc == 1 && str_to_i64(text, 1, INT64_MAX - 1, &ret->epoch) < 0)
        return ERR_DB_CORRUPT;
    ret->epoch += ret->moved;
    (void)str_format(text, sizeof text, "%lld", (long long)ret->epoch);
    rc = db_run(tx, STMT_META_SET, "ss", "epoch", text);
    /* In the transaction that makes this place the file's own: a crash behind
     * it must not lose that what the file wants to send may be sent already. */
    if (rc >= 0 && ret->moved)
        rc = db_run(tx, STMT_META_SET, "ss", "held", "2");
    if (rc < 0)
        return rc;
    return db_run(tx, STMT_META_SET, "ss", "origin", origin);
}

int identity_load(struct db_conn *c, const char *path, const struct env *env,
                  struct db_identity *ret, struct error *e) {
    AUTO_FREE char *origin = origin_of(path);
    int rc = conn_fixed(c, CONN_BEGIN_WRITE);
    if (rc == 0) {
        struct db_tx tx = conn_tx(c, true);
        rc = load_instance(&tx, env, ret);
        if (rc >= 0)
            rc = load_epoch(&tx, origin, ret);
        conn_reset(c);
        int ended = conn_fixed(c, rc < 0 ? CONN_ROLLBACK : CONN_COMMIT);
        rc = rc < 0 ? rc : ended;
    }
    if (rc < 0)
        return error_set(e, rc, path, "cannot write to %s: %s", path,
                         conn_message(c));
    return 0;
}
