/* Fills a mirror of gen_mirror with what a house has after a year: people,
 * items in bins, demand, work that was done, parcels, returns, tickets,
 * proposals, changes, letters.
 *
 * usage: bench_house FILE PEOPLE: staff p1 .. pPEOPLE, and an admin, boss */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "common/cleanup.h"
#include "common/mem.h"

#define NOW "(unixepoch() * 1000)"
/* 1, 2 .. n as g.i, at most a million. */
#define SERIES(n)                                                              \
    "(WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE "  \
    "i < " n ") SELECT i FROM s) g"
/* Every k-th of the orders that are through. */
#define DONE(k)                                                                \
    "(SELECT * FROM orders WHERE status = 'completed' AND id % " k " = 0) o"

/* ?1: people. */
static const char *const steps[] = {
    "INSERT INTO users (uuid, name, title, role, all_stores, created_ms) "
    "SELECT printf('01K9QF%020d', i), 'p' || i, 'p' || i, 'staff', 1, 0 "
    "FROM " SERIES("?1"),
    "INSERT INTO users (uuid, name, title, role, all_stores, created_ms) "
    "VALUES ('01K9QF99999999999999999999', 'boss', 'boss', 'admin', 1, 0)",

    /* five shops a company */
    "INSERT INTO tenant (id, name, title, created_ms) SELECT i + 1, 't' || i, "
    "'t' || i, 0 FROM " SERIES("(SELECT count(*) / 5 + 1 FROM store)"),
    "UPDATE store SET tenant_id = 2 + (id - 1) / 5, can_write = 1",
    "INSERT INTO bin (id, code, zone, place, created_ms) SELECT i, "
    "char(65 + i / 100) || printf('-%02d-%d', i / 5 % 20, i % 5), "
    "char(65 + i / 100), i, 0 FROM " SERIES("2000"),
    "INSERT INTO item (tenant_id, sku, title, reorder_e3, created_ms) SELECT "
    "s.tenant_id, p.sku, max(p.name), iif(p.remote_id % 4 = 0, 20000, NULL), 0 "
    "FROM product p JOIN store s ON s.id = p.store_id WHERE p.sku <> '' "
    "GROUP BY s.tenant_id, p.sku",
    "INSERT INTO listing (store_id, remote_id, item_id) SELECT p.store_id, "
    "p.remote_id, i.id FROM product p JOIN store s ON s.id = p.store_id JOIN "
    "item i ON i.tenant_id = s.tenant_id AND i.sku = p.sku AND i.sku <> ''",
    "INSERT INTO movement (item_id, bin_id, qty_e3, reason, author, at_ms) "
    "SELECT i.id, 1 + (i.id * 7 + g.i * 31) % 2000, 1000 * (1000 + i.id % 400)"
    ", 'opening', 'p1', 0 FROM item i, " SERIES("2"),
    "INSERT INTO balance (item_id, bin_id, qty_e3) SELECT item_id, bin_id, "
    "sum(qty_e3) FROM movement GROUP BY item_id, bin_id",
    "INSERT INTO demand (store_id, product_id, order_id, line_id, qty_e3) "
    "SELECT l.store_id, l.product_id, l.order_id, "
    "l.line_id, l.qty_e3 FROM orders o JOIN line l ON l.order_id = o.id WHERE "
    "o.gone = 0 AND o.status IN ('processing', 'on-hold')",
    "UPDATE item SET on_hand_e3 = (SELECT sum(qty_e3) FROM balance b WHERE "
    "b.item_id = item.id), reserved_e3 = (SELECT coalesce(sum(d.qty_e3), 0) "
    "FROM listing l CROSS JOIN demand d ON d.store_id = l.store_id AND "
    "d.product_id = l.remote_id WHERE l.item_id = item.id)",
    "UPDATE item SET due = coalesce(on_hand_e3 - reserved_e3 <= reorder_e3, 0)",

    "INSERT INTO work (id, store_id, remote_id, state, basis, begun_ms, "
    "begun_by, picked_ms, packed_ms, ended_ms) SELECT id, store_id, remote_id, "
    "'done', x'', created_ms, 'p1', created_ms + 60000, created_ms + 120000, "
    "created_ms + 180000 FROM " DONE("5"),
    "INSERT INTO work_line (work_id, line_id, product_id, sku, name, want_e3, "
    "picked_e3, packed_e3) SELECT w.id, l.line_id, l.product_id, l.sku, "
    "l.sku, l.qty_e3, l.qty_e3, l.qty_e3 FROM work w JOIN line l ON "
    "l.order_id = w.id",
    "INSERT INTO parcel (store_id, remote_id, work_id, n, state, carrier, "
    "tracking, created_ms, created_by, shipped_ms, state_ms) SELECT store_id, "
    "remote_id, id, 1, iif(id % 40 = 0, 'shipped', 'delivered'), 'ups', '1Z' "
    "|| id, begun_ms, 'p1', packed_ms, packed_ms FROM work",
    "INSERT INTO order_event (store_id, remote_id, at_ms, what, who) SELECT "
    "store_id, remote_id, begun_ms, 'packed', 'p1' FROM work",
    "INSERT INTO return_ (store_id, remote_id, state, reason, note, "
    "created_ms, "
    "created_by, changed_ms) SELECT store_id, remote_id, CASE WHEN id % 7000 = "
    "0 THEN 'requested' WHEN id % 9000 = 0 THEN 'approved' ELSE 'closed' END, "
    "'defective', 'torn', created_ms, 'p1', created_ms FROM " DONE("20"),
    "INSERT INTO return_line (return_id, line_id, product_id, sku, name, "
    "want_e3) SELECT r.id, l.line_id, l.product_id, l.sku, l.sku, 1000 FROM "
    "return_ r JOIN orders o ON o.store_id = r.store_id AND o.remote_id = "
    "r.remote_id JOIN line l ON l.order_id = o.id",
    "INSERT INTO ticket (store_id, subject, priority, state, about_kind, "
    "about_id, author, created_ms, changed_ms) SELECT store_id, 'Where is ' || "
    "number, iif(id % 70 = 0, 'high', 'normal'), CASE WHEN id % 7000 = 0 THEN "
    "'open' WHEN id % 9800 = 0 THEN 'waiting' ELSE 'closed' END, 'order', "
    "remote_id, 'p1', created_ms, created_ms FROM " DONE("14"),
    "INSERT INTO ticket_message (ticket_id, kind, author, text, at_ms) SELECT "
    "id, 'reply', 'p1', subject, created_ms FROM ticket, " SERIES("3"),
    "UPDATE ticket SET last_id = id * 3, open_id = id * 3",
    "INSERT INTO proposal (store_id, kind, state, author, title, items, done, "
    "created_ms, decided_ms) SELECT store_id, 'price', iif(id % 450 = 0, "
    "'pending', 'approved'), 'p2', sku, 1, iif(id % 450 = 0, 0, 1), " NOW
    " - id * 100000, iif(id % 450 = 0, 0, " NOW " - id * 100000) FROM product "
    "WHERE id % 3 = 0",
    "INSERT INTO proposal_item (proposal_id, remote_id, path, base, wanted, "
    "change_id) SELECT p.id, o.remote_id, 'regular_price', '\"10.00\"', "
    "'\"11.00\"', p.done FROM proposal p JOIN product o ON o.id = p.id * 3",
    "INSERT INTO change (uuid, store_id, kind, remote_id, act, state, author, "
    "created_ms, changed_ms) SELECT printf('01K9QF%020d', id), store_id, "
    "'order', remote_id, 'set', 'confirmed', 'p1', created_ms, created_ms "
    "FROM " DONE("8"),
    "INSERT INTO change_path (change_id, path, base, wanted) SELECT id, "
    "'status', '\"processing\"', '\"completed\"' FROM change",
    "INSERT INTO mail (cause, template, store_id, lang, recipient, sender, "
    "params, subject, body, message_id, state, author, created_ms, changed_ms) "
    "SELECT 'R-' || id, 'return_approved', store_id, 'en', 'a@b.example', 's', "
    "'{}', 'Your return', 'Dear customer', 'm' || id, 'sent', 'p1', "
    "created_ms, created_ms FROM return_",
    "ANALYZE"};

static void run(sqlite3 *sq, const char *sql, int64_t people) {
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(sq, sql, -1, &st, NULL) != SQLITE_OK)
        bench_die("%s: %s", sql, sqlite3_errmsg(sq));
    if (sqlite3_bind_parameter_count(st) > 0)
        (void)sqlite3_bind_int64(st, 1, people);
    while (sqlite3_step(st) == SQLITE_ROW)
        ;
    if (sqlite3_finalize(st) != SQLITE_OK)
        bench_die("%s: %s", sql, sqlite3_errmsg(sq));
}

int main(int argc, char **argv) {
    sqlite3 *sq;
    if (argc != 3)
        bench_die("usage: bench_house FILE PEOPLE");
    int64_t people = bench_number(argv[2], 1, 1000);
    if (sqlite3_open_v2(argv[1], &sq, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        bench_die("%s: %s", argv[1], sqlite3_errmsg(sq));
    run(sq, "PRAGMA cache_size = -400000", 0);
    run(sq, "PRAGMA synchronous = OFF", 0);
    run(sq, "BEGIN", 0);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        run(sq, steps[i], people);
    run(sq, "COMMIT", 0);
    run(sq, "PRAGMA wal_checkpoint(TRUNCATE)", 0);
    return sqlite3_close(sq) == SQLITE_OK ? 0 : 1;
}
