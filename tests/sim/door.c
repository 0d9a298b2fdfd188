#include "tests/sim/door.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "tests/shop/route.h"
#include "tests/shop/shop.h"
#include "tests/sim/sim.h"

static const char owner[] = "Basic Y2tfZGVtbzpjc19kZW1v"; /* the demo's keys */

void door_open(struct sim *s) {
    const struct sim_style *y = &s->style;
    door_clock(s);
    s->shop = demo_shop_make(&(struct demo_options){
        .home = "https://shop.test",
        .trust_http = true,
        .hpos = y->hpos,
        .seed = s->seed + 1,
        .orders = y->orders,
        .products = y->products,
        .customers = y->customers,
        .zone = y->zone,
        .clock_s = &s->shop_s,
        .clock_offset_s = y->offset_s,
    });
    REQUIRE(s->shop);
}

void door_close(struct sim *s) {
    demo_shop_stop(s->shop);
    s->shop = NULL;
}

void door_clock(struct sim *s) {
    s->shop_s = SIM_EPOCH_S + s->agenda.now / 1000;
}

void door_listen(struct sim *s,
                 void (*fn)(void *s, const char *topic, int64_t id)) {
    s->shop->s.told = fn;
    s->shop->s.told_arg = s;
}

struct store *door_store(const struct sim *s) {
    return &s->shop->s;
}

void door_ask(struct sim *s, const struct door_request *r, struct exchange *x) {
    door_clock(s);
    *x = (struct exchange){
        .a = arena_new(1 << 14),
        .shop = s->shop,
        .s = &s->shop->s,
        .method = r->method,
        .raw_uri = r->uri,
        .authorization = r->authorization,
        .user_agent = "sim",
        .content_type = r->content_type,
        .accept = r->accept,
        .body = r->body ? r->body : "",
        .body_n = r->body_n,
        .https = true,
    };
    route_answer(x);
    s->shop->in_flight--;
}

int door_tell(struct sim *s, const char *method, const char *path,
              const char *fmt, ...) {
    AUTO_BUF struct buf body = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_addv(&body, fmt, ap);
    va_end(ap);
    struct exchange answer;
    door_ask(s,
             &(struct door_request){.method = method,
                                    .uri = path,
                                    .authorization = owner,
                                    .content_type = "application/json",
                                    .accept = "application/json",
                                    .body = body.data,
                                    .body_n = body.len},
             &answer);
    int status = answer.status;
    exchange_done(&answer);
    return status;
}

int64_t door_any(const struct sim *s, const char *kind, struct chance *c) {
    const struct table *t = &s->shop->s.t[store_kind_of(kind)];
    return t->n ? t->v[chance_below(c, t->n)]->id : 0;
}

int64_t door_stock(const struct sim *s, const char *uri) {
    const char *v = strstr(uri, "/variations/"), *p = strstr(uri, "/products/");
    const struct obj *o =
        v   ? store_find(&s->shop->s, K_VARIATION, strtoll(v + 12, NULL, 10))
        : p ? store_find(&s->shop->s, K_PRODUCT, strtoll(p + 10, NULL, 10))
            : NULL;
    if (!o)
        return INT64_MIN;
    struct arena *a = arena_new(0);
    int64_t n =
        node_i64(node_get(store_edit(a, o), "stock_quantity"), INT64_MIN);
    arena_free(a);
    return n;
}

/* Only the list of all refunds says whose they are. */
static size_t refund_rows(struct sim *s, struct buf *out) {
    struct exchange x;
    door_ask(
        s,
        &(struct door_request){.method = "GET",
                               .uri = "/wp-json/wc/v3/refunds?per_page=100",
                               .authorization = owner},
        &x);
    buf_add(out, x.out.data, x.out.len);
    exchange_done(&x);
    return s->shop->s.t[K_REFUND].n;
}

size_t door_rows(struct sim *s, const char *kind, struct buf *out) {
    if (strcmp(kind, "refunds") == 0)
        return refund_rows(s, out);
    const struct table *t = &s->shop->s.t[store_kind_of(kind)];
    buf_addc(out, '[');
    for (size_t i = 0; i < t->n; i++) {
        if (i)
            buf_addc(out, ',');
        buf_add(out, t->v[i]->text, t->v[i]->n);
    }
    buf_addc(out, ']');
    return t->n;
}

enum door_state door_note_open(const struct sim *s, int64_t id) {
    static const char *const open[] = {"pending", "processing", "on-hold"};
    const struct store *st = &s->shop->s;
    const struct obj *note = store_find(st, K_NOTE, id);
    const struct obj *o = note ? store_find(st, K_ORDER, note->parent) : NULL;
    for (size_t i = 0; o && i < sizeof open / sizeof *open; i++)
        if (strcmp(o->status, open[i]) == 0)
            return DOOR_THERE;
    return note ? DOOR_TRASHED : DOOR_NONE;
}

int64_t door_note_next(const struct sim *s, int64_t after) {
    const struct table *t = &s->shop->s.t[K_NOTE];
    for (size_t i = 0; i < t->n; i++)
        if (t->v[i]->id > after && door_note_open(s, t->v[i]->id) == DOOR_THERE)
            return t->v[i]->id;
    return 0;
}

enum door_state door_look(const struct sim *s, const char *kind, int64_t id) {
    const struct obj *o =
        store_find(&s->shop->s, (enum kind)store_kind_of(kind), id);
    if (!o)
        return DOOR_NONE;
    return strcmp(o->status, "trash") == 0 ? DOOR_TRASHED : DOOR_THERE;
}
