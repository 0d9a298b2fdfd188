/* Long work and repeats: a request sent again does nothing again, jobs end,
 * are kept for a while, and never pile up. */
#include "fixture.h"

#include <string.h>

#include "common/str.h"
#include "rpc/call.h"
#include "rpc/job.h"

#define PAUSE "{\"store\":\"alpine\",\"request_id\":\"once\"}"

static void a_repeat_answers_the_first_result(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    assert_string_equal(fx_text(fx_ok(&c, "stores.pause", PAUSE), "state"),
                        "paused");
    (void)fx_ok(&c, "stores.resume", "{\"store\":\"alpine\"}");
    for (int life = 0; life < 2; life++) {
        const struct json *r = fx_ok(&c, "stores.pause", PAUSE);
        assert_string_equal(fx_text(r, "state"), "paused");
        r = fx_ok(&c, "stores.get", "{\"store\":\"alpine\"}");
        assert_string_equal(fx_text(r, "state"), "new"); /* not done again */
        assert_string_equal(
            fx_code(fx_ask(&c, "stores.pause",
                           "{\"store\":\"baltic\",\"request_id\":\"once\"}")),
            "repeat"); /* other parameters */
        assert_string_equal(fx_code(fx_ask(&c, "stores.resume", PAUSE)),
                            "repeat"); /* another method */
        fx_close(&c);
        fx_restart(f);
        fx_connect(f, &c, FX_SESSION);
    }
    fx_close(&c);
}

static void what_failed_may_be_sent_again(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    for (int i = 0; i < 2; i++)
        assert_string_equal(
            fx_code(fx_ask(&c, "stores.pause",
                           "{\"store\":\"celtic\",\"request_id\":\"r\"}")),
            "not_found");
    (void)fx_ok(&c, "stores.pause",
                "{\"store\":\"alpine\",\"request_id\":\"r\"}");
    fx_close(&c);
}

static void a_repeated_job_is_the_same_job(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    const char *first =
        fx_text(fx_ok(&c, "cache.clear", "{\"request_id\":\"a\"}"), "job");
    const char *again =
        fx_text(fx_ok(&c, "cache.clear", "{\"request_id\":\"a\"}"), "job");
    assert_string_equal(first, again);
    assert_int_equal(f->rpc->n_jobs, 1);
    (void)fx_ok(&c, "cache.clear", "{\"request_id\":\"b\"}");
    assert_int_equal(f->rpc->n_jobs, 2);
    assert_string_equal(
        fx_code(fx_ask(&c, "stores.create",
                       "{\"name\":\"x\",\"url\":\"https://x.example\","
                       "\"key\":\"ck_1\",\"secret\":\"cs_1\","
                       "\"request_id\":\"a\"}")),
        "repeat");
    fx_close(&c);
}

static void ended_jobs_are_listed_but_not_for_ever(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    fx_connect(f, &c, FX_SESSION);
    for (int i = 0; i < JOBS_KEPT + 20; i++)
        (void)fx_ok(&c, "cache.clear", NULL);
    assert_int_equal(f->rpc->n_jobs, JOBS_KEPT);
    const struct json *r = fx_ok(&c, "jobs.list", "{\"limit\":150}");
    assert_int_equal(json_count(json_get(r, "items")), 150);
    AUTO_BUF struct buf more = BUF_INIT;
    buf_addf(&more, "{\"limit\":150,\"after\":\"%s\"}", fx_text(r, "next"));
    r = fx_ok(&c, "jobs.list", buf_str(&more));
    assert_int_equal(json_count(json_get(r, "items")), JOBS_KEPT - 150);
    assert_int_equal(json_type(json_get(r, "next")), JSON_NULL);
    fx_pass(f, JOB_KEPT_MS + 1); /* a day later one more forgets the rest */
    (void)fx_ok(&c, "cache.clear", NULL);
    assert_int_equal(f->rpc->n_jobs, 1);
    fx_close(&c);
}

/* --- a job of the test's own ------------------------------------------- */

static int asked; /* times the owner was asked to end */

static void ends_at_once(struct rpc_job *job) {
    asked++;
    job_finish(job, ERR_CANCELLED, NULL);
}

static void ends_later(struct rpc_job *job) {
    (void)job;
    asked++;
}

static struct rpc_job *begin(struct fx *f, void (*cancel)(struct rpc_job *),
                             int *ret_rc) {
    struct rpc_call call = {.rpc = f->rpc, .method = RPC_STORES_VERIFY};
    const char *const stores[] = {"alpine"};
    asked = 0;
    jsonw_init(&call.fresh, &call.out);
    struct rpc_job *job = job_begin(&call, stores, 1, cancel, NULL, ret_rc);
    buf_done(&call.out);
    return job;
}

static const char *params(const struct rpc_job *job) {
    static char text[64];
    (void)str_format(text, sizeof text, "{\"id\":\"%s\"}", job->id);
    return text;
}

static void a_job_is_cancelled_once(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    int rc;
    struct rpc_job *job = begin(f, ends_later, &rc);
    fx_connect(f, &c, FX_SESSION);
    for (int i = 0; i < 2; i++)
        assert_string_equal(
            fx_text(fx_ok(&c, "jobs.cancel", params(job)), "state"), "running");
    assert_int_equal(asked, 1);
    job_finish(job, ERR_CANCELLED, NULL);
    assert_string_equal(fx_text(fx_ok(&c, "jobs.get", params(job)), "state"),
                        "cancelled");
    assert_string_equal(fx_text(fx_ok(&c, "jobs.cancel", params(job)), "state"),
                        "cancelled");
    assert_int_equal(asked, 1); /* what has ended is left alone */
    assert_string_equal(
        fx_code(fx_ask(&c, "jobs.cancel",
                       "{\"id\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\"}")),
        "not_found");
    fx_close(&c);
}

/* A job that began before 200 others ended is still there to be asked about
 * when it ends. */
static void a_long_job_outlives_many_short_ones(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    int rc;
    struct rpc_job *job = begin(f, ends_at_once, &rc);
    fx_connect(f, &c, FX_SESSION);
    for (int i = 0; i < JOBS_KEPT + 5; i++) {
        (void)fx_ok(&c, "cache.clear", NULL);
    }
    assert_int_equal(f->rpc->n_jobs, JOBS_KEPT + 1);
    const char *id = arena_dupn(c.arena, params(job), strlen(params(job)));
    assert_string_equal(fx_text(fx_ok(&c, "jobs.cancel", id), "state"),
                        "cancelled");
    assert_string_equal(fx_text(fx_ok(&c, "jobs.get", id), "state"),
                        "cancelled");
    assert_int_equal(f->rpc->n_jobs, JOBS_KEPT);
    fx_close(&c);
}

static void too_many_at_once_are_refused(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    int rc;
    for (int i = 0; i < JOBS_RUNNING; i++)
        assert_non_null(begin(f, ends_at_once, &rc));
    assert_null(begin(f, ends_at_once, &rc));
    assert_int_equal(rc, ERR_BUSY);
    fx_connect(f, &c, FX_SESSION);
    assert_string_equal(fx_code(fx_ask(&c, "cache.clear", NULL)), "busy");
    job_cancel(f->rpc->jobs);
    (void)fx_ok(&c, "cache.clear", NULL);
    fx_close(&c);
}

static void progress_is_told_five_times_a_second(void **state) {
    struct fx *f = *state;
    struct fx_client c;
    int rc, told = 0;
    fx_connect(f, &c, FX_SESSION);
    (void)fx_ok(&c, "events.subscribe", "{\"topics\":[\"job\"]}");
    struct rpc_job *job = begin(f, ends_at_once, &rc);
    for (int i = 1; i <= 1000; i++) {
        job_progress(job, &(struct job_progress){.store = "alpine",
                                                 .collection = "orders",
                                                 .done = i,
                                                 .eta_s = -1});
        fx_pass(f, 1);
    }
    const struct json *e, *last = NULL;
    for (; (e = fx_read(&c)); told++)
        last = e;
    assert_in_range(told, 4, 7);
    assert_true(fx_number(json_first(json_path(last, "params.data.progress")),
                          "progress.done") > 700);
    job_finish(job, 0, NULL); /* the end is told at once */
    assert_string_equal(fx_text(fx_read(&c), "params.data.state"), "done");
    fx_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_repeat_answers_the_first_result,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(what_failed_may_be_sent_again, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(a_repeated_job_is_the_same_job,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(ended_jobs_are_listed_but_not_for_ever,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(a_job_is_cancelled_once, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(a_long_job_outlives_many_short_ones,
                                        fx_setup, fx_teardown),
        cmocka_unit_test_setup_teardown(too_many_at_once_are_refused, fx_setup,
                                        fx_teardown),
        cmocka_unit_test_setup_teardown(progress_is_told_five_times_a_second,
                                        fx_setup, fx_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
