/* Products as a file: given away page by page, taken as one proposal
 * (file_import.c). */
#include "model/category_paths.h"
#include "model/product_file.h"
#include "model/product_list.h"
#include "rpc/file_import.h"
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
    struct category_paths *t = NULL;
    if (page.n)
        rc = category_paths_read(tx, page.items[0].store_id, &t);
    for (size_t i = 0; rc >= 0 && i < page.n; i++)
        rc = product_file_row(tx, page.items[i].store_id, page.items[i].store,
                              page.items[i].remote_id, t, &b);
    category_paths_free(t);
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

int method_products_import(struct rpc_call *call,
                           const struct rpc_products_import_params *p) {
    return file_import(call, &(struct file_import){
                                 .what = "products",
                                 .make = product_file_new,
                                 .slice = 100,
                                 .limit = call->rpc->o.price_limit,
                                 .store = p->store,
                                 .csv = p->has_csv ? p->csv : NULL,
                                 .file = p->has_file ? p->file : NULL,
                                 .apply = p->apply,
                                 .propose = p->propose,
                                 .reason = p->has_reason ? p->reason : NULL});
}
