/* Products as a file: given away page by page, taken as one proposal
 * (file_import.c). */
#include <string.h>

#include "common/str.h"
#include "model/product_file.h"
#include "model/product_list.h"
#include "model/store.h"
#include "rpc/call.h"
#include "rpc/file_import.h"
#include "rpc/job.h"
#include "rpc_handlers.gen.h"

static int export_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_products_export_params *p = call->params;
    struct list_request r = {
        .store = p->store, .limit = (int)p->limit, .after = p->after};
    struct product_page page = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    int rc =
        product_list(tx, &r, true, 0, 0, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    if (!p->has_after)
        product_file_head(&b);
    for (size_t i = 0; rc >= 0 && i < page.n; i++)
        rc = product_file_row(tx, page.items[i].store_id, page.items[i].store,
                              page.items[i].remote_id, &b);
    if (rc < 0)
        return rc;
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "csv", buf_str(&b));
    jsonw_kstring(w, "next", page.next);
    jsonw_end_object(w);
    return 0;
}

int method_products_export(struct rpc_call *call,
                           const struct rpc_products_export_params *p) {
    (void)p;
    return call_read(call, export_work, NULL);
}

/* --- import ------------------------------------------------------------------
 */

static void free_file(void *file) {
    product_file_free(file);
}

static int look(struct db_tx *tx, void *file, size_t max, struct error *e) {
    return product_file_look(tx, file, max, e);
}

static void sum(const void *file, struct stock_sum *ret) {
    product_file_sum(file, ret);
}

static int propose(struct db_tx *tx, const void *file, const char *author,
                   const char *reason, bool over, bool at_once, int64_t *ret,
                   struct error *e) {
    return product_file_propose(tx, file, author, reason, over, at_once, ret,
                                e);
}

static int64_t limit(const struct rpc *r) {
    return r->o.price_limit;
}

static int store_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_products_import_params *p = call->params;
    struct store s = {0};
    int rc = store_by_name(tx, p->store, &s);
    if (rc > 0)
        call->data = product_file_new(s.id, s.name, p->csv, strlen(p->csv));
    store_done(&s);
    return rc == 0 ? call_fail(call, ERR_NOT_FOUND, "store",
                               "there is no store %s", p->store)
                   : rc;
}

static int begin_then(struct rpc_call *call) {
    static const struct file_kind_ops ops = {
        "products.import", "products", free_file, look, sum, propose, limit};
    const struct rpc_products_import_params *p = call->params;
    return file_import_begin(
        call,
        &(struct file_import){.ops = &ops,
                              .file = call->data,
                              .store_id = product_file_store(call->data),
                              .store = p->store,
                              .apply = p->apply,
                              .propose = p->propose,
                              .reason = p->has_reason ? p->reason : NULL});
}

int method_products_import(struct rpc_call *call,
                           const struct rpc_products_import_params *p) {
    int rc;
    (void)p;
    if (job_replay(call, &rc))
        return rc;
    return call_read(call, store_work, begin_then);
}
