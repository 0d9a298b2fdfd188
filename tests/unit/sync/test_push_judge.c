/* What was read of a shop means for a change whose answer never came. */
#include <string.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/str.h"
#include "sync/push_find.h"
#include "tests/lib/test.h"

static const char uuid[] = "01HZZZZZZZZZZZZZZZZZZZZZZZ";

struct judge {
    struct arena *a;
    struct change c;
    struct push_view v;
};

static void begin(struct judge *j, enum change_act act, enum mirror_kind kind,
                  const char *payload) {
    *j = (struct judge){.a = arena_new(0)};
    j->c = (struct change){.act = act,
                           .kind = kind,
                           .payload = payload,
                           .attempts = 1,
                           .mark = 10};
    memcpy(j->c.uuid, uuid, sizeof uuid);
    j->v = (struct push_view){.c = &j->c, .a = j->a};
}

static void read_as(struct judge *j, enum push_read what, const char *json) {
    assert_int_equal(
        json_parse(j->a, json, strlen(json), NULL, &j->v.read[what], NULL), 0);
}

static void found_is(struct judge *j, enum push_found want, int64_t id) {
    struct push_finding f;
    push_judge(&j->v, &f);
    assert_int_equal(f.found, want);
    assert_int_equal(f.result_id, id);
    arena_free(j->a);
}

#define OURS                                                                   \
    "\"meta_data\":[{\"key\":\"_fulexo_op\",\"value\":"                        \
    "\"01HZZZZZZZZZZZZZZZZZZZZZZZ\"}]"

/* Lists of orders do not show what was trashed since: a look asks for both. */
static void a_creation_is_looked_for_in_the_trash_too(void **state) {
    (void)state;
    struct judge j;
    begin(&j, CHANGE_CREATE, MIRROR_ORDER, "{\"lines\":[]}");
    assert_int_equal(push_judge_read(&j.v, 0), PUSH_FIND);
    assert_int_equal(push_judge_read(&j.v, 1), PUSH_FIND_TRASH);
    assert_int_equal(push_judge_read(&j.v, 2), -1);
    read_as(&j, PUSH_FIND, "[{\"id\":9,\"meta_data\":[]}]");
    read_as(&j, PUSH_FIND_TRASH, "[{\"id\":12," OURS "}]");
    found_is(&j, PUSH_THERE, 12);
}

static void what_was_never_sent_is_not_in_the_trash(void **state) {
    (void)state;
    struct judge j;
    begin(&j, CHANGE_CREATE, MIRROR_PRODUCT, "{\"name\":\"x\"}");
    j.v.first = true;
    assert_int_equal(push_judge_read(&j.v, 0), PUSH_FIND);
    assert_int_equal(push_judge_read(&j.v, 1), -1);
    j.v.first = false;
    j.c.kind = MIRROR_CUSTOMER; /* which have no trash */
    assert_int_equal(push_judge_read(&j.v, 1), -1);
    arena_free(j.a);
}

static void a_creation_not_there_is_absent(void **state) {
    (void)state;
    struct judge j;
    begin(&j, CHANGE_CREATE, MIRROR_ORDER, "{\"lines\":[]}");
    read_as(&j, PUSH_FIND, "[]");
    read_as(&j, PUSH_FIND_TRASH, "[]");
    found_is(&j, PUSH_ABSENT, 0);
}

/* The order was trashed after the money went back. */
static void a_refund_of_a_trashed_order_has_happened(void **state) {
    (void)state;
    struct judge j;
    begin(&j, CHANGE_REFUND, MIRROR_ORDER, "{\"amount\":\"1.00\"}");
    read_as(&j, PUSH_OBJECT, "{\"id\":5,\"status\":\"trash\"}");
    read_as(&j, PUSH_REFUNDS, "[{\"id\":11,\"amount\":\"1.00\"," OURS "}]");
    found_is(&j, PUSH_THERE, 11);
}

static void a_refund_to_come_does_not_go_into_the_trash(void **state) {
    (void)state;
    struct judge j;
    begin(&j, CHANGE_REFUND, MIRROR_ORDER, "{\"amount\":\"1.00\"}");
    read_as(&j, PUSH_OBJECT, "{\"id\":5,\"status\":\"trash\"}");
    read_as(&j, PUSH_REFUNDS, "[]");
    found_is(&j, PUSH_CONFLICT, 0);
}

static void tracking_of_a_trashed_order_has_happened(void **state) {
    (void)state;
    struct judge j;
    begin(&j, CHANGE_TRACKING, MIRROR_ORDER, "{\"number\":\"T1\"}");
    read_as(&j, PUSH_OBJECT,
            "{\"id\":5,\"status\":\"trash\",\"meta_data\":[{\"key\":"
            "\"_wc_shipment_tracking_items\",\"value\":[{"
            "\"tracking_number\":\"T1\"}]}]}");
    found_is(&j, PUSH_THERE, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_creation_is_looked_for_in_the_trash_too),
        cmocka_unit_test(what_was_never_sent_is_not_in_the_trash),
        cmocka_unit_test(a_creation_not_there_is_absent),
        cmocka_unit_test(a_refund_of_a_trashed_order_has_happened),
        cmocka_unit_test(a_refund_to_come_does_not_go_into_the_trash),
        cmocka_unit_test(tracking_of_a_trashed_order_has_happened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
