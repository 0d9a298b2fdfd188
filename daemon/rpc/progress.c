#include "rpc/progress.h"

#include "common/str.h"
#include "rpc/names.h"

/* A number that may not be known yet. */
static void optional(struct jsonw *w, const char *key, bool known, int64_t v) {
    jsonw_key(w, key);
    if (known)
        jsonw_i64(w, v);
    else
        jsonw_null(w);
}

void progress_write(struct jsonw *w, const char *collection, int64_t done,
                    int64_t total, int64_t rate_milli, int64_t eta_s) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "collection", collection);
    jsonw_ki64(w, "done", done);
    optional(w, "total", total > 0, total);
    optional(w, "rate", rate_milli > 0, (rate_milli + 500) / 1000);
    optional(w, "eta_s", eta_s >= 0 && total > 0, eta_s);
    jsonw_end_object(w);
}

void progress_of_status(struct jsonw *w, const struct sync_status *st) {
    if (!st->running) {
        jsonw_null(w);
        return;
    }
    progress_write(w, st->collection[0] ? st->collection : st->step, st->done,
                   st->total, st->rate_milli, st->eta_s);
}

static const char *state_of(const struct sync_status *st) {
    if (st->first)
        return st->running ? "syncing" : "new";
    return st->last_error[0] ? "degraded" : "connected";
}

bool progress_event(struct rpc *r, int64_t store_id, char name[33],
                    struct buf *data) {
    struct sync_status st;
    struct jsonw w;
    const char *known = names_of(r, store_id);
    if (!known || !r->sync || sync_get_status(r->sync, store_id, &st) < 0)
        return false;
    (void)str_copy(name, 33, known);
    jsonw_init(&w, data);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "state", state_of(&st));
    jsonw_key(&w, "progress");
    progress_of_status(&w, &st);
    jsonw_end_object(&w);
    return true;
}
