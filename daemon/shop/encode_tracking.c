/* Tracking numbers: a fulfillment, a list in the order's meta data, a note. A
 * list is read, added to and written whole: shops have no other way. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "common/money.h"
#include "common/str.h"
#include "shop/encode.h"

DEFINE_CLEANUP(struct arena *, tracking_arena, arena_free)

static const struct json *payload_of(const struct change *c, struct arena *a) {
    const struct json *v = NULL;
    if (c->payload &&
        json_parse(a, c->payload, strlen(c->payload), NULL, &v, NULL) < 0)
        return NULL;
    return v;
}

static const char *text_of(const struct json *p, const char *key) {
    const char *s = json_string(json_get(p, key));
    return s ? s : "";
}

static bool notify_of(const struct json *p) {
    bool notify = false;
    (void)json_bool(json_get(p, "notify"), true, &notify);
    return notify;
}

/* --- what is in the parcel ------------------------------------------------ */

static void item(struct jsonw *w, const struct json *line, const char *id_key) {
    int64_t id = 0, e3 = 0;
    (void)json_i64(json_get(line, id_key), true, &id);
    (void)json_decimal(json_get(line, "quantity"), QTY_SCALE, &e3);
    if (id <= 0 || e3 < 1000)
        return;
    jsonw_begin_object(w);
    jsonw_ki64(w, "item_id", id);
    jsonw_ki64(w, "qty", e3 / 1000);
    jsonw_end_object(w);
}

/* Those the change names, else all of the order. */
static void items(struct jsonw *w, const struct json *p,
                  const struct json *order) {
    const struct json *named = json_first(json_get(p, "items"));
    const struct json *all = json_first(json_get(order, "line_items"));
    jsonw_begin_array(w);
    for (const struct json *l = named ? named : all; l; l = json_next(l))
        item(w, l, named ? "line" : "id");
    jsonw_end_array(w);
}

/* --- a fulfillment -------------------------------------------------------- */

static void meta_text(struct jsonw *w, const char *key, const char *text) {
    jsonw_begin_object(w);
    jsonw_ki64(w, "id", 0);
    jsonw_kstring(w, "key", key);
    jsonw_kstring(w, "value", text);
    jsonw_end_object(w);
}

/* It says what left in this parcel; the order's status is not touched, so that
 * a part of it completes nothing. */
static void fulfillment(struct jsonw *w, const struct change *c,
                        const struct json *p, const struct json *order) {
    jsonw_kstring(w, "status", "fulfilled");
    jsonw_kbool(w, "is_fulfilled", true);
    jsonw_kbool(w, "notify_customer", notify_of(p));
    jsonw_key(w, "meta_data");
    jsonw_begin_array(w);
    jsonw_begin_object(w);
    jsonw_ki64(w, "id", 0);
    jsonw_kstring(w, "key", "_items");
    jsonw_key(w, "value");
    items(w, p, order);
    jsonw_end_object(w);
    meta_text(w, "_tracking_number", text_of(p, "number"));
    meta_text(w, "_shipment_provider", text_of(p, "carrier"));
    meta_text(w, "_tracking_url", text_of(p, "url"));
    meta_text(w, ENCODE_OP, c->uuid);
    jsonw_end_array(w);
}

/* --- lists in meta data --------------------------------------------------- */

static const struct json *list_of(const struct json *order, const char *key) {
    for (const struct json *m = json_first(json_get(order, "meta_data")); m;
         m = json_next(m))
        if (str_eq(json_string(json_get(m, "key")), key))
            return json_get(m, "value");
    return NULL;
}

static void plugin_entry(struct jsonw *w, const struct change *c,
                         const struct json *p) {
    char when[24];
    (void)snprintf(when, sizeof when, "%" PRId64, c->created_ms / 1000);
    jsonw_begin_object(w);
    jsonw_kstring(w, "tracking_provider", "");
    jsonw_kstring(w, "custom_tracking_provider", text_of(p, "carrier"));
    jsonw_kstring(w, "custom_tracking_link", text_of(p, "url"));
    jsonw_kstring(w, "tracking_number", text_of(p, "number"));
    jsonw_kstring(w, "date_shipped", when);
    jsonw_kstring(w, "tracking_id", c->uuid);
    jsonw_end_object(w);
}

static void our_entry(struct jsonw *w, const struct change *c,
                      const struct json *p, const struct json *order) {
    jsonw_begin_object(w);
    jsonw_kstring(w, "tracking_number", text_of(p, "number"));
    jsonw_kstring(w, "carrier", text_of(p, "carrier"));
    jsonw_kstring(w, "url", text_of(p, "url"));
    jsonw_key(w, "items");
    items(w, p, order);
    jsonw_kstring(w, "op", c->uuid);
    jsonw_end_object(w);
}

static void list(struct jsonw *w, const struct change *c, enum encode_way way,
                 const struct json *p, const struct json *order) {
    AUTO_BUF struct buf b = BUF_INIT;
    const char *key =
        way == ENCODE_PLUGIN ? ENCODE_PLUGIN_KEY : ENCODE_TRACKING_KEY;
    jsonw_key(w, "meta_data");
    jsonw_begin_array(w);
    jsonw_begin_object(w);
    jsonw_kstring(w, "key", key);
    jsonw_key(w, "value");
    jsonw_begin_array(w);
    for (const struct json *e = json_first(list_of(order, key)); e;
         e = json_next(e)) {
        buf_clear(&b);
        json_print(&b, e);
        jsonw_raw(w, buf_str(&b), b.len);
    }
    if (way == ENCODE_PLUGIN)
        plugin_entry(w, c, p);
    else
        our_entry(w, c, p, order);
    jsonw_end_array(w);
    jsonw_end_object(w);
    jsonw_end_array(w);
}

/* --- all ------------------------------------------------------------------ */

const char *encode_tell(const struct change *c, struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    const struct json *p = payload_of(c, a);
    const char *carrier = text_of(p, "carrier"), *url = text_of(p, "url");
    buf_addf(&b, "%s%s%s", carrier, *carrier ? " " : "", text_of(p, "number"));
    if (*url)
        buf_addf(&b, "\n%s", url);
    return arena_dupn(a, buf_str(&b), b.len);
}

static void route(const struct change *c, enum encode_way way,
                  struct shop_request *r) {
    char path[REQUEST_PATH];
    encode_route(c, r);
    r->method = HTTP_PUT;
    if (way == ENCODE_PLUGIN || way == ENCODE_META)
        return;
    (void)snprintf(path, sizeof path, "/wc/v3/orders/%" PRId64 "/%s",
                   c->remote_id, way == ENCODE_TELL ? "notes" : "fulfillments");
    request_init(r, HTTP_POST, path);
}

void encode_tracking(const struct change *c, enum encode_way way,
                     const struct json *order, struct shop_request *r,
                     struct buf *body) {
    CLEANUP(tracking_arena) struct arena *a = arena_new(4096);
    const struct json *p = payload_of(c, a);
    struct jsonw w;
    route(c, way, r);
    jsonw_init(&w, body);
    jsonw_begin_object(&w);
    if (way == ENCODE_FULFILLMENT) {
        fulfillment(&w, c, p, order);
    } else if (way == ENCODE_TELL) {
        jsonw_kstring(&w, "note", encode_tell(c, a));
        jsonw_kbool(&w, "customer_note", notify_of(p));
    } else {
        list(&w, c, way, p, order);
    }
    jsonw_end_object(&w);
    r->cls = REQUEST_WRITE;
    r->body = body->data;
    r->body_n = body->len;
}
