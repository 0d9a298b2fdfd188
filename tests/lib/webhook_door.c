#include "tests/lib/webhook_door.h"

#include <sqlite3.h>

#include "auth/keys.h"
#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"

static sqlite3_stmt *prepare(sqlite3 *sq, const char *sql) {
    sqlite3_stmt *st;
    REQUIRE(sqlite3_prepare_v2(sq, sql, -1, &st, NULL) == SQLITE_OK);
    return st;
}

static sqlite3_int64 find_store(sqlite3 *sq, const char *name, char uuid[27]) {
    sqlite3_stmt *st = prepare(sq, "SELECT id, uuid FROM store WHERE name = ?");
    REQUIRE(sqlite3_bind_text(st, 1, name, -1, NULL) == SQLITE_OK);
    REQUIRE(sqlite3_step(st) == SQLITE_ROW);
    sqlite3_int64 id = sqlite3_column_int64(st, 0);
    (void)str_copy(uuid, 27, (const char *)sqlite3_column_text(st, 1));
    REQUIRE(sqlite3_finalize(st) == SQLITE_OK);
    return id;
}

static void seal(const char *data, const char *uuid, const char *secret,
                 struct buf *ret) {
    struct seal_ring *ring;
    struct error e = {0};
    AUTO_FREE char *path = mem_printf("%s/master.key", data);
    REQUIRE(seal_ring_open(path, &ring, &e) == 0);
    struct keys *k = keys_new(ring);
    keys_seal_hook(k, uuid, secret, ret);
    keys_free(k);
    seal_ring_free(ring);
}

void webhook_door_put(const char *data, const char *store, const char *path,
                      const char *secret) {
    AUTO_FREE char *file = mem_printf("%s/fulexo.db", data);
    AUTO_BUF struct buf sealed = BUF_INIT;
    char uuid[27];
    sqlite3 *sq;
    REQUIRE(sqlite3_open(file, &sq) == SQLITE_OK);
    REQUIRE(sqlite3_busy_timeout(sq, 10000) == SQLITE_OK);
    sqlite3_int64 id = find_store(sq, store, uuid);
    seal(data, uuid, secret, &sealed);
    sqlite3_stmt *st =
        prepare(sq, "INSERT OR REPLACE INTO hook_secret"
                    " (store_id, path, sealed) VALUES (?, ?, ?)");
    REQUIRE(sqlite3_bind_int64(st, 1, id) == SQLITE_OK);
    REQUIRE(sqlite3_bind_text(st, 2, path, -1, NULL) == SQLITE_OK);
    REQUIRE(sqlite3_bind_blob(st, 3, sealed.data, (int)sealed.len, NULL) ==
            SQLITE_OK);
    REQUIRE(sqlite3_step(st) == SQLITE_DONE);
    REQUIRE(sqlite3_finalize(st) == SQLITE_OK);
    st = prepare(sq, "INSERT OR IGNORE INTO hook (store_id, topic, remote_id,"
                     " status) VALUES (?, 'order.updated', 5, 'active')");
    REQUIRE(sqlite3_bind_int64(st, 1, id) == SQLITE_OK);
    REQUIRE(sqlite3_step(st) == SQLITE_DONE);
    REQUIRE(sqlite3_finalize(st) == SQLITE_OK);
    REQUIRE(sqlite3_close(sq) == SQLITE_OK);
}
