#include "day.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "tests/lib/test.h"

enum { ACCOUNT = 54411, IDS = 256, REST_MS = 60, TABS = 20 };

/* --- the house ------------------------------------------------------------ */

static void configure(struct day *d, int port) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_addf(&b,
             "sync:\n  interval: 1h\n  interval_open: 1h\n"
             "  unknown_quiet: 1s\n"
             "mail:\n  server: smtp://127.0.0.1:%d\n"
             "  from: depot@example.test\n  tls: optional\n",
             smtp_server_port(d->mail));
    if (port)
        buf_addf(&b, "http:\n  public_url: http://127.0.0.1:%d/\n", port);
    daemon_proc_configure(&d->w.d, buf_str(&b));
}

static bool has_hooks(struct world *w, void *arg) {
    int64_t ids[IDS];
    (void)arg;
    return world_ids(w, "webhooks", ids, IDS) > 0;
}

/* The port is known once it listens: the address comes with a reload, and with
 * it the shop is asked to tell of what happens. */
static void listen_to_shop(struct day *d) {
    configure(d, daemon_proc_http(&d->w.d));
    assert_int_equal(kill(d->w.d.pid, SIGHUP), 0);
    assert_true(world_until(&d->w, has_hooks, NULL, DAY_MS));
}

/* Others than the console come in: the folder is a private one. */
static void open_to_all(struct day *d) {
    assert_int_equal(chmod(d->w.d.dir, 0711), 0);
    assert_int_equal(chmod(d->w.d.socket, 0666), 0);
}

void day_begin(struct day *d, ...) {
    va_list ap;
    if (getuid() != 0)
        skip();
    *d = (struct day){.mail = smtp_server_start(false, NULL)};
    va_start(ap, d);
    shop_proc_vstart(&d->w.shop, &ap);
    va_end(ap);
    daemon_proc_init(&d->w.d);
    configure(d, 0);
    daemon_proc_start(&d->w.d, "--http", "127.0.0.1:0", NULL);
    open_to_all(d);
    world_connect(&d->w);
    world_store(&d->w, "alpine", "");
    (void)world_job(&d->w, "stores.sync", "{\"store\":\"alpine\"}");
    listen_to_shop(d);
}

void day_end(struct day *d) {
    world_done(&d->w);
    smtp_server_stop(d->mail);
}

void day_person(struct day *d, const char *name, const char *role,
                const char *more) {
    struct rpc_client c;
    const struct json *r =
        world_call(&d->w, "users.invite", "{\"name\":\"%s\",\"role\":\"%s\"%s}",
                   name, role, more);
    AUTO_FREE char *params = mem_printf(
        "{\"user\":\"%s\",\"code\":\"%s\",\"password\":\"" DAY_PASSWORD "\"}",
        name, json_string(json_get(r, "code")));
    rpc_client_connect(&c, d->w.d.socket, true);
    (void)rpc_call_ok(&c, "session.accept", params);
    rpc_client_close(&c);
}

/* --- the shop ------------------------------------------------------------- */

char *day_object(struct day *d, const char *kind, int64_t id) {
    char path[96];
    (void)snprintf(path, sizeof path, "object?kind=%s&id=%lld", kind,
                   (long long)id);
    return shop_proc_admin(&d->w.shop, path, NULL);
}

struct wanted {
    struct day *d;
    const char *kind, *text;
    int64_t id;
};

static bool shop_has(struct world *w, void *arg) {
    const struct wanted *a = arg;
    (void)w;
    AUTO_FREE char *o = day_object(a->d, a->kind, a->id);
    return strstr(o, a->text) != NULL;
}

void day_shop_has(struct day *d, const char *kind, int64_t id,
                  const char *text) {
    struct wanted a = {d, kind, text, id};
    if (world_until(&d->w, shop_has, &a, DAY_MS))
        return;
    AUTO_FREE char *o = day_object(d, kind, id);
    fail_msg("the shop has no %s in %.2000s", text, o);
}

/* The n-th that holds the text, or how many do in *ret_n. */
static int64_t look(struct day *d, const char *kind, const char *text, int n,
                    int *ret_n) {
    int64_t ids[IDS];
    size_t all = world_ids(&d->w, kind, ids, IDS);
    *ret_n = 0;
    for (size_t i = 0; i < all; i++) {
        AUTO_FREE char *o = day_object(d, kind, ids[i]);
        if (strstr(o, text) && (*ret_n)++ == n)
            return ids[i];
    }
    return 0;
}

int64_t day_find(struct day *d, const char *kind, const char *text, int n) {
    int found;
    int64_t id = look(d, kind, text, n, &found);
    if (!id)
        fail_msg("the shop has no %s with %s", kind, text);
    return id;
}

int day_count(struct day *d, const char *kind, const char *text) {
    int found;
    (void)look(d, kind, text, IDS, &found);
    return found;
}

int64_t day_number(struct day *d, const char *kind, int64_t id,
                   const char *member) {
    char key[64];
    AUTO_FREE char *o = day_object(d, kind, id);
    (void)snprintf(key, sizeof key, "\"%s\":", member);
    const char *at = strstr(o, key);
    if (!at)
        fail_msg("no %s in %.2000s", member, o);
    return strtoll(at + strlen(key), NULL, 10);
}

void day_goods(struct day *d, struct day_goods *ret, int n) {
    const struct json *l =
        world_call(&d->w, "products.list", "{\"filter\":\"type:simple\"}");
    for (const struct json *p = json_first(json_get(l, "items")); p && n > 0;
         p = json_next(p)) {
        const char *sku = json_string(json_get(p, "sku"));
        const char *ref = json_string(json_get(p, "ref"));
        int64_t id = strtoll(strchr(ref, ':') + 1, NULL, 10);
        AUTO_FREE char *o = day_object(d, "products", id);
        if (str_empty(sku) || !strstr(o, "\"manage_stock\":true"))
            continue;
        (void)str_copy(ret->sku, sizeof ret->sku, sku);
        ret->id = id;
        ret->stock = day_number(d, "products", id, "stock_quantity");
        ret++;
        n--;
    }
    assert_int_equal(n, 0);
}

int64_t day_order(struct day *d, const struct day_goods *goods,
                  const int *pieces, int n) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_adds(&b, "{\"set_paid\":true,\"billing\":{\"first_name\":\"Ada\","
                 "\"last_name\":\"Day\",\"email\":\"ada@example.test\"},"
                 "\"shipping\":{\"first_name\":\"Ada\",\"last_name\":\"Day\","
                 "\"address_1\":\"Liman 4\",\"city\":\"Bonn\",\"country\":"
                 "\"DE\",\"postcode\":\"53111\"},\"line_items\":[");
    for (int i = 0; i < n; i++)
        buf_addf(&b, "%s{\"product_id\":%lld,\"quantity\":%d}", i ? "," : "",
                 (long long)goods[i].id, pieces[i]);
    buf_adds(&b, "]}");
    AUTO_FREE char *made =
        shop_proc_rest(&d->w.shop, "POST", "orders", buf_str(&b));
    return strtoll(strstr(made, "\"id\":") + 5, NULL, 10);
}

void day_kill(struct day *d) {
    world_disconnect(&d->w);
    daemon_proc_kill(&d->w.d);
}

void day_again(struct day *d) {
    daemon_proc_start(&d->w.d, NULL);
    open_to_all(d);
    world_connect(&d->w);
}

/* --- a terminal ----------------------------------------------------------- */

/* Under an account of the machine that nobody else has. */
static void spawn(struct desk *k, struct day *d, const char *const words[2],
                  int h, int w) {
    char uid[32], home[96];
    (void)snprintf(uid, sizeof uid, "--reuid=%d", ACCOUNT + d->people++);
    (void)snprintf(home, sizeof home, "HOME=%s", d->w.d.dir);
    const char *argv[] = {
        "/usr/bin/setpriv", uid,      "--clear-groups", FULEXO, "--socket",
        d->w.d.socket,      words[0], words[1],         NULL};
    const char *env[] = {"LANG=C.UTF-8", "XDG_CONFIG_HOME=/nonexistent", home,
                         NULL};
    k->t = term_spawn(argv, h, w, env);
}

void desk_open(struct desk *k, struct day *d, const char *who,
               const char *screen, int h, int w) {
    (void)str_copy(k->who, sizeof k->who, who);
    spawn(k, d, (const char *const[2]){"--screen", screen}, h, w);
    desk_see(k, "Sign in");
    desk_type(k, "%s\r" DAY_PASSWORD "\r\r", who);
    desk_see_gone(k, "Sign in");
    desk_see(k, "%s  ", who);
}

void desk_run(struct desk *k, struct day *d, const char *resource,
              const char *verb) {
    (void)str_copy(k->who, sizeof k->who, "a guest");
    spawn(k, d, (const char *const[2]){resource, verb}, 24, 80);
}

void desk_close(struct desk *k) {
    term_destroy(k->t);
}

static void not_seen(struct desk *k, const char *how, const char *text) {
    fprintf(stderr, "the screen of %s is:\n%s", k->who, term_screen(k->t));
    fail_msg("%s %s '%s'", k->who, how, text);
}

void desk_see(struct desk *k, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, ap);
    va_end(ap);
    if (!term_wait(k->t, text, DAY_MS))
        not_seen(k, "does not see", text);
}

void desk_see_gone(struct desk *k, const char *text) {
    if (!term_wait_gone(k->t, text, DAY_MS))
        not_seen(k, "still sees", text);
}

static bool in_a_row(struct desk *k, const char *first, const char *second) {
    for (const char *p = term_screen(k->t); p && *p;) {
        size_t n = strcspn(p, "\n");
        const char *a = memmem(p, n, first, strlen(first));
        if (a && memmem(a, (size_t)(p + n - a), second, strlen(second)))
            return true;
        p += n + (p[n] == '\n');
    }
    return false;
}

void desk_see_row(struct desk *k, const char *first, const char *second) {
    int64_t until = world_mono() + DAY_MS;
    while (!in_a_row(k, first, second)) {
        if (world_mono() > until) {
            AUTO_FREE char *both = mem_printf("%s .. %s", first, second);
            not_seen(k, "does not see", both);
        }
        (void)term_read(k->t, 20);
    }
}

void desk_type(struct desk *k, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *keys = mem_vprintf(fmt, ap);
    va_end(ap);
    term_settle(k->t, REST_MS);
    if (getenv("DAY_SHOW"))
        fprintf(stderr, "%s types '%s' into\n%s\n", k->who, keys,
                term_screen(k->t));
    term_send(k->t, keys);
}

void desk_lacks(struct desk *k, const char *text) {
    term_settle(k->t, REST_MS);
    if (strstr(term_screen(k->t), text))
        not_seen(k, "sees", text);
}

void desk_tab(struct desk *k, const char *tab) {
    for (int i = 0; i < TABS; i++) {
        term_settle(k->t, REST_MS);
        if (strstr(term_screen(k->t), tab))
            return;
        term_send(k->t, "\t");
    }
    not_seen(k, "comes not to", tab);
}
