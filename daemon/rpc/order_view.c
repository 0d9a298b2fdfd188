#include "rpc/order_view.h"

#include <string.h>

#include "common/ref.h"
#include "common/str.h"
#include "model/order.h"
#include "rpc.gen.h"

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

static void write_facts(struct jsonw *w, const struct order_item *o,
                        uint64_t f) {
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
        jsonw_kstring(w, "customer_name", o->name);
    if (f & 1u << RPC_ORDER_ROW_EMAIL)
        jsonw_kstring(w, "email", o->email);
    if (f & 1u << RPC_ORDER_ROW_PHONE)
        jsonw_kstring(w, "phone", o->phone);
}

void order_view_fields(const struct order_item *o, uint64_t f, int64_t now_ms,
                       struct jsonw *w) {
    write_identity(w, o, f);
    write_facts(w, o, f);
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
    if (f & 1u << RPC_ORDER_ROW_AGE)
        jsonw_ki64(w, "age",
                   now_ms > o->created_ms ? (now_ms - o->created_ms) / 1000
                                          : 0);
    if (f & 1u << RPC_ORDER_ROW_PENDING) {
        /* Nothing is sent to shops yet: nothing can be on its way. */
        jsonw_key(w, "pending");
        jsonw_begin_array(w);
        jsonw_end_array(w);
    }
}

void order_view_write(const struct order_item *o, int64_t now_ms,
                      struct jsonw *w) {
    jsonw_begin_object(w);
    order_view_fields(o, UINT64_MAX, now_ms, w);
    jsonw_end_object(w);
}
