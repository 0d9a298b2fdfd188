/* How the daemon is, for machines: /health/live is answered while the loop
 * turns, /health/ready while the database reads and has room to write, /health
 * says what `fulexo health` says. 503 is for what a restart or another node may
 * cure: a shop that is blocked is told in the page alone. */
#include <stdlib.h>

#include "common/jsonw.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/text.h"
#include "db/db.h"
#include "http/room.h"
#include "model/change.h"
#include "rpc/rpc.h"

struct look {
    struct web_request *r;
    bool all;
    struct rpc_health health;
};

static void write_state(struct buf *out, const char *state) {
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "state", state);
    jsonw_end_object(&w);
}

void health_live(struct web_request *r) {
    write_state(&r->page, "ok");
    request_page(r, 200, "application/json");
}

/* --- what the database says --------------------------------------------- */

static int job_look(struct db_tx *tx, void *arg) {
    struct look *l = arg;
    return l->all ? rpc_health_read(tx, &l->health) : change_held(tx);
}

static void on_look(int status, void *arg) {
    struct look *l = arg;
    struct web_request *r = l->r;
    struct web *w = r->web;
    struct db_stats st;
    struct jsonw out;
    db_get_stats(w->o.db, &st);
    bool ready = status >= 0 && !st.disk_full;
    jsonw_init(&out, &r->page);
    if (l->all && status >= 0)
        rpc_health_write(w->o.rpc, &out, TEXT_EN, &l->health);
    else
        write_state(&r->page, ready ? "ok" : "failed");
    if (status < 0)
        log_warn("http.health", "the database does not read: %s",
                 err_name(status));
    store_list_free(l->health.stores, l->health.n);
    free(l);
    request_page(r, ready ? 200 : 503, "application/json");
    web_job_ended(w);
}

static void look(struct web_request *r, bool all) {
    struct look *l = NEW(struct look);
    *l = (struct look){.r = r, .all = all};
    int rc = db_read(r->web->o.db, DB_INTERACTIVE, job_look, on_look, l);
    if (rc < 0) {
        free(l);
        request_answer(r, ANSWER_BUSY);
        return;
    }
    r->web->n_jobs++;
    request_suspend(r);
}

void health_ready(struct web_request *r) {
    look(r, false);
}

void health_all(struct web_request *r) {
    if (request_is_trusted(r))
        look(r, true);
    else
        request_answer(r, ANSWER_FORBIDDEN);
}
