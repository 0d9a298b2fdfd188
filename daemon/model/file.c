#include "model/file.h"

#include <string.h>

#include "common/arena.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/list.h"
#include "model/ticket.h"

enum { FILES_MAX = 500 };

const char *file_id_format(char dst[FILE_ID_TEXT], int64_t id) {
    (void)str_format(dst, FILE_ID_TEXT, "F-%lld", (long long)id);
    return dst;
}

int file_id_parse(const char *text, int64_t *ret) {
    if ((text[0] != 'F' && text[0] != 'f') || text[1] != '-')
        return ERR_INVALID;
    return str_to_i64(text + 2, 1, INT64_MAX, ret) < 0 ? ERR_INVALID : 0;
}

/* --- reading ------------------------------------------------------------- */

static int read_row(struct db_rows *r, struct arena *a, struct file *ret) {
    size_t n;
    const void *sha = db_blob(r, 1, &n);
    if (n != FILE_SHA)
        return ERR_DB_CORRUPT;
    *ret = (struct file){.id = db_i64(r, 0),
                         .size = db_i64(r, 2),
                         .type = list_keep(a, db_text(r, 3)),
                         .name = list_keep(a, db_text(r, 4)),
                         .author = list_keep(a, db_text(r, 5)),
                         .created_ms = db_i64(r, 6),
                         .linked = !db_null(r, 7),
                         .ticket_id = db_i64(r, 8)};
    memcpy(ret->sha, sha, FILE_SHA);
    return 0;
}

static bool sees(struct db_tx *tx, struct db_rows *r,
                 const struct ticket_eye *eye) {
    if (db_null(r, 7))
        return str_eq(db_text(r, 5), eye->who);
    bool note = str_eq(db_text(r, 10), ticket_kind_name(TICKET_NOTE));
    return !db_null(r, 8) && db_scope_has(db_get_scope(tx), db_i64(r, 9)) &&
           (eye->inner || !note);
}

int file_get(struct db_tx *tx, int64_t id, const struct ticket_eye *eye,
             struct arena *a, struct file *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_FILE_BY_ID, &r, "i", id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0 || !sees(tx, r, eye))
        return rc < 0 ? rc : 0;
    rc = read_row(r, a, ret);
    return rc < 0 ? rc : 1;
}

static int drain(struct db_rows *r, struct arena *a, struct file **ret,
                 size_t *ret_n) {
    size_t n = 0, cap = 0;
    struct file *f = NULL, *more;
    int rc = 0;
    while (n < FILES_MAX && (rc = db_step(r)) > 0) {
        if (n == cap) {
            cap = cap ? 4 * cap : 4;
            more = arena_alloc(a, cap * sizeof *more);
            if (n)
                memcpy(more, f, n * sizeof *more);
            f = more;
        }
        rc = read_row(r, a, &f[n]);
        if (rc < 0)
            break;
        n++;
    }
    if (rc < 0)
        return rc;
    *ret = f;
    *ret_n = n;
    return 0;
}

int file_list_of(struct db_tx *tx, int64_t message_id, struct arena *a,
                 struct file **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_FILES_OF_MESSAGE, &r, "i", message_id);
    return rc < 0 ? rc : drain(r, a, ret, ret_n);
}

int file_list_own(struct db_tx *tx, const char *author, struct arena *a,
                  struct file **ret, size_t *ret_n) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_FILES_OF_AUTHOR, &r, "si", author,
                      (int64_t)FILES_MAX);
    return rc < 0 ? rc : drain(r, a, ret, ret_n);
}

int file_total(struct db_tx *tx, int64_t *ret) {
    int rc = db_value(tx, STMT_FILE_TOTAL, ret, "");
    return rc < 0 ? rc : 0;
}

/* --- writing ------------------------------------------------------------- */

int file_add(struct db_tx *tx, const struct file *f, int64_t *ret) {
    int rc = db_run(tx, STMT_FILE_ADD, "bisssi", f->sha, sizeof f->sha, f->size,
                    f->type, f->name, f->author, db_now(tx));
    if (rc < 0)
        return rc;
    *ret = db_last_id(tx);
    return 0;
}

int file_hang(struct db_tx *tx, int64_t id, const struct ticket_eye *eye,
              int64_t message_id, struct error *e) {
    struct arena *a = arena_new(512);
    struct file f;
    char text[FILE_ID_TEXT];
    int rc = file_get(tx, id, eye, a, &f);
    arena_free(a);
    if (rc < 0)
        return rc;
    if (rc == 0 || f.linked)
        return error_set(e, ERR_INVALID, "files",
                         "%s is no file that you sent and hangs on nothing yet",
                         file_id_format(text, id));
    rc = db_run(tx, STMT_FILE_LINK_ADD, "isi", id, "message", message_id);
    return rc < 0 ? rc : 0;
}

int file_drop(struct db_tx *tx, int64_t id) {
    int rc = db_run(tx, STMT_FILE_DROP, "i", id);
    return rc < 0 ? rc : 0;
}
