/* Changes as methods show them: a row of changes.list, the `pending` of an
 * object, and its fields with what is on its way. Inside rpc only. */
#pragma once

#include "common/json.h"
#include "common/jsonw.h"
#include "common/lang.h"
#include "model/change.h"

struct buf;
struct db_tx;
struct rpc_call;

/* The fields of type change_row, into an open object. */
void change_view_fields(const struct change *c, enum text_lang lang,
                        struct jsonw *w);
/* JSON text of the database as a value; text that is none as a string. */
void change_view_json(struct jsonw *w, const char *key, const char *json);
/* Why a change is where it is, as a sentence: of its cause, else its text as it
 * was written down. */
void change_view_cause(const char *cause, const char *text, enum text_lang lang,
                       struct buf *out);
/* Its act and its state for people. */
const char *change_view_act(const struct change *c, enum text_lang lang);
const char *change_view_state(const struct change *c, enum text_lang lang);
/* What it does in words: "status: completed". */
void change_view_words(const struct change *c, enum text_lang lang,
                       struct buf *out);

/* Open changes of one object; in the call's arena. */
struct pending {
    struct change *items; /* oldest first */
    size_t n;
    const struct json *raw; /* as the shop returned it; NULL: not kept */
    const struct json *now; /* the same with what is on its way */
};
/* open: how many the object's row counts; 0 reads nothing. */
int pending_of(struct rpc_call *call, struct db_tx *tx, int64_t store_id,
               enum mirror_kind kind, int64_t remote_id, int open,
               struct pending *ret);
/* "pending": [{id, path, state, shop}]; p NULL: none. */
void pending_write(const struct pending *p, struct jsonw *w);
/* What the field is to have by the newest change that overlays, as JSON text;
 * NULL when none does. */
const char *pending_wanted(const struct pending *p, const char *path);
/* The shop's own value of a path, NULL when it has none. */
const struct json *pending_shop(const struct json *raw, const char *path);
