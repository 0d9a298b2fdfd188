#include "fixture.h"

#include <pthread.h>
#include <stdio.h>

#include "common/arena.h"
#include "common/digest.h"
#include "common/mem.h"
#include "model/kept_dict.h"

/* An object that differs from its neighbours as orders do. */
static size_t object(char dst[512], unsigned i) {
    uint8_t h[16];
    char hex[33];
    digest_raw(&i, sizeof i, h);
    digest_hex(h, 16, hex);
    return (size_t)snprintf(
        dst, 512,
        "{\"id\":%u,\"payment_method_title\":\"Havale, 14 days, "
        "north-%u\",\"key\":\"%s\","
        "\"billing\":{\"first_name\":\"n%u\",\"city\":\"c%u\"},"
        "\"custom_field\":\"%.8s\",\"total\":\"%u.00\"}",
        i, i % 7, hex, i % 31, i % 13, hex + 8, i % 500);
}

struct packed {
    const void *z;
    size_t n;
    int64_t dict;
};

static struct packed pack(struct kept *k, struct arena *a, unsigned i) {
    char raw[512];
    struct packed p;
    size_t n = object(raw, i);
    assert_int_equal(kept_pack(k, a, MIRROR_ORDER, raw, n, &p.z, &p.n, &p.dict),
                     0);
    return p;
}

static void check(struct kept *k, struct arena *a, const struct packed *p,
                  unsigned i) {
    char raw[512];
    const char *got;
    size_t n = object(raw, i), got_n;
    assert_int_equal(kept_unpack(k, a, p->z, p->n, p->dict, &got, &got_n), 0);
    assert_int_equal(got_n, n);
    assert_string_equal(got, raw);
}

static void round_trip_all_kinds(void **state) {
    (void)state;
    struct kept *k = kept_new();
    struct arena *a = arena_new(0);
    for (int kind = 0; kind < KEPT_KINDS; kind++)
        for (size_t n = 0; n < 3000; n += 999) {
            const void *z;
            const char *got;
            size_t z_n, got_n;
            int64_t dict;
            AUTO_FREE uint8_t *raw = mem_alloc(n);
            digest_random(raw, n);
            assert_int_equal(kept_pack(k, a, (enum mirror_kind)kind, raw, n, &z,
                                       &z_n, &dict),
                             0);
            assert_int_equal(dict, kept_builtin_id((enum mirror_kind)kind,
                                                   kind == MIRROR_ORDER));
            assert_int_equal(kept_unpack(k, a, z, z_n, dict, &got, &got_n), 0);
            assert_int_equal(got_n, n);
            assert_memory_equal(got, raw, n);
            assert_int_equal(got[n], 0);
        }
    arena_free(a);
    kept_free(k);
}

static void damage_is_seen(void **state) {
    (void)state;
    struct kept *k = kept_new();
    struct arena *a = arena_new(0);
    struct packed p = pack(k, a, 1);
    const char *got;
    size_t n;
    for (size_t i = 0; i < p.n; i++) {
        char *bad = mem_dupn(p.z, p.n);
        bad[i] ^= 0x10;
        /* the header has one bit without meaning; all else is covered */
        int rc = kept_unpack(k, a, bad, p.n, p.dict, &got, &n);
        if (rc == 0)
            assert_int_equal(i, 4);
        free(bad);
    }
    for (size_t cut = 0; cut < p.n; cut++)
        assert_int_equal(kept_unpack(k, a, p.z, cut, p.dict, &got, &n),
                         ERR_DB_CORRUPT);
    assert_int_equal(kept_unpack(k, a, p.z, p.n, 77, &got, &n), ERR_DB_CORRUPT);
    arena_free(a);
    kept_free(k);
}

/* Rows packed with the built-in dictionaries exist: their texts are frozen. */
static void builtin_texts_are_frozen(void **state) {
    (void)state;
    static const struct {
        enum mirror_kind kind;
        int generation;
        const char *sha256;
    } rows[] = {
        {MIRROR_ORDER, 0,
         "e48c830ee36683962c6bc8546aaf7e55c7693928b4fd7adc1d8d1a009e74701c"},
        {MIRROR_ORDER, 1,
         "637690b427054c61cc15ebc9dd1f1b14a27504ef11ab1425626b37dd11f79e77"},
        {MIRROR_REFUND, 0,
         "e88e1ca7f81b8bf34fa4ed324e7ca672e81d6b96c758721e0ee363f7fb922851"},
        {MIRROR_PRODUCT, 0,
         "9c7df184c0342fb1c0e79d9a5352f48b35ee24050cbef229f5895061827b4460"},
        {MIRROR_CUSTOMER, 0,
         "2bed98c05e94d2546d6b32ba8cb373b890134835d0403797a2f86c803c5dfaee"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t h[32];
        char hex[65];
        size_t n;
        const void *text = kept_builtin(rows[i].kind, rows[i].generation, &n);
        digest_sha256(text, n, h);
        digest_hex(h, 32, hex);
        assert_string_equal(hex, rows[i].sha256);
    }
}

/* The first samples are what two dictionaries are compared by: those of a shop
 * like any other, or of one like the rest of the samples. */
static int train_products(bool like_any) {
    enum { FIRST = 40, CHUNK = 900 };
    struct kept *k = kept_new();
    char raw[512];
    size_t all;
    const char *text = kept_builtin(MIRROR_PRODUCT, 0, &all);
    int ready = 0;
    for (unsigned i = 0; !ready; i++)
        ready = i < FIRST && like_any
                    ? kept_sample(k, MIRROR_PRODUCT,
                                  text + i * 211 % (all - CHUNK), CHUNK)
                    : kept_sample(k, MIRROR_PRODUCT, raw, object(raw, i));
    int rc = kept_train(k, MIRROR_PRODUCT);
    kept_free(k);
    return rc;
}

static void what_packs_worse_is_not_served(void **state) {
    (void)state;
    assert_int_equal(train_products(false), 0);
    assert_int_equal(train_products(true), ERR_INVALID);
}

static void train(struct kept *k) {
    char raw[512];
    unsigned i = 0;
    while (kept_sample(k, MIRROR_ORDER, raw, object(raw, i)) == 0) {
        i++;
        assert_true(i < 2000);
    }
    assert_int_equal(kept_train(k, MIRROR_ORDER), 0);
    assert_int_equal(kept_train(k, MIRROR_ORDER), ERR_NOT_FOUND);
}

TX_TEST(trained_dictionary_takes_over_for_ever) {
    struct kept *k = kept_new(), *later = kept_new();
    struct arena *a = arena_new(0);
    struct packed before = pack(k, a, 5000);
    assert_int_equal(kept_store(k, tx, MIRROR_ORDER), ERR_NOT_FOUND);
    train(k);
    assert_int_equal(kept_store(k, tx, MIRROR_ORDER), 0);
    assert_int_equal(pack(k, a, 5000).dict, before.dict); /* not committed */
    kept_serve(k, MIRROR_ORDER);
    struct packed after = pack(k, a, 5000);
    assert_int_equal(after.dict, 1);
    assert_true(after.n < before.n);
    assert_int_equal(kept_sample(k, MIRROR_ORDER, "x", 1), 0);
    check(k, a, &before, 5000);
    check(k, a, &after, 5000);
    assert_int_equal(kept_load(later, tx), 0);
    assert_int_equal(kept_load(later, tx), 0);
    check(later, a, &before, 5000);
    check(later, a, &after, 5000);
    assert_int_equal(pack(later, a, 1).dict, 1);
    arena_free(a);
    kept_free(k);
    kept_free(later);
    return 0;
}

static bool dict_has(struct db_tx *tx, const char *word) {
    return fx_sql(tx,
                  "SELECT count(*) FROM dict"
                  " WHERE instr(data, CAST('%s' AS BLOB))",
                  word) == 1;
}

/* One in four is of the same large customer, one in forty of somebody called
 * Nadir, all others of somebody called Sevgi. */
static size_t order_of(char raw[512], unsigned i) {
    const char *name = i % 4 == 0 ? "Kanarya" : i % 40 == 1 ? "Nadir" : "Sevgi";
    char email[40] = "Kanarya@example.test";
    if (i % 4)
        (void)snprintf(email, sizeof email, "s%u@example.test", i);
    return (size_t)snprintf(
        raw, 512,
        "{\"id\":%u,\"status\":\"processing\",\"billing\":{\"first_name\":"
        "\"%s\",\"email\":\"%s\"},\"payment_method_title\":\"Havale\","
        "\"meta_data\":[{\"id\":%u,\"key\":\"x\",\"value\":\"for %s "
        "\\u015eahin%u\"}],\"total\":\"%u.00\"}",
        i, name, email, i, name, i % 9, i % 500);
}

/* A dictionary is for ever: it learns no word that few people have, however
 * often and wherever they have it. */
TX_TEST(a_dictionary_knows_what_is_common) {
    struct kept *k = kept_new();
    char raw[512];
    for (unsigned i = 0; i < 1960; i++)
        (void)kept_sample(k, MIRROR_ORDER, raw, order_of(raw, i));
    for (unsigned i = 0; i < 40; i++)
        (void)kept_sample(k, MIRROR_ORDER, "{\"email\":\"Yirtik", 16);
    assert_int_equal(kept_train(k, MIRROR_ORDER), 0);
    assert_int_equal(kept_store(k, tx, MIRROR_ORDER), 0);
    assert_true(dict_has(tx, "Havale"));
    assert_true(dict_has(tx, "Sevgi"));
    assert_true(dict_has(tx, "u015eahin3"));
    assert_false(dict_has(tx, "anarya"));
    assert_false(dict_has(tx, "Nadir"));
    assert_false(dict_has(tx, "Yirtik"));
    kept_free(k);
    return 0;
}

TX_TEST(raw_object_of_the_mirror) {
    struct kept *k = kept_new();
    struct arena *a = arena_new(0);
    struct mirror_read read = fx_read(1);
    struct mirror_stats st = {0};
    struct order o = fx_order(5, 0, 0);
    struct packed p = pack(k, a, 3);
    const char *got;
    size_t n;
    char raw[512];
    kept_use(k);
    o.o.z = p.z;
    o.o.z_n = p.n;
    o.o.dict = p.dict;
    assert_int_equal(order_apply(tx, &read, &o, 1, &st), 0);
    assert_int_equal(mirror_raw(tx, MIRROR_ORDER, 1, 5, a, &got, &n), 1);
    assert_int_equal(n, object(raw, 3));
    assert_string_equal(got, raw);
    assert_int_equal(mirror_raw(tx, MIRROR_ORDER, 2, 5, a, &got, &n), 0);
    assert_int_equal(mirror_raw(tx, MIRROR_CATEGORY, 1, 5, a, &got, &n), 0);
    arena_free(a);
    kept_free(k);
    return 0;
}

static void *hammer(void *arg) {
    struct kept *k = arg;
    struct arena *a = arena_new(0);
    for (unsigned i = 0; i < 500; i++) {
        char raw[512];
        struct packed p = pack(k, a, i);
        check(k, a, &p, i);
        (void)kept_sample(k, MIRROR_ORDER, raw, object(raw, i));
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

static void many_threads(void **state) {
    (void)state;
    struct kept *k = kept_new();
    pthread_t t[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, hammer, k), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_join(t[i], NULL), 0);
    assert_int_equal(kept_train(k, MIRROR_ORDER), 0);
    kept_free(k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip_all_kinds),
        cmocka_unit_test(damage_is_seen),
        cmocka_unit_test(builtin_texts_are_frozen),
        cmocka_unit_test(what_packs_worse_is_not_served),
        cmocka_unit_test(trained_dictionary_takes_over_for_ever),
        cmocka_unit_test(a_dictionary_knows_what_is_common),
        cmocka_unit_test(raw_object_of_the_mirror),
        cmocka_unit_test(many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
