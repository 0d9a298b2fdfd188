/* Sealed files: every length comes back, and nothing that was changed, cut
 * off, moved or renamed is taken. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "ops/manifest.h"
#include "ops/vault.h"
#include "tests/lib/test.h"

static char path[64];
static struct vault_key key;

static int setup(void **state) {
    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/fulexo-vault-%ld", (long)getpid());
    (void)unlink(path);
    vault_key_new("correct horse", &key);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    (void)unlink(path);
    return 0;
}

static uint8_t at(size_t i) {
    return (uint8_t)(i * 31 + i / 251);
}

static void write_file(size_t n) {
    struct vault_out *o;
    (void)unlink(path);
    assert_int_equal(vault_create(path, &key, "a", &o, NULL), 0);
    for (size_t i = 0; i < n; i++) {
        uint8_t c = at(i);
        assert_int_equal(vault_write(o, &c, 1, NULL), 0);
    }
    assert_int_equal(vault_finish(o, NULL, NULL), 0);
}

/* Bytes that came out before the end, or the error. */
static int64_t read_file(const struct vault_key *k, const char *name) {
    AUTO_FREE uint8_t *piece = mem_alloc(VAULT_PIECE);
    struct vault_in *in;
    int64_t n, all = 0;
    int rc = vault_open(path, k, name, &in, NULL);
    if (rc < 0)
        return rc;
    while ((n = vault_read(in, piece, VAULT_PIECE, NULL)) > 0) {
        for (int64_t i = 0; i < n; i++)
            assert_int_equal(piece[i], at((size_t)(all + i)));
        all += n;
    }
    vault_close(in, NULL);
    return n < 0 ? n : all;
}

static void every_length_comes_back(void **state) {
    (void)state;
    static const size_t lengths[] = {0,
                                     1,
                                     VAULT_PIECE - 1,
                                     VAULT_PIECE,
                                     VAULT_PIECE + 1,
                                     2 * VAULT_PIECE,
                                     3 * VAULT_PIECE + 7};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        write_file(lengths[i]);
        assert_int_equal(read_file(&key, "a"), lengths[i]);
    }
}

static void what_is_cut_off_is_seen(void **state) {
    (void)state;
    struct stat st;
    write_file(2 * VAULT_PIECE + 100);
    assert_int_equal(stat(path, &st), 0);
    static const off_t less[] = {1, 100, 116, 117, VAULT_PIECE + 132};
    for (size_t i = 0; i < sizeof less / sizeof *less; i++) {
        write_file(2 * VAULT_PIECE + 100);
        assert_int_equal(truncate(path, st.st_size - less[i]), 0);
        assert_int_equal(read_file(&key, "a"), ERR_BACKUP_DAMAGED);
    }
}

static void each_flipped_bit_is_seen(void **state) {
    (void)state;
    struct stat st;
    write_file(300);
    assert_int_equal(stat(path, &st), 0);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    for (off_t i = 0; i < st.st_size; i++) {
        uint8_t c;
        assert_int_equal(pread(fd, &c, 1, i), 1);
        uint8_t bad = c ^ (uint8_t)(1 << (i % 8));
        assert_int_equal(pwrite(fd, &bad, 1, i), 1);
        assert_int_equal(read_file(&key, "a"), ERR_BACKUP_DAMAGED);
        assert_int_equal(pwrite(fd, &c, 1, i), 1);
    }
    assert_int_equal(close(fd), 0);
    assert_int_equal(read_file(&key, "a"), 300);
}

static void another_name_or_passphrase_opens_nothing(void **state) {
    (void)state;
    struct vault_key k;
    write_file(300);
    assert_int_equal(read_file(&key, "b"), ERR_BACKUP_DAMAGED);
    assert_int_equal(vault_key_of(path, "wrong horse", &k, NULL),
                     ERR_BACKUP_KEY);
    assert_int_equal(vault_key_of(path, "correct horse", &k, NULL), 0);
    assert_int_equal(read_file(&k, "a"), 300);
}

static void a_manifest_comes_back_or_is_refused(void **state) {
    (void)state;
    AUTO_BUF struct buf text = BUF_INIT;
    struct manifest m = {
        .name = "n", .kind = MANIFEST_DATABASE, .created_ms = 1764000000000};
    struct manifest back;
    uint8_t sha[32] = {1};
    manifest_add(&m, "fulexo.db", 7, sha);
    manifest_write(&m, &text);
    assert_int_equal(manifest_read(text.data, text.len, &back, NULL), 0);
    assert_int_equal(back.kind, MANIFEST_DATABASE);
    assert_int_equal(back.n_files, 1);
    assert_int_equal(back.files[0].bytes, 7);
    manifest_done(&back);
    for (size_t i = 0; i < text.len; i++) {
        text.data[i] ^= 1;
        assert_int_equal(manifest_read(text.data, text.len, &back, NULL),
                         ERR_BACKUP_DAMAGED);
        text.data[i] ^= 1;
        assert_int_equal(manifest_read(text.data, i, &back, NULL),
                         ERR_BACKUP_DAMAGED);
    }
    manifest_done(&m);
    assert_int_equal(manifest_path_check("files/a/b"), 0);
    static const char *const bad[] = {"", "/a", "../a", "a/..", "a//b", "a/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(manifest_path_check(bad[i]), ERR_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_comes_back),
        cmocka_unit_test(what_is_cut_off_is_seen),
        cmocka_unit_test(each_flipped_bit_is_seen),
        cmocka_unit_test(another_name_or_passphrase_opens_nothing),
        cmocka_unit_test(a_manifest_comes_back_or_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
