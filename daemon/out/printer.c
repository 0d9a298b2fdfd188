#include "out/printer.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/mem.h"
#include "common/str.h"
#include "out/child.h"
#include "out/raw.h"

enum {
    PRINTERS_MAX = 64,
    LP_LIMIT_MS = 30000,
    LP_OUT = 4096, /* it says "request id is office-12 (1 file(s))" */
};

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789_.-";

/* A queue stands alone in lp's arguments: it cannot be an option. */
static int take_queue(struct printer *p, const char *s) {
    if (*s == '-' || strspn(s, letters) != strlen(s) || !*s ||
        strlen(s) >= sizeof p->where)
        return ERR_INVALID;
    p->way = PRINTER_CUPS;
    (void)str_copy(p->where, sizeof p->where, s);
    return 0;
}

/* HOST:PORT, [ADDRESS]:PORT. */
static int take_host(struct printer *p, const char *s) {
    const char *colon = strrchr(s, ':');
    int64_t port;
    if (!colon || str_to_i64(colon + 1, 1, 65535, &port) < 0)
        return ERR_INVALID;
    size_t n = (size_t)(colon - s);
    if (n >= 2 && s[0] == '[' && s[n - 1] == ']') {
        s++;
        n -= 2;
    }
    if (n == 0 || n >= sizeof p->where)
        return ERR_INVALID;
    p->way = PRINTER_RAW;
    memcpy(p->where, s, n);
    p->where[n] = '\0';
    return str_format(p->port, sizeof p->port, "%d", (int)port);
}

static int take(struct printer *p, char *text) {
    char *eq = strchr(text, '=');
    if (!eq)
        return ERR_INVALID;
    *eq++ = '\0';
    if (!str_is_store_name(text)) /* as a store: it is typed */
        return ERR_INVALID;
    (void)str_copy(p->name, sizeof p->name, text);
    if (str_starts(eq, "cups:"))
        return take_queue(p, eq + 5);
    return str_starts(eq, "raw:") ? take_host(p, eq + 4) : ERR_INVALID;
}

int printers_parse(const char *text, struct printers **ret, struct error *e) {
    struct printers *all = NEW(struct printers);
    static const char blanks[] = " \t\n,";
    const char *at = text ? text : "";
    all->items = mem_alloc(PRINTERS_MAX * sizeof *all->items);
    for (at += strspn(at, blanks); *at; at += strspn(at, blanks)) {
        AUTO_FREE char *word = mem_dupn(at, strcspn(at, blanks));
        at += strcspn(at, blanks);
        struct printer p = {0};
        bool full = all->n == PRINTERS_MAX;
        if (full || take(&p, word) < 0 || printers_find(all, p.name)) {
            printers_free(all);
            return error_set(e, ERR_CONFIG, "documents.printers",
                             "%.60s: NAME=cups:QUEUE or NAME=raw:HOST:PORT, "
                             "each name once, at most 64",
                             word);
        }
        all->items[all->n++] = p;
    }
    *ret = all;
    return 0;
}

void printers_free(struct printers *p) {
    if (p)
        free(p->items);
    free(p);
}

const struct printer *printers_find(const struct printers *p,
                                    const char *name) {
    for (size_t i = 0; p && i < p->n; i++)
        if (str_eq(p->items[i].name, name))
            return &p->items[i];
    return NULL;
}

/* --- sending -------------------------------------------------------------- */

struct sending {
    struct printer to;
    printer_done *done;
    void *arg;
};

static void end(struct sending *s, int status, const struct error *e,
                const char *said) {
    s->done(s->arg, status, e, said);
    free(s);
}

static void on_lp(void *arg, int status, const struct child_end *r) {
    struct sending *s = arg;
    struct error e = {0};
    if (status == ERR_NOT_FOUND)
        status = error_set(&e, ERR_IO, "printer",
                           "lp is not there: install cups-client");
    else if (status == ERR_TIMEOUT)
        (void)error_set(&e, status, "printer", "CUPS did not take it in time");
    else if (status == ERR_CANCELLED)
        status = error_set(&e, ERR_BUSY, "", "the daemon is stopping");
    else if (status < 0)
        (void)error_set(&e, status, "printer", "CUPS refused it: %s", r->said);
    size_t n = strcspn(r->out, "\n");
    AUTO_FREE char *line = mem_dupn(r->out, n);
    end(s, status, &e, line);
}

static void on_raw(void *arg, int status, const char *why) {
    struct sending *s = arg;
    struct error e = {0};
    if (status < 0)
        (void)error_set(&e, status, "printer", "%s:%s: %s", s->to.where,
                        s->to.port, why);
    end(s, status, &e, "");
}

static int send_lp(struct sending *s, struct children *c, const char *title,
                   const void *data, size_t n) {
    const char *const argv[] = {"lp",  "-d", s->to.where, "-t",
                                title, "--", "-",         NULL};
    const struct child_order o = {.argv = argv,
                                  .input = data,
                                  .n = n,
                                  .out_max = LP_OUT,
                                  .limit_ms = LP_LIMIT_MS};
    return child_run(c, &o, on_lp, s);
}

int printer_send(const struct printer *p, struct uv_loop_s *loop,
                 struct children *c, const char *title, const void *data,
                 size_t n, printer_done *done, void *arg) {
    struct sending *s = NEW(struct sending);
    *s = (struct sending){.to = *p, .done = done, .arg = arg};
    int rc = p->way == PRINTER_CUPS
                 ? send_lp(s, c, title, data, n)
                 : raw_send(loop, p->where, p->port, data, n, on_raw, s);
    if (rc < 0)
        free(s);
    return rc;
}
