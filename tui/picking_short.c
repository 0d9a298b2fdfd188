/* Picking: a line is not there. Why and what becomes of it is chosen; that it
 * is missing and comes later, the usual, can be said at once. */
#include <stdlib.h>
#include <string.h>

#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/link.h"
#include "tui/pick.h"
#include "tui/picking.h"
#include "tui/tr.h"

struct shorting {
    struct picking *p; /* under the choices, so it is there */
    char pick[24];
    int64_t line, part;
    char what[64];
};

/* Of a wave the answer is one order's list: the whole is read again. */
static void on_short(void *arg, const struct link_reply *r) {
    struct picking *p = arg;
    if (r->result) {
        picking_say(p, ROLE_WARN, T(PICK_SHORTED), p->shorted);
        p->placed = false;
        picking_read_again(p);
    } else {
        picking_refused(p, r);
    }
}

static void send(const struct shorting *s, const char *reason,
                 const char *way) {
    AUTO_BUF struct buf b = BUF_INIT;
    (void)str_format(s->p->shorted, sizeof s->p->shorted, "%s  %s: %s", s->what,
                     tr_word("short", reason), tr_word("short", way));
    struct jsonw w;
    jsonw_init(&w, &b);
    jsonw_begin_object(&w);
    jsonw_kstring(&w, "pick", s->pick);
    jsonw_ki64(&w, "line", s->line);
    jsonw_ki64(&w, "part", s->part);
    jsonw_kstring(&w, "reason", reason);
    jsonw_kstring(&w, "way", way);
    jsonw_end_object(&w);
    int rc = link_write(app_link(s->p->base.app), "picks.short", buf_str(&b),
                        on_short, s->p);
    if (rc < 0) {
        picking_stop(s->p, T(PICK_REFUSED), text_error(tr_lang, rc));
    }
}

static void short_picked(struct app *a, void *arg, const char *value) {
    const char *way = strchr(value, ' ');
    AUTO_FREE char *reason = mem_dupn(value, way ? (size_t)(way - value) : 0);
    (void)a;
    send(arg, reason, way ? way + 1 : "");
}

static struct shorting shorting_of(struct picking *p,
                                   const struct walk_line *l) {
    struct shorting s = {.p = p, .line = l->line, .part = l->part};
    (void)str_copy(s.pick, sizeof s.pick, l->pick);
    (void)str_copy(s.what, sizeof s.what, l->sku[0] ? l->sku : l->name);
    return s;
}

void picking_ask_short(struct picking *p) {
    static const char *const ways[] = {"missing backorder",   "missing split",
                                       "damaged backorder",   "damaged split",
                                       "misplaced backorder", "misplaced split",
                                       "other backorder",     "other split"};
    AUTO_BUF struct buf title = BUF_INIT;
    if (p->box.selected >= p->n) {
        return;
    }
    const struct walk_line *l = &p->lines[p->box.selected];
    struct shorting *s = NEW(struct shorting);
    *s = shorting_of(p, l);
    TF(&title, PICK_SHORT_WHAT, "what", s->what);
    struct pick *k =
        pick_open(p->base.app, buf_str(&title), "", short_picked, free, s);
    for (size_t i = 0; k && i < sizeof ways / sizeof *ways; i++) {
        AUTO_BUF struct buf text = BUF_INIT;
        const char *way = strchr(ways[i], ' ') + 1;
        AUTO_FREE char *reason = mem_dupn(ways[i], (size_t)(way - ways[i] - 1));
        buf_addf(&text, "%s: %s", tr_word("short", reason),
                 tr_word("short", way));
        pick_add(k, ways[i], buf_str(&text));
    }
    if (k) {
        pick_ready(k);
    }
}

/* Which line it is only shows when every scan is answered. */
void picking_missing(struct picking *p) {
    if (p->waiting > 0) {
        picking_stop(p, T(PICK_REFUSED), T(CODE_SCANS_WAIT));
    } else if (p->box.selected < p->n) {
        struct shorting s = shorting_of(p, &p->lines[p->box.selected]);
        send(&s, "missing", "backorder");
    }
}
