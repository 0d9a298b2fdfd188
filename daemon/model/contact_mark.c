#include "model/contact_mark.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/str.h"
#include "db/sql.h"
#include "model/customer_list.h"
#include "model/feed.h"
#include "model/hold.h"
#include "model/list.h"

const char *contact_note_format(char dst[NOTE_NAME], int64_t id) {
    (void)str_format(dst, NOTE_NAME, "N-%lld", (long long)id);
    return dst;
}

int contact_note_parse(const char *text, int64_t *ret_id) {
    return str_starts(text, "N-") ? str_to_i64(text + 2, 1, INT64_MAX, ret_id)
                                  : ERR_INVALID;
}

static int told(struct db_tx *tx, const struct customer_item *c) {
    return feed_add(tx, "customer", c->store_id, c->remote_id, "");
}

/* --- tags --------------------------------------------------------------- */

int contact_tag_add(struct db_tx *tx, const struct customer_item *c,
                    const char *tag, struct error *e) {
    int64_t n = 0;
    if (!tag_valid(tag))
        return error_set(e, ERR_INVALID, "add",
                         "a tag is a word of at most %d bytes without "
                         "commas, colons and quotes",
                         TAG_TEXT - 1);
    int rc = db_value(tx, STMT_CONTACT_TAG_NUMBER, &n, "i", c->id);
    if (rc >= 0 && n >= TAGS_MAX)
        return error_set(e, ERR_TOO_BIG, "add", "there are %d tags already",
                         TAGS_MAX);
    if (rc >= 0)
        rc = db_run(tx, STMT_CONTACT_TAG_ADD, "si", tag, c->id);
    return rc <= 0 ? rc : told(tx, c);
}

int contact_tag_remove(struct db_tx *tx, const struct customer_item *c,
                       const char *tag) {
    int rc = db_run(tx, STMT_CONTACT_TAG_DROP, "si", tag, c->id);
    return rc <= 0 ? rc : told(tx, c);
}

int contact_tags(struct db_tx *tx, int64_t contact_id, struct buf *out) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_CONTACT_TAGS_OF, &r, "i", contact_id);
    while (rc >= 0 && (rc = db_step(r)) > 0)
        buf_addf(out, "%s%s,", out->len ? "" : ",", db_text(r, 0));
    return rc;
}

/* --- notes -------------------------------------------------------------- */

int contact_note_add(struct db_tx *tx, const struct customer_item *c,
                     const char *text, const char *who, int64_t *ret_id,
                     struct error *e) {
    int64_t n = 0;
    if (text[strspn(text, " \t\r\n")] == '\0' ||
        strlen(text) > CONTACT_NOTE_TEXT)
        return error_set(e, ERR_INVALID, "text", "1 to %d bytes",
                         CONTACT_NOTE_TEXT);
    int rc = db_value(tx, STMT_CONTACT_NOTE_NUMBER, &n, "i", c->id);
    if (rc >= 0 && n >= CONTACT_NOTES_MAX)
        return error_set(e, ERR_TOO_BIG, "text",
                         "there are %d notes already: take one back",
                         CONTACT_NOTES_MAX);
    if (rc >= 0)
        rc = db_run(tx, STMT_CONTACT_NOTE_ADD, "iiss", c->id, db_now(tx), who,
                    text);
    if (rc < 0)
        return rc;
    *ret_id = db_last_id(tx);
    return told(tx, c);
}

int contact_note_remove(struct db_tx *tx, const struct customer_item *c,
                        int64_t id, struct error *e) {
    int rc = db_run(tx, STMT_CONTACT_NOTE_DROP, "ii", id, c->id);
    if (rc == 0)
        return error_set(e, ERR_NOT_FOUND, "note",
                         "the customer has no note N-%lld", (long long)id);
    return rc < 0 ? rc : told(tx, c);
}

int contact_notes(struct db_tx *tx, int64_t contact_id, struct arena *a,
                  struct contact_note **ret, size_t *ret_n) {
    struct contact_note *all = arena_alloc(a, CONTACT_NOTES_MAX * sizeof *all);
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n = 0;
    int rc = db_query(tx, STMT_CONTACT_NOTES_OF, &r, "i", contact_id);
    while (rc >= 0 && n < CONTACT_NOTES_MAX && (rc = db_step(r)) > 0)
        all[n++] = (struct contact_note){.id = db_i64(r, 0),
                                         .at_ms = db_i64(r, 1),
                                         .author = list_keep(a, db_text(r, 2)),
                                         .text = list_keep(a, db_text(r, 3))};
    if (rc < 0)
        return rc;
    *ret = all;
    *ret_n = n;
    return 0;
}

/* --- leaving ------------------------------------------------------------ */

/* 1 when it has an address people can have. */
static int is_person(struct db_tx *tx, int64_t id) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = id ? db_query(tx, STMT_CONTACT_ITEM, &r, "i", id) : 0;
    if (rc >= 0 && id)
        rc = db_step(r);
    return rc <= 0 ? rc : !str_ends(db_text(r, 5), ".invalid");
}

int contact_marks_leave(struct db_tx *tx, int64_t id, int64_t to) {
    int rc = is_person(tx, to);
    if (rc > 0) {
        rc = db_run(tx, STMT_CONTACT_TAGS_MOVE, "ii", to, id);
        if (rc >= 0)
            rc = db_run(tx, STMT_CONTACT_NOTES_MOVE, "ii", to, id);
    }
    if (rc >= 0)
        rc = db_run(tx, STMT_CONTACT_TAGS_CLEAR, "i", id);
    if (rc >= 0)
        rc = db_run(tx, STMT_CONTACT_NOTES_CLEAR, "i", id);
    return rc < 0 ? rc : 0;
}
