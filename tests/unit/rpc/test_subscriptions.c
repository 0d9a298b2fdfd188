/* What a subscriber is told: the feed from where it was, its topics and stores
 * alone, and one resync instead of what it cannot have. */
#include "fixture.h"

#include <string.h>

#include "common/str.h"
#include "model/feed.h"

static int64_t subscribe(struct fx_client *c, const char *params) {
    const struct json *r = fx_ok(c, "events.subscribe", params);
    assert_int_equal(json_type(json_get(r, "resync")), JSON_BOOL);
    return fx_number(r, "seq");
}

static bool is_resync(const struct json *event) {
    return str_eq(fx_text(event, "params.topic"), "system") &&
           str_eq(fx_text(event, "params.data.what"), "resync");
}

static bool says_resync(const struct json *result) {
    bool yes = false;
    assert_int_equal(json_bool(json_get(result, "resync"), false, &yes), 0);
    return yes;
}

static void what_came_since_is_told_again(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    char ref[40];
    fx_events(f, "order", 1, 700); /* more than one read of the feed */
    fx_connect(f, &c, FX_SESSION);
    assert_int_equal(subscribe(&c, "{\"since\":100}"), 100);
    for (int64_t i = 101; i <= 700; i++) {
        const struct json *e = fx_read(&c);
        assert_string_equal(fx_text(e, "method"), "event");
        assert_int_equal(fx_number(e, "params.seq"), i);
        (void)str_format(ref, sizeof ref, "alpine:%d", (int)i);
        assert_string_equal(fx_text(e, "params.ref"), ref);
    }
    assert_null(fx_read(&c));
    fx_events(f, "customer", 2, 1); /* and goes on with what comes */
    const struct json *e = fx_read(&c);
    assert_int_equal(fx_number(e, "params.seq"), 701);
    assert_string_equal(fx_text(e, "params.ref"), "baltic:customer/1");
    fx_close(&c);
}

static void without_since_only_what_comes_is_told(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_events(f, "order", 1, 5);
    fx_connect(f, &c, FX_SESSION);
    assert_int_equal(subscribe(&c, "{}"), 5);
    assert_null(fx_read(&c));
    fx_events(f, "order", 1, 1);
    assert_int_equal(fx_number(fx_read(&c), "params.seq"), 6);
    fx_close(&c);
}

static int trim(struct db_tx *tx, void *arg) {
    (void)arg;
    return feed_trim(tx, 10);
}

static void too_old_or_foreign_a_place_is_a_resync(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_events(f, "order", 1, 50);
    fx_job(f, trim, NULL); /* 41 to 50 are left */
    fx_connect(f, &c, FX_SESSION);
    const struct json *r = fx_ok(&c, "events.subscribe", "{\"since\":39}");
    assert_true(says_resync(r));
    assert_int_equal(fx_number(r, "seq"), 50);
    assert_null(fx_read(&c));
    r = fx_ok(&c, "events.subscribe", "{\"since\":9999}");
    assert_true(says_resync(r)); /* of a file that was put back */
    r = fx_ok(&c, "events.subscribe", "{\"since\":40}");
    assert_false(says_resync(r));
    for (int64_t i = 41; i <= 50; i++)
        assert_int_equal(fx_number(fx_read(&c), "params.seq"), i);
    fx_close(&c);
}

static void only_its_stores_and_topics_are_told(void **state) {
    struct fx *f = *state;
    struct fx_client all, some;
    fx_connect(f, &all, FX_SESSION);
    fx_connect(f, &some, FX_SESSION);
    (void)subscribe(&all, "{}");
    (void)subscribe(&some,
                    "{\"stores\":[\"baltic\"],\"topics\":[\"product\"]}");
    fx_events(f, "order", 2, 1);
    fx_events(f, "product", 1, 1);
    fx_events(f, "product", 2, 1);
    for (int64_t i = 1; i <= 3; i++)
        assert_int_equal(fx_number(fx_read(&all), "params.seq"), i);
    const struct json *e = fx_read(&some);
    assert_int_equal(fx_number(e, "params.seq"), 3);
    assert_string_equal(fx_text(e, "params.store"), "baltic");
    assert_null(fx_read(&some));
    /* Replayed events pass the same scope, and a second call replaces. */
    (void)subscribe(&some, "{\"since\":0,\"stores\":[\"alpine\"]}");
    assert_int_equal(fx_number(fx_read(&some), "params.seq"), 2);
    assert_null(fx_read(&some));
    assert_string_equal(
        fx_code(fx_ask(&some, "events.subscribe", "{\"stores\":[\"celtic\"]}")),
        "not_found");
    fx_close(&all);
    fx_close(&some);
}

/* That somebody may do something else now is for who works here. */
static void the_house_hears_of_its_people(void **state) {
    enum { ALI = 54401, ZOE };
    struct fx *f = *state;
    struct fx_client root, staff, owner;
    fx_person(f, "ali", "staff", ALI, 0);
    fx_person(f, "zoe", "owner", ZOE, 1);
    fx_connect(f, &root, FX_SESSION);
    fx_connect_as(f, &staff, ALI);
    fx_connect_as(f, &owner, ZOE);
    (void)subscribe(&staff, "{}");
    (void)subscribe(&owner, "{}");
    (void)fx_ok(&root, "tenants.list", NULL); /* reading is no news */
    assert_null(fx_read(&staff));
    (void)fx_ok(&root, "tenants.create", "{\"name\":\"berg\"}");
    assert_string_equal(fx_text(fx_read(&staff), "params.topic"), "people");
    assert_null(fx_read(&staff));
    assert_null(fx_read(&owner));
    fx_close(&root);
    fx_close(&staff);
    fx_close(&owner);
}

static void who_unsubscribes_hears_nothing(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    (void)subscribe(&c, "{}");
    (void)fx_ok(&c, "events.unsubscribe", NULL);
    fx_events(f, "order", 1, 3);
    (void)fx_ok(&c, "cache.clear", NULL); /* a job's events neither */
    assert_null(fx_read(&c));
    fx_close(&c);
}

/* A subscriber that reads nothing while a great deal happens: what waits for
 * it is bounded, and when it reads at last it is told to read all again. */
static void a_slow_subscriber_costs_little_and_gets_a_resync(void **state) {
    struct fx *f = *state;
    struct fx_client slow, quick;
    int64_t told = 0, resyncs = 0, last = 0;
    fx_connect(f, &slow, FX_SESSION);
    fx_connect(f, &quick, FX_SESSION);
    (void)subscribe(&slow, "{}");
    (void)subscribe(&quick, "{}");
    for (int round = 0; round < 60; round++) {
        fx_events(f, "order", 1, 250);
        assert_true(f->rpc->held_out <= 300 * 1024);
        while (fx_read(&quick))
            told++;
    }
    assert_int_equal(told, 60 * 250); /* nobody waits for the slow one */
    assert_true(f->rpc->held_out > 200 * 1024);
    const struct json *e;
    for (told = 0; (e = fx_read(&slow)); told++) {
        resyncs += is_resync(e);
        assert_true(fx_number(e, "params.seq") >= last);
        last = fx_number(e, "params.seq");
    }
    assert_false(slow.ended);
    assert_true(told < 60 * 250);
    assert_int_equal(resyncs, 1);
    assert_int_equal(last, 60 * 250); /* the resync: up to here */
    fx_events(f, "order", 1, 1);      /* and then as before */
    assert_int_equal(fx_number(fx_read(&slow), "params.seq"), last + 1);
    fx_close(&slow);
    fx_close(&quick);
}

static void a_late_subscriber_disturbs_no_other(void **state) {
    struct fx *f = *state;
    struct fx_client first, late;
    fx_connect(f, &first, FX_SESSION);
    (void)subscribe(&first, "{}");
    fx_events(f, "order", 1, 3);
    fx_connect(f, &late, FX_SESSION);
    (void)subscribe(&late, "{\"since\":1}");
    for (int64_t i = 1; i <= 3; i++)
        assert_int_equal(fx_number(fx_read(&first), "params.seq"), i);
    assert_null(fx_read(&first)); /* nothing twice */
    for (int64_t i = 2; i <= 3; i++)
        assert_int_equal(fx_number(fx_read(&late), "params.seq"), i);
    fx_close(&first);
    fx_close(&late);
}

static void a_place_is_good_after_a_restart(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_events(f, "order", 1, 3);
    fx_restart(f);
    fx_events(f, "order", 1, 1);
    fx_connect(f, &c, FX_SESSION);
    assert_int_equal(subscribe(&c, "{\"since\":2}"), 2);
    for (int64_t i = 3; i <= 4; i++)
        assert_int_equal(fx_number(fx_read(&c), "params.seq"), i);
    fx_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_came_since_is_told_again, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(without_since_only_what_comes_is_told,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(too_old_or_foreign_a_place_is_a_resync,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(only_its_stores_and_topics_are_told,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(the_house_hears_of_its_people, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(who_unsubscribes_hears_nothing,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(
            a_slow_subscriber_costs_little_and_gets_a_resync, fx_setup,
            fx_teardown),
        cmocka_unit_test_setup_teardown(a_late_subscriber_disturbs_no_other,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(a_place_is_good_after_a_restart,
                                        fx_setup, fx_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
