/* Time of each kind of order list on a file of gen_mirror, inside a reader's
 * job: bench_lists FILE [ROUNDS]. Half the rounds read the second page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include "common/arena.h"
#include "common/digest.h"
#include "common/env.h"
#include "common/str.h"
#include "db/db.h"
#include "db/sql.h"
#include "model/order_list.h"

struct probe {
    const char *name, *filter;
    enum order_sort sort;
};

static const struct probe probes[] = {
    {"newest, all stores", "", 0},
    {"oldest, all stores", "", ORDER_SORT_CREATED},
    {"store", "store:shop-003", 0},
    {"three stores", "store:shop-003,shop-050,shop-100", 0},
    {"90 stores", "store:shop-0*", 0},
    {"status", "status:processing", 0},
    {"three statuses", "status:processing,on-hold,pending", 0},
    {"phase", "phase:todo", 0},
    {"store and status", "store:shop-001 status:on-hold", 0},
    {"trash", "status:trash", 0},
    {"date", "date:2026-06-15", 0},
    {"date, store", "date:<2025-06-15 store:shop-010", 0},
    {"age", "age:>400d", 0},
    {"status and old", "status:completed age:>900d", 0},
    {"number", "number:2734", 0},
    {"number prefix", "number:2734*", 0},
    {"wide number prefix", "number:27*", 0},
    {"customer, e-mail", "customer:smith77@gmail.com", 0},
    {"customer, id", "customer:12", 0},
    {"tag", "tag:vip", 0},
    {"tag and store", "tag:vip store:shop-090", 0},
    {"hold", "hold:fraud", 0},
    {"any hold", "hold:any", 0},
    {"no hold, to do", "hold:none phase:todo", 0},
    {"search: number", "27344", 0},
    {"search: smith", "smith", 0},
    {"search: gmail.com", "gmail.com", 0},
    {"search: e-mail", "smith1234@gmail.com", 0},
    {"search: part of e-mail", "smith12", 0},
    {"search: phone", "90555123", 0},
    {"search: SKU", "AO-00917", 0},
    {"search: common SKU", "AO-00001", 0},
    {"search: 3 letters", "ber", 0},
    {"search: two words", "john smith", 0},
    {"search: nothing", "zzxxyy", 0},
    {"search in a store", "smith store:shop-100", 0},
    {"sku:", "sku:AO-00917", 0},
    {"other: total", "total:>=5000", 0},
    {"other: sort total", "", ORDER_SORT_TOTAL_DESC},
    {"other: sort total, store", "store:shop-050", ORDER_SORT_TOTAL_DESC},
    {"other: sort modified, to do", "phase:todo", ORDER_SORT_MODIFIED_DESC},
};

enum { ROUNDS_MAX = 2000 };

struct run {
    const struct probe *probe;
    int rounds;
    int64_t us[ROUNDS_MAX];
    size_t rows;
    bool partial, over;
};

static int64_t clock_us(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
static int64_t now(void *self) {
    (void)self;
    return (int64_t)time(NULL) * 1000;
}
static int64_t mono(void *self) {
    (void)self;
    return clock_us() / 1000;
}
static void chance(void *self, void *dst, size_t n) {
    (void)self;
    digest_random(dst, n);
}

static int measure(struct db_tx *tx, void *arg) {
    struct run *r = arg;
    struct arena *a = arena_new(0);
    char next[1024] = "";
    for (int i = 0; i < r->rounds; i++) {
        struct list_request req = {.filter = r->probe->filter,
                                   .sort = (int)r->probe->sort,
                                   .limit = 50,
                                   .after = i % 2 && *next ? next : NULL};
        struct order_page page = {0};
        struct error e = {0};
        arena_reset(a);
        int64_t began = clock_us();
        int rc = order_list(tx, &req, 86400000, a, &page, &e);
        r->us[i] = clock_us() - began;
        if (rc < 0)
            (void)printf("%s: %s %s\n", r->probe->name, err_name(rc), e.detail);
        if (i == 0)
            r->rows = page.n;
        r->partial |= page.partial;
        if (!req.after)
            (void)str_copy(next, sizeof next, page.next ? page.next : "");
    }
    arena_free(a);
    return 0;
}

static void measured(int status, void *arg) {
    (void)status;
    ((struct run *)arg)->over = true;
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void print(struct run *r) {
    size_t n = (size_t)r->rounds;
    qsort(r->us, n, sizeof *r->us, by_size);
    (void)printf(
        "%-28s %8.2f %8.2f %8.2f  %3zu%s\n", r->probe->name,
        (double)r->us[n / 2] / 1000, (double)r->us[n * 99 / 100] / 1000,
        (double)r->us[n - 1] / 1000, r->rows, r->partial ? " partial" : "");
}

int main(int argc, char **argv) {
    static struct run run;
    struct env env = {.now = now, .mono = mono, .random = chance};
    struct error e = {0};
    struct db *db;
    int64_t rounds = 200;
    if (argc < 2 ||
        (argc > 2 && str_to_i64(argv[2], 1, ROUNDS_MAX, &rounds) < 0)) {
        (void)fprintf(stderr, "bench_lists FILE [ROUNDS]\n");
        return 64;
    }
    struct db_options o = {
        .path = argv[1], .loop = uv_default_loop(), .env = &env};
    if (db_open(&o, &db, &e) < 0) {
        (void)fprintf(stderr, "%s\n", e.detail);
        return 1;
    }
    (void)printf("%-28s %8s %8s %8s  rows\n", "ms", "p50", "p99", "max");
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        run = (struct run){.probe = &probes[i], .rounds = (int)rounds};
        (void)db_read(db, DB_SYNC, measure, measured, &run);
        while (!run.over)
            (void)uv_run(uv_default_loop(), UV_RUN_ONCE);
        print(&run);
    }
    db_close(db, NULL, NULL);
    (void)uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    return 0;
}
