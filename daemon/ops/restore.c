/* Happy path: the backup is checked into a side folder beside the database, its
 * copy is told who restored it and that its epoch has gone on; the owner of the
 * database closes it and backup_swap puts the copy in its place.
 * Failure modes: until the one rename of db_swap the old database is the
 * database, and what a crash leaves of the side folder goes with the next
 * start. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/when.h"
#include "db/backup.h"
#include "ops/task.h"

int task_restore(struct task *t) {
    AUTO_FREE char *side = mem_printf("%s/" TASK_RESTORE_SIDE, t->data);
    AUTO_FREE char *db = mem_printf("%s/" TASK_DB, side);
    int rc = task_unpack(t, side, true);
    /* The epoch of the file that is replaced may have gone further than the
     * backup's: what was sent in it must never look new again. */
    if (rc == 0 && access(db, F_OK) == 0)
        rc = db_copy_prepare(db, t->env, t->epoch, "restored", t->note,
                             &t->error);
    if (rc == 0)
        rc = task_go_on(t, 0);
    if (rc == 0)
        rc = folder_sync(side);
    if (rc < 0)
        folder_drop(side);
    t->r.restarts = rc == 0;
    return rc;
}

/* "20261124-170958". */
static void stamp_of(char dst[FOLDER_NAME], int64_t now_ms) {
    folder_name(dst, now_ms, MANIFEST_FULL, "");
    dst[15] = '\0';
}

static int swap_files(const char *data, const char *side, const char *stamp,
                      struct error *e) {
    AUTO_FREE char *fresh = mem_printf("%s/" TASK_FILES, side);
    AUTO_FREE char *path = mem_printf("%s/" TASK_FILES, data);
    AUTO_FREE char *kept = mem_printf("%s.before-restore-%s", path, stamp);
    if (access(fresh, F_OK) < 0)
        return 0;
    if ((rename(path, kept) < 0 && errno != ENOENT) || rename(fresh, path) < 0)
        return error_set(e, ERR_IO, path, "%s cannot take the place of %s: %s",
                         fresh, path, strerror(errno));
    return 1;
}

static int swap_database(const char *data, const char *side, const char *stamp,
                         struct error *e) {
    AUTO_FREE char *fresh = mem_printf("%s/" TASK_DB, side);
    AUTO_FREE char *path = mem_printf("%s/" TASK_DB, data);
    AUTO_FREE char *kept = mem_printf("%s.before-restore-%s", path, stamp);
    if (access(fresh, F_OK) < 0)
        return 0;
    int rc = db_swap(path, fresh, kept, e);
    return rc < 0 ? rc : 1;
}

int backup_swap(const char *data, int64_t now_ms, struct error *e) {
    AUTO_FREE char *side = mem_printf("%s/" TASK_RESTORE_SIDE, data);
    char stamp[FOLDER_NAME];
    stamp_of(stamp, now_ms);
    int db = swap_database(data, side, stamp, e);
    int files = db < 0 ? db : swap_files(data, side, stamp, e);
    folder_drop(side);
    return files < 0 ? files : db || files;
}
