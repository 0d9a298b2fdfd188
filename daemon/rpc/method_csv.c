/* Products and their stock as files: given away page by page, taken as one
 * proposal (file_import.c). */
#include "common/csv.h"
#include "common/money.h"
#include "common/ref.h"
#include "common/str.h"
#include "model/category_paths.h"
#include "model/product_file.h"
#include "model/product_list.h"
#include "model/stock_file.h"
#include "rpc/file_import.h"
#include "rpc_handlers.gen.h"

/* --- given away ----------------------------------------------------------- */

struct sort {
    void (*head)(struct buf *out);
    int (*row)(struct db_tx *tx, const struct product_item *p,
               struct category_paths **t, struct buf *out);
};

static void stock_head(struct buf *out) {
    buf_adds(out, "ref,sku,name,stock\r\n");
}

static int stock_row(struct db_tx *tx, const struct product_item *p,
                     struct category_paths **t, struct buf *out) {
    char ref[REF_TEXT], stock[MONEY_TEXT];
    struct ref r = {.kind = REF_OBJECT, .id = p->remote_id};
    (void)tx;
    (void)t;
    if (p->manage != PRODUCT_OWN_STOCK || p->stock_e3 == PRODUCT_NONE)
        return 0;
    (void)str_copy(r.store, sizeof r.store, p->store);
    csv_cell(out, ref_format(ref, &r), 1);
    csv_cell(out, p->sku, 0);
    csv_cell(out, p->name, 0);
    csv_cell(out, money_format_qty(stock, p->stock_e3), 0);
    csv_end(out);
    return 0;
}

static int page_work(struct rpc_call *call, struct db_tx *tx,
                     const struct rpc_csv_page *p, const struct sort *s) {
    struct list_request r = {
        .store = p->store, .limit = (int)p->limit, .after = p->after};
    struct product_page page = {0};
    struct category_paths *t = NULL;
    AUTO_BUF struct buf b = BUF_INIT;
    int rc =
        product_list(tx, &r, true, 0, 0, call_arena(call), &page, &call->error);
    if (rc >= 0 && !p->has_after)
        s->head(&b);
    for (size_t i = 0; rc >= 0 && i < page.n; i++)
        rc = s->row(tx, &page.items[i], &t, &b);
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

static int stock_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_export_params *p = call->params;
    return page_work(call, tx, &p->csv_page,
                     &(struct sort){stock_head, stock_row});
}

static int products_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_products_export_params *p = call->params;
    return page_work(call, tx, &p->csv_page,
                     &(struct sort){product_file_head, product_file_row});
}

int method_inventory_export(struct rpc_call *call,
                            const struct rpc_inventory_export_params *p) {
    (void)p;
    return call_read(call, stock_work, NULL);
}

int method_products_export(struct rpc_call *call,
                           const struct rpc_products_export_params *p) {
    (void)p;
    return call_read(call, products_work, NULL);
}

/* --- taken ---------------------------------------------------------------- */

int method_inventory_import(struct rpc_call *call,
                            const struct rpc_inventory_import_params *p) {
    return file_import(call,
                       &(struct file_import){.what = "stock",
                                             .make = stock_file_new,
                                             .slice = 1000,
                                             .limit = call->rpc->o.stock_limit,
                                             .p = &p->csv_import});
}

int method_products_import(struct rpc_call *call,
                           const struct rpc_products_import_params *p) {
    return file_import(call,
                       &(struct file_import){.what = "products",
                                             .make = product_file_new,
                                             .slice = 100,
                                             .limit = call->rpc->o.price_limit,
                                             .p = &p->csv_import});
}
