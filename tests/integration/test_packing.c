/* Packing and shipping over a real daemon, a demo shop and the real terminal: a
 * daemon that is killed loses and doubles no scan, a late change stops the
 * hands, and an order in two parcels is completed once, its customer told
 * once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/str.h"
#include "term.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { WAIT_MS = 20000, LINES = 20, PIECES = 2, IDS = 512 };

static const char config[] = "sync:\n  unknown_quiet: 1s\n  interval: 1h\n";

/* --- the shop ---------------------------------------------------------- */

struct packed_order {
    int64_t id;
    char ref[40];
    char skus[LINES][64];
    int64_t n; /* lines */
};

static void start(struct world *w, const char *storage) {
    world_start(w, "--storage", storage, "--seed", "9", "--orders", "10",
                "--products", "60", "--customers", "6", NULL);
    world_disconnect(w);
    assert_int_equal(daemon_proc_stop(&w->d), 0);
    daemon_proc_configure(&w->d, config);
    daemon_proc_start(&w->d, NULL);
    world_connect(w);
    world_store(w, "alpine", "");
    (void)world_job(w, "stores.sync", "{\"store\":\"alpine\"}");
}

/* Products with a SKU that nothing else has. */
static size_t products(struct world *w, char refs[LINES][40]) {
    const struct json *l = world_call(w, "products.list",
                                      "{\"filter\":\"type:simple\","
                                      "\"limit\":%d}",
                                      LINES);
    size_t n = 0;
    for (const struct json *p = json_first(json_get(l, "items"));
         p && n < LINES; p = json_next(p))
        if (!str_empty(json_string(json_get(p, "sku"))))
            (void)snprintf(refs[n++], 40, "%s",
                           json_string(json_get(p, "ref")));
    return n;
}

static bool is_made(struct world *w, void *arg) {
    struct packed_order *o = arg;
    const struct json *l =
        world_call(w, "changes.list", "{\"filter\":\"act:create\"}");
    const struct json *c = json_first(json_get(l, "items"));
    if (!str_eq(json_string(json_get(c, "state")), "confirmed"))
        return false;
    (void)snprintf(o->ref, sizeof o->ref, "%s",
                   json_string(json_get(c, "ref")));
    return true;
}

/* An order of as many lines as there are products, PIECES each, made through
 * the outbox as one taken by phone. */
static void make_order(struct world *w, struct packed_order *o) {
    AUTO_BUF struct buf b = BUF_INIT;
    char refs[LINES][40];
    size_t n = products(w, refs);
    assert_true(n >= 2);
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, "%s{\"product\":\"%s\",\"quantity\":\"%d\"}", i ? "," : "",
                 refs[i], PIECES);
    *o = (struct packed_order){.id = 0};
    (void)world_call(w, "orders.create",
                     "{\"store\":\"alpine\",\"status\":\"processing\","
                     "\"shipping\":{\"first_name\":\"Ada\",\"city\":\"Bonn\"},"
                     "\"lines\":[%s]}",
                     buf_str(&b));
    assert_true(world_until(w, is_made, o, WAIT_MS));
    o->id = strtoll(strchr(o->ref, ':') + 1, NULL, 10);
    const struct json *lines = json_get(
        world_call(w, "orders.get", "{\"ref\":\"%s\"}", o->ref), "line_items");
    for (const struct json *l = json_first(lines); l; l = json_next(l))
        (void)snprintf(o->skus[o->n++], sizeof o->skus[0], "%s",
                       json_string(json_get(l, "sku")));
    assert_int_equal(o->n, n);
}

static char *shop_order(struct world *w, const struct packed_order *o) {
    char path[64];
    (void)snprintf(path, sizeof path, "object?kind=orders&id=%lld",
                   (long long)o->id);
    return shop_proc_admin(&w->shop, path, NULL);
}

/* Notes of the shop that hold the text and went to a customer. */
static int told(struct world *w, const char *text) {
    int64_t ids[IDS];
    size_t n = world_ids(w, "notes", ids, IDS);
    int found = 0;
    for (size_t i = 0; i < n; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "object?kind=notes&id=%lld",
                       (long long)ids[i]);
        AUTO_FREE char *o = shop_proc_admin(&w->shop, path, NULL);
        found += strstr(o, text) && strstr(o, "\"customer_note\":true");
    }
    return found;
}

static void kill_and_start(struct world *w) {
    world_disconnect(w);
    daemon_proc_kill(&w->d);
    daemon_proc_start(&w->d, NULL);
    world_connect(w);
}

static void scan(struct world *w, const struct packed_order *o, int64_t line) {
    const struct json *v =
        world_call(w, "packs.scan", "{\"ref\":\"%s\",\"code\":\"%s\"}", o->ref,
                   o->skus[line]);
    if (!str_eq(json_string(json_get(v, "verdict")), "ok"))
        fail_msg("%s: %s", o->skus[line], json_string(json_get(v, "text")));
}

static const char *left_of(struct world *w, const struct packed_order *o) {
    return json_string(json_get(
        world_call(w, "packs.get", "{\"ref\":\"%s\"}", o->ref), "left"));
}

/* --- two parcels ------------------------------------------------------- */

static bool is_completed(struct world *w, void *arg) {
    AUTO_FREE char *text = shop_order(w, arg);
    return strstr(text, "\"status\":\"completed\"") != NULL;
}

static bool nothing_open(struct world *w, void *arg) {
    (void)arg;
    return world_number(world_call(w, "changes.count", "{}"), "open") == 0;
}

static void pack_in_two(struct world *w, const struct packed_order *o) {
    (void)world_call(w, "packs.begin", "{\"ref\":\"%s\"}", o->ref);
    for (int64_t i = 0; i < o->n; i++) {
        if (i == o->n / 2) {
            (void)world_call(w, "packs.parcel", "{\"ref\":\"%s\"}", o->ref);
            kill_and_start(w);
        }
        for (int k = 0; k < PIECES; k++)
            scan(w, o, i);
    }
    assert_string_equal(left_of(w, o), "0");
    (void)world_call(w, "packs.finish", "{\"ref\":\"%s\"}", o->ref);
}

static void ship(struct world *w, const struct packed_order *o, int64_t n,
                 const char *request) {
    const struct json *v = world_call(
        w, "shipments.ship",
        "{\"ref\":\"%s\",\"parcels\":[{\"id\":\"S-1\",\"carrier\":\"ups\","
        "\"tracking\":\"1Z-A\"},{\"id\":\"S-2\",\"carrier\":\"ups\","
        "\"tracking\":\"1Z-B\"}],\"request_id\":\"%s\"}",
        o->ref, request);
    assert_int_equal(world_number(v, "shipped"), n);
}

static void two_parcels(const char *storage) {
    struct world w;
    struct packed_order o;
    start(&w, storage);
    make_order(&w, &o);
    pack_in_two(&w, &o);
    ship(&w, &o, 2, "01K9QF0000000000000000AAZ1");
    kill_and_start(&w);
    /* repeated after the crash, and pressed once more */
    ship(&w, &o, 2, "01K9QF0000000000000000AAZ1");
    ship(&w, &o, 0, "01K9QF0000000000000000AAZ2");
    assert_true(world_until(&w, is_completed, &o, WAIT_MS));
    assert_true(world_until(&w, nothing_open, NULL, WAIT_MS));
    AUTO_FREE char *text = shop_order(&w, &o);
    assert_non_null(strstr(text, "1Z-A"));
    assert_non_null(strstr(text, "1Z-B"));
    assert_int_equal(told(&w, "1Z-"), 1);
    const struct json *l = world_call(
        &w, "changes.list", "{\"filter\":\"object:\\\"%s\\\"\"}", o.ref);
    /* create, two trackings, a note, completed */
    assert_int_equal(json_count(json_get(l, "items")), 5);
    world_done(&w);
}

static void two_parcels_complete_once(void **state) {
    (void)state;
    two_parcels("hpos");
}

/* --- the terminal
 * ------------------------------------------------------------- */

static struct term *pack_screen(const struct world *w,
                                const struct packed_order *o, int h,
                                int width) {
    char keys[80];
    const char *argv[] = {FULEXO,     "--socket", w->d.socket,
                          "--screen", "orders",   NULL};
    const char *env[] = {"LANG=C.UTF-8", "XDG_CONFIG_HOME=/nonexistent", NULL};
    struct term *t = term_spawn(argv, h, width, env);
    if (!term_wait(t, o->ref, WAIT_MS))
        fail_msg("no %s:\n%s", o->ref, term_screen(t));
    (void)snprintf(keys, sizeof keys, "/number:%lld\r", (long long)o->id);
    term_send(t, keys);
    if (!term_wait(t, "number:", WAIT_MS))
        fail_msg("no filter:\n%s", term_screen(t));
    term_settle(t, 200);
    term_send(t, "P");
    return t;
}

static void expect(struct term *t, const char *text) {
    if (!term_wait(t, text, WAIT_MS))
        fail_msg("'%s' does not come; the screen is:\n%s", text,
                 term_screen(t));
}

static void send_scan(struct term *t, const char *code) {
    char keys[80];
    (void)snprintf(keys, sizeof keys, "%s\r", code);
    term_send(t, keys);
}

static bool all_in(struct world *w, void *arg) {
    return str_eq(left_of(w, arg), "0");
}

/* A burst of a scanner, the daemon gone in the middle of it: what was typed
 * waits in the client and is counted once. */
static void no_scan_is_lost_or_doubled(void **state) {
    (void)state;
    struct world w;
    struct packed_order o;
    start(&w, "hpos");
    make_order(&w, &o);
    struct term *t = pack_screen(&w, &o, 24, 80);
    expect(t, "PACK alpine:");
    expect(t, "left");
    for (int64_t i = 0; i < o.n * PIECES; i++) {
        if (i == o.n) {
            world_disconnect(&w);
            daemon_proc_kill(&w.d);
        }
        send_scan(t, o.skus[i / PIECES]);
        term_settle(t, 10);
    }
    expect(t, "on their way");
    daemon_proc_start(&w.d, NULL);
    world_connect(&w);
    assert_true(world_until(&w, all_in, &o, WAIT_MS));
    expect(t, "left 0");
    send_scan(t, o.skus[0]);
    expect(t, "ONE TOO MANY");
    assert_string_equal(left_of(&w, &o), "0");
    term_send(t, "\x1b[21~"); /* F10 */
    expect(t, "Packed:");
    term_destroy(t);
    world_done(&w);
}

static void a_late_change_stops(int h, int width) {
    struct world w;
    struct packed_order o;
    start(&w, "hpos");
    make_order(&w, &o);
    struct term *t = pack_screen(&w, &o, h, width);
    expect(t, "0 / 2");
    send_scan(t, o.skus[0]);
    expect(t, "1 / 2");
    send_scan(t, "NO-SUCH-THING");
    expect(t, "WRONG ITEM");
    send_scan(t, o.skus[0]);
    expect(t, "2 / 2");
    assert_true(term_wait_gone(t, "WRONG ITEM", WAIT_MS));
    world_door(&w, "edit",
               "{\"kind\":\"orders\",\"id\":%lld,\"patch\":{\"shipping\":"
               "{\"first_name\":\"Ada\",\"city\":\"Koeln\"}}}",
               (long long)o.id);
    (void)world_call(&w, "orders.refresh", "{\"ref\":\"%s\"}", o.ref);
    expect(t, "STOP");
    expect(t, "address");
    send_scan(t, o.skus[1]);
    term_settle(t, 300);
    term_send(t, "\x1b[17~"); /* F6 */
    expect(t, "0 / 2");
    /* what was scanned meanwhile was not counted */
    send_scan(t, o.skus[1]);
    expect(t, "1 / 2");
    term_destroy(t);
    world_done(&w);
}

static void a_late_change_stops_the_hands(void **state) {
    (void)state;
    a_late_change_stops(24, 80);
}

static void on_a_handheld_too(void **state) {
    (void)state;
    a_late_change_stops(12, 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_parcels_complete_once),
        cmocka_unit_test(no_scan_is_lost_or_doubled),
        cmocka_unit_test(a_late_change_stops_the_hands),
        cmocka_unit_test(on_a_handheld_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
