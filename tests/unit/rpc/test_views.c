/* Saved views: one's own stand before everybody's, nobody sees another's. */
#include "fixture.h"

#include "common/str.h"

static const char *filter_of(struct fx_client *c, int slot) {
    const struct json *v =
        json_first(json_get(fx_ok(c, "views.list", NULL), "items"));
    for (; v; v = json_next(v)) {
        int64_t n = 0;
        (void)json_i64(json_get(v, "slot"), false, &n);
        if (n == slot)
            return json_string(json_get(v, "filter"));
    }
    return "";
}

static void ones_own_stands_before_everybodys(void **state) {
    struct fx *f = *state;
    struct fx_client can, ali;
    fx_person(f, "can", "admin", 4001, 0);
    fx_person(f, "ali", "staff", 4002, 0);
    fx_connect_as(f, &can, 4001);
    fx_connect_as(f, &ali, 4002);
    (void)fx_ok(&can, "views.save",
                "{\"slot\":1,\"list\":\"orders\",\"filter\":\"late:yes\","
                "\"everybody\":true}");
    (void)fx_ok(&can, "views.save",
                "{\"slot\":2,\"list\":\"orders\",\"filter\":\"hold:any\"}");
    assert_string_equal(filter_of(&ali, 1), "late:yes");
    assert_string_equal(filter_of(&ali, 2), "");
    (void)fx_ok(&ali, "views.save",
                "{\"slot\":1,\"list\":\"products\",\"filter\":\"low:yes\","
                "\"name\":\"low\"}");
    assert_string_equal(filter_of(&ali, 1), "low:yes");
    assert_string_equal(filter_of(&can, 1), "late:yes");
    (void)fx_ok(&ali, "views.remove", "{\"slot\":1}");
    assert_string_equal(filter_of(&ali, 1), "late:yes");
    assert_string_equal(fx_code(fx_ask(&ali, "views.remove", "{\"slot\":1}")),
                        "not_found");
    (void)fx_ok(&can, "views.remove", "{\"slot\":1,\"everybody\":true}");
    assert_string_equal(filter_of(&ali, 1), "");
    fx_close(&can);
    fx_close(&ali);
}

static void only_what_opens_is_kept(void **state) {
    struct fx *f = *state;
    struct fx_client ali;
    fx_person(f, "ali", "staff", 4002, 0);
    fx_connect_as(f, &ali, 4002);
    static const struct {
        const char *params, *code;
    } wrong[] = {
        {"{\"slot\":1,\"list\":\"orders\",\"filter\":\"stauts:x\"}", "invalid"},
        {"{\"slot\":1,\"list\":\"secrets\"}", "invalid_params"},
        {"{\"slot\":10,\"list\":\"orders\"}", "invalid_params"},
        {"{\"slot\":1,\"list\":\"orders\",\"everybody\":true}", "denied"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_string_equal(
            fx_code(fx_ask(&ali, "views.save", wrong[i].params)),
            wrong[i].code);
    assert_int_equal(
        json_count(json_get(fx_ok(&ali, "views.list", NULL), "items")), 0);
    fx_close(&ali);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ones_own_stands_before_everybodys,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(only_what_opens_is_kept, fx_setup,
                                        fx_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
