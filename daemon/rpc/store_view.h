/* A store as the protocol shows it: read on a database thread, written on the
 * loop, where the engine's status is at hand. Inside rpc only. */
#pragma once

#include "common/jsonw.h"
#include "common/lang.h"
#include "model/change.h"
#include "model/hook.h"
#include "model/store.h"
#include "rpc/room.h"
#include "sync/sync.h"

struct arena;
struct db_tx;

struct store_view {
    struct store s;
    int64_t rows[SYNC_COLLECTIONS]; /* live objects */
    int64_t success_ms[SYNC_COLLECTIONS];
    int64_t attention;
    int64_t changes[CHANGE_STATES];
    struct hook_set hooks;
    bool held; /* nothing is sent: the file was restored */
};

/* Take what s holds and count; s is the view's from now on. */
int store_view_read(struct db_tx *tx, struct store *s, struct store_view *ret);
/* Frees what it owns, not v itself. */
void store_view_done(struct store_view *v);

/* One store by name: 0, or ERR_NOT_FOUND. */
int store_view_by_name(struct db_tx *tx, const char *name,
                       struct store_view *ret);

/* "syncing", "paused" ...: state with what the engine knows. */
const char *store_state(const struct store *s, const struct sync_status *st);

/* The engine's status; all zero when it does not know the store. */
struct sync_status store_status_of(const struct rpc *r, int64_t id);

/* The members of a store_row named in fields (1 << enum rpc_store_row), into
 * an object already begun. */
void store_view_fields(const struct rpc *r, enum text_lang lang,
                       const struct store_view *v, uint64_t fields,
                       struct jsonw *w);
/* A whole store_row. */
void store_view_write(const struct rpc *r, enum text_lang lang,
                      const struct store_view *v, struct jsonw *w);

/* key and a text, null when it is empty. */
void jsonw_kmaybe(struct jsonw *w, const char *key, const char *text);
