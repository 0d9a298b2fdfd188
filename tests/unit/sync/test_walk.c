/* An incremental pass over a list that changes under it: every row modified
 * after the mark and left alone since is seen. */
#include "sync/walk.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"

enum { ROWS = 2000, SECOND = 1000 };

struct row {
    int64_t id, modified_ms;
    bool seen;
};

static struct row rows[ROWS];
static int n_rows;
static uint32_t state;

static int chance(int n) {
    state = state * 1664525u + 1013904223u;
    return (int)((state >> 8) % (uint32_t)n);
}

static int by_modified(const void *a, const void *b) {
    const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
    if (x->modified_ms != y->modified_ms)
        return x->modified_ms < y->modified_ms ? -1 : 1;
    return x->id < y->id ? -1 : 1;
}

/* The shop's page: exclusive bounds, second granularity, (modified, id). */
static int page(const struct walk *w, int64_t *first, int64_t *last,
                int64_t *total) {
    static struct row *hit[ROWS];
    int n = 0;
    for (int i = 0; i < n_rows; i++)
        if (rows[i].modified_ms > w->after_ms &&
            (!w->before_ms || rows[i].modified_ms < w->before_ms))
            hit[n++] = &rows[i];
    qsort(hit, (size_t)n, sizeof(struct row *), by_modified);
    *total = n;
    int got = 0;
    for (int64_t i = w->offset; i < n && got < w->size; i++, got++) {
        hit[i]->seen = true;
        *last = hit[i]->modified_ms;
        if (got == 0)
            *first = *last;
    }
    return got;
}

static int64_t now;

static void run(struct walk *w, int changes) {
    for (int turns = 0; !w->finished; turns++) {
        assert_true(turns < 10000);
        int64_t first = 0, last = 0, total = 0;
        int n = page(w, &first, &last, &total);
        walk_page(w, n, first, last, total);
        for (int i = 0; i < changes && !w->finished; i++) {
            struct row *r = &rows[chance(n_rows)];
            r->modified_ms = (now += chance(2) * SECOND);
            r->seen = false;
        }
        if (turns > 60)
            changes = 0;
    }
}

static void fill(int n, int seconds) {
    n_rows = n;
    for (int i = 0; i < n; i++)
        rows[i] = (struct row){
            i + 1, (1000 + chance(seconds)) * (int64_t)SECOND, false};
}

static void assert_all_seen(int64_t mark) {
    for (int i = 0; i < n_rows; i++)
        if (rows[i].modified_ms > mark && !rows[i].seen)
            fail_msg("row %d at %lld was missed", i + 1,
                     (long long)rows[i].modified_ms);
}

static void every_change_is_seen(void **arg) {
    (void)arg;
    for (uint32_t seed = 1; seed <= 300; seed++) {
        struct walk w;
        state = seed * 104729;
        fill(1 + chance(ROWS - 1), 1 + chance(300));
        walk_init(&w, true, 1000 * SECOND, 0, 100);
        now = 4000 * (int64_t)SECOND;
        run(&w, chance(4));
        /* what moved into the second that was being read is the overlap's */
        walk_init(&w, true, now, 120 * SECOND, 100);
        run(&w, 0);
        assert_all_seen(1000 * SECOND);
    }
}

static void a_page_of_one_second_is_read_to_its_end(void **arg) {
    (void)arg;
    struct walk w;
    fill(350, 1);
    walk_init(&w, true, 999 * SECOND, 0, 100);
    run(&w, 0);
    assert_all_seen(999 * SECOND);
}

static void nothing_new_costs_one_request(void **arg) {
    (void)arg;
    struct walk w;
    walk_init(&w, true, 5000 * SECOND + 700, 120 * SECOND, 100);
    assert_int_equal(w.after_ms, 4880 * SECOND);
    walk_page(&w, 0, 0, 0, 0);
    assert_true(w.finished);
}

static void rows_without_dates_are_a_list(void **arg) {
    (void)arg;
    struct walk w;
    walk_init(&w, false, 1000 * SECOND, 0, 100);
    assert_true(w.listed);
    walk_page(&w, 100, 0, 0, 250);
    assert_int_equal(w.offset, 150);
    walk_page(&w, 100, 0, 0, 250);
    assert_int_equal(w.offset, 50);
    walk_page(&w, 100, 0, 0, 250);
    assert_int_equal(w.offset, 0);
    walk_page(&w, 100, 0, 0, 250);
    assert_true(w.finished);
}

static void few_rows_without_dates_cost_one_request(void **arg) {
    (void)arg;
    struct walk w;
    walk_init(&w, false, 1000 * SECOND, 0, 100);
    walk_page(&w, 3, 0, 0, 3);
    assert_true(w.finished);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_is_seen),
        cmocka_unit_test(a_page_of_one_second_is_read_to_its_end),
        cmocka_unit_test(nothing_new_costs_one_request),
        cmocka_unit_test(rows_without_dates_are_a_list),
        cmocka_unit_test(few_rows_without_dates_cost_one_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
