#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "db/db.h"
#include "sync/hook_room.h"

enum { PAGE = 100 };

DEFINE_CLEANUP(struct arena *, arena_freep, arena_free)

static const char *instance_of(const struct hook_errand *h) {
    return db_identity(h->ss->engine->o.db)->instance_id;
}

/* A store that goes does not wait for a circuit to close again. */
static enum shop_prio prio_of(const struct hook_errand *h) {
    return h->leaving ? SHOP_INTERACTIVE : SHOP_INCREMENTAL;
}

void hook_ask_list(struct hook_errand *h, shop_done_fn done) {
    struct shop_request r;
    request_init(&r, HTTP_GET, "/wc/v3/webhooks");
    request_param_i64(&r, "per_page", PAGE);
    request_param_i64(&r, "page", ++h->page);
    request_param(&r, "orderby", "id");
    request_param(&r, "order", "asc");
    request_fields(&r, "id,name,status,topic,delivery_url");
    r.cls = REQUEST_IDS;
    r.retries = h->leaving ? -1 : 0;
    h->get = shop_get(h->ss->shop, prio_of(h), &r, done, h);
}

static const char *text_of(const struct json *row, const char *key) {
    const char *s = json_string(json_get(row, key));
    return s ? s : "";
}

static void take_row(struct hook_errand *h, const struct json *v) {
    struct hook_row r = {0};
    if (h->n_rows == HOOK_ROWS || json_i64(json_get(v, "id"), true, &r.id) < 0)
        return;
    if (!hook_row_ours(instance_of(h), text_of(v, "name"), text_of(v, "topic"),
                       &r))
        return;
    r.status = hook_status_of(text_of(v, "status"));
    r.moved = !str_eq(text_of(v, "delivery_url"), h->url);
    h->rows[h->n_rows++] = r;
}

int hook_ask_listed(struct hook_errand *h, const struct shop_answer *a) {
    struct arena *arena CLEANUP(arena_freep) = arena_new(1 << 16);
    const struct json *v = NULL;
    if (json_parse(arena, a->json.p, a->json.n, NULL, &v, NULL) < 0 ||
        json_type(v) != JSON_ARRAY)
        return ERR_SHOP_NOT_JSON;
    for (const struct json *c = json_first(v); c; c = json_next(c))
        take_row(h, c);
    return (int)json_count(v);
}

static void create_body(const struct hook_errand *h, int topic,
                        struct jsonw *w) {
    char name[HOOK_NAME];
    (void)str_format(name, sizeof name, "fulexo:%s:%s", instance_of(h),
                     hook_topic(topic));
    jsonw_kstring(w, "name", name);
    jsonw_kstring(w, "topic", hook_topic(topic));
}

static void body_make(const struct hook_errand *h, const struct hook_step *s,
                      struct buf *out) {
    struct jsonw w;
    jsonw_init(&w, out);
    jsonw_begin_object(&w);
    if (s->act == HOOK_CREATE)
        create_body(h, s->topic, &w);
    if (s->act == HOOK_ENABLE) {
        jsonw_kstring(&w, "status", "active");
    } else {
        jsonw_kstring(&w, "delivery_url", h->url);
        jsonw_kstring(&w, "secret", h->secret);
    }
    jsonw_end_object(&w);
}

void hook_wipe(struct buf *b) {
    if (b->cap > 0)
        mem_wipe(b->data, b->cap);
    buf_done(b);
}

void hook_ask_step(struct hook_errand *h, shop_done_fn done) {
    static const enum http_method methods[] = {[HOOK_REMOVE] = HTTP_DELETE,
                                               [HOOK_CREATE] = HTTP_POST,
                                               [HOOK_MOVE] = HTTP_PUT,
                                               [HOOK_ENABLE] = HTTP_PUT};
    const struct hook_step *s = &h->plan.step[h->at];
    struct shop_request r;
    char path[REQUEST_PATH] = "/wc/v3/webhooks";
    struct buf body = BUF_INIT;
    if (s->act != HOOK_CREATE)
        (void)snprintf(path, sizeof path, "/wc/v3/webhooks/%lld",
                       (long long)s->remote_id);
    request_init(&r, methods[s->act], path);
    r.cls = REQUEST_WRITE;
    if (s->act == HOOK_REMOVE) {
        request_param(&r, "force", "true");
    } else {
        body_make(h, s, &body);
        r.body = body.data;
        r.body_n = body.len;
    }
    (void)shop_send(h->ss->shop, prio_of(h), &r, done, h);
    hook_wipe(&body);
}

int64_t hook_ask_id(const struct shop_answer *a) {
    struct arena *arena CLEANUP(arena_freep) = arena_new(1 << 13);
    const struct json *v = NULL;
    int64_t id = 0;
    if (json_parse(arena, a->json.p, a->json.n, NULL, &v, NULL) == 0)
        (void)json_i64(json_get(v, "id"), true, &id);
    return id > 0 ? id : 0;
}
