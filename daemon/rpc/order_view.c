#include "rpc/order_view.h"

#include <string.h>

#include "common/ref.h"
#include "common/str.h"
#include "model/order.h"
#include "rpc.gen.h"
#include "rpc/call.h"

enum { DECIMALS = 2 }; /* at least; more where the amount has more */

/* ",a,b," as an array. */
static void write_words(struct jsonw *w, const char *key, const char *list) {
    jsonw_key(w, key);
    jsonw_begin_array(w);
    while (*list) {
        size_t n = strcspn(list, ",");
        if (n > 0)
            jsonw_stringn(w, list, n);
        list += n + (list[n] == ',');
    }
    jsonw_end_array(w);
}

static void write_flags(struct jsonw *w, const struct order_item *o) {
    jsonw_key(w, "flags");
    jsonw_begin_array(w);
    if (o->late)
        jsonw_string(w, "late");
    if (o->flags & ORDER_UNLISTED)
        jsonw_string(w, "unlisted");
    if (o->unmapped)
        jsonw_string(w, "unmapped");
    if (o->flags & ORDER_REFUNDED)
        jsonw_string(w, "refunded");
    if (o->gone == 2)
        jsonw_string(w, "gone");
    jsonw_end_array(w);
}

static void write_work(struct jsonw *w, const struct order_item *o) {
    char id[24];
    jsonw_key(w, "work");
    if (!o->work_id) {
        jsonw_null(w);
        return;
    }
    (void)str_format(id, sizeof id, "P-%lld", (long long)o->work_id);
    jsonw_begin_object(w);
    jsonw_kstring(w, "pick", id);
    jsonw_kstring(w, "state", o->work_state);
    jsonw_kstring(w, "who", o->work_who);
    jsonw_kstring(w, "tote", o->work_tote);
    jsonw_end_object(w);
}

static void write_identity(struct jsonw *w, const struct order_item *o,
                           uint64_t f) {
    if (f & 1u << RPC_ORDER_ROW_REF) {
        char text[REF_TEXT];
        struct ref ref = {.kind = REF_OBJECT, .id = o->remote_id};
        (void)str_copy(ref.store, sizeof ref.store, o->store);
        jsonw_kstring(w, "ref", ref_format(text, &ref));
    }
    if (f & 1u << RPC_ORDER_ROW_STORE)
        jsonw_kstring(w, "store", o->store);
    if (f & 1u << RPC_ORDER_ROW_REMOTE_ID)
        jsonw_ki64(w, "remote_id", o->remote_id);
    if (f & 1u << RPC_ORDER_ROW_NUMBER)
        jsonw_kstring(w, "number", o->number);
    if (f & 1u << RPC_ORDER_ROW_STATUS)
        jsonw_kstring(w, "status", o->status);
    if (f & 1u << RPC_ORDER_ROW_SHOPSTATUS)
        jsonw_kstring(w, "shopstatus", o->shop_status);
}

/* A billing field with what is on its way; row: what the list's row has. */
static const char *billed(const struct pending *p, const char *path,
                          const char *row) {
    const char *s = p && p->now ? json_string(json_path(p->now, path)) : NULL;
    return s ? s : row;
}

static void write_name(struct jsonw *w, const struct order_item *o,
                       const struct pending *p) {
    AUTO_BUF struct buf name = BUF_INIT;
    if (!pending_wanted(p, "billing.first_name") &&
        !pending_wanted(p, "billing.last_name")) {
        jsonw_kstring(w, "customer_name", o->name);
        return;
    }
    buf_addf(&name, "%s %s", billed(p, "billing.first_name", ""),
             billed(p, "billing.last_name", ""));
    jsonw_kstring(w, "customer_name", buf_str(&name));
}

static void write_facts(struct jsonw *w, const struct order_item *o,
                        const struct pending *p, uint64_t f) {
    if (f & 1u << RPC_ORDER_ROW_DATE_CREATED)
        jsonw_ktime(w, "date_created", o->created_ms);
    if (f & 1u << RPC_ORDER_ROW_DATE_MODIFIED)
        jsonw_ktime(w, "date_modified", o->modified_ms);
    if (f & 1u << RPC_ORDER_ROW_CURRENCY)
        jsonw_kstring(w, "currency", o->currency);
    if (f & 1u << RPC_ORDER_ROW_TOTAL)
        jsonw_kmoney(w, "total", o->total_e4, DECIMALS);
    if (f & 1u << RPC_ORDER_ROW_CUSTOMER_ID)
        jsonw_ki64(w, "customer_id", o->customer_id);
    if (f & 1u << RPC_ORDER_ROW_CUSTOMER_NAME)
        write_name(w, o, p);
    if (f & 1u << RPC_ORDER_ROW_EMAIL)
        jsonw_kstring(w, "email", billed(p, "billing.email", o->email));
    if (f & 1u << RPC_ORDER_ROW_PHONE)
        jsonw_kstring(w, "phone", billed(p, "billing.phone", o->phone));
}

int order_view_pending(struct rpc_call *call, struct db_tx *tx,
                       const struct order_item *o, struct pending *ret) {
    return pending_of(call, tx, o->store_id, MIRROR_ORDER, o->remote_id,
                      o->pending, ret);
}

int order_view_pendings(struct rpc_call *call, struct db_tx *tx,
                        const struct order_page *page, struct pending **ret) {
    int rc = 0;
    *ret = arena_alloc(call_arena(call), (page->n + 1) * sizeof **ret);
    for (size_t i = 0; i < page->n && rc >= 0; i++)
        rc = order_view_pending(call, tx, &page->items[i], &(*ret)[i]);
    return rc;
}

void order_view_fields(const struct order_item *o, const struct pending *p,
                       uint64_t f, int64_t now_ms, struct jsonw *w) {
    write_identity(w, o, f);
    write_facts(w, o, p, f);
    if (f & 1u << RPC_ORDER_ROW_LINES)
        jsonw_ki64(w, "lines", o->lines);
    if (f & 1u << RPC_ORDER_ROW_ITEMS)
        jsonw_kqty(w, "items", o->items_e3);
    if (f & 1u << RPC_ORDER_ROW_NOTE)
        jsonw_kbool(w, "note", o->flags & ORDER_NOTE);
    if (f & 1u << RPC_ORDER_ROW_TAGS)
        write_words(w, "tags", o->tags);
    if (f & 1u << RPC_ORDER_ROW_HOLDS)
        write_words(w, "holds", o->holds);
    if (f & 1u << RPC_ORDER_ROW_FLAGS)
        write_flags(w, o);
    if (f & 1u << RPC_ORDER_ROW_WORK)
        write_work(w, o);
    if (f & 1u << RPC_ORDER_ROW_AGE)
        jsonw_ki64(w, "age",
                   now_ms > o->created_ms ? (now_ms - o->created_ms) / 1000
                                          : 0);
    if (f & 1u << RPC_ORDER_ROW_PENDING)
        pending_write(p, w);
}

void order_view_write(const struct order_item *o, const struct pending *p,
                      int64_t now_ms, struct jsonw *w) {
    jsonw_begin_object(w);
    order_view_fields(o, p, UINT64_MAX, now_ms, w);
    jsonw_end_object(w);
}
