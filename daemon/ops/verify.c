/* Happy path: the manifest is read; each file is unpacked and its size and
 * SHA-256 compared; the database is opened as a side copy in the data folder:
 * sound, references whole, the sums of its rows as the manifest says, and one
 * sealed value opens with the key ring that is here.
 * Failure modes: all of it is taken for hostile; the side copy goes, whatever
 * comes out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/backup.h"
#include "ops/task.h"

/* A backup that is being read. */
struct reading {
    struct task *t;
    char *path; /* its folder */
    const char *side;
    bool all; /* keep the stored files too */
    struct vault_key key;
    int64_t kib;
};

static int damaged(struct reading *rd, const char *what, const char *name) {
    return error_set(&rd->t->error, ERR_BACKUP_DAMAGED, rd->t->name, "%s: %s",
                     name, what);
}

/* --- manifest ----------------------------------------------------------- */

static int find_key(struct reading *rd, const char *manifest) {
    struct task *t = rd->t;
    AUTO_FREE char *passphrase = NULL;
    if (!t->r.sealed)
        return 0;
    if (!t->passphrase_file)
        return error_set(&t->error, ERR_BACKUP_KEY, "backup.passphrase_file",
                         "%s is sealed: name the file with its passphrase",
                         t->name);
    int rc = vault_passphrase(t->passphrase_file, &passphrase, &t->error);
    if (rc < 0)
        return rc;
    rc = vault_key_of(manifest, passphrase, &rd->key, &t->error);
    mem_wipe(passphrase, strlen(passphrase));
    return rc;
}

static int read_text(struct reading *rd, const char *path, struct buf *text) {
    struct vault_in *in;
    int64_t n;
    struct error *e = &rd->t->error;
    int rc = vault_open(path, &rd->key, "manifest", &in, e);
    if (rc < 0)
        return rc;
    do {
        n = vault_read(in, buf_reserve(text, VAULT_PIECE), VAULT_PIECE, e);
        if (n > 0)
            buf_added(text, (size_t)n);
    } while (n > 0 && text->len <= MANIFEST_MAX);
    vault_close(in, NULL);
    return n < 0 ? (int)n : 0;
}

static int read_manifest(struct reading *rd) {
    struct task *t = rd->t;
    AUTO_BUF struct buf text = BUF_INIT;
    AUTO_FREE char *sealed = mem_printf("%s/manifest" FOLDER_SEALED, rd->path);
    AUTO_FREE char *plain = mem_printf("%s/manifest", rd->path);
    t->r.sealed = access(sealed, F_OK) == 0;
    const char *path = t->r.sealed ? sealed : plain;
    if (access(path, F_OK) < 0)
        return error_set(&t->error, ERR_NOT_FOUND, "name",
                         "there is no backup %s in %s", t->name, t->dir);
    int rc = find_key(rd, path);
    if (rc == 0)
        rc = read_text(rd, path, &text);
    if (rc == 0)
        rc = manifest_read(text.data, text.len, &t->r.m, &t->error);
    return rc;
}

/* --- files -------------------------------------------------------------- */

/* Through the vault, into out when it is wanted; *ret_n bytes. */
static int pour(struct reading *rd, struct vault_in *in, struct vault_out *out,
                int64_t *ret_n) {
    AUTO_FREE uint8_t *piece = mem_alloc(VAULT_PIECE);
    int64_t n;
    *ret_n = 0;
    while ((n = vault_read(in, piece, VAULT_PIECE, &rd->t->error)) > 0) {
        int rc = out ? vault_write(out, piece, (size_t)n, &rd->t->error) : 0;
        *ret_n += n;
        if (rc == 0)
            rc = task_go_on(rd->t, rd->kib + (*ret_n >> 10));
        if (rc < 0)
            return rc;
    }
    return n < 0 ? (int)n : 0;
}

static int begin_out(struct reading *rd, const char *name,
                     struct vault_out **ret) {
    static const struct vault_key plain;
    AUTO_FREE char *to = mem_printf("%s/%s", rd->side, name);
    AUTO_FREE char *above = mem_dup(to);
    *strrchr(above, '/') = '\0';
    int rc = folder_make(above, &rd->t->error);
    return rc < 0 ? rc : vault_create(to, &plain, name, ret, &rd->t->error);
}

static int unpack_file(struct reading *rd, const struct manifest_file *f) {
    AUTO_FREE char *from = mem_printf("%s/%s%s", rd->path, f->path,
                                      rd->t->r.sealed ? FOLDER_SEALED : "");
    struct vault_in *in;
    struct vault_out *out = NULL;
    uint8_t sha[VAULT_SHA];
    char hex[2 * VAULT_SHA + 1];
    int64_t n = 0;
    int rc = vault_open(from, &rd->key, f->path, &in, &rd->t->error);
    if (rc == 0 && (rd->all || str_eq(f->path, TASK_DB)))
        rc = begin_out(rd, f->path, &out);
    else if (rc < 0)
        return rc;
    if (rc == 0)
        rc = pour(rd, in, out, &n);
    vault_close(in, sha);
    if (rc == 0 && out)
        rc = vault_finish(out, NULL, &rd->t->error);
    else
        vault_drop(out);
    if (rc < 0)
        return rc;
    digest_hex(sha, sizeof sha, hex);
    rd->kib += n >> 10;
    return n == f->bytes && str_eq(hex, f->sha)
               ? 0
               : damaged(rd, "it is not what was saved", f->path);
}

static int unpack_all(struct reading *rd) {
    struct task *t = rd->t;
    for (size_t i = 0; i < t->r.m.n_files; i++)
        t->r.bytes += t->r.m.files[i].bytes;
    int rc = folder_make(rd->side, &t->error);
    if (rc == 0)
        rc = folder_space(rd->side, t->r.bytes, &t->error);
    task_step(t, BACKUP_STEP_UNPACK, t->r.bytes >> 10);
    for (size_t i = 0; rc == 0 && i < t->r.m.n_files; i++)
        rc = unpack_file(rd, &t->r.m.files[i]);
    return rc;
}

/* --- database ----------------------------------------------------------- */

static int check_identity(struct reading *rd, struct db_copy *c) {
    const struct db_copy_identity *said = &rd->t->r.m.id;
    struct db_copy_identity id;
    int rc = db_copy_identity(c, &id);
    if (rc < 0)
        return rc;
    if (!str_eq(id.instance_id, said->instance_id) || id.epoch != said->epoch ||
        id.schema != said->schema || id.audit_id != said->audit_id ||
        !str_eq(id.audit_mac, said->audit_mac))
        return damaged(rd, "it is another database than the manifest names",
                       TASK_DB);
    if (id.schema > db_schema_version() && id.compat > db_schema_version())
        return error_set(&rd->t->error, ERR_DB_NEWER, rd->t->name,
                         "it needs schema %lld, this program knows %d",
                         (long long)id.compat, db_schema_version());
    return 0;
}

static int check_sums(struct reading *rd, struct db_copy *c) {
    struct task *t = rd->t;
    struct db_watch w = task_watch(t);
    AUTO_FREE struct db_table_sum *all = NULL;
    int n;
    task_step(t, BACKUP_STEP_SUM, 0);
    int rc = db_copy_sums(c, &w, &all, &n);
    if (rc < 0)
        return rc;
    if (n != t->r.m.n_tables)
        return damaged(rd, "it has other tables than were saved", TASK_DB);
    for (int i = 0; i < n; i++) {
        const struct db_table_sum *said = &t->r.m.tables[i];
        t->r.rows += all[i].rows;
        if (!str_eq(all[i].name, said->name) || all[i].rows != said->rows ||
            !str_eq(all[i].sum, said->sum))
            return damaged(rd, "its rows are not those that were saved",
                           all[i].name);
    }
    return 0;
}

static int check_key_ring(struct reading *rd, struct db_copy *c) {
    struct task *t = rd->t;
    AUTO_BUF struct buf blob = BUF_INIT;
    char uuid[27];
    int rc = db_copy_sealed(c, uuid, &blob);
    if (rc == 1)
        rc = t->opens(t->opens_self, uuid, blob.data, blob.len);
    if (rc < 0)
        return error_set(&t->error, ERR_BACKUP_KEY, "master.key",
                         "the key ring in %s does not open the shops' keys of "
                         "this backup: put the master.key of its time there",
                         t->data);
    return 0;
}

static int count_lost(struct reading *rd, struct db_copy *c) {
    AUTO_BUF struct buf named = BUF_INIT;
    struct backup_result *r = &rd->t->r;
    int rc = r->m.kind == MANIFEST_FULL ? db_copy_files(c, &named) : 0;
    r->lost = manifest_lost(&r->m, named.data, named.len);
    return rc;
}

static int check_database(struct reading *rd) {
    struct task *t = rd->t;
    struct db_watch w = task_watch(t);
    AUTO_FREE char *path = mem_printf("%s/" TASK_DB, rd->side);
    struct db_copy *c;
    int rc = db_copy_open(path, t->env, &c, &t->error);
    if (rc == ERR_DB_CORRUPT)
        return damaged(rd, "it is no sound database", TASK_DB);
    if (rc < 0)
        return rc;
    task_step(t, BACKUP_STEP_CHECK, 0);
    rc = db_copy_check(c, &w, &t->error);
    if (rc == ERR_DB_CORRUPT || rc == ERR_DB)
        rc = damaged(rd, t->error.detail, TASK_DB);
    if (rc == 0)
        rc = check_identity(rd, c);
    if (rc == 0)
        rc = check_sums(rd, c);
    if (rc == 0)
        rc = check_key_ring(rd, c);
    if (rc == 0)
        rc = count_lost(rd, c);
    db_copy_close(c);
    return rc;
}

/* --- the whole ---------------------------------------------------------- */

static bool has_database(const struct manifest *m) {
    for (size_t i = 0; i < m->n_files; i++)
        if (str_eq(m->files[i].path, TASK_DB))
            return true;
    return false;
}

static int read_whole(struct reading *rd) {
    int rc = read_manifest(rd);
    if (rc == 0)
        rc = unpack_all(rd);
    bool database = rc == 0 && has_database(&rd->t->r.m);
    if (rc == 0 && database != (rd->t->r.m.kind != MANIFEST_STORAGE))
        return damaged(rd, "a file is missing in the manifest", TASK_DB);
    return database ? check_database(rd) : rc;
}

static int choose(struct task *t) {
    struct folder_entry one;
    if (t->name[0]) {
        if (folder_name_parse(t->name, &one) == 0)
            return 0;
        return error_set(&t->error, ERR_NOT_FOUND, "name",
                         "that is no name of a backup");
    }
    AUTO_FREE struct folder_entry *all = NULL;
    size_t n;
    int rc = folder_list(t->dir, t->instance_id, &all, &n, &t->error);
    if (rc < 0)
        return rc;
    if (n == 0)
        return error_set(&t->error, ERR_NOT_FOUND, "name",
                         "there is no backup in %s", t->dir);
    (void)str_copy(t->name, sizeof t->name, all[0].name);
    return 0;
}

int task_unpack(struct task *t, const char *side, bool all) {
    struct reading rd = {.t = t, .side = side, .all = all};
    int rc = choose(t);
    if (rc < 0)
        return rc;
    folder_drop(side); /* of a try that was killed */
    rd.path = mem_printf("%s/%s", t->dir, t->name);
    rc = read_whole(&rd);
    if (rc < 0)
        folder_drop(side);
    vault_key_done(&rd.key);
    free(rd.path);
    return rc;
}

int task_verify(struct task *t) {
    AUTO_FREE char *side = mem_printf("%s/" TASK_SIDE, t->data);
    int rc = task_unpack(t, side, false);
    folder_drop(side);
    return rc;
}

int task_list(struct task *t) {
    return folder_list(t->dir, t->instance_id, &t->r.entries, &t->r.n_entries,
                       &t->error);
}
