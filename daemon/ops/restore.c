/* Happy path: the backup is checked into a side folder beside the database, its
 * copy is told who restored it and that its epoch has gone on; the owner of the
 * database closes it and backup_swap puts stored files beside those that are
 * there, then the copy in the database's place.
 * Failure modes: until the one rename of db_swap the old database is the
 * database, and what a crash leaves of the side folder goes with the next
 * start. */
#include <dirent.h>
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

DEFINE_CLEANUP(DIR *, closedirp, (void)closedir)

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

/* One into its place; the same bytes may be there already, and these were
 * checked. */
static int bring_file(const char *from, const char *path, struct error *e) {
    if (rename(from, path) == 0)
        return 0;
    return error_set(e, ERR_IO, path, "%s cannot take the place of %s: %s",
                     from, path, strerror(errno));
}

static int bring_slice(const char *from, const char *to, struct error *e) {
    CLEANUP(closedirp) DIR *d = opendir(from);
    int rc = folder_make(to, e);
    for (const struct dirent *f; rc == 0 && d && (f = readdir(d));) {
        AUTO_FREE char *one = mem_printf("%s/%s", from, f->d_name);
        AUTO_FREE char *path = mem_printf("%s/%s", to, f->d_name);
        if (f->d_name[0] != '.')
            rc = bring_file(one, path, e);
    }
    return rc < 0 ? rc : folder_sync(to);
}

/* Beside those that are there: they are named by what is in them, and what was
 * stored since the backup is named by rows that a storage backup leaves. What
 * no row names goes with a sweep. */
static int bring_files(const char *data, const char *side, struct error *e) {
    AUTO_FREE char *fresh = mem_printf("%s/" TASK_FILES, side);
    AUTO_FREE char *path = mem_printf("%s/" TASK_FILES, data);
    CLEANUP(closedirp) DIR *d = opendir(fresh);
    if (!d)
        return 0;
    int rc = 0;
    for (const struct dirent *f; rc == 0 && (f = readdir(d));) {
        AUTO_FREE char *from = mem_printf("%s/%s", fresh, f->d_name);
        AUTO_FREE char *to = mem_printf("%s/%s", path, f->d_name);
        if (f->d_name[0] != '.')
            rc = bring_slice(from, to, e);
    }
    if (rc == 0)
        rc = folder_sync(path);
    return rc < 0 ? rc : 1;
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
    int files = bring_files(data, side, e);
    int db = files < 0 ? files : swap_database(data, side, stamp, e);
    folder_drop(side);
    return db < 0 ? db : db || files;
}
