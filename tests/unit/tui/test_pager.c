#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "common/str.h"
#include "fake_daemon.h"
#include "tui/link.h"
#include "tui/loop.h"
#include "tui/pager.h"

struct row {
    char ref[16];
};

/* A list of `n` rows r0, r1 ...; `head` more stand before r0 as n1, n2. */
struct list {
    int n, head;
};

static void serve(const struct json *p, struct buf *out, void *arg) {
    const struct list *l = arg;
    int64_t limit = 50;
    int i = -l->head;
    int64_t after;
    const char *key = json_string(json_get(p, "after"));
    json_i64(json_get(p, "limit"), false, &limit);
    if (key && str_to_i64(key, -100, 100000, &after) == 0) {
        i = (int)after + 1;
    }
    buf_adds(out, "{\"items\":[");
    for (int64_t k = 0; k < limit && i < l->n; k++, i++) {
        buf_addf(out, "%s{\"ref\":\"%s%d\"}", k ? "," : "", i < 0 ? "n" : "r",
                 i < 0 ? -i : i);
    }
    if (i < l->n) {
        buf_addf(out, "],\"next\":\"%d\"}", i - 1);
    } else {
        buf_adds(out, "],\"next\":null}");
    }
}

static int read_row(const struct json *v, void *row) {
    const char *ref = json_string(json_get(v, "ref"));
    str_copy(((struct row *)row)->ref, 16, ref ? ref : "");
    return ref ? 0 : ERR_INVALID;
}

static const char *row_key(const void *row) {
    return ((const struct row *)row)->ref;
}

static const struct pager_def def = {"x.list", sizeof(struct row), read_row,
                                     row_key};

struct fixture {
    struct fake_daemon *daemon;
    struct list list;
    struct loop *loop;
    struct link *link;
    struct pager *pager;
    int64_t first, last; /* what is wanted */
    int changes;
};

static void nothing(void *arg) {
    (void)arg;
}

static void no_event(void *arg, const struct json *params) {
    (void)arg;
    (void)params;
}

static void on_changed(void *arg) {
    struct fixture *f = arg;
    f->changes++;
    pager_want(f->pager, f->first, f->last);
}

static int setup(void **state) {
    static struct fixture f;
    f = (struct fixture){.daemon = fake_daemon_start(),
                         .list = {1000, 0},
                         .loop = loop_create(),
                         .last = 20};
    fake_daemon_handle(f.daemon, "x.list", serve, &f.list);
    struct link_options o = {.socket_path = fake_daemon_socket(f.daemon),
                             .locale = "en"};
    struct link_events e = {NULL, nothing, no_event};
    f.link = link_create(f.loop, &o, &e);
    f.pager = pager_create(f.link, &def, on_changed, &f);
    pager_set(f.pager, "", NULL, NULL);
    *state = &f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    pager_destroy(f->pager);
    link_destroy(f->link);
    loop_destroy(f->loop);
    fake_daemon_stop(f->daemon);
    return 0;
}

static const char *wait_row(struct fixture *f, int64_t i) {
    for (int n = 0; n < 300 && !pager_row(f->pager, i); n++) {
        loop_turn(f->loop, 10);
    }
    const struct row *r = pager_row(f->pager, i);
    return r ? r->ref : "";
}

static void settle(struct fixture *f) {
    int quiet = 0;
    while (quiet < 3) {
        loop_turn(f->loop, 10);
        quiet = link_waiting(f->link) ? 0 : quiet + 1;
    }
}

static void reads_only_what_is_near(void **state) {
    struct fixture *f = *state;
    assert_true(pager_loading(f->pager));
    assert_string_equal(wait_row(f, 0), "r0");
    settle(f);
    assert_int_equal(pager_count(f->pager), 100);
    assert_false(pager_ended(f->pager));
    assert_int_equal(fake_daemon_calls(f->daemon, "x.list"), 1);
    /* Near the end of the page the next one comes by itself. */
    f->first = 70;
    f->last = 90;
    pager_want(f->pager, f->first, f->last);
    assert_string_equal(wait_row(f, 100), "r100");
}

static void walks_to_the_end_and_forgets_the_start(void **state) {
    struct fixture *f = *state;
    wait_row(f, 0);
    while (!pager_ended(f->pager)) {
        f->first = pager_count(f->pager) - 10;
        f->last = f->first + 9;
        pager_want(f->pager, f->first, f->last);
        settle(f);
    }
    assert_int_equal(pager_count(f->pager), 1000);
    assert_int_equal(pager_total(f->pager), 1000);
    assert_string_equal(wait_row(f, 999), "r999");
    assert_null(pager_row(f->pager, 0));
    f->first = 0;
    f->last = 20;
    pager_want(f->pager, 0, 20);
    assert_string_equal(wait_row(f, 0), "r0");
    assert_int_equal(pager_count(f->pager), 1000);
}

/* Rows come at the top: no row is missed or doubled between two pages. */
static void a_moved_border_is_read_again(void **state) {
    struct fixture *f = *state;
    f->first = 80;
    f->last = 110;
    wait_row(f, 0);
    pager_want(f->pager, 80, 110);
    assert_string_equal(wait_row(f, 100), "r100");
    settle(f);
    f->list.head = 2;
    pager_refresh(f->pager, 80, 110);
    settle(f);
    settle(f);
    assert_string_equal(wait_row(f, 0), "n2");
    for (int i = 2; i < 150; i++) {
        char want[16];
        snprintf(want, sizeof want, "r%d", i - 2);
        assert_string_equal(wait_row(f, i), want);
    }
    assert_int_equal(pager_find(f->pager, "r50"), 52);
    assert_int_equal(pager_find(f->pager, "absent"), -1);
}

/* The answer on its way was made before the row changed. */
static void a_row_touched_while_asked_is_asked_again(void **state) {
    struct fixture *f = *state;
    wait_row(f, 0);
    settle(f);
    int calls = fake_daemon_calls(f->daemon, "x.list");
    pager_refresh(f->pager, 0, 20);
    pager_refresh(f->pager, 0, 20);
    settle(f);
    settle(f);
    assert_int_equal(fake_daemon_calls(f->daemon, "x.list"), calls + 2);
}

static void an_error_is_kept_and_cleared(void **state) {
    struct fixture *f = *state;
    wait_row(f, 0);
    fake_daemon_refuse(f->daemon, "x.list", "timeout", "It took too long.",
                       NULL);
    pager_refresh(f->pager, 0, 20);
    settle(f);
    assert_string_equal(pager_error(f->pager), "It took too long.");
    assert_non_null(pager_row(f->pager, 0));
    fake_daemon_handle(f->daemon, "x.list", serve, &f->list);
    pager_refresh(f->pager, 0, 20);
    settle(f);
    assert_string_equal(pager_error(f->pager), "");
}

static void the_filter_begins_anew(void **state) {
    struct fixture *f = *state;
    wait_row(f, 0);
    f->list.n = 3;
    pager_set(f->pager, "a b", "-x", "\"parent\":\"a:1\"");
    settle(f);
    assert_int_equal(pager_count(f->pager), 3);
    assert_true(pager_ended(f->pager));
    assert_string_equal(fake_daemon_params(f->daemon, "x.list"),
                        "{\"limit\":100,\"filter\":\"a b\",\"sort\":\"-x\","
                        "\"parent\":\"a:1\"}");
}

/* A list that goes on with another one's rows. */
static void behind_its_end_another_list_follows(void **state) {
    struct fixture *f = *state;
    static const struct pager_def behind = {"y.list", sizeof(struct row),
                                            read_row, row_key, NULL};
    static const struct pager_def both = {"x.list", sizeof(struct row),
                                          read_row, row_key, &behind};
    static struct list more = {1, 1};
    fake_daemon_handle(f->daemon, "y.list", serve, &more);
    f->list.n = 2;
    pager_destroy(f->pager);
    f->pager = pager_create(f->link, &both, on_changed, f);
    pager_set(f->pager, "", NULL, NULL);
    assert_string_equal(wait_row(f, 2), "n1");
    assert_string_equal(wait_row(f, 3), "r0");
    assert_true(pager_ended(f->pager));
    assert_int_equal(pager_total(f->pager), 4);
    f->list.n = 3;
    pager_refresh(f->pager, 0, 20);
    settle(f);
    assert_string_equal(wait_row(f, 2), "r2");
    assert_string_equal(wait_row(f, 3), "n1");
    assert_int_equal(pager_count(f->pager), 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_only_what_is_near, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(walks_to_the_end_and_forgets_the_start,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_moved_border_is_read_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            a_row_touched_while_asked_is_asked_again, setup, teardown),
        cmocka_unit_test_setup_teardown(an_error_is_kept_and_cleared, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_filter_begins_anew, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(behind_its_end_another_list_follows,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
