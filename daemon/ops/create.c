/* Happy path: the database is copied at one moment, its rows are summed, the
 * copy is moved or sealed into a hidden folder, stored files (create_files.c)
 * and the manifest follow, all is synced, and one rename makes it a backup;
 * then old ones go. Failure modes: whatever fails, the hidden folder goes;
 * whatever kills us, it stays hidden and goes with the next backup. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/backup.h"
#include "ops/making.h"

static int64_t size_of(const char *folder, const char *name) {
    AUTO_FREE char *path = mem_printf("%s/%s", folder, name);
    struct stat st;
    return stat(path, &st) < 0 ? 0 : (int64_t)st.st_size;
}

/* --- one file ----------------------------------------------------------- */

/* Into the backup, through the vault; *ret_n bytes of that sha. */
static int pour(struct making *mk, int fd, struct vault_out *out,
                int64_t *ret_n) {
    AUTO_FREE uint8_t *piece = mem_alloc(VAULT_PIECE);
    ssize_t n;
    *ret_n = 0;
    while ((n = read(fd, piece, VAULT_PIECE)) > 0) {
        int rc = vault_write(out, piece, (size_t)n, &mk->t->error);
        if (rc == 0)
            rc = task_go_on(mk->t, mk->kib + (*ret_n >> 10));
        if (rc < 0)
            return rc;
        *ret_n += n;
    }
    if (n < 0)
        return error_set(&mk->t->error, ERR_IO, "", "a file cannot be read: %s",
                         strerror(errno));
    return 0;
}

/* Make the folders above the file. */
static int make_above(const char *path, struct error *e) {
    AUTO_FREE char *folder = mem_dup(path);
    *strrchr(folder, '/') = '\0';
    return folder_make(folder, e);
}

int making_put(struct making *mk, const char *from, const char *name) {
    struct error *e = &mk->t->error;
    AUTO_FREE char *to = mem_printf("%s/%s%s", mk->part, name,
                                    mk->key.sealed ? FOLDER_SEALED : "");
    uint8_t sha[VAULT_SHA];
    struct vault_out *out;
    int64_t n;
    AUTO_FD int fd = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return error_set(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, from,
                         "%s cannot be read: %s", from, strerror(errno));
    int rc = make_above(to, e);
    if (rc == 0)
        rc = vault_create(to, &mk->key, name, &out, e);
    if (rc < 0)
        return rc;
    rc = pour(mk, fd, out, &n);
    if (rc < 0) {
        vault_drop(out);
        return rc;
    }
    rc = vault_finish(out, sha, e);
    if (rc == 0)
        manifest_add(mk->m, name, n, sha);
    mk->kib += n >> 10;
    return rc;
}

/* The sum of a file that is in its place already. */
static int sum_file(struct making *mk, const char *path, const char *name) {
    AUTO_FREE uint8_t *piece = mem_alloc(VAULT_PIECE);
    struct vault_key plain = {0};
    struct vault_in *in;
    uint8_t sha[VAULT_SHA];
    int64_t n, all = 0;
    int rc = vault_open(path, &plain, name, &in, &mk->t->error);
    if (rc < 0)
        return rc;
    while ((n = vault_read(in, piece, VAULT_PIECE, &mk->t->error)) > 0) {
        all += n;
        rc = task_go_on(mk->t, mk->kib + (all >> 10));
        if (rc < 0)
            break;
    }
    vault_close(in, sha);
    mk->kib += all >> 10;
    if (rc < 0 || n < 0)
        return rc < 0 ? rc : (int)n;
    manifest_add(mk->m, name, all, sha);
    return 0;
}

/* --- database ----------------------------------------------------------- */

static int look_into(struct making *mk, const char *path) {
    struct task *t = mk->t;
    struct db_watch w = task_watch(t);
    struct db_copy *c;
    int rc = db_copy_open(path, t->env, &c, &t->error);
    if (rc < 0)
        return rc;
    task_step(t, BACKUP_STEP_SUM, 0);
    rc = db_copy_identity(c, &mk->m->id);
    if (rc == 0)
        rc = db_copy_sums(c, &w, &mk->m->tables, &mk->m->n_tables);
    if (rc == 0)
        rc = db_copy_files(c, &mk->named);
    db_copy_close(c);
    return rc;
}

/* Where nothing is sealed the copy is made in its place; else in the data
 * folder, beside the database that is as plain: nothing plain ever lies in the
 * folder of backups. */
static int put_database(struct making *mk) {
    struct task *t = mk->t;
    struct db_watch w = task_watch(t);
    AUTO_FREE char *from = mem_printf("%s/" TASK_DB, t->data);
    AUTO_FREE char *copy =
        mem_printf("%s/" TASK_DB, mk->key.sealed ? mk->stage : mk->part);
    int64_t bytes =
        size_of(t->data, TASK_DB) + size_of(t->data, TASK_DB "-wal");
    int rc = mk->key.sealed ? folder_make(mk->stage, &t->error) : 0;
    if (rc == 0 && mk->key.sealed)
        rc = folder_space(mk->stage, bytes, &t->error);
    if (rc == 0)
        rc = folder_space(mk->part, bytes, &t->error);
    task_step(t, BACKUP_STEP_COPY, 0);
    if (rc == 0)
        rc = db_copy_take(from, copy, t->env, &w, &t->error);
    if (rc == 0)
        rc = look_into(mk, copy);
    task_step(t, BACKUP_STEP_WRITE, bytes >> 10);
    if (rc < 0)
        return rc;
    return mk->key.sealed ? making_put(mk, copy, TASK_DB)
                          : sum_file(mk, copy, TASK_DB);
}

/* --- the whole ---------------------------------------------------------- */

static int put_manifest(struct making *mk) {
    AUTO_BUF struct buf text = BUF_INIT;
    AUTO_FREE char *path = mem_printf("%s/manifest%s", mk->part,
                                      mk->key.sealed ? FOLDER_SEALED : "");
    struct vault_out *out;
    manifest_write(mk->m, &text);
    int rc = vault_create(path, &mk->key, "manifest", &out, &mk->t->error);
    if (rc < 0)
        return rc;
    rc = vault_write(out, text.data, text.len, &mk->t->error);
    if (rc < 0) {
        vault_drop(out);
        return rc;
    }
    return vault_finish(out, NULL, &mk->t->error);
}

/* From here on it is a backup. */
static int publish(struct making *mk) {
    struct task *t = mk->t;
    AUTO_FREE char *path = mem_printf("%s/%s", t->dir, mk->m->name);
    int rc = folder_sync(mk->part);
    if (rc == 0 && rename(mk->part, path) < 0)
        rc = ERR_IO;
    if (rc == 0)
        rc = folder_sync(t->dir);
    if (rc < 0)
        return error_set(&t->error, rc, path, "%s cannot be written: %s", path,
                         strerror(errno));
    return 0;
}

static int make(struct making *mk) {
    struct task *t = mk->t;
    int rc = folder_make(mk->part, &t->error);
    if (rc == 0 && t->kind != MANIFEST_STORAGE)
        rc = put_database(mk);
    if (rc == 0 && t->kind != MANIFEST_DATABASE)
        rc = making_put_stored(mk);
    if (rc == 0)
        rc = put_manifest(mk);
    if (rc == 0)
        rc = task_go_on(t, 0);
    return rc < 0 ? rc : publish(mk);
}

/* Names are the order in which old ones go: a new one stands behind all there
 * are, also when two are made within a second or the clock was set back, or it
 * would be the first to go. */
static int choose_name(struct making *mk) {
    struct task *t = mk->t;
    AUTO_FREE struct folder_entry *all = NULL;
    size_t n;
    int64_t ms = t->now_ms;
    int rc = folder_list(t->dir, t->instance_id, &all, &n, &t->error);
    for (size_t i = n; rc == 0 && i-- > 0;) { /* newest last */
        if (!all[i].ours)
            continue;
        if (all[i].created_ms + 1000 > ms)
            ms = all[i].created_ms + 1000;
        if (all[i].kind != MANIFEST_DATABASE && !all[i].sealed)
            (void)str_copy(mk->before, sizeof mk->before, all[i].name);
    }
    folder_name(mk->m->name, ms, t->kind, t->instance_id);
    mk->m->created_ms = t->now_ms;
    return rc;
}

static int make_key(struct task *t, struct vault_key *ret) {
    AUTO_FREE char *passphrase = NULL;
    if (t->passphrase_file) {
        int rc = vault_passphrase(t->passphrase_file, &passphrase, &t->error);
        if (rc < 0)
            return rc;
    }
    vault_key_new(passphrase, ret);
    if (passphrase)
        mem_wipe(passphrase, strlen(passphrase));
    return 0;
}

static void count(struct backup_result *r) {
    for (size_t i = 0; i < r->m.n_files; i++)
        r->bytes += r->m.files[i].bytes;
    for (int i = 0; i < r->m.n_tables; i++)
        r->rows += r->m.tables[i].rows;
}

int task_create(struct task *t) {
    struct making mk = {.t = t, .m = &t->r.m};
    int rc = make_key(t, &mk.key);
    if (rc == 0)
        rc = folder_make(t->dir, &t->error);
    if (rc < 0)
        return rc;
    folder_clean(t->dir, t->instance_id);
    mk.m->kind = t->kind;
    (void)str_copy(mk.m->program, sizeof mk.m->program, FULEXO_VERSION);
    (void)str_copy(mk.m->id.instance_id, sizeof mk.m->id.instance_id,
                   t->instance_id);
    rc = choose_name(&mk);
    if (rc < 0) {
        vault_key_done(&mk.key);
        return rc;
    }
    mk.part = mem_printf("%s/" FOLDER_PART "%s", t->dir, mk.m->name);
    mk.stage = mem_printf("%s/" TASK_STAGE, t->data);
    rc = make(&mk);
    folder_drop(mk.stage);
    if (rc < 0)
        folder_drop(mk.part);
    else
        t->r.removed = folder_trim(t->dir, t->instance_id, t->kind, t->keep);
    t->r.sealed = mk.key.sealed;
    count(&t->r);
    t->r.lost = manifest_lost(mk.m, mk.named.data, mk.named.len);
    buf_done(&mk.named);
    vault_key_done(&mk.key);
    free(mk.part);
    free(mk.stage);
    return rc;
}
