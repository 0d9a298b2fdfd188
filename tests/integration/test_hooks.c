/* Our webhooks at a shop: made once, repaired, moved and deleted, whatever
 * happened on the way; nobody else's are touched. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "model/change.h"
#include "model/hook.h"
#include "model/store.h"
#include "tests/lib/listener.h"
#include "tests/lib/live.h"
#include "tests/lib/test.h"

enum { TOPICS = HOOK_TOPICS };

struct fixture {
    struct live l;
    struct listener *ear;
    char url[64];
    struct sync_options so;
};

static void setup(struct fixture *f, const char *public_url) {
    memset(f, 0, sizeof *f);
    f->ear = listener_start();
    (void)snprintf(f->url, sizeof f->url, "http://127.0.0.1:%d",
                   listener_port(f->ear));
    f->so.public_url = public_url ? public_url : f->url;
    live_start(&f->l, &f->so, "--orders", "5", "--products", "4", "--customers",
               "3", "--trust-http", NULL);
    free(shop_proc_rest(&f->l.shop, "POST", "webhooks",
                        "{\"name\":\"accounting\",\"topic\":\"order.created\","
                        "\"delivery_url\":\"https://other.example/x\"}"));
}

static void teardown(struct fixture *f) {
    live_done(&f->l);
    listener_stop(f->ear);
}

/* What the shop lists, all at once. */
static char *listed(struct fixture *f) {
    return shop_proc_rest(&f->l.shop, "GET", "webhooks?per_page=100", NULL);
}

static int count(const char *text, const char *word) {
    int n = 0;
    for (; (text = strstr(text, word)); text++)
        n++;
    return n;
}

/* How often the shop's list says it. */
static int says(struct fixture *f, const char *word) {
    AUTO_FREE char *text = listed(f);
    return count(text, word);
}

static void until_says(struct fixture *f, const char *word, int n) {
    for (int i = 0; says(f, word) != n; i++) {
        if (i == 1000)
            fail_msg("\"%s\" %d times, not %d", word, says(f, word), n);
        engine_turn(&f->l.e, 20);
    }
}

static void until_made(struct fixture *f) {
    live_until(&f->l, TOPICS, "SELECT count(*) FROM hook WHERE remote_id > 0");
}

/* Start again and wait until the store was looked after once. */
static void restart(struct fixture *f) {
    (void)live_requests(&f->l, "");
    live_restart(&f->l, &f->so);
    int64_t asked = 0;
    while (asked == 0) {
        engine_turn(&f->l.e, 100);
        asked += live_requests(&f->l, "GET /wc/v3/webhooks");
    }
    engine_turn(&f->l.e, 300);
}

static void set_pings(struct fixture *f, int64_t ms) {
    (void)live_sql(&f->l, "UPDATE hook SET ping_ms = %lld RETURNING 1",
                   (long long)ms);
}

static void they_are_made_once(void **state) {
    (void)state;
    struct fixture f;
    struct heard h;
    char path[80] = "/webhooks/alpine/";
    setup(&f, NULL);
    live_run(&f.l);
    until_made(&f);
    assert_int_equal(says(&f, "\"name\":\"fulexo:"), TOPICS);
    assert_int_equal(listener_count(f.ear, NULL), TOPICS);
    assert_int_equal(listener_heard(f.ear, NULL, 0, &h), 0);
    assert_true(strncmp(h.path, path, strlen(path)) == 0);
    assert_int_equal(strlen(h.path + strlen(path)), 32);
    assert_int_equal(live_sql(&f.l,
                              "SELECT count(*) FROM hook_secret WHERE path = "
                              "'%s' AND length(sealed) = 64",
                              h.path + strlen(path)),
                     1);
    set_pings(&f, 1);
    restart(&f);
    assert_int_equal(says(&f, "\"name\":\"fulexo:"), TOPICS);
    assert_int_equal(listener_count(f.ear, NULL), TOPICS); /* none anew */
    teardown(&f);
}

static void a_ping_that_does_not_come_is_shown(void **state) {
    (void)state;
    struct fixture f;
    setup(&f, "http://127.0.0.1:1");
    live_run(&f.l);
    live_until(&f.l, TOPICS,
               "SELECT count(*) FROM hook WHERE status = 'unreachable'");
    set_pings(&f, 1); /* it came after all */
    restart(&f);
    live_until(&f.l, TOPICS,
               "SELECT count(*) FROM hook WHERE status = 'active'");
    teardown(&f);
}

/* The shop made it and its answer was lost, and then we were killed. */
static void what_was_made_unheard_is_adopted(void **state) {
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    live_door(&f.l, "faults",
              "{\"kind\":\"lost\",\"method\":\"POST\",\"next\":1,"
              "\"path\":\"/wc/v3/webhooks\"}");
    live_run(&f.l);
    until_says(&f, "\"name\":\"fulexo:", 1);
    live_until(&f.l, 1,
               "SELECT count(*) FROM hook WHERE topic = 'order.created' AND "
               "remote_id = 0");
    restart(&f);
    until_made(&f);
    assert_int_equal(says(&f, "\"name\":\"fulexo:"), TOPICS);
    teardown(&f);
}

static void put_hook(struct fixture *f, const char *topic, const char *body) {
    char path[64];
    int64_t id =
        live_sql(&f->l, "SELECT remote_id FROM hook WHERE topic = '%s'", topic);
    (void)snprintf(path, sizeof path, "webhooks/%lld", (long long)id);
    free(shop_proc_rest(&f->l.shop, "PUT", path, body));
}

static void what_was_spoiled_is_repaired(void **state) {
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    live_run(&f.l);
    until_made(&f);
    set_pings(&f, 1);
    put_hook(&f, "order.updated", "{\"status\":\"disabled\"}");
    put_hook(&f, "product.updated", "{\"status\":\"paused\"}");
    put_hook(&f, "product.deleted", "{\"delivery_url\":\"http://x.example\"}");
    int64_t id = live_sql(
        &f.l, "SELECT remote_id FROM hook WHERE topic = 'customer.created'");
    char path[64];
    (void)snprintf(path, sizeof path, "webhooks/%lld?force=true",
                   (long long)id);
    free(shop_proc_rest(&f.l.shop, "DELETE", path, NULL));
    restart(&f);
    until_made(&f);
    until_says(&f, "\"status\":\"active\"", TOPICS + 1);
    assert_int_equal(says(&f, "x.example"), 0);
    live_until(&f.l, 0, "SELECT count(*) FROM hook WHERE disabled_ms > 0");
    assert_int_equal(says(&f, "\"name\":\"accounting\""), 1);
    teardown(&f);
}

static void another_address_moves_them(void **state) {
    (void)state;
    struct fixture f;
    char url[96];
    setup(&f, NULL);
    live_run(&f.l);
    until_made(&f);
    listener_forget(f.ear);
    (void)snprintf(url, sizeof url, "%s/behind/", f.url);
    sync_set_public_url(f.l.e.sync, url);
    until_says(&f, "\\/behind\\/webhooks\\/alpine\\/", TOPICS);
    assert_int_equal(listener_count(f.ear, NULL), TOPICS); /* pinged anew */
    assert_int_equal(says(&f, "\"name\":\"accounting\""), 1);
    teardown(&f);
}

static void without_an_address_they_go(void **state) {
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    live_run(&f.l);
    until_made(&f);
    sync_set_public_url(f.l.e.sync, NULL);
    until_says(&f, "\"name\":\"fulexo:", 0);
    live_until(&f.l, 0, "SELECT count(*) FROM hook");
    live_until(&f.l, 0, "SELECT count(*) FROM hook_secret");
    assert_int_equal(says(&f, "\"name\":\"accounting\""), 1);
    teardown(&f);
}

static int poll_job(struct db_tx *tx, void *arg) {
    const int64_t *id = arg;
    struct store s;
    int rc = store_by_id(tx, *id, &s);
    if (rc > 0) {
        s.poll_only = true;
        rc = store_update(tx, &s);
        store_done(&s);
    }
    return rc;
}

static int read_only_job(struct db_tx *tx, void *arg) {
    const int64_t *id = arg;
    struct store s;
    int rc = store_by_id(tx, *id, &s);
    if (rc > 0) {
        s.can_write = false;
        rc = store_set_caps(tx, &s);
        store_done(&s);
    }
    return rc;
}

static int remove_job(struct db_tx *tx, void *arg) {
    return store_remove(tx, *(const int64_t *)arg);
}

static int hold_job(struct db_tx *tx, void *arg) {
    (void)arg;
    return change_hold(tx);
}

static void job(struct fixture *f, db_job fn) {
    assert_true(engine_job(&f->l.e, fn, &f->l.store) >= 0);
    sync_store_changed(f->l.e.sync, f->l.store);
}

static void by_hand_they_go(void **state) {
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    live_run(&f.l);
    until_made(&f);
    job(&f, poll_job);
    until_says(&f, "\"name\":\"fulexo:", 0);
    live_until(&f.l, 0, "SELECT count(*) FROM hook");
    teardown(&f);
}

static void a_store_that_is_removed_takes_them_along(void **state) {
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    live_run(&f.l);
    until_made(&f);
    job(&f, remove_job);
    until_says(&f, "\"name\":\"fulexo:", 0);
    live_until(&f.l, 0, "SELECT count(*) FROM hook_secret");
    assert_int_equal(says(&f, "\"name\":\"accounting\""), 1);
    struct sync_status st;
    engine_turn(&f.l.e, 200);
    assert_int_equal(sync_get_status(f.l.e.sync, f.l.store, &st),
                     ERR_NOT_FOUND);
    teardown(&f);
}

/* A shop that does not answer keeps no removed store alive. */
static void a_removed_store_does_not_wait(void **state) {
    (void)state;
    struct fixture f;
    struct sync_status st;
    setup(&f, NULL);
    live_run(&f.l);
    until_made(&f);
    live_door(&f.l, "faults", "{\"kind\":\"gateway\"}");
    job(&f, remove_job);
    for (int i = 0; sync_get_status(f.l.e.sync, f.l.store, &st) == 0; i++) {
        assert_true(i < 500);
        engine_turn(&f.l.e, 20);
    }
    teardown(&f);
}

/* Nothing about webhooks is asked of the shop. */
static void assert_silent(struct fixture *f) {
    (void)live_requests(&f->l, "");
    live_run(&f->l);
    engine_turn(&f->l.e, 700);
    AUTO_FREE char *counters = shop_proc_admin(&f->l.shop, "counters", NULL);
    assert_null(strstr(counters, "/webhooks"));
}

static void a_key_that_may_only_read_makes_none(void **state) {
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    job(&f, read_only_job);
    assert_silent(&f);
    teardown(&f);
}

static void nobody_reaches_us_and_none_is_made(void **state) {
    (void)state;
    struct fixture f;
    setup(&f, "");
    assert_silent(&f);
    teardown(&f);
}

static void a_restored_file_touches_none(void **state) {
    (void)state;
    struct fixture f;
    setup(&f, NULL);
    job(&f, hold_job);
    assert_silent(&f);
    teardown(&f);
}

/* The doctor was told of a key that may write; the shop knows better. */
static void a_refusal_is_told(void **state) {
    (void)state;
    struct fixture f;
    struct sync_status st = {0};
    setup(&f, NULL);
    live_door(&f.l, "permission", "{\"permission\":\"read\"}");
    live_run(&f.l);
    for (int i = 0; st.hook_code == 0; i++) {
        assert_true(i < 500);
        engine_turn(&f.l.e, 20);
        assert_int_equal(sync_get_status(f.l.e.sync, f.l.store, &st), 0);
    }
    assert_int_equal(st.hook_code, ERR_SHOP_PERMISSION);
    assert_int_equal(says(&f, "\"name\":\"fulexo:"), 0);
    /* another key, as soon as it is entered */
    live_door(&f.l, "permission", "{\"permission\":\"read_write\"}");
    sync_store_changed(f.l.e.sync, f.l.store);
    until_made(&f);
    teardown(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_made_once),
        cmocka_unit_test(a_ping_that_does_not_come_is_shown),
        cmocka_unit_test(what_was_made_unheard_is_adopted),
        cmocka_unit_test(what_was_spoiled_is_repaired),
        cmocka_unit_test(another_address_moves_them),
        cmocka_unit_test(without_an_address_they_go),
        cmocka_unit_test(by_hand_they_go),
        cmocka_unit_test(a_store_that_is_removed_takes_them_along),
        cmocka_unit_test(a_removed_store_does_not_wait),
        cmocka_unit_test(a_key_that_may_only_read_makes_none),
        cmocka_unit_test(nobody_reaches_us_and_none_is_made),
        cmocka_unit_test(a_restored_file_touches_none),
        cmocka_unit_test(a_refusal_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
