#include "rpc/names.h"

#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "model/store.h"

/* A running load. */
struct load {
    struct rpc *rpc;
    struct store *stores;
    size_t n;
};

static const char *look_up(const struct rpc *r, int64_t id) {
    for (size_t i = 0; i < r->n_names; i++) {
        if (r->names[i].id == id)
            return r->names[i].name;
    }
    return NULL;
}

int64_t names_id(const struct rpc *r, const char *name) {
    for (size_t i = 0; i < r->n_names; i++) {
        if (str_eq(r->names[i].name, name))
            return r->names[i].id;
    }
    return 0;
}

void names_put(struct rpc *r, int64_t id, const char *name) {
    if (look_up(r, id))
        return;
    r->names = mem_resize(r->names, r->n_names + 1, sizeof *r->names);
    struct rpc_name *n = &r->names[r->n_names++];
    n->id = id;
    (void)str_copy(n->name, sizeof n->name, name);
}

static int job_load(struct db_tx *tx, void *arg) {
    struct load *l = arg;
    return store_list(tx, &l->stores, &l->n);
}

static void job_done(int status, void *arg) {
    struct load *l = arg;
    struct rpc *r = l->rpc;
    r->names_busy = false;
    for (size_t i = 0; status >= 0 && i < l->n; i++)
        names_put(r, l->stores[i].id, l->stores[i].name);
    store_list_free(l->stores, l->n);
    free(l);
    rpc_maybe_stopped(r);
}

void names_load(struct rpc *r) {
    if (r->names_busy)
        return;
    struct load *l = NEW(struct load);
    l->rpc = r;
    r->names_busy = true;
    if (db_read(r->o.db, DB_INTERACTIVE, job_load, job_done, l) < 0) {
        r->names_busy = false; /* asked again with the next unknown id */
        free(l);
    }
}

void names_free(struct rpc *r) {
    free(r->names);
    r->names = NULL;
    r->n_names = 0;
}

const char *names_of(struct rpc *r, int64_t id) {
    const char *name = look_up(r, id);
    if (!name && !r->stopped)
        names_load(r);
    return name;
}
