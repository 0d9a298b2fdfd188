#include "tests/shop/shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/zone.h"
#include "tests/shop/gen.h"
#include "tests/shop/hook_queue.h"
#include "tests/shop/http.h"
#include "tests/shop/timers.h"

enum { HOOK_DELAY_MS = 20 };

int demo_shop_port(const struct demo_shop *s) {
    return s->port;
}

const char *demo_shop_url(const struct demo_shop *s) {
    return s->url;
}

const char *shop_home(const struct demo_shop *s) {
    return s->copied ? "https://staging.example.test" : s->home;
}

void shop_permission_set(struct demo_shop *s, const char *permission) {
    free(s->permission);
    s->permission = mem_dup(permission);
}

/* Whole file as a string; NULL after saying why. */
static char *file_read(const char *path) {
    FILE *f = path ? fopen(path, "re") : NULL;
    struct buf b = BUF_INIT;
    if (!f) {
        if (path)
            perror(path);
        return NULL;
    }
    size_t n;
    while ((n = fread(buf_reserve(&b, 4096), 1, 4096, f)) > 0)
        buf_added(&b, n);
    (void)fclose(f);
    return buf_take(&b);
}

static const char * or (const char *s, const char *def) {
    return s ? s : def;
}

static int identity_make(struct demo_shop *s, const struct demo_options *o) {
    s->o = *o;
    s->latency_ms = o->latency_ms;
    s->prefix = mem_dup(or (o->prefix, ""));
    s->key = mem_dup(or (o->key, "ck_demo"));
    s->secret = mem_dup(or (o->secret, "cs_demo"));
    s->permission = mem_dup(or (o->permission, "read_write"));
    s->o.zone = mem_dup(or (o->zone, "Europe/Istanbul"));
    s->tls_cert = file_read(o->tls_cert);
    s->tls_key = file_read(o->tls_key);
    if ((o->tls_cert && !s->tls_cert) || (o->tls_key && !s->tls_key))
        return -1;
    s->url = mem_printf("%s://127.0.0.1:%d%s", o->tls_cert ? "https" : "http",
                        s->port, s->prefix);
    s->home = o->home ? mem_dup(o->home) : mem_dup(s->url);
    return 0;
}

static int store_make(struct demo_shop *s) {
    struct store *st = &s->s;
    st->hpos = s->o.hpos;
    st->mixed_currency = s->o.mixed_currency;
    st->home = s->home;
    st->rng = s->o.seed * 0x9e3779b97f4a7c15ull + 1;
    st->next_id = 10;
    st->next_item = st->next_meta = st->next_line_meta = 1;
    st->clock_offset_s = s->o.clock_offset_s;
    st->clock_fixed_s = s->o.now_s;
    st->clock_s = s->o.clock_s;
    st->clock_started_s = store_tick(st);
    if (zone_load(s->o.zone, &st->zone) < 0) {
        (void)fprintf(stderr, "demo-shop: no time zone '%s'\n", s->o.zone);
        return -1;
    }
    gen_shop(st, &s->o);
    return 0;
}

static void shop_free(struct demo_shop *s) {
    store_free(&s->s);
    fault_clear(&s->faults);
    (void)pthread_mutex_destroy(&s->lock);
    free(s->nonces);
    free(s->prefix);
    free(s->home);
    free(s->url);
    free(s->key);
    free(s->secret);
    free(s->permission);
    free(s->tls_cert);
    free(s->tls_key);
    free((char *)(uintptr_t)s->o.zone);
    free(s);
}

static struct demo_shop *shop_new(const struct demo_options *o) {
    struct demo_shop *s = NEW(struct demo_shop);
    (void)pthread_mutex_init(&s->lock, NULL);
    s->nonces = mem_zalloc(SHOP_NONCES, sizeof(uint64_t));
    s->faults.rng = o->seed | 1;
    return s;
}

struct demo_shop *demo_shop_make(const struct demo_options *o) {
    struct demo_shop *s = shop_new(o);
    if (identity_make(s, o) == 0 && store_make(s) == 0)
        return s;
    shop_free(s);
    return NULL;
}

struct demo_shop *demo_shop_start(const struct demo_options *o) {
    struct demo_shop *s = shop_new(o);
    int fd = http_bind(o->port, &s->port);
    if (fd < 0 || identity_make(s, o) < 0 || store_make(s) < 0) {
        if (fd >= 0)
            (void)close(fd);
        shop_free(s);
        return NULL;
    }
    s->timers = timers_start();
    s->s.hooks = hook_queue_start(s, o->hook_delay_ms ? o->hook_delay_ms
                                                      : HOOK_DELAY_MS);
    if (http_start(s, fd) < 0) {
        timers_stop(s->timers);
        timers_free(s->timers);
        hook_queue_stop(s->s.hooks);
        shop_free(s);
        return NULL;
    }
    return s;
}

void demo_shop_stop(struct demo_shop *s) {
    if (!s)
        return;
    http_stop(s);
    hook_queue_stop(s->s.hooks);
    shop_free(s);
}
