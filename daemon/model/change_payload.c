/* Payloads: what a note, a refund, a tracking number or a new object must be
 * before a shop sees it. The shop would accept a refund of an unknown line, an
 * order of a product that is not there, an amount that is no number. */
#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/money.h"
#include "common/str.h"
#include "model/change_check.h"
#include "model/order_get.h"
#include "model/order_list.h"

enum { NOTE_MAX = 10000, LINES_MAX = 500 };

static int bad(struct error *e, const char *where, const char *what) {
    return error_set(e, ERR_INVALID, where, "%s", what);
}

static bool given(const struct json *v, const char *key, size_t max) {
    const char *s = json_string(json_get(v, key));
    return s && *s && strlen(s) <= max;
}

static int check_note(const struct json *v, struct error *e) {
    return given(v, "text", NOTE_MAX)
               ? 0
               : bad(e, "text", "a note of 1 to 10,000 bytes");
}

static int check_tracking(const struct json *v, struct error *e) {
    return given(v, "number", 100) ? 0 : bad(e, "number", "a tracking number");
}

/* --- refunds ------------------------------------------------------------- */

static const struct order_line *line_of(const struct order_parts *parts,
                                        int64_t id) {
    for (size_t i = 0; i < parts->n_lines; i++)
        if (parts->lines[i].line_id == id)
            return &parts->lines[i];
    return NULL;
}

static int check_refund_line(const struct order_parts *parts,
                             const struct json *l, struct error *e) {
    int64_t id, qty = 0;
    if (json_i64(json_get(l, "id"), true, &id) < 0)
        return bad(e, "lines", "each line needs its id");
    const struct order_line *line = line_of(parts, id);
    if (!line)
        return error_set(e, ERR_INVALID, "lines", "the order has no line %lld",
                         (long long)id);
    if (json_get(l, "quantity") &&
        (json_decimal(json_get(l, "quantity"), QTY_SCALE, &qty) < 0 ||
         qty <= 0 || qty > line->qty_e3 || qty % 1000 != 0))
        return error_set(e, ERR_INVALID, "lines",
                         "of line %lld no more than was ordered can come back",
                         (long long)id);
    return 0;
}

/* What is left to give back: the total minus what was given back. */
static int left_of(struct db_tx *tx, const struct change_new *n,
                   struct arena *a, struct order_parts *parts, int64_t *ret) {
    struct order_item o;
    int rc = order_item_get(tx, n->store_id, n->remote_id, 0, a, &o);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_NOT_FOUND;
    rc = order_parts_get(tx, o.id, n->store_id, n->remote_id, a, parts);
    if (rc < 0)
        return rc;
    int64_t left = o.total_e4;
    for (size_t i = 0; i < parts->n_refunds; i++)
        if (!money_add(&left, -parts->refunds[i].total_e4))
            return ERR_RANGE;
    *ret = left;
    return 0;
}

static int check_refund(struct db_tx *tx, const struct change_new *n,
                        const struct json *v, struct arena *a,
                        struct error *e) {
    struct order_parts parts;
    int64_t amount, left;
    if (json_type(json_get(v, "amount")) != JSON_STRING ||
        json_decimal(json_get(v, "amount"), MONEY_SCALE, &amount) < 0 ||
        amount <= 0)
        return bad(e, "amount", "an amount above 0, like \"12.50\"");
    int rc = left_of(tx, n, a, &parts, &left);
    if (rc < 0)
        return rc;
    if (amount > left)
        return bad(e, "amount", "more than is left of what was paid");
    for (const struct json *l = json_first(json_get(v, "lines")); rc >= 0 && l;
         l = json_next(l))
        rc = check_refund_line(&parts, l, e);
    return rc;
}

/* --- new objects --------------------------------------------------------- */

static int check_new_line(struct db_tx *tx, const struct change_new *n,
                          const struct json *l, struct error *e) {
    int64_t product, variation = 0, qty;
    uint8_t hash[16];
    int gone = 0;
    if (json_i64(json_get(l, "product_id"), true, &product) < 0 || product < 1)
        return bad(e, "lines", "each line needs its product_id");
    if (json_get(l, "variation_id") &&
        json_i64(json_get(l, "variation_id"), true, &variation) < 0)
        return bad(e, "lines", "variation_id is a number");
    if (json_decimal(json_get(l, "quantity"), QTY_SCALE, &qty) < 0 ||
        qty <= 0 || qty % 1000 != 0)
        return bad(e, "lines", "a whole quantity above 0");
    /* the shop answers 201 with an empty line for a product it has not */
    int rc = mirror_hash(tx, MIRROR_PRODUCT, n->store_id,
                         variation > 0 ? variation : product, hash, &gone);
    if (rc < 0)
        return rc;
    return rc && !gone
               ? 0
               : error_set(e, ERR_INVALID, "lines",
                           "the shop has no product %lld", (long long)product);
}

static int check_new_order(struct db_tx *tx, const struct change_new *n,
                           const struct json *v, struct arena *a,
                           struct error *e) {
    const struct json *lines = json_get(v, "lines");
    const char *status = json_string(json_get(v, "status"));
    int rc = status ? change_check_status(tx, n->store_id, status, a, e) : 0;
    if (rc >= 0 && json_get(v, "status") && !status)
        return bad(e, "status", "a text");
    if (json_count(lines) < 1 || json_count(lines) > LINES_MAX)
        return bad(e, "lines", "an order needs 1 to 500 lines");
    for (const struct json *l = json_first(lines); rc >= 0 && l;
         l = json_next(l))
        rc = check_new_line(tx, n, l, e);
    return rc;
}

static int check_create(struct db_tx *tx, const struct change_new *n,
                        const struct json *v, struct arena *a,
                        struct error *e) {
    switch (n->kind) {
    case MIRROR_ORDER:
        return check_new_order(tx, n, v, a, e);
    case MIRROR_CUSTOMER:
        return given(v, "email", 254) ? 0
                                      : bad(e, "email", "an e-mail address");
    case MIRROR_PRODUCT:
        return given(v, "name", 200) ? change_check_members(tx, n, v, a, e)
                                     : bad(e, "name", "a name");
    case MIRROR_CATEGORY:
        return given(v, "name", 200) ? 0 : bad(e, "name", "a name");
    default:
        return bad(e, "", "this cannot be created");
    }
}

int change_check_payload(struct db_tx *tx, const struct change_new *n,
                         struct arena *a, struct error *e) {
    const struct json *v = NULL;
    if (!n->payload ||
        json_parse(a, n->payload, strlen(n->payload), NULL, &v, NULL) < 0 ||
        json_type(v) != JSON_OBJECT)
        return bad(e, "", "an object");
    switch (n->act) {
    case CHANGE_NOTE:
        return check_note(v, e);
    case CHANGE_REFUND:
        return check_refund(tx, n, v, a, e);
    case CHANGE_TRACKING:
        return check_tracking(v, e);
    case CHANGE_CREATE:
        return check_create(tx, n, v, a, e);
    default:
        return bad(e, "", "no payload here");
    }
}
