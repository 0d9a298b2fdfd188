/* The terminal over a real daemon and shop: orders come while the first sync
 * runs, a daemon that is killed and started again costs a person nothing that
 * was typed, and a status that was typed is at the shop. */
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json.h"
#include "term.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { WAIT_MS = 20000, ORDERS = 900 };

static struct term *screen_in(const struct world *w, const char *lang) {
    const char *argv[] = {FULEXO, "--socket", w->d.socket, "--lang",
                          lang,   "--screen", "orders",    NULL};
    const char *env[] = {"LANG=C.UTF-8", "XDG_CONFIG_HOME=/nonexistent", NULL};
    return term_spawn(argv, 24, 100, env);
}

static struct term *orders_screen(const struct world *w) {
    return screen_in(w, "en");
}

static void expect(struct term *t, const char *text) {
    if (!term_wait(t, text, WAIT_MS))
        fail_msg("'%s' does not come; the screen is:\n%s", text,
                 term_screen(t));
}

static void orders_come_while_they_are_read(void **state) {
    (void)state;
    struct world w;
    world_start(&w, "--storage", "hpos", "--seed", "6", "--orders", "900",
                "--latency", "300", NULL);
    struct term *t = orders_screen(&w);
    term_settle(t, 50);
    world_store(&w, "alpine", "");
    expect(t, "alpine:");
    int64_t n = world_number(world_call(&w, "orders.counts", "{}"), "total");
    if (n >= ORDERS)
        fail_msg("the first row came with the last: %lld", (long long)n);
    world_door(&w, "latency", "{\"ms\":0}");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    n = world_number(world_call(&w, "orders.counts", "{}"), "total");
    assert_true(n >= ORDERS);
    term_destroy(t);
    world_done(&w);
}

/* What the first row shows, and what is typed. */
static void a_new_daemon_costs_nothing_typed(void **state) {
    (void)state;
    struct world w;
    char row[512];
    world_start(&w, "--storage", "hpos", "--seed", "6", "--orders", "60", NULL);
    world_store(&w, "alpine", ",\"paused\":true");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    struct term *t = orders_screen(&w);
    int y, x, after_y;
    expect(t, "alpine:");
    term_send(t, "jjj");
    term_settle(t, 100);
    term_cursor(t, &y, &x);
    (void)snprintf(row, sizeof row, "%.40s", term_row(t, y));
    term_send(t, "/status:");
    expect(t, "status:");
    world_disconnect(&w);
    daemon_proc_kill(&w.d);
    expect(t, "Connection to the daemon lost");
    term_send(t, "proc");
    expect(t, "status:proc");
    daemon_proc_start(&w.d, NULL);
    expect(t, "Connected again.");
    expect(t, "status:proc");
    term_send(t, "\x15\x1b"); /* leave the line as it was */
    expect(t, "alpine:");
    term_settle(t, 200);
    term_cursor(t, &after_y, &x);
    if (after_y != y || strncmp(term_row(t, y), row, strlen(row)) != 0)
        fail_msg("row %d was '%s', now %d:\n%s", y, row, after_y,
                 term_screen(t));
    term_destroy(t);
    world_done(&w);
}

/* The number of an order of that status. */
static void number_of(struct world *w, const char *status, char dst[24]) {
    const struct json *r =
        world_call(w, "orders.list", "{\"status\":\"%s\",\"limit\":1}", status);
    const struct json *row = json_first(json_get(r, "items"));
    assert_non_null(row);
    (void)snprintf(dst, 24, "%s", json_string(json_get(row, "number")));
}

static void at_shop(const struct world *w, const char *number,
                    const char *status) {
    char path[80], want[80];
    (void)snprintf(path, sizeof path, "object?kind=orders&id=%s", number);
    (void)snprintf(want, sizeof want, "\"status\":\"%s\"", status);
    AUTO_FREE char *object = shop_proc_admin(&w->shop, path, NULL);
    if (!strstr(object, want))
        fail_msg("not %s: %.300s", want, object);
}

static struct term *one_order(struct world *w, const char *number) {
    char keys[64];
    struct term *t = orders_screen(w);
    expect(t, "alpine:");
    (void)snprintf(keys, sizeof keys, "/number:%s\r", number);
    term_send(t, keys);
    expect(t, "1-1 of 1");
    return t;
}

static void a_typed_status_is_at_the_shop(void **state) {
    (void)state;
    struct world w;
    char number[24], said[80];
    world_start(&w, "--storage", "hpos", "--seed", "6", "--orders", "60", NULL);
    world_store(&w, "alpine", "");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    number_of(&w, "processing", number);
    struct term *t = one_order(&w, number);
    term_send(t, "tjj");
    expect(t, ">completed");
    term_send(t, "\r");
    (void)snprintf(said, sizeof said, "alpine:%s is completed at the shop.",
                   number);
    expect(t, said);
    at_shop(&w, number, "completed");
    if (!term_wait_gone(t, "->completed", WAIT_MS))
        fail_msg("the row does not say so:\n%s", term_screen(t));
    term_destroy(t);
    world_done(&w);
}

/* The shop moved on before we looked: both values are shown, a word decides. */
static void a_conflict_is_decided_on_the_screen(void **state) {
    (void)state;
    struct world w;
    char number[24], said[80];
    world_start(&w, "--storage", "hpos", "--seed", "6", "--orders", "60", NULL);
    world_store(&w, "alpine", "");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    number_of(&w, "processing", number);
    struct term *t = one_order(&w, number);
    (void)world_call(&w, "stores.pause", "{\"store\":\"alpine\"}");
    world_door(&w, "edit",
               "{\"kind\":\"orders\",\"id\":%s,\"patch\":{\"status\":"
               "\"cancelled\"}}",
               number);
    term_send(t, "tjj");
    expect(t, ">completed");
    term_send(t, "\r");
    expect(t, "->completed");
    (void)world_call(&w, "stores.resume", "{\"store\":\"alpine\"}");
    expect(t, "CONFLICT");
    term_send(t, "gh");
    expect(t, "CONFLICT 1");
    term_send(t, "\r");
    expect(t, "cancelled");
    term_send(t, "m");
    expect(t, "Type \"mine\"");
    term_send(t, "mine\r");
    (void)snprintf(said, sizeof said, "alpine:%s is completed at the shop.",
                   number);
    expect(t, said);
    at_shop(&w, number, "completed");
    term_destroy(t);
    world_done(&w);
}

/* A plugin of the shop makes another status of it: whoever works in Turkish is
 * told so in Turkish, wherever it is told. */
static void what_became_of_it_is_said_in_turkish(void **state) {
    (void)state;
    struct world w;
    char number[24], keys[64];
    world_start(&w, "--storage", "hpos", "--seed", "6", "--orders", "60", NULL);
    world_store(&w, "alpine", "");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    number_of(&w, "processing", number);
    world_door(&w, "faults",
               "{\"kind\":\"other\",\"method\":\"write\",\"value\":1}");
    struct term *t = screen_in(&w, "tr");
    expect(t, "alpine:");
    (void)snprintf(keys, sizeof keys, "/number:%s\r", number);
    term_send(t, keys);
    expect(t, "1-1 / 1");
    term_send(t, "tjj");
    expect(t, ">completed");
    term_send(t, "\r");
    expect(t, "Durum: tamamlandı istendi, mağaza beklemede yaptı.");
    term_send(t, "gh");
    expect(t, "REDDEDİLDİ 1");
    expect(t, " Durum: tamamlandı istendi, mağaza beklemede yaptı.");
    term_send(t, "\r");
    expect(t, "mağaza kabul etmedi");
    expect(t, "Durum: tamamlandı istendi, mağaza beklemede yaptı.");
    term_destroy(t);
    world_done(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_come_while_they_are_read),
        cmocka_unit_test(a_new_daemon_costs_nothing_typed),
        cmocka_unit_test(a_typed_status_is_at_the_shop),
        cmocka_unit_test(a_conflict_is_decided_on_the_screen),
        cmocka_unit_test(what_became_of_it_is_said_in_turkish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
