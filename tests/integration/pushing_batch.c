/* A batch of changes that must not double. */
#include <string.h>

#include "tests/integration/pushing.h"

int pushing_notes(struct pushing *p, const char *text) {
    int count = 0;
    int64_t id;
    for (int n = 0; (id = pushing_nth(p, "notes", n)); n++)
        count += strcmp(json_string(
                            json_get(pushing_object(p, "notes", id), "note")),
                        text) == 0;
    return count;
}

static const struct json *refunds(struct pushing *p, int64_t order) {
    return json_get(pushing_object(p, "orders", order), "refunds");
}

static int64_t a_product(struct pushing *p) {
    return pushing_sql(p, "SELECT min(remote_id) FROM product WHERE manage = 1 "
                          "AND parent_id = 0 AND gone = 0");
}

static int64_t stock(struct pushing *p, int64_t id) {
    int64_t n = -1;
    (void)json_i64(
        json_get(pushing_object(p, "products", id), "stock_quantity"), true,
        &n);
    return n;
}

void pushing_batch(struct pushing *p, struct pushing_batch *b) {
    b->set = pushing_id(p, "orders", "processing", 0);
    b->noted = pushing_id(p, "orders", "processing", 1);
    b->refunded = pushing_id(p, "orders", "completed", 0);
    b->product = a_product(p);
    b->stock = stock(p, b->product);
    b->refund = pushing_act(p, MIRROR_ORDER, b->refunded, CHANGE_REFUND,
                            "{\"amount\":\"1.00\",\"reason\":\"late\"}");
    assert_int_equal(b->refund.state, CHANGE_AWAITING);
    pushing_approve(p, &b->refund);
    b->status = pushing_set(p, MIRROR_ORDER, b->set, "status", "\"completed\"");
    b->note = pushing_act(p, MIRROR_ORDER, b->noted, CHANGE_NOTE,
                          "{\"text\":\"packed\",\"customer\":false}");
    b->delta = pushing_set(p, MIRROR_PRODUCT, b->product, "stock", "-2");
}

void pushing_batch_once(struct pushing *p, struct pushing_batch *b) {
    b->status = pushing_until(p, &b->status, CHANGE_CONFIRMED);
    b->note = pushing_until(p, &b->note, CHANGE_CONFIRMED);
    b->refund = pushing_until(p, &b->refund, CHANGE_CONFIRMED);
    b->delta = pushing_until(p, &b->delta, CHANGE_CONFIRMED);
    assert_string_equal(pushing_text(p, "orders", b->set, "status"),
                        "completed");
    assert_int_equal(pushing_notes(p, "packed"), 1);
    assert_int_equal(json_count(refunds(p, b->refunded)), 1);
    assert_int_equal(stock(p, b->product), b->stock - 2);
}

void pushing_batch_unknown(struct pushing *p, const struct pushing_batch *b) {
    (void)pushing_until(p, &b->status, CHANGE_UNKNOWN);
    (void)pushing_until(p, &b->note, CHANGE_UNKNOWN);
    (void)pushing_until(p, &b->refund, CHANGE_UNKNOWN);
    (void)pushing_until(p, &b->delta, CHANGE_UNKNOWN);
}
