/* Files people handed over, in backups of the real daemon: linked from one to
 * the next, checked, brought back. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base64.h"
#include "common/digest.h"
#include "common/mem.h"
#include "common/str.h"
#include "tests/lib/test.h"
#include "tests/lib/world.h"

enum { RESTART_MS = 20000, FILES = 40, KILLS = 4 };

static void begin(struct world *w, const char *conf) {
    memset(w, 0, sizeof *w);
    daemon_proc_init(&w->d);
    daemon_proc_configure(&w->d, conf);
    daemon_proc_start(&w->d, NULL);
    world_connect(w);
}

static void end(struct world *w) {
    world_disconnect(w);
    assert_int_equal(daemon_proc_stop(&w->d), 0);
    world_done(w);
}

/* --- files ------------------------------------------------------------- */

static void text_of(char dst[32], int i) {
    (void)snprintf(dst, 32, "stored file %06d\n", i);
}

static char *hex_of(int i) {
    char text[32];
    uint8_t sha[DIGEST_SHA256];
    char *hex = mem_alloc(2 * DIGEST_SHA256 + 1);
    text_of(text, i);
    digest_sha256(text, strlen(text), sha);
    digest_hex(sha, sizeof sha, hex);
    return hex;
}

/* Where its bytes lie below a folder. */
static char *place_of(const char *folder, int i) {
    AUTO_FREE char *hex = hex_of(i);
    return mem_printf("%s/files/%.2s/%s", folder, hex, hex + 2);
}

static void store(struct world *w, int i) {
    char text[32];
    AUTO_BUF struct buf b64 = BUF_INIT;
    AUTO_FREE char *hex = hex_of(i);
    text_of(text, i);
    base64_encode(text, strlen(text), &b64);
    AUTO_FREE char *what =
        mem_printf("\"sha256\":\"%s\",\"size\":%zu", hex, strlen(text));
    (void)world_call(w, "files.begin", "{%s}", what);
    (void)world_call(w, "files.put", "{%s,\"offset\":0,\"data\":\"%s\"}", what,
                     buf_str(&b64));
    (void)world_call(w, "files.commit",
                     "{%s,\"name\":\"a.txt\",\"request_id\":\"file-%d\"}", what,
                     i);
}

static bool is_there(const char *path, int i) {
    char text[32], found[32] = "";
    text_of(text, i);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, found, sizeof found - 1);
    (void)close(fd);
    return n == (ssize_t)strlen(text) && memcmp(text, found, (size_t)n) == 0;
}

static void damage(const char *path) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "X", 1, 3), 1);
    assert_int_equal(close(fd), 0);
}

static ino_t inode_of(const char *path) {
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_ino;
}

/* --- backups ----------------------------------------------------------- */

/* Take one; its folder is the caller's to free. */
static char *take(struct world *w, const char *params, int files, int lost) {
    const struct json *r = world_job(w, "backup.create", "%s", params);
    assert_int_equal(world_number(r, "files"), files);
    assert_int_equal(world_number(r, "lost"), lost);
    return mem_printf("%s/backups/%s", w->d.data,
                      json_string(json_get(r, "name")));
}

static const char *name_in(const char *folder) {
    return strrchr(folder, '/') + 1;
}

static const char *verify(struct world *w, const char *folder, int lost) {
    AUTO_FREE char *params = mem_printf("{\"name\":\"%s\"}", name_in(folder));
    const struct json *j =
        rpc_call_job(&w->c, "backup.verify", params, WORLD_JOB_MS);
    const char *code = json_string(json_path(j, "error.code"));
    if (!code)
        assert_int_equal(world_number(json_get(j, "result"), "lost"), lost);
    return code ? code : "";
}

static void restore(struct world *w, const char *folder) {
    bool gone = false;
    (void)world_job(w, "backup.restore", "{\"name\":\"%s\"}", name_in(folder));
    int64_t until = world_mono() + RESTART_MS;
    while (!gone && world_mono() < until)
        (void)rpc_client_read(&w->c, 200, &gone);
    assert_true(gone);
    world_disconnect(w);
    daemon_proc_wait(&w->d);
    world_connect(w);
}

/* --- tests ------------------------------------------------------------- */

static void files_are_linked_from_one_backup_to_the_next(void **state) {
    (void)state;
    struct world w;
    begin(&w, "backup:\n  keep: 2\n");
    store(&w, 0);
    AUTO_FREE char *first = take(&w, "{}", 2, 0);
    store(&w, 1);
    AUTO_FREE char *second = take(&w, "{}", 3, 0);
    AUTO_FREE char *live = place_of(w.d.data, 0), *old = place_of(first, 0);
    AUTO_FREE char *again = place_of(second, 0), *fresh = place_of(second, 1);
    assert_true(is_there(again, 0) && is_there(fresh, 1));
    assert_int_equal(inode_of(again), inode_of(old));
    assert_true(inode_of(old) != inode_of(live)); /* never with the file */
    AUTO_FREE char *third = take(&w, "{\"storage\":true}", 2, 0);
    AUTO_FREE char *shared = place_of(third, 1);
    assert_int_equal(inode_of(shared), inode_of(fresh));
    /* the oldest goes, what the others share stays */
    AUTO_FREE char *fourth = take(&w, "{}", 3, 0);
    assert_int_equal(access(first, F_OK), -1);
    assert_string_equal(verify(&w, second, 0), "");
    assert_string_equal(verify(&w, third, 0), "");
    damage(shared); /* and with it in the others */
    assert_string_equal(verify(&w, third, 0), "backup_damaged");
    assert_string_equal(verify(&w, fourth, 0), "backup_damaged");
    /* what is not sound is not linked again */
    AUTO_FREE char *fifth = take(&w, "{}", 3, 0);
    assert_string_equal(verify(&w, fifth, 0), "");
    end(&w);
}

static void
damaged_files_are_told_and_a_sound_copy_is_carried_on(void **state) {
    (void)state;
    struct world w;
    begin(&w, "backup:\n  keep: 9\n");
    store(&w, 0);
    AUTO_FREE char *first = take(&w, "{}", 2, 0);
    assert_string_equal(verify(&w, first, 0), "");
    store(&w, 1);
    store(&w, 2);
    AUTO_FREE char *a = place_of(w.d.data, 0), *b = place_of(w.d.data, 1);
    AUTO_FREE char *c = place_of(w.d.data, 2);
    damage(a);
    damage(b);
    assert_int_equal(unlink(c), 0);
    AUTO_FREE char *second = take(&w, "{}", 2, 2); /* without b and c */
    assert_string_equal(verify(&w, second, 2), "");
    AUTO_FREE char *carried = place_of(second, 0);
    assert_true(is_there(carried, 0));
    restore(&w, second);
    assert_true(is_there(a, 0)); /* healed */
    end(&w);
}

static void a_restore_brings_files_beside_those_that_are_there(void **state) {
    (void)state;
    struct world w;
    memset(&w, 0, sizeof w);
    daemon_proc_init(&w.d);
    AUTO_FREE char *pass = mem_printf("%s/pass", w.d.dir);
    AUTO_FREE char *conf = mem_printf("backup:\n  passphrase_file: %s\n", pass);
    int fd = open(pass, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, "horse\n", 6), 6);
    assert_int_equal(close(fd), 0);
    daemon_proc_configure(&w.d, conf);
    daemon_proc_start(&w.d, NULL);
    world_connect(&w);
    store(&w, 0);
    /* half of one somebody sends is no file yet */
    AUTO_FREE char *half = mem_printf("%s/files/part/half", w.d.data);
    fd = open(half, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    AUTO_FREE char *storage = take(&w, "{\"storage\":true}", 1, 0);
    AUTO_FREE char *full = take(&w, "{}", 2, 0);
    AUTO_FREE char *plain = place_of(full, 0);
    assert_int_equal(access(plain, F_OK), -1); /* sealed */
    AUTO_FREE char *a = place_of(w.d.data, 0), *b = place_of(w.d.data, 1);
    store(&w, 1);
    assert_int_equal(unlink(a), 0);
    restore(&w, storage);
    assert_true(is_there(a, 0) && is_there(b, 1));
    assert_int_equal(unlink(a), 0);
    restore(&w, full);
    assert_true(is_there(a, 0) && is_there(b, 1));
    end(&w);
}

/* The backup under way is nothing, the next one is whole; files are stored
 * meanwhile. */
static void a_kill_between_files_leaves_no_half(void **state) {
    (void)state;
    struct world w;
    begin(&w, "backup:\n  keep: 9\n");
    for (int i = 0; i < FILES; i++)
        store(&w, i);
    AUTO_FREE char *first = take(&w, "{\"storage\":true}", FILES, 0);
    for (int i = 0; i < KILLS; i++) {
        AUTO_FREE char *params = mem_printf("{\"request_id\":\"kill-%d\"}", i);
        (void)rpc_client_post(&w.c, "backup.create", params);
        store(&w, FILES + i);
        (void)usleep((useconds_t)i * 5000);
        daemon_proc_kill(&w.d);
        world_disconnect(&w);
        daemon_proc_start(&w.d, NULL);
        world_connect(&w);
    }
    AUTO_FREE char *last = take(&w, "{}", FILES + KILLS + 1, 0);
    assert_string_equal(verify(&w, last, 0), "");
    assert_string_equal(verify(&w, first, 0), "");
    end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_linked_from_one_backup_to_the_next),
        cmocka_unit_test(damaged_files_are_told_and_a_sound_copy_is_carried_on),
        cmocka_unit_test(a_restore_brings_files_beside_those_that_are_there),
        cmocka_unit_test(a_kill_between_files_leaves_no_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
