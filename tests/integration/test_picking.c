/* Picking over a real daemon, a demo shop and the real terminal: a daemon that
 * is killed between scans loses and doubles none that it answered, and the
 * picker goes on at the same line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json.h"
#include "common/str.h"
#include "term.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { WAIT_MS = 20000, LINES = 12 };

struct picked_order {
    char ref[40], pick[24];
    char skus[LINES][64];
    int pieces[LINES], n;
    int ids; /* of requests that were made */
};

/* Lines of different products with a SKU each, two of them or more. */
static bool read_order(struct picked_order *o, const struct json *v) {
    o->n = 0;
    for (const struct json *l = json_first(json_get(v, "line_items")); l;
         l = json_next(l)) {
        const char *sku = json_string(json_get(l, "sku"));
        if (o->n == LINES || str_empty(sku))
            return false;
        for (int i = 0; i < o->n; i++)
            if (str_eq(o->skus[i], sku))
                return false;
        (void)snprintf(o->skus[o->n], sizeof o->skus[0], "%s", sku);
        o->pieces[o->n++] =
            (int)strtol(json_string(json_get(l, "quantity")), NULL, 10);
    }
    return o->n >= 2;
}

static void find_order(struct world *w, struct picked_order *o) {
    const struct json *l = world_call(
        w, "orders.list", "{\"filter\":\"status:processing\",\"limit\":50}");
    for (const struct json *row = json_first(json_get(l, "items")); row;
         row = json_next(row)) {
        (void)snprintf(o->ref, sizeof o->ref, "%s",
                       json_string(json_get(row, "ref")));
        if (read_order(o,
                       world_call(w, "orders.get", "{\"ref\":\"%s\"}", o->ref)))
            return;
    }
    fail_msg("the shop has no order of two products");
}

static void start(struct world *w, struct picked_order *o) {
    world_start(w, "--storage", "hpos", "--seed", "9", "--orders", "60",
                "--products", "60", "--customers", "6", NULL);
    world_store(w, "alpine", ",\"paused\":true");
    (void)world_job(w, "stores.sync", "{\"store\":\"alpine\"}");
    *o = (struct picked_order){.n = 0};
    find_order(w, o);
    const struct json *p =
        world_call(w, "picks.begin", "{\"orders\":[\"%s\"]}", o->ref);
    (void)snprintf(o->pick, sizeof o->pick, "%s",
                   json_string(json_get(p, "id")));
}

static int64_t left_of(struct world *w, const struct picked_order *o) {
    return world_number(
        world_call(w, "picks.get", "{\"pick\":\"%s\"}", o->pick), "left");
}

/* What is counted of all lines, in pieces. */
static int counted(struct world *w, const struct picked_order *o) {
    const struct json *p =
        world_call(w, "picks.get", "{\"pick\":\"%s\"}", o->pick);
    int sum = 0;
    for (const struct json *l = json_first(json_get(p, "lines")); l;
         l = json_next(l))
        sum += (int)strtol(json_string(json_get(l, "picked")), NULL, 10);
    return sum;
}

static void start_again(struct world *w) {
    daemon_proc_start(&w->d, NULL);
    world_connect(w);
}

static const char *scan_params(struct picked_order *o, const char *sku) {
    static char params[256];
    (void)snprintf(params, sizeof params,
                   "{\"pick\":\"%s\",\"code\":\"%s\",\"request_id\":"
                   "\"01K9QF00000000000000%06d\"}",
                   o->pick, sku, o->ids);
    return params;
}

/* One scan, the daemon killed before, while, or after it is answered; asked
 * again as a client does, with the same id. */
static void scan_and_kill(struct world *w, struct picked_order *o, int line) {
    const char *params = scan_params(o, o->skus[line]);
    int moment = o->ids++ % 3;
    if (moment == 0)
        (void)rpc_client_post(&w->c, "picks.scan", params);
    else
        (void)rpc_call_ok(&w->c, "picks.scan", params);
    if (moment == 2)
        return;
    world_disconnect(w);
    daemon_proc_kill(&w->d);
    start_again(w);
    const struct json *v = rpc_call_ok(&w->c, "picks.scan", params);
    assert_string_equal(json_string(json_get(v, "verdict")), "ok");
}

static void an_answered_scan_is_there_once(void **state) {
    (void)state;
    struct world w;
    struct picked_order o;
    int scans = 0;
    start(&w, &o);
    for (int i = 0; i < o.n; i++) {
        for (int k = 0; k < o.pieces[i] && k < 3; k++) {
            scan_and_kill(&w, &o, i);
            assert_int_equal(counted(&w, &o), ++scans);
        }
    }
    assert_true(scans >= 2);
    world_done(&w);
}

/* --- the terminal --------------------------------------------------------- */

static void expect(struct term *t, const char *text) {
    if (!term_wait(t, text, WAIT_MS))
        fail_msg("'%s' does not come; the screen is:\n%s", text,
                 term_screen(t));
}

static struct term *work_screen(const struct world *w) {
    const char *argv[] = {FULEXO,     "--socket", w->d.socket,
                          "--screen", "work",     NULL};
    const char *env[] = {"LANG=C.UTF-8", "XDG_CONFIG_HOME=/nonexistent", NULL};
    return term_spawn(argv, 24, 80, env);
}

static void send_scan(struct term *t, const char *code) {
    char keys[80];
    (void)snprintf(keys, sizeof keys, "%s\r", code);
    term_send(t, keys);
}

static bool all_in(struct world *w, void *arg) {
    return left_of(w, arg) == 0;
}

/* The line the picker stands at. */
static void selected(struct term *t, char *dst, size_t n) {
    dst[0] = '\0';
    for (int y = 0; y < 24 && !dst[0]; y++) {
        const char *row = term_row(t, y);
        if (row[0] == '>')
            (void)snprintf(dst, n, "%s", row);
    }
    if (!dst[0])
        fail_msg("no line is selected:\n%s", term_screen(t));
}

/* Pieces of a line from the scanner; the daemon dies before the last. */
static void burst(struct term *t, struct world *w, const struct picked_order *o,
                  int line, bool dies) {
    for (int k = 0; k < o->pieces[line]; k++) {
        if (dies && k == o->pieces[line] - 1) {
            world_disconnect(w);
            daemon_proc_kill(&w->d);
        }
        send_scan(t, o->skus[line]);
        term_settle(t, 10);
    }
}

/* From the list of one's work; the daemon killed in a burst; left, and gone on
 * with at the line of the last scan. */
static void a_picker_goes_on_at_the_same_line(void **state) {
    (void)state;
    struct world w;
    struct picked_order o;
    char before[256], after[256];
    start(&w, &o);
    struct term *t = work_screen(&w);
    expect(t, o.ref);
    expect(t, "picking");
    term_send(t, "\r");
    expect(t, "Scan >");
    expect(t, o.skus[1]);
    burst(t, &w, &o, 1, true);
    expect(t, "wait for the link");
    start_again(&w);
    assert_true(term_wait_gone(t, "wait for the link", WAIT_MS));
    expect(t, "OK");
    assert_int_equal(counted(&w, &o), o.pieces[1]);
    term_settle(t, 300);
    selected(t, before, sizeof before);
    term_send(t, "\033");
    expect(t, "Work:");
    term_send(t, "\r");
    expect(t, "Scan >");
    expect(t, o.skus[1]);
    term_settle(t, 300);
    selected(t, after, sizeof after);
    assert_string_equal(after, before);
    for (int i = 0; i < o.n; i++)
        if (i != 1)
            burst(t, &w, &o, i, false);
    assert_true(world_until(&w, all_in, &o, WAIT_MS));
    expect(t, "all picked");
    term_send(t, "\033[21~"); /* F10 */
    expect(t, "is picked: the packers have it.");
    term_destroy(t);
    world_done(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answered_scan_is_there_once),
        cmocka_unit_test(a_picker_goes_on_at_the_same_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
