/* A list that changes while it is walked: whatever stood in it from the first
 * request to the last must be seen, with any number of windows in flight. */
#include "sync/scan.h"

#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"

enum { ROWS = 1200, IN_FLIGHT_MAX = 5 };

struct list {
    int64_t ids[ROWS * 2];
    int n;
    int64_t next_id;
    bool removed[ROWS * 4];
    bool seen[ROWS * 4];
};

struct answer {
    struct scan_window *w;
    int64_t ids[SCAN_SIZE_MAX + 1];
    int n;
};

static uint32_t state;

static int chance(int n) {
    state = state * 1664525u + 1013904223u;
    return (int)((state >> 8) % (uint32_t)n);
}

static void fill(struct list *l, int n) {
    memset(l, 0, sizeof *l);
    for (int i = 0; i < n; i++)
        l->ids[l->n++] = ++l->next_id;
}

static void remove_at(struct list *l, int at) {
    l->removed[l->ids[at]] = true;
    memmove(&l->ids[at], &l->ids[at + 1],
            (size_t)(l->n - at - 1) * sizeof *l->ids);
    l->n--;
}

static void disturb(struct list *l, int removals, int additions) {
    for (int i = 0; i < removals && l->n > 0; i++)
        if (chance(2))
            remove_at(l, chance(l->n));
    for (int i = 0; i < additions; i++)
        if (chance(2) && l->next_id < ROWS * 2)
            l->ids[l->n++] = ++l->next_id;
}

/* The shop's answer is made at some moment between request and reading. */
static void read_rows(const struct list *l, struct answer *a) {
    a->n = 0;
    for (int i = 0; i < a->w->n && a->w->from + i < l->n; i++)
        a->ids[a->n++] = l->ids[a->w->from + i];
}

static void take(struct list *l, struct scan *s, struct answer *a) {
    for (int i = 0; i < a->n; i++)
        l->seen[a->ids[i]] = true;
    scan_read(s, a->w, a->n ? a->ids[0] : 0, a->n ? a->ids[a->n - 1] : 0);
}

/* Walk with up to `ahead` windows whose answers come back in any order. */
static void walk(struct list *l, int ahead, int removals, int additions) {
    struct scan s;
    struct answer flying[IN_FLIGHT_MAX];
    int n = 0;
    scan_init(&s, l->n, SCAN_SIZE_MAX);
    for (int turns = 0; !scan_finished(&s); turns++) {
        assert_true(turns < 100000);
        struct scan_window *w;
        while (n < ahead && (w = scan_next(&s))) {
            flying[n].w = w;
            read_rows(l, &flying[n++]); /* answered at once, read later */
            disturb(l, removals, additions);
        }
        int at = chance(n);
        struct answer a = flying[at];
        flying[at] = flying[--n];
        if (chance(20) == 0) {
            assert_true(scan_shrink(&s, a.w) || a.w->n <= SCAN_SIZE_MIN);
            if (a.w->state == SCAN_SENT)
                take(l, &s, &a);
        } else {
            take(l, &s, &a);
        }
        disturb(l, removals, additions);
    }
}

static void assert_all_seen(const struct list *l, int rows) {
    for (int id = 1; id <= rows; id++)
        if (!l->removed[id] && !l->seen[id])
            fail_msg("row %d was never seen", id);
}

static void nothing_is_lost_while_rows_are_removed(void **arg) {
    (void)arg;
    static struct list l;
    for (uint32_t seed = 1; seed <= 300; seed++) {
        state = seed * 7919;
        int rows = 1 + chance(ROWS);
        fill(&l, rows);
        walk(&l, 1 + chance(IN_FLIGHT_MAX), chance(4), chance(3));
        assert_all_seen(&l, rows);
    }
}

static void a_quiet_list_is_read_once(void **arg) {
    (void)arg;
    struct scan s;
    int64_t rows = 0, windows = 0;
    struct scan_window *w;
    scan_init(&s, 1000, SCAN_SIZE_MAX);
    while ((w = scan_next(&s))) {
        rows += w->n;
        windows++;
        scan_read(&s, w, w->from + 1, w->from + w->n);
    }
    assert_true(scan_finished(&s));
    assert_int_equal(windows, 11);
    assert_int_equal(rows, 1000 + windows - 1); /* one row shared each */
}

static void the_checkpoint_never_passes_an_unread_window(void **arg) {
    (void)arg;
    struct scan s;
    scan_init(&s, 300, SCAN_SIZE_MAX);
    struct scan_window *a = scan_next(&s), *b = scan_next(&s);
    scan_read(&s, b, b->from + 1, b->from + b->n);
    assert_int_equal(s.low, 300);
    int64_t low = b->from;
    scan_read(&s, a, a->from + 1, a->from + a->n);
    assert_int_equal(s.low, low);
}

static void a_window_that_slipped_is_asked_again(void **arg) {
    (void)arg;
    struct scan s;
    scan_init(&s, 200, SCAN_SIZE_MAX);
    struct scan_window *a = scan_next(&s), *b = scan_next(&s);
    scan_read(&s, b, 1, 101);   /* read before a row below was removed */
    scan_read(&s, a, 102, 200); /* read after: first row is not 101 */
    assert_int_equal(b->state, SCAN_DUE);
    assert_ptr_equal(scan_next(&s), b);
    scan_read(&s, b, 1, 101);
    assert_false(b->state == SCAN_DUE);
}

static void failures_halve_down_to_the_smallest(void **arg) {
    (void)arg;
    struct scan s;
    scan_init(&s, 100, SCAN_SIZE_MAX);
    struct scan_window *w = scan_next(&s);
    int halvings = 0;
    while (scan_shrink(&s, w)) {
        halvings++;
        w = scan_next(&s);
        assert_non_null(w);
        assert_true(halvings < 100);
    }
    assert_true(w->n <= SCAN_SIZE_MIN);
    assert_true(s.size <= 2 * SCAN_SIZE_MIN);
}

static void an_empty_list_is_finished_at_once(void **arg) {
    (void)arg;
    struct scan s;
    scan_init(&s, 0, SCAN_SIZE_MAX);
    assert_null(scan_next(&s));
    assert_true(scan_finished(&s));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_while_rows_are_removed),
        cmocka_unit_test(a_quiet_list_is_read_once),
        cmocka_unit_test(the_checkpoint_never_passes_an_unread_window),
        cmocka_unit_test(a_window_that_slipped_is_asked_again),
        cmocka_unit_test(failures_halve_down_to_the_smallest),
        cmocka_unit_test(an_empty_list_is_finished_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
