/* Happy path: listen; the caller starts the job; each event of it redraws the
 * progress; the event of its end leads to one jobs.get.
 * Failure modes: an event that never comes (the state is asked for every two
 * seconds as well), Ctrl-C, a daemon that goes away. */
#include "tui/cli_job.h"

#include <string.h>

#include "common/check.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/utf8.h"
#include "common/when.h"

enum { ASK_EVERY_MS = 2000 };

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig) {
    (void)sig;
    interrupted = 1;
}

/* --- progress ----------------------------------------------------------- */

static int64_t number_at(const struct json *v, const char *key) {
    int64_t n = -1;
    return json_i64(json_get(v, key), false, &n) ? -1 : n;
}

static void progress_line(struct cli *c, const struct json *p,
                          struct buf *out) {
    char done[24], total[24], percent[8], rate[24], left[WHEN_TEXT];
    const char *what = json_string(json_get(p, "collection"));
    int64_t n = number_at(p, "done"), of = number_at(p, "total");
    int64_t eta = number_at(p, "eta_s"), speed = number_at(p, "rate");
    (void)str_format(done, sizeof done, "%lld", (long long)(n < 0 ? 0 : n));
    (void)str_format(total, sizeof total, "%lld", (long long)of);
    (void)str_format(percent, sizeof percent, "%d",
                     of > 0 && n <= of ? (int)((double)n * 100 / (double)of)
                                       : 100);
    (void)str_format(rate, sizeof rate, "%lld",
                     (long long)(speed < 0 ? 0 : speed));
    bool open = of < 0 || eta < 0;
    text_format(out, c->lang,
                open ? TEXT_STORE_PROGRESS_OPEN : TEXT_STORE_PROGRESS,
                "collection", what ? what : "", "percent", percent, "done",
                done, "total", total, "rate", rate, "left",
                eta < 0 ? "" : when_span(left, eta * 1000), NULL);
}

/* Of several stores the one that will take longest: the others end before. Ends
 * unknown come before ends known, work that is done comes last. */
static const struct json *slowest(const struct json *all) {
    const struct json *best = NULL;
    int64_t longest = -1;
    for (const struct json *v = json_first(all); v; v = json_next(v)) {
        const struct json *p = json_get(v, "progress");
        int64_t left = number_at(p, "eta_s"), rate = number_at(p, "rate");
        if (left < 0)
            left = rate > 0 ? INT64_MAX : 0;
        if (left > longest) {
            longest = left;
            best = v;
        }
    }
    return best;
}

void cli_job_progress(struct cli *c, const struct json *job, struct buf *out) {
    const struct json *all = json_get(job, "progress");
    const struct json *first = slowest(all);
    const char *store = json_string(json_get(first, "store"));
    if (!first)
        return;
    if (store)
        buf_addf(out, "%s: ", store);
    progress_line(c, json_get(first, "progress"), out);
    if (json_count(all) > 1)
        buf_addf(out, "  (+%zu)", json_count(all) - 1);
}

void cli_job_hop(struct cli *c, const struct json *hop, struct buf *out) {
    AUTO_BUF struct buf id = BUF_INIT;
    const char *state = json_string(json_get(hop, "state"));
    const char *name = json_string(json_get(hop, "hop"));
    const char *detail = json_string(json_get(hop, "detail"));
    const char *cure = json_string(json_get(hop, "cure"));
    int64_t ms = number_at(hop, "ms");
    buf_addf(&id, "hop.%s", state ? state : "");
    int text = text_find(buf_str(&id));
    buf_addf(out, "%-10s %-12s %s",
             text < 0 ? "?" : text_get(c->lang, (enum text_id)text),
             name ? name : "", detail ? detail : "");
    if (ms > 0)
        buf_addf(out, " (%lld ms)", (long long)ms);
    if (cure)
        buf_addf(out, "\n%24s%s", "", cure);
}

/* What stands on stderr while waiting. */
struct board {
    bool on;     /* a person watches */
    size_t hops; /* printed so far */
    bool drawn;  /* a progress line stands there */
};

static void board_clear(struct cli *c, struct board *b) {
    if (b->drawn)
        (void)fputs("\r\033[K", c->io.err);
    b->drawn = false;
}

static void put_safe(FILE *out, const char *s, size_t n) {
    AUTO_BUF struct buf safe = BUF_INIT;
    utf8_safe(&safe, s, n);
    (void)fputs(buf_str(&safe), out);
}

static void new_hops(struct cli *c, struct board *b, const struct json *job) {
    size_t at = 0;
    for (const struct json *hop = json_first(json_get(job, "steps")); hop;
         hop = json_next(hop)) {
        AUTO_BUF struct buf line = BUF_INIT;
        if (at++ < b->hops)
            continue;
        cli_job_hop(c, hop, &line);
        for (const char *s = buf_str(&line); s;) {
            size_t n = strcspn(s, "\n");
            put_safe(c->io.err, s, n);
            (void)fputc('\n', c->io.err);
            s = s[n] ? s + n + 1 : NULL;
        }
        b->hops = at;
    }
}

static void board_draw(struct cli *c, struct board *b, const struct json *job) {
    AUTO_BUF struct buf line = BUF_INIT;
    size_t cells;
    if (!b->on || !job)
        return;
    board_clear(c, b);
    new_hops(c, b, job);
    cli_job_progress(c, job, &line);
    size_t width = c->io.width > 1 ? (size_t)c->io.width - 1 : 79;
    put_safe(c->io.err, buf_str(&line),
             utf8_fit(buf_str(&line), width, &cells));
    b->drawn = line.len > 0;
    (void)fflush(c->io.err);
}

/* --- waiting ------------------------------------------------------------ */

int cli_job_listen(struct cli *c) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    return cli_ask(c, "events.subscribe", "{\"topics\":[\"job\"]}", &r);
}

static int get_job(struct cli *c, const char *id, struct rpc_reply *ret) {
    AUTO_FREE char *params = mem_printf("{\"id\":\"%s\"}", id);
    return cli_ask(c, "jobs.get", params, ret);
}

static bool ended(const struct json *job) {
    const char *state = json_string(json_get(job, "state"));
    return str_eq(state, "done") || str_eq(state, "failed") ||
           str_eq(state, "cancelled");
}

static int stop(struct cli *c, const char *id, bool cancel) {
    AUTO_FREE char *params =
        mem_printf("{\"id\":\"%s\",\"request_id\":\"cancel-%s\"}", id, id);
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    if (cancel && cli_ask(c, "jobs.cancel", params, &r) == 0)
        return CLI_FAIL(c, ERR_CANCELLED, TEXT_CLI_JOB_CANCELLED);
    return CLI_FAIL(c, ERR_CANCELLED, TEXT_CLI_JOB_LEFT, "id", id);
}

/* Until an event says the job ended, two seconds pass, or Ctrl-C. */
static int listen_on(struct cli *c, const char *id, const sigset_t *mask,
                     struct board *b) {
    CLEANUP(rpc_event_done) struct rpc_event ev = {0};
    struct error e = {0};
    int rc;
    while ((rc = rpc_client_event(c->client, ASK_EVERY_MS, mask, &ev, &e)) >
           0) {
        const struct json *job = json_get(ev.params, "data");
        if (!str_eq(json_string(json_get(job, "id")), id))
            continue;
        board_draw(c, b, job);
        if (ended(job))
            return 0;
    }
    if (rc == ERR_CANCELLED && !interrupted)
        return 0; /* some other signal, as a resize */
    return rc < 0 && rc != ERR_CANCELLED ? cli_fail_reply(c, rc, NULL, &e) : rc;
}

static int wait_loop(struct cli *c, const char *id, bool cancel,
                     const sigset_t *mask, struct rpc_reply *ret) {
    struct board b = {.on = c->io.err_tty};
    for (;;) {
        int rc = get_job(c, id, ret);
        if (rc)
            return rc;
        board_draw(c, &b, ret->result);
        bool end = ended(ret->result);
        if (!end)
            rc = listen_on(c, id, mask, &b);
        if (end || rc)
            board_clear(c, &b);
        if (rc == ERR_CANCELLED)
            return stop(c, id, cancel);
        if (end || rc)
            return rc;
    }
}

int cli_job_wait(struct cli *c, const char *id, bool cancel,
                 struct rpc_reply *ret) {
    struct sigaction act = {.sa_handler = on_interrupt}, old;
    sigset_t block, mask;
    REQUIRE(sigemptyset(&block) == 0 && sigaddset(&block, SIGINT) == 0);
    interrupted = 0;
    /* Blocked but for the waits themselves, so that none is missed between. */
    REQUIRE(sigaction(SIGINT, &act, &old) == 0);
    REQUIRE(sigprocmask(SIG_BLOCK, &block, &mask) == 0);
    int rc = wait_loop(c, id, cancel, &mask, ret);
    REQUIRE(sigprocmask(SIG_SETMASK, &mask, NULL) == 0);
    REQUIRE(sigaction(SIGINT, &old, NULL) == 0);
    return rc;
}
