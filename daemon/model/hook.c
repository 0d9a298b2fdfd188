#include "model/hook.h"

#include "common/str.h"
#include "db/db.h"
#include "db/sql.h"

static const char *const topics[HOOK_TOPICS] = {
    "order.created",
    "order.updated",
    "order.deleted",
    "order.restored",
    "product.created",
    "product.updated",
    "product.deleted",
    "product.restored",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "action.woocommerce_delete_order",
    "action.woocommerce_delete_order_refund", /* posts; HPOS tells nothing */
    "action.woocommerce_delete_product",
    "action.woocommerce_delete_product_variation",
    "action.woocommerce_order_note_added",
};

static const char *const statuses[HOOK_STATES] = {
    [HOOK_NONE] = "none",         [HOOK_NEW] = "new",
    [HOOK_ACTIVE] = "active",     [HOOK_PAUSED] = "paused",
    [HOOK_DISABLED] = "disabled", [HOOK_UNREACHABLE] = "unreachable",
};

const char *hook_topic(int i) {
    return topics[i];
}

int hook_topic_of(const char *name) {
    for (int i = 0; i < HOOK_TOPICS; i++)
        if (str_eq(topics[i], name))
            return i;
    return ERR_INVALID;
}

const char *hook_status_name(enum hook_status s) {
    return statuses[s];
}

enum hook_status hook_status_of(const char *name) {
    for (int i = HOOK_NEW; i < HOOK_STATES; i++)
        if (str_eq(statuses[i], name))
            return (enum hook_status)i;
    return HOOK_DISABLED;
}

static int read_hooks(struct db_tx *tx, int64_t store_id,
                      struct hook_set *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, STMT_HOOK_LIST, &r, "S", store_id);
    while (rc >= 0 && (rc = db_step(r)) > 0) {
        int topic = hook_topic_of(db_text(r, 0));
        if (topic < 0)
            continue; /* of another version; the plan removes it by name */
        ret->by[topic] = (struct hook){
            .remote_id = db_i64(r, 1),
            .status = hook_status_of(db_text(r, 2)),
            .ping_ms = db_i64(r, 3),
            .last_ms = db_i64(r, 4),
            .lag_ms = db_i64(r, 5),
            .disabled_ms = db_i64(r, 6),
            .deliveries = db_i64(r, 7),
        };
    }
    return rc;
}

static int read_door(struct db_tx *tx, int64_t store_id,
                     struct hook_door *ret) {
    AUTO_ROWS struct db_rows *r = NULL;
    size_t n;
    int rc = db_query(tx, STMT_HOOK_DOOR, &r, "S", store_id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    (void)str_copy(ret->path, sizeof ret->path, db_text(r, 0));
    const void *sealed = db_blob(r, 1, &n);
    buf_add(&ret->sealed, sealed, n);
    (void)str_copy(ret->copied_source, sizeof ret->copied_source,
                   db_text(r, 2));
    ret->copied_ms = db_i64(r, 3);
    return 0;
}

int hook_read(struct db_tx *tx, int64_t store_id, struct hook_set *ret) {
    *ret = (struct hook_set){0};
    int rc = read_hooks(tx, store_id, ret);
    return rc < 0 ? rc : read_door(tx, store_id, &ret->door);
}

void hook_set_done(struct hook_set *s) {
    buf_done(&s->door.sealed);
}

int hook_door_put(struct db_tx *tx, int64_t store_id, const char *path,
                  const void *sealed, size_t n) {
    int rc = db_run(tx, STMT_HOOK_DOOR_PUT, "Ssb", store_id, path, sealed, n);
    return rc < 0 ? rc : 0;
}

int hook_put(struct db_tx *tx, int64_t store_id, int topic,
             const struct hook *h) {
    int rc = db_run(tx, STMT_HOOK_PUT, "Ssisi", store_id, topics[topic],
                    h->remote_id, hook_status_name(h->status), h->disabled_ms);
    return rc < 0 ? rc : 0;
}

int hook_ping_due(struct db_tx *tx, int64_t store_id, int topic) {
    int rc = db_run(tx, STMT_HOOK_PING_DUE, "Ss", store_id, topics[topic]);
    return rc < 0 ? rc : 0;
}

int hook_door_forget(struct db_tx *tx, int64_t store_id) {
    int rc = db_run(tx, STMT_HOOK_DOOR_FORGET, "S", store_id);
    return rc < 0 ? rc : 0;
}

int hook_forget(struct db_tx *tx, int64_t store_id) {
    int rc = db_run(tx, STMT_HOOK_FORGET, "S", store_id);
    return rc < 0 ? rc : hook_door_forget(tx, store_id);
}

bool hook_reached(const struct hook_set *s) {
    bool any = false;
    for (int i = 0; i < HOOK_TOPICS; i++)
        any |= s->by[i].ping_ms > 0;
    return any;
}

int hook_count(const struct hook_set *s, enum hook_status status) {
    int n = 0;
    for (int i = 0; i < HOOK_TOPICS; i++)
        n += s->by[i].status == status;
    return n;
}
