/* Stock as a file: given away page by page, taken as one proposal
 * (file_import.c). */
#include "common/csv.h"
#include "common/money.h"
#include "common/ref.h"
#include "common/str.h"
#include "model/product_list.h"
#include "model/stock_file.h"
#include "rpc/file_import.h"
#include "rpc_handlers.gen.h"

static void write_row(struct buf *b, const struct product_item *p) {
    char ref[REF_TEXT], stock[MONEY_TEXT];
    struct ref r = {.kind = REF_OBJECT, .id = p->remote_id};
    (void)str_copy(r.store, sizeof r.store, p->store);
    csv_cell(b, ref_format(ref, &r), 1);
    csv_cell(b, p->sku, 0);
    csv_cell(b, p->name, 0);
    csv_cell(b, money_format_qty(stock, p->stock_e3), 0);
    csv_end(b);
}

static int export_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_inventory_export_params *p = call->params;
    struct list_request r = {
        .store = p->store, .limit = (int)p->limit, .after = p->after};
    struct product_page page = {0};
    AUTO_BUF struct buf b = BUF_INIT;
    int rc =
        product_list(tx, &r, true, 0, 0, call_arena(call), &page, &call->error);
    if (rc < 0)
        return rc;
    if (!p->has_after)
        buf_adds(&b, "ref,sku,name,stock\r\n");
    for (size_t i = 0; i < page.n; i++)
        if (page.items[i].manage == PRODUCT_OWN_STOCK &&
            page.items[i].stock_e3 != PRODUCT_NONE)
            write_row(&b, &page.items[i]);
    struct jsonw *w = call_result(call);
    jsonw_begin_object(w);
    jsonw_kstring(w, "csv", buf_str(&b));
    jsonw_kstring(w, "next", page.next);
    jsonw_end_object(w);
    return 0;
}

int method_inventory_export(struct rpc_call *call,
                            const struct rpc_inventory_export_params *p) {
    (void)p;
    return call_read(call, export_work, NULL);
}

int method_inventory_import(struct rpc_call *call,
                            const struct rpc_inventory_import_params *p) {
    return file_import(call, &(struct file_import){
                                 .what = "stock",
                                 .make = stock_file_new,
                                 .slice = 1000,
                                 .limit = call->rpc->o.stock_limit,
                                 .store = p->store,
                                 .csv = p->has_csv ? p->csv : NULL,
                                 .file = p->has_file ? p->file : NULL,
                                 .apply = p->apply,
                                 .propose = p->propose,
                                 .reason = p->has_reason ? p->reason : NULL});
}
