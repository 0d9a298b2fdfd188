/* Files in pieces, both ways. A piece is no effect of its own: it is safe to
 * repeat by its offset, is not in the audit trail, and does not go through the
 * writer; the commit is and does. */
#include <string.h>

#include "common/base64.h"
#include "common/buf.h"
#include "common/str.h"
#include "model/file_kind.h"
#include "rpc/person.h"
#include "rpc/ticket_view.h"
#include "rpc_handlers.gen.h"

/* --- what is sent -----------------------------------------------------------
 */

static int nibble(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static int part_of(struct rpc_call *call, const char *sha256, int64_t size,
                   struct file_part *ret) {
    *ret = (struct file_part){
        .data = call->rpc->o.data, .who = call->actor, .size = size};
    for (int i = 0; i < FILE_SHA; i++) {
        int high = nibble(sha256[2 * i]), low = nibble(sha256[2 * i + 1]);
        if (high < 0 || low < 0)
            return call_fail(call, ERR_INVALID, "sha256",
                             "must be 64 hexadecimal digits");
        ret->sha[i] = (uint8_t)(high << 4 | low);
    }
    return 0;
}

/* Is there room for it? Counted is what is kept and what is on the way. */
static int room(struct rpc_call *call, struct db_tx *tx,
                const struct file_part *p) {
    int64_t most = call->rpc->o.files.size, all = call->rpc->o.files.total;
    int64_t kept = 0, parts = 0;
    if (p->size > most)
        return call_fail(call, ERR_TOO_BIG, "size",
                         "a file has at most %lld KiB here",
                         (long long)(most / 1024));
    int rc = file_total(tx, &kept);
    if (rc >= 0)
        rc = file_part_others(p, &parts, &call->error);
    if (rc >= 0 &&
        (kept > all || parts > all - kept || p->size > all - kept - parts))
        return call_fail(call, ERR_TOO_BIG, "size",
                         "there is no room for more files: an administrator "
                         "can raise files.total");
    return rc;
}

static void answer_at(struct rpc_call *call, int64_t at, bool chunk) {
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_ki64(w, "offset", at);
    if (chunk)
        jsonw_ki64(w, "chunk", FILE_CHUNK);
    jsonw_end_object(w);
}

static int begin_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_files_begin_params *p = call->params;
    struct file_part part;
    int64_t at = 0;
    int rc = part_of(call, p->sha256, p->size, &part);
    if (rc >= 0)
        rc = room(call, tx, &part);
    if (rc >= 0)
        rc = file_part_at(&part, &at, &call->error);
    if (rc >= 0)
        answer_at(call, at, true);
    return rc;
}

int method_files_begin(struct rpc_call *call,
                       const struct rpc_files_begin_params *p) {
    (void)p;
    return call_read(call, begin_work, NULL);
}

static int put_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_files_put_params *p = call->params;
    AUTO_BUF struct buf bytes = BUF_INIT;
    struct file_part part;
    int64_t at = 0;
    int rc = part_of(call, p->sha256, p->size, &part);
    if (rc >= 0)
        rc = room(call, tx, &part);
    if (rc >= 0 && base64_decode(p->data, strlen(p->data), &bytes) < 0)
        return call_fail(call, ERR_INVALID, "data", "must be base64");
    if (rc >= 0 && bytes.len > FILE_CHUNK)
        return call_fail(call, ERR_TOO_BIG, "data", "a piece is at most 1 MiB");
    if (rc >= 0)
        rc = file_part_put(&part, p->offset, bytes.data, bytes.len, &at,
                           &call->error);
    if (rc >= 0)
        answer_at(call, at, false);
    return rc;
}

int method_files_put(struct rpc_call *call,
                     const struct rpc_files_put_params *p) {
    (void)p;
    return call_read(call, put_work, NULL);
}

/* --- commit ------------------------------------------------------------------
 */

static void write_row(struct rpc_call *call, const struct file *f) {
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    file_view_fields(f, w);
    jsonw_end_object(w);
}

/* As looked at before the transaction. */
struct look {
    const char *type; /* NULL: it was not there; a repeat, then */
    const char *name;
};

static int look_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_files_commit_params *p = call->params;
    AUTO_BUF struct buf name = BUF_INIT;
    struct look *l = call->data;
    struct file_part part;
    int rc = part_of(call, p->sha256, p->size, &part);
    if (rc >= 0)
        rc = room(call, tx, &part);
    if (rc < 0)
        return rc;
    file_name_clean(&name, p->name);
    l->name = arena_dupn(call_arena(call), buf_str(&name), name.len);
    rc = file_part_check(&part, l->name, &l->type, &call->error);
    return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* The bytes have their name before the row is there: a crash between the two
 * leaves a file that no row names, never a row without its file. */
static int commit_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_files_commit_params *p = call->params;
    const struct look *l = call->data;
    char id[FILE_ID_TEXT];
    struct file_part part;
    struct file f = {.size = p->size,
                     .type = l->type,
                     .name = l->name,
                     .author = call->actor,
                     .created_ms = db_now(tx)};
    if (!l->type)
        return call_fail(call, ERR_NOT_FOUND, "sha256",
                         "nothing of it was sent");
    int rc = part_of(call, p->sha256, p->size, &part);
    if (rc >= 0)
        rc = file_part_keep(&part, &call->error);
    if (rc < 0)
        return rc;
    memcpy(f.sha, part.sha, FILE_SHA);
    rc = file_add(tx, &f, &f.id);
    if (rc >= 0)
        rc = call_audit(call, tx, file_id_format(id, f.id), "{}");
    if (rc >= 0)
        write_row(call, &f);
    return rc;
}

static int commit_then(struct rpc_call *call) {
    return call_write(call, commit_work, NULL);
}

int method_files_commit(struct rpc_call *call,
                        const struct rpc_files_commit_params *p) {
    struct look *l = arena_alloc(call_arena(call), sizeof *l);
    *l = (struct look){0};
    (void)p;
    call->data = l;
    return call_read(call, look_work, commit_then);
}

/* --- what is kept
 * ------------------------------------------------------------- */

static int find(struct rpc_call *call, struct db_tx *tx, const char *text,
                struct file *ret) {
    struct ticket_eye eye = ticket_eye_of(call);
    int64_t id = 0;
    int rc = file_id_parse(text, &id);
    if (rc >= 0)
        rc = file_get(tx, id, &eye, call_arena(call), ret);
    if (rc == ERR_INVALID || rc == 0)
        return call_fail(call, ERR_NOT_FOUND, "id", "there is no file %s",
                         text);
    return rc;
}

static int get_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_files_get_params *p = call->params;
    AUTO_BUF struct buf bytes = BUF_INIT;
    AUTO_BUF struct buf text = BUF_INIT;
    struct file f;
    int rc = find(call, tx, p->id, &f);
    if (rc >= 0)
        rc = file_bytes(call->rpc->o.data, f.sha, p->offset, &bytes,
                        &call->error);
    if (rc < 0)
        return rc;
    base64_encode(bytes.data, bytes.len, &text);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    file_view_fields(&f, w);
    jsonw_ki64(w, "offset", p->offset);
    jsonw_kstring(w, "data", buf_str(&text));
    jsonw_end_object(w);
    return 0;
}

int method_files_get(struct rpc_call *call,
                     const struct rpc_files_get_params *p) {
    (void)p;
    return call_read(call, get_work, NULL);
}

static void write_rows(const struct file *files, size_t n, struct jsonw *w) {
    for (size_t i = 0; i < n; i++) {
        jsonw_begin_object(w);
        file_view_fields(&files[i], w);
        jsonw_end_object(w);
    }
}

/* Those of the newest messages; older ones come with tickets.get. */
static int list_ticket(struct rpc_call *call, struct db_tx *tx,
                       const char *text) {
    struct ticket_eye eye = ticket_eye_of(call);
    struct ticket_message *m;
    struct ticket t;
    struct file *files;
    size_t n = 0, k;
    bool more;
    int rc = ticket_find(call, tx, text, &t);
    if (rc >= 0)
        rc = ticket_messages(tx, &t, &eye, INT64_MAX, call_arena(call), &m, &n,
                             &more);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        rc = file_list_of(tx, m[i].id, call_arena(call), &files, &k);
        if (rc >= 0)
            write_rows(files, k, w);
    }
    call_list_end(w, NULL, false);
    return rc;
}

static int list_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_files_list_params *p = call->params;
    struct file *files;
    size_t n;
    if (p->has_ticket)
        return list_ticket(call, tx, p->ticket);
    int rc = file_list_own(tx, call->actor, call_arena(call), &files, &n);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_list_begin(call);
    write_rows(files, n, w);
    call_list_end(w, NULL, false);
    return 0;
}

int method_files_list(struct rpc_call *call,
                      const struct rpc_files_list_params *p) {
    (void)p;
    return call_read(call, list_work, NULL);
}

static int delete_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_files_delete_params *p = call->params;
    struct file f;
    char id[FILE_ID_TEXT];
    int rc = find(call, tx, p->id, &f);
    if (rc >= 0 && f.linked && call->who->role != RPC_ROLE_ADMIN)
        return call_fail(call, ERR_DENIED, "id",
                         "what was sent stays with its message; an "
                         "administrator can delete it");
    if (rc >= 0)
        rc = file_drop(tx, f.id);
    if (rc >= 0)
        rc = call_audit(call, tx, file_id_format(id, f.id), "{}");
    if (rc >= 0)
        write_row(call, &f);
    return rc;
}

int method_files_delete(struct rpc_call *call,
                        const struct rpc_files_delete_params *p) {
    (void)p;
    return call_write(call, delete_work, NULL);
}
