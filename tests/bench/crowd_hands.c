/* Pickers and packers: they take from the same queue, and what one has in hand
 * must never be another's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "common/buf.h"
#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "crowd.h"

enum { TOGETHER = 4 /* orders of a wave */, LINES_MAX = 64, REF = 80 };

static int step(enum crowd_step s) {
    return crowd_n_probes + (int)s;
}

/* --- who has what ----------------------------------------------------------
 */

static void hold(struct person *p, const char *ref) {
    struct crowd *c = p->crowd;
    size_t n = strlen(ref);
    (void)pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->n_held; i++)
        if (strncmp(c->held[i], ref, n) == 0 && c->held[i][n] == ' ') {
            c->taken++;
            (void)fprintf(stderr, "bench: %s got %s\n", p->name, c->held[i]);
        }
    c->held = mem_resize(c->held, c->n_held + 1, sizeof *c->held);
    c->held[c->n_held++] = mem_printf("%s %s", ref, p->name);
    (void)pthread_mutex_unlock(&c->lock);
}

static void let_go(struct person *p, const char *ref) {
    struct crowd *c = p->crowd;
    size_t n = strlen(ref);
    (void)pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->n_held; i++)
        if (strncmp(c->held[i], ref, n) == 0 && c->held[i][n] == ' ' &&
            str_eq(c->held[i] + n + 1, p->name)) {
            free(c->held[i]);
            c->held[i] = c->held[--c->n_held];
            break;
        }
    (void)pthread_mutex_unlock(&c->lock);
}

static void count(struct person *p, int *what) {
    (void)pthread_mutex_lock(&p->crowd->lock);
    (*what)++;
    (void)pthread_mutex_unlock(&p->crowd->lock);
}

/* "p1 (uid 0)" is p1, by who acts as p1. */
static bool is_mine(const struct person *p, const char *who) {
    return str_starts(who, p->name) && who[strlen(p->name)] == ' ';
}

/* --- the queue -------------------------------------------------------------
 */

/* Up to n different orders of an answer, at random; all look at the same
 * page. */
static int choose(struct person *p, const struct json *answer, int n,
                  char refs[][REF]) {
    const struct json *items = json_get(answer, "items");
    size_t all = json_count(items);
    int found = 0;
    for (int try = 0; all > 0 && try < 4 * n && found < n; try++) {
        size_t at = (size_t)gen_below(&p->gen, all);
        const struct json *v = json_first(items);
        while (at-- > 0)
            v = json_next(v);
        (void)snprintf(refs[found], REF, "%s", person_text(v, "ref"));
        bool twice = false;
        for (int i = 0; i < found; i++)
            twice |= str_eq(refs[i], refs[found]);
        found += !twice;
    }
    return found;
}

/* --- picking ---------------------------------------------------------------
 */

struct goods {
    char code[40];
    int pieces;
};

/* What there is to scan: the answer goes with the next call. */
static int goods_of(const struct json *answer, const char *wanted,
                    struct goods *to) {
    int n = 0;
    for (const struct json *l = json_first(json_get(answer, "lines"));
         l && n < LINES_MAX; l = json_next(l)) {
        (void)snprintf(to[n].code, sizeof to[n].code, "%s",
                       person_text(l, "sku"));
        to[n++].pieces = (int)bench_number(person_text(l, wanted), 0, 1000000);
    }
    return n;
}

static void scan_all(struct person *p, const char *pick, const struct goods *g,
                     int n) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < g[i].pieces; k++) {
            AUTO_FREE char *params = mem_printf(
                "{\"pick\":\"%s\",\"code\":\"%s\",\"request_id\":\"#\"}", pick,
                g[i].code);
            const struct json *v =
                person_call(p, step(STEP_SCAN), "picks.scan", params);
            if (!v || !str_eq(person_text(v, "verdict"), "ok"))
                bench_die("%s scanned %s for %s: %s", p->name, g[i].code, pick,
                          v ? person_text(v, "verdict") : "refused");
        }
}

static const struct json *begin(struct person *p, char refs[][REF], int n) {
    AUTO_BUF struct buf b = BUF_INIT;
    buf_adds(&b, "{\"orders\":[");
    for (int i = 0; i < n; i++)
        buf_addf(&b, "%s\"%s\"", i ? "," : "", refs[i]);
    buf_adds(&b, "],\"request_id\":\"#\"}");
    return person_call(p, step(STEP_BEGIN), "picks.begin", buf_str(&b));
}

void hands_pick(struct person *p) {
    char refs[TOGETHER][REF], pick[24];
    struct goods g[LINES_MAX];
    int wanted = gen_below(&p->gen, 5) == 0 ? TOGETHER : 1;
    const struct json *v = person_call(
        p, step(STEP_QUEUE), "orders.list",
        "{\"filter\":\"status:processing hold:none\",\"limit\":50}");
    int n = choose(p, v, wanted, refs);
    if (n == 0)
        bench_die("the queue is empty");
    v = begin(p, refs, n);
    if (!v) {
        count(p, &p->crowd->refused);
        return;
    }
    for (int i = 0; i < n; i++)
        hold(p, refs[i]);
    if (!is_mine(p, person_text(v, "who")))
        bench_die("%s began for %s", p->name, person_text(v, "who"));
    (void)snprintf(pick, sizeof pick, "%s", person_text(v, "id"));
    int lines = goods_of(v, "quantity", g);
    scan_all(p, pick, g, lines);
    /* before the answer: the next may have it as soon as it is committed */
    for (int i = 0; i < n; i++)
        let_go(p, refs[i]);
    AUTO_FREE char *params =
        mem_printf("{\"pick\":\"%s\",\"request_id\":\"#\"}", pick);
    if (!person_call(p, step(STEP_FINISH), "picks.finish", params))
        bench_die("%s cannot finish %s", p->name, pick);
    for (int i = 0; i < n; i++)
        count(p, &p->crowd->picked);
}

/* --- packing ---------------------------------------------------------------
 */

void hands_pack(struct person *p) {
    char refs[1][REF];
    struct goods g[LINES_MAX];
    const struct json *v = person_call(p, step(STEP_READY), "picks.list",
                                       "{\"state\":\"picked\",\"limit\":50}");
    if (choose(p, v, 1, refs) == 0)
        return;
    AUTO_FREE char *params =
        mem_printf("{\"ref\":\"%s\",\"request_id\":\"#\"}", refs[0]);
    v = person_call(p, step(STEP_PACK_BEGIN), "packs.begin", params);
    if (!v) {
        count(p, &p->crowd->refused);
        return;
    }
    if (!is_mine(p, person_text(v, "by")))
        bench_die("%s packs what is %s's", p->name, person_text(v, "by"));
    hold(p, refs[0]);
    int n = goods_of(v, "want", g);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < g[i].pieces; k++) {
            AUTO_FREE char *code = mem_printf(
                "{\"ref\":\"%s\",\"code\":\"%s\",\"request_id\":\"#\"}",
                refs[0], g[i].code);
            if (!person_call(p, step(STEP_PACK_SCAN), "packs.scan", code))
                bench_die("%s cannot pack %s", p->name, refs[0]);
        }
    let_go(p, refs[0]);
    if (!person_call(p, step(STEP_PACK_FINISH), "packs.finish", params))
        bench_die("%s cannot finish %s", p->name, refs[0]);
    count(p, &p->crowd->packed);
}
