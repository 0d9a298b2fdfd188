/* Objects as the shop returned them. */
#include "rpc/mirrored.h"
#include "rpc_handlers.gen.h"

static int order_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_orders_raw_params *p = call->params;
    return mirrored_answer_raw(call, tx, &p->ref, REF_OBJECT, MIRROR_ORDER,
                               "orders");
}

int method_orders_raw(struct rpc_call *call,
                      const struct rpc_orders_raw_params *p) {
    (void)p;
    return call_read(call, order_work, NULL);
}

static int product_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_products_raw_params *p = call->params;
    return mirrored_answer_raw(call, tx, &p->ref, REF_OBJECT, MIRROR_PRODUCT,
                               "products");
}

int method_products_raw(struct rpc_call *call,
                        const struct rpc_products_raw_params *p) {
    (void)p;
    return call_read(call, product_work, NULL);
}

static int customer_work(struct rpc_call *call, struct db_tx *tx) {
    const struct rpc_customers_raw_params *p = call->params;
    return mirrored_answer_raw(call, tx, &p->ref, REF_CUSTOMER, MIRROR_CUSTOMER,
                               "customers");
}

int method_customers_raw(struct rpc_call *call,
                         const struct rpc_customers_raw_params *p) {
    (void)p;
    return call_read(call, customer_work, NULL);
}
