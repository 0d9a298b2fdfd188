#include "tests/shop/admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/digest.h"
#include "tests/shop/admin_edit.h"
#include "tests/shop/gen.h"
#include "tests/shop/hook.h"
#include "tests/shop/hook_queue.h"
#include "tests/shop/order.h"
#include "tests/shop/shop.h"

static void done(struct exchange *x, struct node *v) {
    node_putb(x->a, v, "ok", true);
    reply_node(x, 200, v);
}

static void refuse(struct exchange *x, const char *message) {
    reply_error(x, 400, "demo_invalid", message);
}

static void counters(struct exchange *x) {
    struct demo_shop *s = x->shop;
    struct node *v = node_object(x->a), *routes = node_object(x->a);
    for (size_t i = 0; i < SHOP_COUNTERS && s->counters[i].n; i++)
        node_puti(x->a, routes, s->counters[i].route, s->counters[i].n);
    node_puti(x->a, v, "requests", s->requests);
    node_puti(x->a, v, "in_flight_max", s->in_flight_max);
    node_put(x->a, v, "routes", routes);
    reply_node(x, 200, v);
    if (strcmp(x->method, "DELETE") == 0) {
        memset(s->counters, 0, sizeof s->counters);
        s->requests = s->in_flight_max = 0;
    }
}

/* Every object of a kind: [{"id","parent","status","modified","hash"}]. */
static void truth(struct exchange *x) {
    const char *kind = exchange_param(x, "kind");
    int k = kind ? store_kind_of(kind) : -1;
    if (k < 0) {
        refuse(x, "kind is one of orders, refunds, products, variations, "
                  "coupons, customers, categories, webhooks, notes");
        return;
    }
    const struct table *t = &x->s->t[k];
    x->status = 200;
    x->type = "application/json";
    buf_addc(&x->out, '[');
    for (size_t i = 0; i < t->n; i++) {
        uint8_t key[DIGEST_KEY];
        char hex[2 * DIGEST_KEY + 1];
        const struct obj *o = t->v[i];
        digest_raw(o->text, o->n, key);
        digest_hex(key, sizeof key, hex);
        buf_addf(&x->out,
                 "%s{\"id\":%" PRId64 ",\"parent\":%" PRId64
                 ",\"status\":\"%s\",\"modified\":%" PRId64 ",\"hash\":\"%s\"}",
                 i ? "," : "", o->id, o->parent, o->status, o->modified, hex);
    }
    buf_addc(&x->out, ']');
}

static bool fault_add(struct exchange *x, const struct node *given) {
    struct faults *all = &x->shop->faults;
    int k = fault_kind_of(node_text(node_get(given, "kind")));
    if (k < 0 || all->n == FAULTS_MAX)
        return false;
    struct fault *f = &all->v[all->n++];
    *f = (struct fault){
        .kind = (enum fault_kind)k,
        .value = node_i64(node_get(given, "value"), 0),
        .every = node_i64(node_get(given, "every"), 0),
        .next = node_i64(node_get(given, "next"), 0),
        .per_mille = node_i64(node_get(given, "per_mille"), 0),
    };
    (void)snprintf(f->path, sizeof f->path, "%s",
                   node_text(node_get(given, "path")));
    (void)snprintf(f->file, sizeof f->file, "%s",
                   node_text(node_get(given, "file")));
    (void)snprintf(f->method, sizeof f->method, "%s",
                   node_text(node_get(given, "method")));
    return true;
}

static void faults_show(struct exchange *x) {
    struct node *list = node_array(x->a);
    for (size_t i = 0; i < x->shop->faults.n; i++) {
        const struct fault *f = &x->shop->faults.v[i];
        struct node *v = node_object(x->a);
        node_puts(x->a, v, "kind", fault_name(f->kind));
        node_puts(x->a, v, "path", f->path);
        node_puti(x->a, v, "value", f->value);
        node_puti(x->a, v, "seen", f->seen);
        node_putb(x->a, v, "spent", f->spent);
        node_add(list, v);
    }
    reply_node(x, 200, list);
}

static void faults(struct exchange *x) {
    if (strcmp(x->method, "GET") == 0) {
        faults_show(x);
        return;
    }
    if (strcmp(x->method, "DELETE") == 0) {
        fault_clear(&x->shop->faults);
        done(x, node_object(x->a));
        return;
    }
    bool ok = x->json && (x->json->type != N_ARRAY || x->json->child);
    if (x->json && x->json->type == N_ARRAY)
        for (struct node *c = x->json->child; c; c = c->next)
            ok = fault_add(x, c) && ok;
    else
        ok = ok && fault_add(x, x->json);
    if (ok)
        done(x, node_object(x->a));
    else
        refuse(x, "unknown fault kind, or too many faults");
}

static void orders_add(struct exchange *x) {
    int64_t n = node_i64(node_get(x->json, "n"), 1), now = store_now(x->s);
    struct node *v = node_object(x->a);
    struct table *t = &x->s->t[K_ORDER];
    size_t before = t->n;
    gen_orders(x->s, (int)n, now, now, false);
    for (size_t i = before; i < t->n; i++)
        hook_order_created(x->s, t->v[i]->id);
    node_puti(x->a, v, "last_id", t->n ? t->v[t->n - 1]->id : 0);
    done(x, v);
}

static void clock_shift(struct exchange *x) {
    struct node *v = node_object(x->a);
    const struct node *to = node_get(x->json, "offset_s"),
                      *by = node_get(x->json, "jump_s");
    if (to)
        x->s->clock_offset_s = node_i64(to, 0);
    if (by)
        x->s->clock_offset_s += node_i64(by, 0);
    node_puti(x->a, v, "now", store_now(x->s));
    done(x, v);
}

static void latency(struct exchange *x) {
    x->shop->latency_ms = (int)node_i64(node_get(x->json, "ms"), 0);
    done(x, node_object(x->a));
}

static void permission(struct exchange *x) {
    const char *p = node_text(node_get(x->json, "permission"));
    if (strcmp(p, "read") && strcmp(p, "write") && strcmp(p, "read_write")) {
        refuse(x, "permission is read, write or read_write");
        return;
    }
    shop_permission_set(x->shop, p);
    done(x, node_object(x->a));
}

/* Its orders move to their own tables, or back; ids stay the same. */
static void storage(struct exchange *x) {
    const char *to = node_text(node_get(x->json, "storage"));
    if (strcmp(to, "posts") != 0 && strcmp(to, "hpos") != 0) {
        refuse(x, "storage is posts or hpos");
        return;
    }
    x->s->hpos = strcmp(to, "hpos") == 0;
    x->s->t[K_ORDER].generation++;
    done(x, node_object(x->a));
}

struct door {
    const char *name;
    void (*open)(struct exchange *x);
};

static const struct door doors[] = {
    {"counters", counters},     {"truth", truth},
    {"faults", faults},         {"orders", orders_add},
    {"clock", clock_shift},     {"latency", latency},
    {"permission", permission}, {"edit", admin_edit},
    {"storage", storage},       {"delete", admin_delete},
    {"sell", admin_sell},       {"note", admin_note},
    {"object", admin_object},   {"untrash", admin_untrash},
    {"hooks", hook_queue_door},
};

void admin_answer(struct exchange *x) {
    const char *what = x->url + strlen("/__demo/");
    if (x->body_n) {
        x->json = node_parse(x->a, x->body, x->body_n);
        if (!x->json) {
            refuse(x, "the body is no JSON");
            return;
        }
    }
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        if (strcmp(doors[i].name, what) == 0) {
            doors[i].open(x);
            return;
        }
    reply_error(x, 404, "demo_unknown", "No such door.");
}
