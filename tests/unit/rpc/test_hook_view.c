/* What a store tells of its webhooks: how changes come, what is wrong and what
 * to do. */
#include "rpc/hook_view.h"

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "common/str.h"
#include "tests/lib/test.h"

struct fixture {
    struct arena *arena;
    struct store s;
    bool held;
    struct hook_set hooks;
    struct sync_status st;
    const struct json *v; /* as shown last */
};

/* All is well. */
static int setup(void **state) {
    static struct fixture f;
    f = (struct fixture){.arena = arena_new(0),
                         .s = {.name = "alpine", .can_write = true},
                         .st = {.public_url = true}};
    for (int t = 0; t < HOOK_TOPICS; t++)
        f.hooks.by[t] = (struct hook){.status = HOOK_ACTIVE, .ping_ms = 1};
    *state = &f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    arena_free(f->arena);
    return 0;
}

static void show(struct fixture *f, enum text_lang lang) {
    AUTO_BUF struct buf b = BUF_INIT;
    struct jsonw w;
    const struct json *all = NULL;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    hook_view_write(&w, lang, &f->s, f->held, &f->hooks, &f->st);
    jsonw_end_object(&w);
    assert_int_equal(json_parse(f->arena, buf_str(&b), b.len, NULL, &all, NULL),
                     0);
    f->v = json_get(all, "hooks");
}

static int64_t number(const struct fixture *f, const char *key) {
    int64_t n = -1;
    (void)json_i64(json_get(f->v, key), false, &n);
    return n;
}

/* Its mode, and words of the reason and of the cure; NULL: there is none. */
static void shows(struct fixture *f, const char *mode, const char *reason,
                  const char *cure) {
    show(f, TEXT_EN);
    const char *r = json_string(json_get(f->v, "reason"));
    const char *c = json_string(json_get(f->v, "cure"));
    assert_string_equal(json_string(json_get(f->v, "mode")), mode);
    assert_int_equal(r != NULL, reason != NULL);
    assert_int_equal(c != NULL, cure != NULL);
    if (reason)
        assert_non_null(strstr(r, reason));
    if (cure)
        assert_non_null(strstr(c, cure));
}

static void all_is_well(void **state) {
    struct fixture *f = *state;
    f->hooks.by[2].last_ms = 1000;
    f->hooks.by[5].last_ms = 5000;
    f->hooks.by[5].lag_ms = 70;
    shows(f, "webhooks", NULL, NULL);
    assert_int_equal(number(f, "active"), HOOK_TOPICS);
    assert_int_equal(number(f, "lag"), 70);
    assert_string_equal(json_string(json_get(f->v, "last_delivery")),
                        "1970-01-01T00:00:05Z");
    assert_int_equal(json_count(json_get(f->v, "topics")), HOOK_TOPICS);
}

static void why_there_are_none(void **state) {
    struct fixture *f = *state;
    f->hooks = (struct hook_set){0};
    shows(f, "poll", "being made", NULL);
    assert_int_equal(json_count(json_get(f->v, "topics")), 0);
    f->s.can_write = false;
    shows(f, "poll", "only read", "write permission");
    f->st.public_url = false;
    shows(f, "poll", "no public address", "http.public_url");
    f->s.poll_only = true;
    shows(f, "poll", "switched off", "stores update alpine --webhooks");
}

static void a_shop_that_cannot_reach_us(void **state) {
    struct fixture *f = *state;
    for (int t = 0; t < HOOK_TOPICS; t++)
        f->hooks.by[t].status = HOOK_UNREACHABLE;
    shows(f, "poll", "cannot reach us: public IP, port 80, 443 or 8080",
          "public_url");
    show(f, TEXT_TR);
    assert_non_null(strstr(json_string(json_get(f->v, "reason")), "8080"));
}

static void some_are_disabled(void **state) {
    struct fixture *f = *state;
    f->hooks.by[1].status = HOOK_DISABLED;
    f->hooks.by[1].disabled_ms = 9000;
    f->hooks.by[4].status = HOOK_PAUSED;
    f->hooks.by[4].disabled_ms = 7000;
    shows(f, "webhooks", "disabled 2 webhooks", "by itself");
    assert_int_equal(number(f, "disabled"), 2);
    assert_string_equal(json_string(json_get(f->v, "disabled_since")),
                        "1970-01-01T00:00:07Z");
}

static void a_copy_of_the_shop(void **state) {
    struct fixture *f = *state;
    (void)str_copy(f->hooks.door.copied_source,
                   sizeof f->hooks.door.copied_source, "https://stage.example");
    f->hooks.door.copied_ms = 3000;
    shows(f, "webhooks", "https://stage.example", "--no-webhooks");
    assert_string_equal(json_string(json_get(f->v, "copied_at")),
                        "1970-01-01T00:00:03Z");
}

static void a_shop_that_refused(void **state) {
    struct fixture *f = *state;
    f->hooks = (struct hook_set){0};
    f->st.hook_code = ERR_SHOP_PERMISSION;
    (void)str_copy(f->st.hook_text, sizeof f->st.hook_text, "401 says it");
    shows(f, "poll", "401 says it", "");
}

/* They are left as they are: the shop goes on telling. */
static void a_restored_file(void **state) {
    struct fixture *f = *state;
    f->held = true;
    shows(f, "webhooks", "restored", "fulexo resume");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_is_well, setup, teardown),
        cmocka_unit_test_setup_teardown(why_there_are_none, setup, teardown),
        cmocka_unit_test_setup_teardown(a_shop_that_cannot_reach_us, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(some_are_disabled, setup, teardown),
        cmocka_unit_test_setup_teardown(a_copy_of_the_shop, setup, teardown),
        cmocka_unit_test_setup_teardown(a_shop_that_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_restored_file, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
