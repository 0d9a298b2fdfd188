/* Happy path: each thread has a time for its next deed and sleeps until then; a
 * deed is one request, answered before the next. The clients read the list when
 * they are told of an order, once a second at most.
 * Failure modes: a deed that is refused ends the program; a machine too slow
 * for the rate does less, and what was really delivered is what is printed. */
#include "soak_traffic.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "client.h"
#include "common/buf.h"
#include "common/check.h"
#include "common/mem.h"
#include "door.h"

enum { WATCHERS = 2, LIST_MS = 1000, END_MS = 60000, OPEN_EACH = 8 };
#define MS INT64_C(1000000)

struct watcher {
    struct traffic *t;
    struct client *c;
    const char *list;  /* what it reads */
    bool wants, asked; /* the list is old; it is on its way */
    int64_t asked_ns;
    _Atomic int64_t seq; /* told up to here */
    _Atomic int64_t events, lost, lists;
};

struct traffic {
    int port, shop_rate, our_rate;
    const char *socket, *store;
    int64_t *orders;           /* the shop thread's: more are sold */
    int64_t *known, *products; /* ids of before; products with a stock */
    size_t n_orders, n_known, n_products;
    _Atomic int64_t shop, changes;
    atomic_bool quiet, stop;
    struct watcher w[WATCHERS];
    pthread_t shop_thread, our_thread, threads[WATCHERS];
};

/* Sleeps until the next of `rate` a second; who is late by a second lets them
 * go. */
static void pace(int64_t *next, int rate) {
    int64_t now = bench_ns();
    *next += 1000 * MS / rate;
    if (*next > now)
        bench_sleep((*next - now) / MS);
    else if (*next < now - 1000 * MS)
        *next = now;
}

/* --- the shop ------------------------------------------------------------ */

/* Ids of a kind, of those alone whose object has the text (NULL: of all). */
static size_t ids_of(int port, const char *kind, const char *having,
                     int64_t **ret) {
    AUTO_BUF struct buf all = BUF_INIT, one = BUF_INIT;
    AUTO_FREE char *head = mem_printf("GET /__demo/truth?kind=%s", kind);
    size_t n = 0;
    door_call(port, head, "", &all);
    for (const char *p = buf_str(&all); (p = strstr(p, "{\"id\":")); p++) {
        int64_t id = door_number(p, "id");
        AUTO_FREE char *look =
            mem_printf("GET /__demo/object?kind=%s&id=%" PRId64, kind, id);
        buf_clear(&one);
        if (having)
            door_call(port, look, "", &one);
        if (having && !strstr(buf_str(&one), having))
            continue;
        *ret = mem_resize(*ret, n + 1, sizeof **ret);
        (*ret)[n++] = id;
    }
    if (n == 0)
        bench_die("the shop has no %s", kind);
    return n;
}

static void door(struct traffic *t, const char *head, struct buf *answer,
                 const char *fmt, ...) __attribute__((format(printf, 4, 5)));
static void door(struct traffic *t, const char *head, struct buf *answer,
                 const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *body = mem_vprintf(fmt, ap);
    va_end(ap);
    door_call(t->port, head, body, answer);
}

/* Most orders are completed soon: what is open stays about the same. */
static void edit_order(struct traffic *t, int64_t id, int64_t k) {
    AUTO_BUF struct buf answer = BUF_INIT;
    door(t, "POST /__demo/edit", &answer,
         "{\"kind\":\"orders\",\"id\":%" PRId64
         ",\"patch\":{\"status\":\"%s\",\"customer_note\":\"%" PRId64 "\"}}",
         id, k % OPEN_EACH ? "completed" : "processing", k);
}

static void edit_product(struct traffic *t, int64_t id, int64_t k) {
    AUTO_BUF struct buf answer = BUF_INIT;
    door(t, "POST /__demo/edit", &answer,
         "{\"kind\":\"products\",\"id\":%" PRId64
         ",\"patch\":{\"short_description\":\"edit %" PRId64 "\"}}",
         id, k);
}

static void add_note(struct traffic *t, int64_t id, int64_t k) {
    AUTO_BUF struct buf answer = BUF_INIT;
    door(t, "POST /__demo/note", &answer,
         "{\"order_id\":%" PRId64 ",\"note\":\"Note %" PRId64 "\"}", id, k);
}

static void sell(struct traffic *t, int64_t product) {
    AUTO_BUF struct buf answer = BUF_INIT;
    door(t, "POST /__demo/sell", &answer,
         "{\"lines\":[{\"product_id\":%" PRId64 ",\"quantity\":1}]}", product);
    t->orders = mem_resize(t->orders, t->n_orders + 1, sizeof *t->orders);
    t->orders[t->n_orders++] = door_number(buf_str(&answer), "id");
}

/* Of twenty: twelve edits of orders, the newest among them, five of products,
 * two notes, a sale. Objects come in turn: an edit does not hide another. */
static void shop_event(struct traffic *t, int64_t k) {
    int64_t order = t->orders[(size_t)k % t->n_orders];
    int64_t product = t->products[(size_t)k % t->n_products];
    int what = (int)(k % 20);
    if (what == 0)
        sell(t, product);
    else if (what <= 2)
        add_note(t, order, k);
    else if (what <= 7)
        edit_product(t, product, k);
    else if (what == 8)
        edit_order(t, t->orders[t->n_orders - 1], k);
    else
        edit_order(t, order, k);
}

static void *run_shop(void *arg) {
    struct traffic *t = arg;
    int64_t next = bench_ns();
    while (!t->quiet) {
        shop_event(t, t->shop);
        t->shop++;
        pace(&next, t->shop_rate);
    }
    return NULL;
}

/* --- ours ---------------------------------------------------------------- */

static void change(struct traffic *t, struct client *c, int64_t k) {
    int64_t order = t->known[(size_t)(k * 7) % t->n_known];
    int64_t product = t->products[(size_t)(k * 7) % t->n_products];
    AUTO_FREE char *note =
        mem_printf("{\"ref\":\"%s:%" PRId64 "\",\"text\":\"Ours %" PRId64 "\"}",
                   t->store, order, k);
    AUTO_FREE char *adjust =
        mem_printf("{\"ref\":\"%s:%" PRId64 "\",\"delta\":\"%d\"}", t->store,
                   product, k % 4 ? 2 : -1);
    const char *answer = k % 2 ? client_call(c, "orders.note", note)
                               : client_call(c, "inventory.adjust", adjust);
    if (!strstr(answer, "\"result\""))
        bench_die("a change is not taken: %.300s", answer);
}

static void *run_ours(void *arg) {
    struct traffic *t = arg;
    struct client *c = client_open(t->socket);
    int64_t next = bench_ns();
    while (!t->quiet) {
        change(t, c, t->changes);
        t->changes++;
        pace(&next, t->our_rate);
    }
    client_close(c);
    return NULL;
}

/* --- who looks on -------------------------------------------------------- */

/* Numbers of the feed have no gaps, and a client of all topics is told each
 * once; what has no number of its own repeats the last. */
static void take_event(struct watcher *w, const char *line) {
    int64_t seq = door_number(line, "seq");
    if (strstr(line, "\"resync\"") || seq > w->seq + 1)
        w->lost += seq > w->seq + 1 ? seq - w->seq - 1 : 1;
    w->events += seq > w->seq;
    w->seq = seq > w->seq ? seq : w->seq;
    w->wants |= strstr(line, "\"topic\":\"order\"") != NULL;
}

static void take_line(struct watcher *w, const char *line) {
    if (client_is_event(line)) {
        take_event(w, line);
        return;
    }
    if (!strstr(line, "\"result\""))
        bench_die("a list is not answered: %.300s", line);
    w->asked = false;
    w->lists++;
}

static void *run_watcher(void *arg) {
    struct watcher *w = arg;
    while (!w->t->stop) {
        const char *line = client_line(w->c, 100);
        if (line)
            take_line(w, line);
        if (!w->wants || w->asked || bench_ns() < w->asked_ns + LIST_MS * MS)
            continue;
        w->wants = false;
        w->asked = true;
        w->asked_ns = bench_ns();
        client_post(w->c, "orders.list", w->list);
    }
    return NULL;
}

static void watch(struct traffic *t, int i, const char *list) {
    struct watcher *w = &t->w[i];
    w->t = t;
    w->list = list;
    w->c = client_open(t->socket);
    w->seq = door_number(client_call(w->c, "events.subscribe", "{}"), "seq");
    REQUIRE(pthread_create(&t->threads[i], NULL, run_watcher, w) == 0);
}

/* --- all ----------------------------------------------------------------- */

struct traffic *traffic_start(int port, const char *socket, const char *store,
                              int shop_rate, int our_rate) {
    struct traffic *t = NEW(struct traffic);
    t->port = port;
    t->socket = socket;
    t->store = store;
    t->shop_rate = shop_rate;
    t->our_rate = our_rate;
    t->n_known = ids_of(port, "orders", NULL, &t->known);
    t->n_orders = ids_of(port, "orders", NULL, &t->orders);
    t->n_products =
        ids_of(port, "products", "\"manage_stock\":true", &t->products);
    watch(t, 0, "{\"limit\":50}");
    watch(t, 1, "{\"filter\":\"status:processing\",\"limit\":50}");
    REQUIRE(pthread_create(&t->shop_thread, NULL, run_shop, t) == 0);
    REQUIRE(pthread_create(&t->our_thread, NULL, run_ours, t) == 0);
    return t;
}

void traffic_count(const struct traffic *t, struct traffic_count *ret) {
    *ret = (struct traffic_count){.shop = t->shop, .changes = t->changes};
    for (int i = 0; i < WATCHERS; i++) {
        ret->lists += t->w[i].lists;
        ret->events += t->w[i].events;
        ret->lost += t->w[i].lost;
    }
}

void traffic_quiet(struct traffic *t) {
    t->quiet = true;
    (void)pthread_join(t->shop_thread, NULL);
    (void)pthread_join(t->our_thread, NULL);
}

/* How many events of the feed the clients were not told. */
static int64_t lacking(struct traffic *t, int64_t last) {
    int64_t n = 0;
    for (int i = 0; i < WATCHERS; i++)
        n += last > t->w[i].seq ? last - t->w[i].seq : 0;
    return n;
}

void traffic_stop(struct traffic *t, struct traffic_count *ret) {
    struct client *c = client_open(t->socket);
    int64_t last = door_number(client_call(c, "events.subscribe", "{}"), "seq");
    for (int ms = 0; ms < END_MS && lacking(t, last) > 0; ms += 10)
        bench_sleep(10);
    client_close(c);
    traffic_count(t, ret);
    ret->lost += lacking(t, last);
    t->stop = true;
    for (int i = 0; i < WATCHERS; i++) {
        (void)pthread_join(t->threads[i], NULL);
        client_close(t->w[i].c);
    }
    free(t->orders);
    free(t->known);
    free(t->products);
    free(t);
}
