#include "walk.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/str.h"
#include "fixture.h"

static uint64_t dice;

void walk_begin(unsigned seed) {
    const char *s = getenv("WALK_SEED");
    int64_t more = 0;
    if (s)
        (void)str_to_i64(s, 0, INT32_MAX, &more);
    print_message("walk %u, WALK_SEED=%lld\n", seed, (long long)more);
    dice = (seed + (uint64_t)more * 1000 + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

unsigned walk_dice(unsigned below) {
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (unsigned)((dice >> 11) % below);
}

static bool is_refusal(int rc) {
    return rc == ERR_CONFLICT || rc == ERR_NOT_FOUND || rc == ERR_INVALID ||
           rc == ERR_EXISTS || rc == ERR_RANGE || rc == ERR_DENIED;
}

int walk_act(struct db_tx *tx, int (*act)(struct db_tx *tx, void *arg),
             void *arg) {
    assert_int_equal(conn_exec(tx->conn, "SAVEPOINT walk"), 0);
    int rc = act(tx, arg);
    if (rc < 0 && !is_refusal(rc))
        fail_msg("an act ends with %s", err_name(rc));
    if (rc < 0)
        assert_int_equal(conn_exec(tx->conn, "ROLLBACK TO walk"), 0);
    assert_int_equal(conn_exec(tx->conn, "RELEASE walk"), 0);
    return rc;
}

void walk_watch(struct db_tx *tx, const char *table) {
    char sql[400];
    assert_int_equal(conn_exec(tx->conn, "CREATE TABLE IF NOT EXISTS walk_move"
                                         " (what TEXT, was TEXT, now TEXT)"),
                     0);
    (void)snprintf(sql, sizeof sql,
                   "CREATE TRIGGER walk_%s AFTER UPDATE OF state ON %s"
                   " WHEN old.state <> new.state BEGIN INSERT INTO walk_move"
                   " VALUES ('%s', old.state, new.state); END",
                   table, table, table);
    assert_int_equal(conn_exec(tx->conn, sql), 0);
}

bool walk_made(struct db_tx *tx, const char *table, const char *from,
               const char *to) {
    return fx_sql(tx,
                  "SELECT count(*) FROM walk_move WHERE what = '%s' AND was = "
                  "'%s' AND now = '%s'",
                  table, from, to) > 0;
}

void walk_check(struct db_tx *tx, const struct walk_states *s) {
    for (int from = 0; from < s->n; from++)
        for (int to = 0; to < s->n; to++)
            if (!s->may(from, to) &&
                walk_made(tx, s->table, s->name(from), s->name(to)))
                fail_msg("%s: %s to %s is no move", s->table, s->name(from),
                         s->name(to));
}
