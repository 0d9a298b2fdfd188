/* Backups of the real daemon: taken while it works, found wrong when they are,
 * put back, and what is put back sends nothing. */
#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { RESTART_MS = 20000 };

/* The daemon is started with this configuration. */
static void start(struct world *w, const char *conf) {
    AUTO_FREE char *path = mem_printf("%s/fulexo.yaml", w->d.dir);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fputs(conf, f) >= 0);
    assert_int_equal(fclose(f), 0);
    daemon_proc_start(&w->d, "-c", path, NULL);
    world_connect(w);
}

static void begin(struct world *w, const char *conf) {
    memset(w, 0, sizeof *w);
    daemon_proc_init(&w->d);
    start(w, conf);
}

static void stop(struct world *w) {
    world_disconnect(w);
    assert_int_equal(daemon_proc_stop(&w->d), 0);
}

static void with_shop(struct world *w, const char *orders, const char *more) {
    shop_proc_start(&w->shop, "--storage", "hpos", "--orders", orders,
                    "--products", "10", "--customers", "10", NULL);
    world_store(w, "alpine", more);
}

static char *name_of(const struct json *v) {
    const char *name = json_string(json_get(v, "name"));
    assert_non_null(name);
    return mem_dup(name);
}

static char *take(struct world *w, const char *params) {
    return name_of(world_job(w, "backup.create", "%s", params));
}

static const char *code_of(const struct json *job) {
    const char *s = json_string(json_path(job, "error.code"));
    return s ? s : "";
}

static const char *verify(struct world *w, const char *name) {
    AUTO_FREE char *params = mem_printf("{\"name\":\"%s\"}", name);
    return code_of(rpc_call_job(&w->c, "backup.verify", params, WORLD_JOB_MS));
}

static size_t count(struct world *w) {
    return json_count(json_get(world_call(w, "backup.list", "{}"), "items"));
}

/* --- the folder --------------------------------------------------------- */

static char *path_of(const struct world *w, const char *name,
                     const char *file) {
    return mem_printf("%s/backups/%s/%s", w->d.data, name, file);
}

/* Entries of a folder of the data folder, hidden ones too. */
static int entries_of(const struct world *w, const char *folder) {
    AUTO_FREE char *path = mem_printf("%s/%s", w->d.data, folder);
    int n = 0;
    DIR *d = opendir(path);
    for (const struct dirent *f; d && (f = readdir(d));)
        n += !str_eq(f->d_name, ".") && !str_eq(f->d_name, "..");
    if (d)
        (void)closedir(d);
    return n;
}

static void flip(const char *path, int64_t at) {
    char c;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &c, 1, at), 1);
    c ^= 4;
    assert_int_equal(pwrite(fd, &c, 1, at), 1);
    assert_int_equal(close(fd), 0);
}

static int64_t size_of(const char *path) {
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

/* Does any file below hold these bytes? */
static bool holds(const char *folder, const void *bytes, size_t n) {
    AUTO_FREE char *command =
        mem_printf("cat $(find %s -type f) > %s.all", folder, folder);
    AUTO_FREE char *all = mem_printf("%s.all", folder);
    assert_int_equal(system(command), 0);
    int fd = open(all, O_RDONLY | O_CLOEXEC);
    size_t size = (size_t)size_of(all);
    AUTO_FREE char *text = mem_alloc(size);
    assert_int_equal(read(fd, text, size), (ssize_t)size);
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(all), 0);
    return memmem(text, size, bytes, n) != NULL;
}

/* --- the file ----------------------------------------------------------- */

static int64_t look(const struct world *w, const char *sql) {
    AUTO_FREE char *path = mem_printf("%s/fulexo.db", w->d.data);
    sqlite3 *sq;
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_open_v2(path, &sq, SQLITE_OPEN_READONLY, NULL), 0);
    (void)sqlite3_busy_timeout(sq, 5000);
    if (sqlite3_prepare_v2(sq, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(sq));
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t v = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    (void)sqlite3_close(sq);
    return v;
}

/* Restore, and wait until the daemon has started again. */
static void restore(struct world *w, const char *name) {
    const struct json *r =
        world_job(w, "backup.restore", "{\"name\":\"%s\"}", name);
    bool restarts = false, end = false;
    assert_int_equal(json_bool(json_get(r, "restarts"), false, &restarts), 0);
    assert_true(restarts);
    int64_t until = world_mono() + RESTART_MS;
    while (!end && world_mono() < until)
        (void)rpc_client_read(&w->c, 200, &end);
    assert_true(end);
    world_disconnect(w);
    daemon_proc_wait(&w->d);
    world_connect(w);
}

static bool health_has(struct world *w, const char *check, const char *state) {
    const struct json *h = world_call(w, "health.get", "{}");
    const struct json *c = json_first(json_get(h, "checks"));
    for (; c; c = json_next(c))
        if (str_eq(json_string(json_get(c, "name")), check))
            return str_eq(json_string(json_get(c, "state")), state);
    return false;
}

/* --- tests -------------------------------------------------------------- */

static void a_backup_during_a_first_sync_is_whole(void **state) {
    (void)state;
    struct world w;
    begin(&w, "backup:\n  keep: 3\n");
    with_shop(&w, "900", ",\"paused\":true");
    int64_t id = rpc_client_post(
        &w.c, "stores.sync", "{\"store\":\"alpine\",\"request_id\":\"first\"}");
    (void)rpc_client_wait(&w.c, id, WORLD_JOB_MS);
    int64_t rows = 0;
    for (int i = 0; i < 5; i++) {
        const struct json *r = world_job(&w, "backup.create", "{}");
        assert_true(world_number(r, "rows") >= rows);
        rows = world_number(r, "rows");
        AUTO_FREE char *name = name_of(r);
        assert_string_equal(verify(&w, name), "");
    }
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    world_assert_true(&w, 900);
    assert_int_equal(count(&w), 3); /* keep */
    assert_int_equal(entries_of(&w, "backups"), 3);
    stop(&w);
    world_done(&w);
}

static void what_is_damaged_is_found(void **state) {
    (void)state;
    struct world w;
    begin(&w, "");
    with_shop(&w, "30", ",\"paused\":true");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    AUTO_FREE char *name = take(&w, "{\"database\":true}");
    AUTO_FREE char *db = path_of(&w, name, "fulexo.db");
    AUTO_FREE char *manifest = path_of(&w, name, "manifest");
    int64_t size = size_of(db);
    for (int i = 0; i < 8; i++) {
        int64_t at = size * i / 8 + 17;
        flip(db, at);
        assert_string_equal(verify(&w, name), "backup_damaged");
        flip(db, at);
    }
    flip(manifest, 100);
    assert_string_equal(verify(&w, name), "backup_damaged");
    flip(manifest, 100);
    assert_string_equal(verify(&w, name), "");
    assert_int_equal(truncate(db, size - 4096), 0);
    assert_string_equal(verify(&w, name), "backup_damaged");
    const struct json *j =
        rpc_call_job(&w.c, "backup.restore",
                     "{\"name\":\"20200101-000000-full-a\"}", WORLD_JOB_MS);
    assert_string_equal(code_of(j), "not_found");
    assert_int_equal(entries_of(&w, "backup.side"), 0);
    assert_int_equal(entries_of(&w, "restore.side"), 0);
    stop(&w);
    world_done(&w);
}

static void put(const char *path, const char *text, mode_t mode) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(close(fd), 0);
}

static void a_sealed_one_wants_its_passphrase(void **state) {
    (void)state;
    struct world w;
    memset(&w, 0, sizeof w);
    daemon_proc_init(&w.d);
    AUTO_FREE char *pass = mem_printf("%s/pass", w.d.dir);
    AUTO_FREE char *conf =
        mem_printf("backup:\n  passphrase_file: %s\n  keep: 9\n", pass);
    AUTO_FREE char *folder = mem_printf("%s/backups", w.d.data);
    /* named by its SHA-256 */
    AUTO_FREE char *stored =
        mem_printf("%s/files/82/5f9b1fc3ac2818d060900c17"
                   "777036d96f96a1ee6618fb618f71d781a3a42a",
                   w.d.data);
    AUTO_FREE char *above = mem_printf("%s/files", w.d.data);
    put(pass, "correct horse\n", 0600);
    start(&w, conf);
    with_shop(&w, "10", ",\"paused\":true");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    const char *none = code_of(rpc_call_job(
        &w.c, "backup.create", "{\"storage\":true}", WORLD_JOB_MS));
    assert_string_equal(none, "not_found"); /* nothing is stored yet */
    AUTO_FREE char *deep = mem_printf("%s/82", above);
    assert_int_equal(mkdir(above, 0700), 0);
    assert_int_equal(mkdir(deep, 0700), 0);
    put(stored, "canary of a stored file", 0600);
    AUTO_FREE char *name = take(&w, "{}");
    assert_string_equal(verify(&w, name), "");
    assert_false(holds(folder, "canary of a stored", 18));
    assert_false(holds(folder, "SQLite format 3", 15));
    assert_int_equal(entries_of(&w, "backup.stage"), 0);
    AUTO_FREE char *db = path_of(&w, name, "fulexo.db.sealed");
    flip(db, size_of(db) / 2);
    assert_string_equal(verify(&w, name), "backup_damaged");
    flip(db, size_of(db) / 2);
    put(pass, "wrong horse\n", 0600);
    assert_string_equal(verify(&w, name), "backup_key");
    put(pass, "correct horse\n", 0644); /* others read it */
    assert_string_equal(verify(&w, name), "denied");
    put(pass, "correct horse\n", 0600);
    put(stored, "another", 0600);
    restore(&w, name);
    assert_int_equal(size_of(stored), 23); /* came back with the rest */
    assert_true(health_has(&w, "held", "warn"));
    stop(&w);
    world_done(&w);
}

static void the_key_ring_is_in_no_backup(void **state) {
    (void)state;
    struct world w;
    uint8_t key[512];
    begin(&w, "");
    with_shop(&w, "10", ",\"paused\":true");
    AUTO_FREE char *name = take(&w, "{}");
    AUTO_FREE char *folder = mem_printf("%s/backups", w.d.data);
    static const char *const files[] = {"master.key", "audit.key"};
    for (size_t i = 0; i < 2; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", w.d.data, files[i]);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = read(fd, key, sizeof key);
        assert_true(n >= 32);
        assert_int_equal(close(fd), 0);
        assert_false(holds(folder, key, (size_t)n));
        /* nor a part of it, such as the key without its name */
        for (ssize_t at = 0; at + 16 <= n; at += 16)
            assert_false(holds(folder, key + at, 16));
    }
    /* and without the ring of its time it is known to be of no use */
    AUTO_FREE char *ring = mem_printf("%s/master.key", w.d.data);
    stop(&w);
    assert_int_equal(unlink(ring), 0);
    start(&w, "");
    assert_string_equal(verify(&w, name), "backup_key");
    stop(&w);
    world_done(&w);
}

/* What was asked of the shop but to read. */
static int64_t writes(struct world *w) {
    AUTO_FREE char *text = shop_proc_admin(&w->shop, "counters", NULL);
    int64_t n = 0;
    static const char *const verbs[] = {"PUT ", "POST ", "DELETE "};
    for (size_t i = 0; i < 3; i++)
        for (const char *p = text; (p = strstr(p, verbs[i])); p++)
            n++;
    return n;
}

static void what_comes_back_is_held(void **state) {
    (void)state;
    struct world w;
    begin(&w, "sync:\n  interval: 10s\n");
    with_shop(&w, "20", "");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    (void)world_call(&w, "stores.pause", "{\"store\":\"alpine\"}");
    const struct json *l = world_call(&w, "orders.list", "{\"limit\":1}");
    AUTO_FREE char *ref =
        mem_dup(json_string(json_get(json_first(json_get(l, "items")), "ref")));
    (void)world_call(&w, "orders.note", "{\"ref\":\"%s\",\"text\":\"once\"}",
                     ref);
    int64_t epoch =
        look(&w, "SELECT CAST(value AS INTEGER) FROM meta WHERE key='epoch'");
    int64_t before = writes(&w);
    AUTO_FREE char *name = take(&w, "{}");
    (void)world_call(&w, "orders.note", "{\"ref\":\"%s\",\"text\":\"late\"}",
                     ref);
    restore(&w, name);
    /* the note of then is unknown, the one behind the backup is not there */
    const struct json *r = world_call(&w, "backup.resume", "{}");
    assert_int_equal(world_number(r, "unknown"), 1);
    assert_int_equal(world_number(r, "queued"), 0);
    assert_true(look(&w, "SELECT CAST(value AS INTEGER) FROM meta "
                         "WHERE key='epoch'") > epoch);
    assert_int_equal(look(&w, "SELECT count(*) FROM audit WHERE action = "
                              "'backup.restore'"),
                     1);
    assert_true(health_has(&w, "held", "warn"));
    (void)world_call(&w, "stores.resume", "{\"store\":\"alpine\"}");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    assert_int_equal(writes(&w), before);
    /* a restart does not forget it */
    world_disconnect(&w);
    daemon_proc_kill(&w.d);
    start(&w, "sync:\n  interval: 10s\n");
    assert_true(health_has(&w, "held", "warn"));
    assert_int_equal(writes(&w), before);
    (void)world_call(&w, "stores.pause", "{\"store\":\"alpine\"}");
    r = world_call(&w, "backup.resume", "{\"after_restore\":true}");
    assert_int_equal(world_number(r, "unknown"), 1);
    assert_false(health_has(&w, "held", "warn"));
    stop(&w);
    world_done(&w);
}

/* By hand, without us: the copy itself says what it is. */
static void a_copied_file_is_held_too(void **state) {
    (void)state;
    struct world w;
    begin(&w, "");
    AUTO_FREE char *name = take(&w, "{}");
    AUTO_FREE char *db = path_of(&w, name, "fulexo.db");
    AUTO_FREE char *command = mem_printf("cat %s > %s/fulexo.db", db, w.d.data);
    assert_false(health_has(&w, "held", "warn"));
    stop(&w);
    assert_int_equal(system(command), 0); /* the same path and inode */
    start(&w, "");
    assert_true(health_has(&w, "held", "warn"));
    stop(&w);
    world_done(&w);
}

static void a_kill_in_the_middle_leaves_no_half(void **state) {
    (void)state;
    struct world w;
    begin(&w, "");
    with_shop(&w, "300", ",\"paused\":true");
    (void)world_job(&w, "stores.sync", "{\"store\":\"alpine\"}");
    for (int i = 0; i < 6; i++) {
        size_t whole = count(&w);
        (void)rpc_call_ok(&w.c, "backup.create", "{}");
        (void)usleep((useconds_t)i * 4000); /* any moment will do */
        world_disconnect(&w);
        daemon_proc_kill(&w.d);
        start(&w, "");
        const struct json *l = world_call(&w, "backup.list", "{}");
        size_t now = json_count(json_get(l, "items"));
        assert_true(now == whole || now == whole + 1);
        if (now > 0)
            (void)world_job(&w, "backup.verify", "{}");
    }
    (void)world_job(&w, "backup.create", "{}");
    assert_int_equal(entries_of(&w, "backups"), (int)count(&w));
    stop(&w);
    world_done(&w);
}

static void the_clock_takes_one_and_health_tells(void **state) {
    (void)state;
    struct world w;
    AUTO_FREE char *file = NULL;
    begin(&w, "backup:\n  every: 1s\n  keep: 2\n");
    int64_t until = world_mono() + 15000;
    while (count(&w) < 1 && world_mono() < until)
        (void)rpc_client_read(&w.c, 100, NULL);
    assert_true(count(&w) >= 1);
    stop(&w);
    /* a folder that cannot be: it is said so, and again after a restart */
    file = mem_printf("%s/file", w.d.dir);
    put(file, "in the way", 0600);
    AUTO_FREE char *conf =
        mem_printf("backup:\n  every: 1s\n  dir: %s/below\n", file);
    start(&w, conf);
    until = world_mono() + 15000;
    while (!health_has(&w, "backup", "warn") && world_mono() < until)
        (void)rpc_client_read(&w.c, 100, NULL);
    assert_true(health_has(&w, "backup", "warn"));
    assert_string_equal(
        code_of(rpc_call_job(&w.c, "backup.create", "{}", WORLD_JOB_MS)), "io");
    stop(&w);
    world_done(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_during_a_first_sync_is_whole),
        cmocka_unit_test(what_is_damaged_is_found),
        cmocka_unit_test(a_sealed_one_wants_its_passphrase),
        cmocka_unit_test(the_key_ring_is_in_no_backup),
        cmocka_unit_test(what_comes_back_is_held),
        cmocka_unit_test(a_copied_file_is_held_too),
        cmocka_unit_test(a_kill_in_the_middle_leaves_no_half),
        cmocka_unit_test(the_clock_takes_one_and_health_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
