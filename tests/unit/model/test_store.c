#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/arena.h"
#include "common/str.h"
#include "model/feed.h"

static const uint8_t dice[10] = "123456789";

static struct store made(const char *name, const char *url) {
    struct store s = {.can_write = true, .interval_s = 60};
    (void)str_copy(s.name, sizeof s.name, name);
    (void)str_copy(s.url, sizeof s.url, url);
    s.caps = (struct store_caps){.wc_version = "11.0.1",
                                 .hpos = true,
                                 .zone = "Europe/\"Istanbul\"",
                                 .clock_offset_ms = -1500,
                                 .decimals = -1,
                                 .currency = "TRY",
                                 .php_time_limit_s = 30,
                                 .query_keys = true,
                                 .home = "https://c/\\x"};
    return s;
}

TX_TEST(created_store_is_found) {
    struct error e = {0};
    struct store s = made("cedar", "https://c"), got;
    s.ca = (char *)"PEM";
    assert_int_equal(store_create(tx, dice, &s, &e), 0);
    assert_true(s.id > 2);
    assert_int_equal(s.created_ms, FX_NOW);
    assert_int_equal(store_by_name(tx, "cedar", &got), 1);
    assert_string_equal(got.uuid, s.uuid);
    assert_string_equal(got.state, "new");
    assert_string_equal(got.auth, "basic");
    assert_string_equal(got.rest, "path");
    assert_string_equal(got.ca, "PEM");
    assert_true(got.can_write && !got.paused && !got.removed);
    assert_int_equal(got.interval_s, 60);
    assert_memory_equal(&got.caps, &s.caps, sizeof s.caps);
    store_done(&got);
    assert_int_equal(store_by_id(tx, s.id, &got), 1);
    assert_string_equal(got.name, "cedar");
    store_done(&got);
    assert_int_equal(store_by_name(tx, "cedars", &got), 0);
    assert_int_equal(store_by_id(tx, 99, &got), 0);
    return 0;
}

TX_TEST(taken_names_and_addresses_say_which) {
    struct error e = {0};
    struct store name = made("alpine", "https://c");
    assert_int_equal(store_create(tx, dice, &name, &e), ERR_EXISTS);
    assert_string_equal(e.where, "name");
    struct store url = made("cedar", "https://a");
    assert_int_equal(store_create(tx, dice, &url, &e), ERR_EXISTS);
    assert_string_equal(e.where, "url");
    assert_non_null(strstr(e.detail, "alpine"));
    assert_int_equal(store_remove(tx, 1), 0);
    assert_int_equal(store_remove(tx, 1), ERR_NOT_FOUND);
    assert_int_equal(store_create(tx, dice, &name, &e), ERR_EXISTS);
    assert_non_null(strstr(e.detail, "removed"));
    assert_int_equal(store_create(tx, dice, &url, &e), 0);
    return 0;
}

TX_TEST(list_and_scope) {
    const int64_t mine[] = {2};
    const struct db_scope scope = {.n = 1, .stores = mine};
    struct store *all, one;
    size_t n;
    assert_int_equal(store_list(tx, &all, &n), 0);
    assert_int_equal(n, 2);
    assert_string_equal(all[0].name, "alpine");
    store_list_free(all, n);
    const struct db_scope *before = db_get_scope(tx);
    db_set_scope(tx, &scope);
    assert_int_equal(store_list(tx, &all, &n), 0);
    assert_int_equal(n, 1);
    assert_string_equal(all[0].name, "baltic");
    store_list_free(all, n);
    assert_int_equal(store_by_name(tx, "alpine", &one), 0);
    assert_int_equal(store_by_id(tx, 1, &one), 0);
    assert_int_equal(store_set_state(tx, 1, "blocked", "", ""), ERR_NOT_FOUND);
    db_set_scope(tx, before);
    assert_int_equal(store_remove(tx, 2), 0);
    assert_int_equal(store_list(tx, &all, &n), 0);
    assert_int_equal(n, 1);
    store_list_free(all, n);
    assert_int_equal(store_by_name(tx, "baltic", &one), 0);
    assert_int_equal(store_by_id(tx, 2, &one), 1);
    assert_true(one.removed);
    return 0;
}

TX_TEST(state_is_told_when_it_changes) {
    struct store s;
    int64_t before, after;
    assert_int_equal(store_set_state(tx, 1, "blocked", "shop_auth", "The key."),
                     0);
    assert_int_equal(store_by_id(tx, 1, &s), 1);
    assert_string_equal(s.reason, "shop_auth");
    assert_int_equal(s.state_since_ms, FX_NOW);
    assert_int_equal(feed_last(tx, &before), 0);
    assert_int_equal(store_set_state(tx, 1, "blocked", "shop_auth", "The key."),
                     0);
    assert_int_equal(feed_last(tx, &after), 0);
    assert_int_equal(before, after);
    assert_int_equal(store_set_state(tx, 1, "connected", "", ""), 0);
    assert_int_equal(feed_last(tx, &after), 0);
    assert_int_equal(before + 1, after);
    assert_int_equal(store_set_state(tx, 77, "connected", "", ""),
                     ERR_NOT_FOUND);
    return 0;
}

TX_TEST(settings_verify_and_keys) {
    struct arena *a = arena_new(0);
    struct store s;
    const void *key, *secret;
    const char *report;
    size_t key_n, secret_n;
    assert_int_equal(store_by_id(tx, 1, &s), 1);
    assert_int_equal(s.caps.decimals, -1);
    s.paused = true;
    s.interval_s = 99;
    (void)str_copy(s.title, sizeof s.title, "Alpine");
    (void)str_copy(s.auth, sizeof s.auth, "oauth");
    s.caps.decimals = 2;
    assert_int_equal(store_update(tx, &s), 0);
    assert_int_equal(store_set_caps(tx, &s), 0);
    assert_int_equal(store_set_verify(tx, 1, 500, 3, "{\"list\":[]}"), 0);
    assert_int_equal(store_by_id(tx, 1, &s), 1);
    assert_true(s.paused && s.interval_s == 99 && s.caps.decimals == 2);
    assert_string_equal(s.title, "Alpine");
    assert_string_equal(s.auth, "oauth");
    assert_true(s.verify_rows == 500 && s.verify_differences == 3);
    assert_int_equal(s.verify_ms, FX_NOW);
    assert_int_equal(store_verify_report(tx, 1, a, &report), 1);
    assert_string_equal(report, "{\"list\":[]}");
    assert_int_equal(store_verify_report(tx, 2, a, &report), 0);
    assert_int_equal(store_get_keys(tx, 1, a, &key, &key_n, &secret, &secret_n),
                     ERR_NOT_FOUND);
    assert_int_equal(store_set_keys(tx, 1, "k\0y", 3, "secret", 6), 0);
    assert_int_equal(store_get_keys(tx, 1, a, &key, &key_n, &secret, &secret_n),
                     0);
    assert_int_equal(key_n, 3);
    assert_memory_equal(key, "k\0y", 3);
    assert_int_equal(secret_n, 6);
    assert_memory_equal(secret, "secret", 6);
    assert_int_equal(store_remove(tx, 1), 0);
    assert_int_equal(store_get_keys(tx, 1, a, &key, &key_n, &secret, &secret_n),
                     ERR_NOT_FOUND);
    arena_free(a);
    return 0;
}

static void put(struct db_tx *tx, const char *a, const char *b) {
    struct store_status s[2];
    const char *slugs[] = {a, b};
    for (int i = 0; i < 2; i++) {
        (void)str_copy(s[i].slug, sizeof s[i].slug, slugs[i]);
        (void)str_copy(s[i].name, sizeof s[i].name, slugs[i]);
        s[i].phase = status_phase_of(slugs[i]);
    }
    assert_int_equal(store_statuses_put(tx, 1, s, 2), 0);
}

TX_TEST(status_map) {
    struct arena *a = arena_new(0);
    struct store_status *s;
    size_t n;
    assert_int_equal(status_phase_of("processing"), PHASE_TODO);
    assert_int_equal(status_phase_of("on-hold"), PHASE_HELD);
    assert_int_equal(status_phase_of("completed"), PHASE_DONE);
    assert_int_equal(status_phase_of("cancelled"), PHASE_DEAD);
    assert_int_equal(status_phase_of("pending"), PHASE_UNPAID);
    assert_int_equal(status_phase_of("shipped"), PHASE_UNMAPPED);
    assert_string_equal(status_phase_name(PHASE_TODO), "todo");
    put(tx, "processing", "shipped");
    assert_int_equal(conn_exec(tx->conn, "UPDATE store_status SET phase = "
                                         "'done' WHERE slug = 'shipped'"),
                     0);
    put(tx, "shipped", "completed");
    assert_int_equal(store_statuses(tx, 1, a, &s, &n), 0);
    assert_int_equal(n, 2);
    assert_string_equal(s[0].slug, "completed");
    assert_string_equal(s[1].slug, "shipped");
    assert_int_equal(s[1].phase, PHASE_DONE);
    assert_int_equal(store_statuses(tx, 2, a, &s, &n), 0);
    assert_int_equal(n, 0);
    arena_free(a);
    return 0;
}

TX_TEST(checkpoints) {
    struct checkpoint c, d;
    assert_int_equal(checkpoint_get(tx, 1, "orders", &c), 0);
    assert_string_equal(c.phase, "new");
    assert_string_equal(c.collection, "orders");
    (void)str_copy(c.phase, sizeof c.phase, "scan");
    c.page = 4;
    c.pages = 5;
    c.done = 100;
    c.total = INT64_MAX;
    c.mark_ms = 6;
    c.walk_ms = 7;
    c.started_ms = 8;
    c.success_ms = 9;
    c.changed_ms = 10;
    assert_int_equal(checkpoint_put(tx, 1, &c), 0);
    assert_int_equal(checkpoint_get(tx, 1, "orders", &d), 1);
    assert_memory_equal(&c, &d, sizeof c);
    c.page = 3;
    assert_int_equal(checkpoint_put(tx, 1, &c), 0);
    assert_int_equal(checkpoint_get(tx, 1, "orders", &d), 1);
    assert_int_equal(d.page, 3);
    assert_int_equal(checkpoint_get(tx, 2, "orders", &d), 0);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(created_store_is_found),
        cmocka_unit_test(taken_names_and_addresses_say_which),
        cmocka_unit_test(list_and_scope),
        cmocka_unit_test(state_is_told_when_it_changes),
        cmocka_unit_test(settings_verify_and_keys),
        cmocka_unit_test(status_map),
        cmocka_unit_test(checkpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
