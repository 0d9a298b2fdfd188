/* A write that touches what nobody asked for, and one that meets another
 * writer. */
#include <string.h>

#include "tests/shop/meta.h"
#include "tests/shop/order.h"
#include "tests/shop/order_write.h"
#include "tests/shop/product.h"
#include "tests/shop/shop.h"

static void show_again(struct exchange *x, const struct obj *o) {
    buf_clear(&x->out);
    buf_add(&x->out, o->text, o->n);
}

static struct obj *written(struct exchange *x, const struct fault_echo *e) {
    return x->status < 400 && e->known ? store_find(x->s, e->kind, e->id)
                                       : NULL;
}

void fault_resets(struct exchange *x, const struct fault_echo *e) {
    struct obj *o = written(x, e);
    if (!o ||
        (e->kind != K_ORDER && e->kind != K_PRODUCT && e->kind != K_VARIATION))
        return;
    struct node *v = store_edit(x->a, o);
    if (e->kind == K_ORDER) {
        node_puts(x->a, v, "customer_note", "");
        order_save(x->s, x->a, o, v);
    } else {
        node_puts(x->a, v, "backorders", "no");
        product_save(x->s, x->a, e->kind, o, v);
    }
    show_again(x, o);
}

/* Two requests at once: ours is kept, and answered with what the other one
 * found; or (last) the other one is kept too. */
void fault_other(struct exchange *x, const struct fault_echo *e, bool last) {
    struct obj *o = written(x, e);
    if (!o)
        return;
    if (last && e->kind == K_ORDER) {
        struct node *v = store_edit(x->a, o);
        order_write_status(x->s, x->a, o, v, "on-hold");
        store_touch(x->s, x->a, o, v);
        order_save(x->s, x->a, o, v);
        show_again(x, o);
    } else {
        show_again(x, &e->before);
    }
}
