/* Properties of the merge rules (base, theirs, mine): what counts as the same,
 * what as seen, what is due, and what becomes of the changes behind one that
 * ended. Random values and walks, from fixed seeds. */
#include <stdio.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/jsonw.h"
#include "fixture.h"
#include "model/change.h"
#include "model/change_value.h"

enum { SEEDS = 25, STEPS = 60, FIELDS = 3, MAX = 64 };

static uint64_t dice;

static size_t below(size_t n) {
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (size_t)(dice % n);
}

static void seed(uint64_t n) {
    dice = n * 0x9e3779b97f4a7c15ull + 1;
}

#define PICK(pool) ((pool)[below(sizeof(pool) / sizeof *(pool))])

/* --- values --------------------------------------------------------------- */

static const char *const paths[] = {
    "regular_price",      "name",  "categories", "meta[gift]", "status",
    "billing.first_name", "weight"};
static const char *const values[] = {"null",
                                     "\"\"",
                                     "\"12.5\"",
                                     "\"12.50\"",
                                     "\"012.5\"",
                                     "12",
                                     "\"12\"",
                                     "true",
                                     "\"true\"",
                                     "[3,1]",
                                     "[{\"id\":1}, {\"id\":3}]",
                                     "[1,3]",
                                     "[]",
                                     "\"A & B\"",
                                     "\"A &amp; B\"",
                                     "\"processing\"",
                                     "{\"a\":1}",
                                     "{\"a\": 1}",
                                     "\"Çağrı\"",
                                     "\"\\u00c7a\\u011fr\\u0131\""};

static const char *canonical(const char *path, const char *v, struct arena *a) {
    const char *c;
    assert_int_equal(change_value_canonical(v, path, a, &c), 0);
    return c;
}

static void the_same_is_an_equivalence(void **state) {
    (void)state;
    for (size_t i = 0; i < 3000; i++) {
        struct arena *a = arena_new(0);
        const char *path = PICK(paths);
        const char *x = canonical(path, PICK(values), a);
        const char *y = canonical(path, PICK(values), a);
        const char *z = canonical(path, PICK(values), a);
        bool xy = change_value_same(path, x, y, a);
        bool yz = change_value_same(path, y, z, a);
        assert_true(change_value_same(path, x, x, a));
        assert_int_equal(xy, change_value_same(path, y, x, a));
        if (xy && yz && !change_value_same(path, x, z, a))
            fail_msg("%s: %s = %s = %s, but not the ends", path, x, y, z);
        arena_free(a);
    }
}

/* Canonical twice is canonical once, or a value that came back from the shop
 * would never be what was asked for. */
static void canonical_is_a_fixed_point(void **state) {
    (void)state;
    struct arena *a = arena_new(0);
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++)
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            const char *c = canonical(paths[p], values[i], a);
            assert_string_equal(canonical(paths[p], c, a), c);
        }
    arena_free(a);
}

/* As a shop gives back what was written: names encoded, prices with other
 * zeros, categories as objects in another order, meta data as text. */
static void what_was_written_reads_as_the_same(void **state) {
    (void)state;
    static const struct {
        const char *path, *wanted, *object;
    } rows[] = {
        {"name", "\"A & B\"", "{\"name\":\"A &amp; B\"}"},
        {"regular_price", "\"5\"", "{\"regular_price\":\"5.00\"}"},
        {"sale_price", "\"\"", "{\"sale_price\":\"\"}"},
        {"weight", "\"1.50\"", "{\"weight\":\"1.5\"}"},
        {"categories", "[9,2]",
         "{\"categories\":[{\"id\":2,\"name\":\"x\"},{\"id\":9}]}"},
        {"meta[gift]", "7",
         "{\"meta_data\":[{\"key\":\"gift\",\"value\":"
         "\"7\"}]}"},
        {"meta[gift]", "null", "{\"meta_data\":[]}"},
        {"billing.city", "\"\"", "{\"billing\":{\"city\":\"\"}}"},
        {"billing.city", "null", "{\"billing\":{}}"},
    };
    struct arena *a = arena_new(0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct json *o;
        assert_int_equal(json_parse(a, rows[i].object, strlen(rows[i].object),
                                    NULL, &o, NULL),
                         0);
        const char *now = change_value_of(o, MIRROR_PRODUCT, rows[i].path, a);
        const char *want = canonical(rows[i].path, rows[i].wanted, a);
        if (!change_value_same(rows[i].path, want, now, a))
            fail_msg("%s: wanted %s, reads %s", rows[i].path, want, now);
    }
    arena_free(a);
}

/* Accepted is the same as the base or as one of the list, and nothing else. */
static void accepted_is_base_or_one_of_the_list(void **state) {
    (void)state;
    for (size_t i = 0; i < 3000; i++) {
        struct arena *a = arena_new(0);
        char list[300];
        const char *path = PICK(paths);
        const char *base = below(4) ? canonical(path, PICK(values), a) : NULL;
        const char *x = canonical(path, PICK(values), a);
        const char *y = canonical(path, PICK(values), a);
        const char *v = canonical(path, PICK(values), a);
        size_t n = below(3);
        (void)snprintf(list, sizeof list, "[%s%s%s]", n > 0 ? x : "",
                       n > 1 ? "," : "", n > 1 ? y : "");
        bool want = (base && change_value_same(path, base, v, a)) ||
                    (n > 0 && change_value_same(path, x, v, a)) ||
                    (n > 1 && change_value_same(path, y, v, a));
        assert_int_equal(
            change_value_accepted(path, base, n ? list : NULL, v, a), want);
        arena_free(a);
    }
}

/* --- walks -----------------------------------------------------------------
 */

static const char *const fields[FIELDS] = {"customer_note", "billing.city",
                                           "meta[gift]"};

struct walk {
    struct db_tx *tx;
    struct arena *a;
    char shop[FIELDS][8]; /* JSON texts, as the shop has them */
    char ids[MAX][27];    /* of all changes, oldest first */
    size_t n;
    int64_t seq;
    uint64_t seed;
};

/* The mirror learns what the shop has. */
static void sync_now(struct walk *w) {
    struct mirror_stats st = {0};
    struct mirror_read read = fx_read(++w->seq);
    char json[300];
    const void *z;
    (void)snprintf(json, sizeof json,
                   "{\"id\":7,\"status\":\"processing\",\"customer_note\":%s,"
                   "\"billing\":{\"city\":%s},\"meta_data\":[{\"key\":"
                   "\"gift\",\"value\":%s}]}",
                   w->shop[0], w->shop[1], w->shop[2]);
    struct order o = fx_order(7, w->seq, 1);
    assert_int_equal(kept_pack(kept_current(), w->a, MIRROR_ORDER, json,
                               strlen(json), &z, &o.o.z_n, &o.o.dict),
                     0);
    o.o.z = z;
    assert_int_equal(order_apply(w->tx, &read, &o, 1, &st), 0);
}

static struct change get(const struct walk *w, size_t i) {
    struct change c;
    assert_int_equal(change_get(w->tx, w->ids[i], w->a, &c), 1);
    return c;
}

static bool moving(const struct change *c) {
    return c->state == CHANGE_QUEUED || c->state == CHANGE_SENDING ||
           c->state == CHANGE_UNKNOWN;
}

static const struct change_path *path_of(const struct change *c,
                                         const char *path) {
    for (size_t i = 0; i < c->n_paths; i++)
        if (strcmp(c->paths[i].path, path) == 0)
            return &c->paths[i];
    return NULL;
}

/* What a person sees: the newest on its way, else the shop's as mirrored. */
static const char *effective(const struct walk *w, const char *path,
                             const char *mirrored) {
    for (size_t i = w->n; i-- > 0;) {
        struct change c = get(w, i);
        const struct change_path *p = path_of(&c, path);
        if (p && moving(&c))
            return p->wanted;
    }
    return mirrored;
}

static void create(struct walk *w) {
    static uint8_t random[10];
    struct change_path p[FIELDS];
    char wanted[FIELDS][8];
    struct change c;
    struct error e;
    size_t n = 0, only = below(FIELDS);
    for (size_t f = 0; f < FIELDS; f++) {
        if (f != only && below(2))
            continue;
        (void)snprintf(wanted[n], sizeof wanted[n], "\"%c\"",
                       (char)('a' + below(4)));
        p[n] = (struct change_path){.path = fields[f], .wanted = wanted[n]};
        n++;
    }
    sync_now(w);
    random[0]++;
    random[1] = (uint8_t)w->seed;
    struct change_new new = {.store_id = 1,
                             .remote_id = 7,
                             .kind = MIRROR_ORDER,
                             .act = CHANGE_SET,
                             .paths = p,
                             .n_paths = n,
                             .author = "ann",
                             .random = random};
    if (w->n == MAX)
        return;
    const char *seen[FIELDS];
    for (size_t f = 0; f < FIELDS; f++)
        seen[f] = effective(w, fields[f], w->shop[f]);
    assert_int_equal(change_create(w->tx, &new, w->a, &c, &e), 0);
    for (size_t f = 0; f < FIELDS; f++) {
        const struct change_path *made = path_of(&c, fields[f]);
        if (made) /* its base is what its author saw */
            assert_string_equal(made->base, seen[f]);
    }
    memcpy(w->ids[w->n++], c.uuid, sizeof c.uuid);
}

/* The changes behind one that ended without effect, and only those that touch
 * the same fields, wait for a person. */
static void check_behind(struct walk *w, size_t at, const struct change *was) {
    struct change end = get(w, at);
    bool failed = end.state == CHANGE_CONFLICT || end.state == CHANGE_REFUSED;
    for (size_t i = 0; i < w->n; i++) {
        struct change c = get(w, i);
        if (i == at)
            continue;
        bool shares = false;
        for (size_t k = 0; k < c.n_paths; k++)
            shares |= path_of(&end, c.paths[k].path) != NULL;
        bool stopped =
            failed && i > at && shares && was[i].state == CHANGE_QUEUED;
        if (stopped)
            assert_string_equal(c.code, "depends");
        assert_int_equal(c.state, stopped ? CHANGE_CONFLICT : was[i].state);
    }
}

static void settle(struct walk *w, size_t at, enum change_state to) {
    static struct change was[MAX];
    for (size_t i = 0; i < w->n; i++)
        was[i] = get(w, i);
    struct change_outcome o = {.state = to};
    bool may = change_may(was[at].state, to);
    int rc = change_settle(w->tx, was[at].id, &o);
    assert_int_equal(rc, may ? 0 : ERR_CONFLICT);
    if (may)
        check_behind(w, at, was);
}

static size_t index_of(const struct walk *w, const char *uuid) {
    size_t i = 0;
    while (i < w->n && strcmp(w->ids[i], uuid) != 0)
        i++;
    assert_true(i < w->n);
    return i;
}

/* At most one: the oldest in doubt, or else the oldest on its way. */
static void check_due(struct walk *w, const struct change *due, size_t n) {
    assert_true(n <= 1);
    for (size_t i = 0; n && i < w->n; i++) {
        struct change c = get(w, i);
        bool doubt = moving(&c) && c.state != CHANGE_QUEUED && !c.ambiguous;
        if (i < index_of(w, due->uuid))
            assert_false(doubt || (moving(&c) && due->state == CHANGE_QUEUED));
        else if (due->state == CHANGE_QUEUED)
            assert_false(doubt);
    }
}

/* The engine's part: what is due is compared with the shop, and written when
 * what is there was seen by its author. */
static void push(struct walk *w) {
    struct change due;
    size_t n = 0;
    int64_t next;
    bool conflict = false, sent = false;
    assert_int_equal(
        change_due(w->tx, 1, db_now(w->tx), w->a, &due, 1, &n, &next), 0);
    check_due(w, &due, n);
    if (n == 0)
        return;
    size_t at = index_of(w, due.uuid);
    if (due.state == CHANGE_UNKNOWN) {
        settle(w, at, CHANGE_QUEUED);
        return;
    }
    for (size_t f = 0; f < FIELDS; f++) {
        const struct change_path *p = path_of(&due, fields[f]);
        if (p && !change_value_same(fields[f], p->wanted, w->shop[f], w->a)) {
            sent = true;
            conflict |= !change_value_accepted(fields[f], p->base, p->accept,
                                               w->shop[f], w->a);
        }
    }
    if (conflict || !sent) {
        settle(w, at, conflict ? CHANGE_CONFLICT : CHANGE_CONFIRMED);
        return;
    }
    assert_int_equal(change_sending(w->tx, &due, 0), 0);
    static const enum change_state ends[] = {CHANGE_CONFIRMED, CHANGE_CONFIRMED,
                                             CHANGE_CONFIRMED, CHANGE_REFUSED,
                                             CHANGE_UNKNOWN};
    enum change_state end = PICK(ends);
    for (size_t f = 0; f < FIELDS && end != CHANGE_REFUSED; f++)
        if (path_of(&due, fields[f]))
            (void)snprintf(w->shop[f], sizeof w->shop[f], "%s",
                           path_of(&due, fields[f])->wanted);
    settle(w, at, end);
}

/* A shopkeeper's value is 'x' to 'z': people ask for 'a' to 'd'. */
static void keep_shop(struct walk *w) {
    (void)snprintf(w->shop[below(FIELDS)], sizeof w->shop[0], "\"%c\"",
                   (char)('x' + below(3)));
    if (below(2))
        sync_now(w);
}

static void decide(struct walk *w) {
    struct error e;
    if (w->n == 0)
        return;
    struct change c = get(w, below(w->n));
    if (c.state == CHANGE_CONFLICT)
        assert_int_equal(change_resolve(w->tx, &c,
                                        below(2) ? CHANGE_MINE : CHANGE_THEIRS,
                                        &e),
                         0);
    else if (c.state == CHANGE_REFUSED)
        assert_int_equal(below(2) ? change_discard(w->tx, &c, &e)
                                  : change_retry(w->tx, &c, &e),
                         0);
}

TX_TEST(walks_keep_the_order_and_tell_who_depends) {
    (void)fx_sql(tx, "UPDATE store SET can_write = 1");
    for (uint64_t s = 1; s <= SEEDS; s++) {
        struct walk w = {.tx = tx, .a = arena_new(0), .seed = s};
        (void)fx_sql(tx, "DELETE FROM change");
        w.seq = (int64_t)s * 10000;
        seed(s);
        for (size_t f = 0; f < FIELDS; f++)
            (void)snprintf(w.shop[f], sizeof w.shop[f], "\"x\"");
        for (size_t i = 0; i < STEPS; i++) {
            static void (*const acts[])(struct walk *) = {create, push, push,
                                                          keep_shop, decide};
            PICK(acts)(&w);
        }
        arena_free(w.a);
    }
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_an_equivalence),
        cmocka_unit_test(canonical_is_a_fixed_point),
        cmocka_unit_test(what_was_written_reads_as_the_same),
        cmocka_unit_test(accepted_is_base_or_one_of_the_list),
        cmocka_unit_test(walks_keep_the_order_and_tell_who_depends),
    };
    seed(1);
    kept_use(kept_new());
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    kept_free(kept_current());
    return failed;
}
