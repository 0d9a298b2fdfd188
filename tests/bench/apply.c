/* How fast pages of orders get into the mirror: JSON in memory through the
 * engine's own way (parse thread, bounded queue, writer, commits at FULL),
 * beside bare.c writing the same rows. Pages are made and, for the floor,
 * decoded between the timed stretches.
 *
 * usage: bench_apply FOLDER ORDERS RUNS */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bare.h"
#include "bench.h"
#include "common/buf.h"
#include "common/mem.h"
#include "model/kept.h"
#include "order_json.h"
#include "shop/page.h"
#include "sync/intake.h"
#include "tests/lib/engine.h"

/* AHEAD as in pass_scan.c */
enum { PAGE = 100, STRETCH = 50 /* pages in memory */, AHEAD = 32, RUNS = 9 };

enum pass { INSERT_BULK, INSERT, UNCHANGED, CHANGED, PASSES };

static const struct {
    const char *what;
    double ratio; /* at least, to the floor */
    double rate;  /* and orders/s */
    const char *target;
} passes[PASSES] = {
    [INSERT_BULK] = {"empty file, bulk index set", 0.7, 10000,
                     ">= 0.7x and >= 10000/s"},
    [INSERT] = {"empty file, full index set", 0.7, 7000,
                ">= 0.7x and >= 7000/s"},
    [UNCHANGED] = {"unchanged orders", 0.5, 60000, ">= 0.5x and >= 60000/s"},
    [CHANGED] = {"changed orders", 0.6, 8000, ">= 0.6x and >= 8000/s"},
};

struct bench {
    struct engine e;
    char dir[200];
    int64_t orders;
    /* the pages in memory, and how far they went */
    struct buf pages[STRETCH];
    int n, next, in_flight;
    enum pass pass; /* a changed order is told by itself, a first sync's not */
    int64_t sent_seq;
    struct mirror_stats sum;
    double ours[PASSES][RUNS], floor[PASSES][RUNS], build_s[RUNS];
    /* processor time an order, us: on a shared machine it can be compared */
    double writer[PASSES][RUNS], parser[PASSES][RUNS], bare[PASSES][RUNS];
    clockid_t writer_clock, parser_clock;
    struct kept *kept; /* with a trained dictionary, as a minute of sync has */
    double bytes;
};

static void make_pages(struct bench *b, int64_t at, int version) {
    b->n = 0;
    for (; b->n < STRETCH && at < b->orders; at += PAGE) {
        buf_clear(&b->pages[b->n]);
        order_json_page(&b->pages[b->n++], 1000 + at, PAGE, version,
                        b->orders / 2 + 1);
    }
}

/* -- the product ---------------------------------------------------------- */

static void feed(struct bench *b);

static void applied(void *arg, const struct intake_result *r) {
    struct bench *b = arg;
    if (r->status < 0)
        bench_die("apply: %s", r->error.detail);
    if (r->page->n_aside)
        bench_die("%s: %s", r->page->aside[0].path, r->page->aside[0].reason);
    b->sum.inserted += r->stats.inserted;
    b->sum.changed += r->stats.changed;
    b->sum.same += r->stats.same;
    b->in_flight--;
    feed(b);
}

static void feed(struct bench *b) {
    while (b->in_flight < AHEAD && b->next < b->n) {
        struct buf *page = &b->pages[b->next++];
        struct intake_options o = {.db = b->e.db,
                                   .env = &b->e.env,
                                   .read = {.store_id = 1,
                                            .sent_seq = ++b->sent_seq,
                                            .bulk = b->pass != CHANGED},
                                   .kind = MIRROR_ORDER,
                                   .skip_same = true,
                                   .done = applied,
                                   .arg = b};
        b->in_flight++;
        intake_start(&o, page, (struct json_slice){page->data, page->len});
    }
}

static double clock_us(clockid_t clock) {
    struct timespec t;
    if (clock_gettime(clock, &t) < 0)
        bench_die("a thread's clock cannot be read");
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void apply_all(struct bench *b, enum pass pass, int i) {
    int version = pass == CHANGED;
    int64_t ns = 0;
    double writer = clock_us(b->writer_clock);
    double parser = clock_us(b->parser_clock);
    b->sum = (struct mirror_stats){0};
    b->pass = pass;
    for (int64_t at = 0; at < b->orders; at += (int64_t)PAGE * STRETCH) {
        make_pages(b, at, version);
        int64_t from = bench_ns();
        b->next = 0;
        feed(b);
        while (b->in_flight)
            (void)uv_run(&b->e.loop, UV_RUN_ONCE);
        ns += bench_ns() - from;
    }
    double n = (double)b->orders;
    b->ours[pass][i] = n * 1e9 / (double)ns;
    b->writer[pass][i] = (clock_us(b->writer_clock) - writer) / n;
    b->parser[pass][i] = (clock_us(b->parser_clock) - parser) / n;
}

static int note_writer(struct db_tx *tx, void *arg) {
    (void)tx;
    return pthread_getcpuclockid(pthread_self(),
                                 &((struct bench *)arg)->writer_clock) == 0
               ? 0
               : ERR_INTERNAL;
}

static int note_parser(struct db_tx *tx, void *arg) {
    (void)tx;
    return pthread_getcpuclockid(pthread_self(),
                                 &((struct bench *)arg)->parser_clock) == 0
               ? 0
               : ERR_INTERNAL;
}

static void reached(int status, void *arg) {
    if (status < 0)
        bench_die("the writer failed");
    ((struct bench *)arg)->in_flight--;
}

static void wait_all(struct bench *b) {
    while (b->in_flight)
        (void)uv_run(&b->e.loop, UV_RUN_ONCE);
}

/* Seconds until the writer has switched, indexes built: an empty job follows
 * it in the same lane. */
static double bulk(struct bench *b, bool on) {
    int64_t from = bench_ns();
    db_bulk(b->e.db, on);
    b->in_flight = 1;
    if (db_write(b->e.db, DB_SYNC, note_writer, reached, b) < 0)
        bench_die("the writer's queue is full");
    wait_all(b);
    return (double)(bench_ns() - from) / 1e9;
}

static void expect(int got, int64_t want, const char *what) {
    if (got != want)
        bench_die("%d orders %s, not %lld", got, what, (long long)want);
}

static void open_engine(struct bench *b) {
    engine_start(&b->e, b->dir);
    kept_use(b->kept);
    b->in_flight = 2;
    if (db_write(b->e.db, DB_SYNC, note_writer, reached, b) < 0 ||
        db_read(b->e.db, DB_SYNC, note_parser, reached, b) < 0)
        bench_die("the database's queues are full");
    wait_all(b);
}

static void start(struct bench *b) {
    if (mkdir(b->dir, 0700) < 0)
        bench_die("%s cannot be made", b->dir);
    open_engine(b);
    (void)engine_store(&b->e, "bench", "http://shop.example", "basic");
    b->sent_seq = 1;
}

static double file_bytes(const struct bench *b) {
    struct stat st;
    AUTO_FREE char *path = mem_printf("%s/fulexo.db", b->dir);
    if (stat(path, &st) < 0)
        bench_die("%s is gone", path);
    return (double)st.st_size;
}

static void drop(const struct bench *b) {
    AUTO_FREE char *command = mem_printf("rm -rf '%s'", b->dir);
    if (system(command) != 0)
        bench_die("%s failed", command);
}

static void ours_bulk(struct bench *b, int i) {
    start(b);
    (void)bulk(b, true);
    apply_all(b, INSERT_BULK, i);
    b->build_s[i] = bulk(b, false);
    expect(b->sum.inserted, b->orders, "inserted");
    engine_stop(&b->e, true);
    drop(b);
}

static void ours_full(struct bench *b, int i) {
    start(b);
    apply_all(b, INSERT, i);
    expect(b->sum.inserted, b->orders, "inserted");
    engine_stop(&b->e, true);
    b->bytes = file_bytes(b) / (double)b->orders;
    open_engine(b);
    apply_all(b, UNCHANGED, i);
    expect(b->sum.same, b->orders, "the same");
    apply_all(b, CHANGED, i);
    expect(b->sum.changed, b->orders, "changed");
    engine_stop(&b->e, true);
    drop(b);
}

/* -- the floor ------------------------------------------------------------ */

static struct page *decode(const struct buf *json, struct kept *kept) {
    struct page_options o = {.kind = MIRROR_ORDER, .kept = kept};
    struct error e = {0};
    struct page *p;
    if (page_prepare(&o, json->data, json->len, &p, &e) < 0)
        bench_die("page: %s", e.detail);
    return p;
}

static int64_t floor_stretch(struct bench *b, struct bare *bare, enum pass pass,
                             double *cpu_us) {
    struct page *p[STRETCH];
    for (int i = 0; i < b->n; i++)
        p[i] = pass == UNCHANGED ? NULL : decode(&b->pages[i], b->kept);
    int64_t from = bench_ns();
    *cpu_us -= clock_us(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < b->n; i++)
        if (pass == UNCHANGED)
            expect((int)bare_compare(bare, b->pages[i].data, b->pages[i].len),
                   PAGE, "equal");
        else if (pass == CHANGED)
            bare_update(bare, p[i]->orders, p[i]->n);
        else
            bare_insert(bare, p[i]->orders, p[i]->n);
    *cpu_us += clock_us(CLOCK_THREAD_CPUTIME_ID);
    int64_t ns = bench_ns() - from;
    for (int i = 0; i < b->n; i++)
        page_free(p[i]);
    return ns;
}

static void floor_all(struct bench *b, struct bare *bare, enum pass pass,
                      int i) {
    int64_t ns = 0;
    double cpu_us = 0;
    for (int64_t at = 0; at < b->orders; at += (int64_t)PAGE * STRETCH) {
        make_pages(b, at, pass == CHANGED);
        ns += floor_stretch(b, bare, pass, &cpu_us);
    }
    b->floor[pass][i] = (double)b->orders * 1e9 / (double)ns;
    b->bare[pass][i] = cpu_us / (double)b->orders;
}

static void floors(struct bench *b, int i, bool bulk_set) {
    AUTO_FREE char *path = mem_printf("%s/fulexo.db", b->dir);
    start(b);
    engine_stop(&b->e, true); /* leaves the schema */
    struct bare *bare = bare_open(path, bulk_set);
    floor_all(b, bare, bulk_set ? INSERT_BULK : INSERT, i);
    if (!bulk_set) {
        floor_all(b, bare, UNCHANGED, i);
        floor_all(b, bare, CHANGED, i);
    }
    bare_close(bare);
    drop(b);
}

static int store_dict(struct db_tx *tx, void *arg) {
    return kept_store(arg, tx, MIRROR_ORDER);
}

/* A dictionary of these orders, as the daemon trains one within a minute. */
static void train(struct bench *b) {
    int64_t all = b->orders;
    b->kept = kept_new();
    b->orders = (int64_t)PAGE * STRETCH;
    make_pages(b, 0, 0);
    b->orders = all;
    for (int i = 0; i < b->n; i++)
        page_free(decode(&b->pages[i], b->kept));
    start(b);
    /* else the built-in one is the better */
    if (kept_train(b->kept, MIRROR_ORDER) == 0) {
        if (engine_job(&b->e, store_dict, b->kept) < 0)
            bench_die("the dictionary could not be stored");
        kept_serve(b->kept, MIRROR_ORDER);
    }
    engine_stop(&b->e, true);
    drop(b);
}

/* -- both ----------------------------------------------------------------- */

static void report(struct bench *b, int runs) {
    size_t n = (size_t)runs;
    for (int p = 0; p < PASSES; p++) {
        double x = bench_quantile(b->ours[p], n, 0.5);
        double y = bench_quantile(b->floor[p], n, 0.5);
        AUTO_FREE char *what =
            mem_printf("%s, %lldk (processor us an order: writer %.0f, parser "
                       "%.0f, floor %.0f)",
                       passes[p].what, (long long)(b->orders / 1000),
                       bench_quantile(b->writer[p], n, 0.5),
                       bench_quantile(b->parser[p], n, 0.5),
                       bench_quantile(b->bare[p], n, 0.5));
        bench_print(&(struct bench_figure){
            "apply", what, x, "orders/s", y, passes[p].target,
            x >= y * passes[p].ratio && x >= passes[p].rate});
    }
    bench_print(&(struct bench_figure){
        "apply", "scattered indexes built after the bulk",
        bench_quantile(b->build_s, n, 0.5), "s", 0, "-", false});
    bench_print(&(struct bench_figure){"apply", "order on disk, 3 lines",
                                       b->bytes, "bytes", 0, "<= 1300",
                                       b->bytes <= 1300});
}

int main(int argc, char **argv) {
    static struct bench b;
    if (argc != 4)
        bench_die("usage: bench_apply FOLDER ORDERS RUNS");
    (void)snprintf(b.dir, sizeof b.dir, "%s/apply.%d", argv[1], (int)getpid());
    b.orders = bench_number(argv[2], PAGE, 100000000) / PAGE * PAGE;
    int runs = (int)bench_number(argv[3], 1, RUNS);
    train(&b);
    for (int i = 0; i < runs; i++) {
        floors(&b, i, true);
        ours_bulk(&b, i);
        floors(&b, i, false);
        ours_full(&b, i);
    }
    report(&b, runs);
    kept_free(b.kept);
    for (int i = 0; i < STRETCH; i++)
        buf_done(&b.pages[i]);
    return 0;
}
