#include "ops/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/when.h"

enum { SHA_HEX = 64, TABLES_MAX = 1000, PATH_MAX_BYTES = 1024 };

static const char *const kinds[] = {"full", "database", "storage"};

const char *manifest_kind_name(enum manifest_kind k) {
    return kinds[k];
}

int manifest_kind_parse(const char *name) {
    for (int i = 0; i < 3; i++)
        if (str_eq(kinds[i], name))
            return i;
    return ERR_INVALID;
}

void manifest_add(struct manifest *m, const char *path, int64_t bytes,
                  const uint8_t sha[32]) {
    m->files = mem_resize(m->files, m->n_files + 1, sizeof *m->files);
    struct manifest_file *f = &m->files[m->n_files++];
    f->path = mem_dup(path);
    f->bytes = bytes;
    digest_hex(sha, 32, f->sha);
}

void manifest_drop_last(struct manifest *m) {
    free(m->files[--m->n_files].path);
}

static int by_sha(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int64_t manifest_lost(const struct manifest *m, const char *shas, size_t n) {
    AUTO_FREE const char **have = mem_zalloc(m->n_files + 1, sizeof *have);
    int64_t lost = 0;
    for (size_t i = 0; i < m->n_files; i++)
        have[i] = m->files[i].sha;
    qsort(have, m->n_files, sizeof *have, by_sha);
    for (; n >= SHA_HEX / 2; n -= SHA_HEX / 2, shas += SHA_HEX / 2) {
        char hex[SHA_HEX + 1];
        const char *one = hex;
        digest_hex((const uint8_t *)shas, SHA_HEX / 2, hex);
        lost += !bsearch(&one, have, m->n_files, sizeof *have, by_sha);
    }
    return lost;
}

void manifest_done(struct manifest *m) {
    for (size_t i = 0; i < m->n_files; i++)
        free(m->files[i].path);
    free(m->files);
    free(m->tables);
    *m = (struct manifest){0};
}

int manifest_path_check(const char *path) {
    size_t n = strlen(path);
    if (n == 0 || n > PATH_MAX_BYTES || path[0] == '/' || path[n - 1] == '/')
        return ERR_INVALID;
    for (const char *p = path; p;) {
        size_t part = strcspn(p, "/");
        if (part == 0 || (part == 1 && p[0] == '.') ||
            (part == 2 && p[0] == '.' && p[1] == '.'))
            return ERR_INVALID;
        p = p[part] ? p + part + 1 : NULL;
    }
    return 0;
}

/* --- writing ------------------------------------------------------------ */

static void write_database(struct jsonw *w, const struct db_copy_identity *id) {
    jsonw_kstring(w, "instance", id->instance_id);
    jsonw_ki64(w, "epoch", id->epoch);
    jsonw_ki64(w, "schema", id->schema);
    jsonw_ki64(w, "compat", id->compat);
    jsonw_ki64(w, "audit", id->audit_id);
    jsonw_kstring(w, "audit_mac", id->audit_mac);
}

static void write_lists(struct jsonw *w, const struct manifest *m) {
    jsonw_key(w, "files");
    jsonw_begin_array(w);
    for (size_t i = 0; i < m->n_files; i++) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "path", m->files[i].path);
        jsonw_ki64(w, "bytes", m->files[i].bytes);
        jsonw_kstring(w, "sha256", m->files[i].sha);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    jsonw_key(w, "tables");
    jsonw_begin_array(w);
    for (int i = 0; i < m->n_tables; i++) {
        jsonw_begin_object(w);
        jsonw_kstring(w, "name", m->tables[i].name);
        jsonw_ki64(w, "rows", m->tables[i].rows);
        jsonw_kstring(w, "sum", m->tables[i].sum);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

void manifest_write(const struct manifest *m, struct buf *out) {
    uint8_t sha[DIGEST_SHA256];
    char hex[SHA_HEX + 1];
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    jsonw_ki64(&w, "format", 1);
    jsonw_kstring(&w, "name", m->name);
    jsonw_kstring(&w, "kind", kinds[m->kind]);
    jsonw_kstring(&w, "program", m->program);
    jsonw_ktime(&w, "created", m->created_ms);
    write_database(&w, &m->id);
    write_lists(&w, m);
    jsonw_end_object(&w);
    digest_sha256(out->data, out->len, sha);
    digest_hex(sha, sizeof sha, hex);
    buf_addf(out, "\n%s\n", hex);
}

/* --- reading ------------------------------------------------------------ */

static int text_of(const struct json *v, const char *key, char *dst,
                   size_t size) {
    const char *s = json_string(json_get(v, key));
    if (!s || strlen(s) >= size)
        return ERR_INVALID;
    memcpy(dst, s, strlen(s) + 1);
    return 0;
}

static int number_of(const struct json *v, const char *key, int64_t *ret) {
    int rc = json_i64(json_get(v, key), false, ret);
    return rc < 0 || *ret < 0 ? ERR_INVALID : 0;
}

static int read_head(const struct json *v, struct manifest *m) {
    struct db_copy_identity *id = &m->id;
    char kind[16], created[WHEN_TEXT];
    int64_t format;
    if (number_of(v, "format", &format) < 0 || format != 1 ||
        text_of(v, "name", m->name, sizeof m->name) < 0 ||
        text_of(v, "kind", kind, sizeof kind) < 0 ||
        text_of(v, "program", m->program, sizeof m->program) < 0 ||
        text_of(v, "created", created, sizeof created) < 0 ||
        when_parse(created, &m->created_ms) < 0 ||
        text_of(v, "instance", id->instance_id, sizeof id->instance_id) < 0 ||
        number_of(v, "epoch", &id->epoch) < 0 ||
        number_of(v, "schema", &id->schema) < 0 ||
        number_of(v, "compat", &id->compat) < 0 ||
        number_of(v, "audit", &id->audit_id) < 0 ||
        text_of(v, "audit_mac", id->audit_mac, sizeof id->audit_mac) < 0)
        return ERR_INVALID;
    int k = manifest_kind_parse(kind);
    if (k < 0)
        return k;
    m->kind = (enum manifest_kind)k;
    return 0;
}

static int read_files(const struct json *list, struct manifest *m) {
    if (json_type(list) != JSON_ARRAY || json_count(list) > MANIFEST_FILES)
        return ERR_INVALID;
    m->files = mem_zalloc(json_count(list) + 1, sizeof *m->files);
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        struct manifest_file *f = &m->files[m->n_files];
        const char *path = json_string(json_get(v, "path"));
        if (!path || manifest_path_check(path) < 0 ||
            number_of(v, "bytes", &f->bytes) < 0 ||
            text_of(v, "sha256", f->sha, sizeof f->sha) < 0)
            return ERR_INVALID;
        f->path = mem_dup(path);
        m->n_files++;
    }
    return 0;
}

static int read_tables(const struct json *list, struct manifest *m) {
    if (json_type(list) != JSON_ARRAY || json_count(list) > TABLES_MAX)
        return ERR_INVALID;
    m->tables = mem_zalloc(json_count(list) + 1, sizeof *m->tables);
    for (const struct json *v = json_first(list); v; v = json_next(v)) {
        struct db_table_sum *t = &m->tables[m->n_tables];
        if (text_of(v, "name", t->name, sizeof t->name) < 0 ||
            number_of(v, "rows", &t->rows) < 0 ||
            text_of(v, "sum", t->sum, sizeof t->sum) < 0)
            return ERR_INVALID;
        m->n_tables++;
    }
    return 0;
}

/* Length of the JSON line when the sum behind it fits; else ERR_INVALID. */
static int64_t check_sum(const char *text, size_t n) {
    uint8_t sha[DIGEST_SHA256];
    char hex[SHA_HEX + 1];
    if (n < SHA_HEX + 2 || n > MANIFEST_MAX || text[n - 1] != '\n' ||
        text[n - SHA_HEX - 2] != '\n')
        return ERR_INVALID;
    size_t line = n - SHA_HEX - 2;
    digest_sha256(text, line, sha);
    digest_hex(sha, sizeof sha, hex);
    return memcmp(hex, text + line + 1, SHA_HEX) == 0 ? (int64_t)line
                                                      : ERR_INVALID;
}

int manifest_read(const char *text, size_t n, struct manifest *ret,
                  struct error *e) {
    struct json_limits limits = {.max_bytes = MANIFEST_MAX, .max_depth = 8};
    const struct json *v;
    struct manifest m = {0};
    int64_t line = check_sum(text, n);
    if (line < 0)
        return error_set(e, ERR_BACKUP_DAMAGED, "manifest",
                         "the manifest was changed or is cut off");
    struct arena *a = arena_new(0);
    int rc = json_parse(a, text, (size_t)line, &limits, &v, NULL);
    if (rc == 0)
        rc = read_head(v, &m);
    if (rc == 0)
        rc = read_files(json_get(v, "files"), &m);
    if (rc == 0)
        rc = read_tables(json_get(v, "tables"), &m);
    arena_free(a);
    if (rc == 0) {
        *ret = m;
        return 0;
    }
    manifest_done(&m);
    return error_set(e, ERR_BACKUP_DAMAGED, "manifest",
                     "the manifest is not one this program understands");
}
