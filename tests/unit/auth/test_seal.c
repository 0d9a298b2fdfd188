/* Sealing: known answers, places, damage, the ring's file. */
#include "tests/lib/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/keys.h"
#include "auth/seal.h"
#include "common/digest.h"

static const struct seal_place place = {"store", "01ARZ", "secret_sealed"};
static const uint8_t key[32] = {0, 1, 2, 3, 4, 5, 6, 7};
static const uint8_t nonce[12] = {9, 9, 9};

/* Made with another implementation (Python's cryptography over the same
 * layout). */
static void known_answer(void **state) {
    struct seal_ring *r = seal_ring_of(7, key);
    AUTO_BUF struct buf b = BUF_INIT;
    char hex[256];
    (void)state;
    seal_put_nonce(r, &place, nonce, "cs_demo", 7, &b);
    assert_int_equal(b.len, 7 + SEAL_OVERHEAD);
    digest_hex(b.data, b.len, hex);
    assert_string_equal(hex, "01000000070909090000000000000000009b0b1930e086a4c"
                             "08138285bffcabcaf3f1a6f4867eb6b");
    seal_ring_free(r);
}

static void round_trip(void **state) {
    struct seal_ring *r = seal_ring_of(7, key);
    AUTO_BUF struct buf a = BUF_INIT;
    AUTO_BUF struct buf b = BUF_INIT;
    struct buf plain = BUF_INIT;
    (void)state;
    seal_put(r, &place, "cs_demo", 7, &a);
    seal_put(r, &place, "cs_demo", 7, &b);
    assert_memory_not_equal(a.data, b.data, a.len); /* another nonce */
    assert_int_equal(seal_get(r, &place, a.data, a.len, &plain), 0);
    assert_string_equal(buf_str(&plain), "cs_demo");
    seal_wipe(&plain);
    buf_clear(&a);
    seal_put(r, &place, "", 0, &a);
    assert_int_equal(seal_get(r, &place, a.data, a.len, &plain), 0);
    assert_int_equal(plain.len, 0);
    seal_wipe(&plain);
    seal_ring_free(r);
}

static void another_place_does_not_open(void **state) {
    static const struct seal_place others[] = {
        {"user", "01ARZ", "secret_sealed"},
        {"store", "01ARY", "secret_sealed"},
        {"store", "01ARZ", "key_sealed"},
        {"storeZ", "01AR", "secret_sealed"},
    };
    struct seal_ring *r = seal_ring_of(7, key);
    AUTO_BUF struct buf a = BUF_INIT;
    AUTO_BUF struct buf plain = BUF_INIT;
    (void)state;
    seal_put(r, &place, "cs_demo", 7, &a);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(seal_get(r, &others[i], a.data, a.len, &plain),
                         ERR_INVALID);
    assert_int_equal(plain.len, 0);
    seal_ring_free(r);
}

static void every_damaged_byte_is_seen(void **state) {
    struct seal_ring *r = seal_ring_of(7, key);
    AUTO_BUF struct buf a = BUF_INIT;
    AUTO_BUF struct buf plain = BUF_INIT;
    (void)state;
    seal_put(r, &place, "cs_demo", 7, &a);
    for (size_t i = 0; i < a.len; i++) {
        a.data[i] ^= 1;
        int rc = seal_get(r, &place, a.data, a.len, &plain);
        assert_int_equal(rc, i >= 1 && i <= 4 ? ERR_NOT_FOUND : ERR_INVALID);
        a.data[i] ^= 1;
    }
    for (size_t n = 0; n < a.len; n++)
        assert_int_equal(seal_get(r, &place, a.data, n, &plain), ERR_INVALID);
    assert_int_equal(plain.len, 0);
    seal_ring_free(r);
}

static void put_file(const char *path, const char *text, mode_t mode) {
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void the_rings_file(void **state) {
    char folder[] = "/tmp/fulexo-seal-XXXXXX";
    char path[64];
    struct stat st;
    struct seal_ring *r = NULL, *again = NULL;
    struct error e;
    AUTO_BUF struct buf a = BUF_INIT;
    AUTO_BUF struct buf plain = BUF_INIT;
    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/keyring", folder);
    assert_int_equal(seal_ring_open(path, &r, &e), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    seal_put(r, &place, "x", 1, &a);
    assert_int_equal(seal_ring_open(path, &again, &e), 0);
    assert_int_equal(seal_get(again, &place, a.data, a.len, &plain), 0);
    assert_int_equal(chmod(path, 0640), 0);
    seal_ring_free(r);
    assert_int_equal(seal_ring_open(path, &r, &e), ERR_DENIED);
    assert_non_null(strstr(e.detail, "chmod 600"));
    static const char *const damaged[] = {
        "", "# nothing\n", "1 00\n", "x\n",
        "1 zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"};
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        put_file(path, damaged[i], 0600);
        assert_int_equal(seal_ring_open(path, &r, &e), ERR_CONFIG);
    }
    /* two keys: the last seals, both open */
    put_file(
        path,
        "1 000102030405060700000000000000000000000000000000000000000000"
        "0000\n2 aa01020304050607000000000000000000000000000000000000000000"
        "000000\n",
        0600);
    struct seal_ring *old = seal_ring_of(1, key);
    buf_clear(&a);
    seal_put(old, &place, "x", 1, &a);
    assert_int_equal(seal_ring_open(path, &r, &e), 0);
    assert_int_equal(seal_get(r, &place, a.data, a.len, &plain), 0);
    buf_clear(&a);
    seal_put(r, &place, "x", 1, &a);
    assert_int_equal(a.data[4], 2);
    seal_ring_free(r);
    seal_ring_free(old);
    seal_ring_free(again);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void a_hooks_secret_is_its_stores(void **state) {
    struct seal_ring *r = seal_ring_of(7, key);
    struct keys *k = keys_new(r);
    AUTO_BUF struct buf a = BUF_INIT;
    struct buf plain = BUF_INIT;
    (void)state;
    keys_seal_hook(k, "01ARZ", "whsec", &a);
    assert_int_equal(keys_open_hook(k, "01ARZ", a.data, a.len, &plain), 0);
    assert_string_equal(buf_str(&plain), "whsec");
    assert_int_equal(keys_open_hook(k, "01ARY", a.data, a.len, &plain),
                     ERR_INVALID);
    assert_int_equal(seal_get(r, &place, a.data, a.len, &plain), ERR_INVALID);
    seal_wipe(&plain);
    keys_free(k);
    seal_ring_free(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answer),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(another_place_does_not_open),
        cmocka_unit_test(every_damaged_byte_is_seen),
        cmocka_unit_test(the_rings_file),
        cmocka_unit_test(a_hooks_secret_is_its_stores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
