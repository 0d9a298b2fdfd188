/* `fulexo monitor`: figures of the daemon, drawn again every two seconds. */
#include <time.h>

#include "common/str.h"
#include "common/when.h"
#include "tui/cli.h"
#include "tui/cli_help.h"
#include "tui/cli_print.h"

enum { EVERY_S = 2 };

static int64_t at(const struct json *v, const char *path) {
    int64_t n = 0;
    return json_i64(json_path(v, path), false, &n) ? 0 : n;
}

/* 41943040 -> "40.0 MB" */
static void size_text(char dst[32], int64_t bytes) {
    static const char *const unit[] = {"B", "kB", "MB", "GB", "TB"};
    int64_t tenths = bytes < INT64_MAX / 10 ? bytes * 10 : bytes;
    size_t i = 0;
    for (; tenths >= 10240 && i < 4; i++)
        tenths /= 1024;
    (void)str_format(dst, 32, "%lld.%lld %s", (long long)(tenths / 10),
                     (long long)(tenths % 10), unit[i]);
}

static void figures(struct cli *c, const struct json *v) {
    char up[WHEN_TEXT], rss[32], db[32], wal[32], left[32];
    const char *version = json_string(json_get(v, "version"));
    size_text(rss, at(v, "rss"));
    size_text(db, at(v, "db.bytes"));
    size_text(wal, at(v, "db.wal_bytes"));
    size_text(left, at(v, "db.free_bytes"));
    (void)fprintf(
        c->io.out,
        "fulexod %s  up %s  memory %s  cpu %lld.%lld s  clients "
        "%lld\n",
        version ? version : "?", when_span(up, at(v, "uptime_s") * 1000), rss,
        (long long)(at(v, "cpu_ms") / 1000),
        (long long)(at(v, "cpu_ms") % 1000 / 100), (long long)at(v, "clients"));
    (void)fprintf(c->io.out,
                  "database %s  wal %s  free %s  queue %lld  readers busy "
                  "%lld\n\n",
                  db, wal, left, (long long)at(v, "db.queue"),
                  (long long)at(v, "db.readers_busy"));
}

static int draw(struct cli *c) {
    CLEANUP(rpc_reply_done) struct rpc_reply r = {0};
    int rc = cli_ask(c, "monitor.get", NULL, &r);
    if (rc)
        return rc;
    if (c->o.json) {
        cli_print_json(c, r.text.data, r.text.len);
        return 0;
    }
    if (c->o.csv) {
        cli_print_object(c, r.result);
        return 0;
    }
    if (c->io.out_tty && !c->o.once)
        (void)fputs("\033[H\033[2J", c->io.out);
    figures(c, r.result);
    cli_print_rows(c, json_get(r.result, "stores"),
                   "name,state,fresh,next_run,queue,in_flight,limit,rate,"
                   "latency_ms,used,per_hour,errors,last_error");
    return 0;
}

int cli_monitor(struct cli *c, int argc, char **argv) {
    int rc = cli_plain_words(c, argc, argv, 0);
    if (rc)
        return rc;
    if (c->o.help) {
        cli_help_program(c, c->io.out);
        return 0;
    }
    for (;;) {
        rc = draw(c);
        if (rc || c->o.once || !c->io.out_tty || fflush(c->io.out))
            return rc;
        struct timespec pause = {.tv_sec = EVERY_S};
        (void)nanosleep(&pause, NULL); /* a resize only redraws sooner */
    }
}
