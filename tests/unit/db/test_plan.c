/* EXPLAIN QUERY PLAN of every labelled statement: the index named by its tag
 * is used, and nothing is sorted unless the tag says so. */
#include <ctype.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "db/migrate.h"
#include "db/stmt_table.h"

static sqlite3 *open_schema(void) {
    sqlite3 *sq;
    assert_int_equal(sqlite3_open(":memory:", &sq), SQLITE_OK);
    for (int i = 0; i < migration_count; i++)
        assert_int_equal(
            sqlite3_exec(sq, migration_rows[i].sql, NULL, NULL, NULL),
            SQLITE_OK);
    return sq;
}

static void explain(sqlite3 *sq, const char *sql, struct buf *plan) {
    AUTO_BUF struct buf text = BUF_INIT;
    sqlite3_stmt *st;
    buf_addf(&text, "EXPLAIN QUERY PLAN %s", sql);
    if (sqlite3_prepare_v2(sq, buf_str(&text), -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(sq));
    buf_clear(plan);
    while (sqlite3_step(st) == SQLITE_ROW)
        buf_addf(plan, "%s\n", (const char *)sqlite3_column_text(st, 3));
    (void)sqlite3_finalize(st);
}

static void every_plan_is_as_tagged(void **state) {
    (void)state;
    AUTO_BUF struct buf plan = BUF_INIT;
    sqlite3 *sq = open_schema();
    int faults = 0;
    for (int i = 0; i < STMT_COUNT; i++) {
        const struct stmt_row *row = &stmt_rows[i];
        explain(sq, row->sql, &plan);
        bool sorts = strstr(buf_str(&plan), "TEMP B-TREE");
        bool named = !row->plan || strstr(buf_str(&plan), row->plan);
        if (sorts == row->temp_btree && named)
            continue;
        print_error("%s: tagged %s%s, but:\n%s", row->label,
                    row->plan ? row->plan : "-",
                    row->temp_btree ? " temp_btree" : "", buf_str(&plan));
        faults++;
    }
    assert_int_equal(sqlite3_close(sq), SQLITE_OK);
    assert_int_equal(faults, 0);
}

/* SQLite seeks to the first of two lower bounds it reads and walks from there
 * to the second: a partial index's condition before the bound of the query
 * walks the whole index, under the same plan. True of "x > 0 ... x >= :y". */
static bool seeks_too_low(const char *sql) {
    for (const char *at = sql; (at = strstr(at, " > 0")); at += 4) {
        const char *word = at;
        while (word > sql && (isalnum((unsigned char)word[-1]) ||
                              word[-1] == '_' || word[-1] == '.'))
            word--;
        AUTO_FREE char *bound =
            mem_printf(" %.*s >= :", (int)(at - word), word);
        if (strstr(at, bound))
            return true;
    }
    return false;
}

static void a_bound_comes_before_the_condition_of_its_index(void **state) {
    (void)state;
    assert_true(seeks_too_low("SELECT a WHERE b > 0 AND b >= :low"));
    assert_false(seeks_too_low("SELECT a WHERE b >= :low AND b > 0"));
    for (int i = 0; i < STMT_COUNT; i++)
        if (seeks_too_low(stmt_rows[i].sql))
            fail_msg("%s: its lower bound comes second", stmt_rows[i].label);
}

static void a_wrong_tag_would_be_seen(void **state) {
    (void)state;
    AUTO_BUF struct buf plan = BUF_INIT;
    sqlite3 *sq = open_schema();
    explain(sq, "SELECT id FROM orders ORDER BY total_e4", &plan);
    assert_non_null(strstr(buf_str(&plan), "TEMP B-TREE"));
    explain(sq, "SELECT id FROM orders WHERE number = '1'", &plan);
    assert_non_null(strstr(buf_str(&plan), "orders_number"));
    assert_int_equal(sqlite3_close(sq), SQLITE_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_plan_is_as_tagged),
        cmocka_unit_test(a_bound_comes_before_the_condition_of_its_index),
        cmocka_unit_test(a_wrong_tag_would_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
