#include "tui/pack_acts.h"

#include <string.h>

#include "common/json.h"
#include "common/jsonw.h"
#include "common/mem.h"
#include "common/str.h"
#include "tui/edit.h"
#include "tui/link.h"
#include "tui/model.h"
#include "tui/model_pack.h"
#include "tui/pick.h"
#include "tui/tr.h"
#include "tui/views.h"

/* --- short ---------------------------------------------------------------- */

struct shorting {
    char ref[REF_TEXT];
    int64_t line, part;
    void (*done)(void *arg, const char *params);
    void *arg;
};

static const struct {
    const char *value, *reason, *way;
    enum text_id text;
} shorts[] = {
    {"missing", "missing", "backorder", TEXT_PACK_SHORT_MISSING},
    {"damaged", "damaged", "backorder", TEXT_PACK_SHORT_DAMAGED},
    {"misplaced", "misplaced", "backorder", TEXT_PACK_SHORT_MISPLACED},
    {"split", "other", "split", TEXT_PACK_SHORT_SPLIT},
    {"found", "other", "backorder", TEXT_PACK_SHORT_FOUND},
};

static void short_done(struct app *a, void *arg, const char *value) {
    const struct shorting *s = arg;
    (void)a;
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++) {
        AUTO_BUF struct buf b = BUF_INIT;
        struct jsonw w;
        if (!str_eq(shorts[i].value, value)) {
            continue;
        }
        jsonw_init(&w, &b);
        jsonw_begin_object(&w);
        jsonw_kstring(&w, "ref", s->ref);
        jsonw_ki64(&w, "line", s->line);
        jsonw_ki64(&w, "part", s->part);
        jsonw_kstring(&w, "reason", shorts[i].reason);
        jsonw_kstring(&w, "way", shorts[i].way);
        if (str_eq(value, "found")) {
            jsonw_kstring(&w, "quantity", "0");
        }
        jsonw_end_object(&w);
        s->done(s->arg, buf_str(&b));
    }
}

static struct shorting shorting_of(const char *ref, const struct pack_line *l,
                                   void (*done)(void *arg, const char *params),
                                   void *arg) {
    struct shorting s = {
        .line = l->line, .part = l->part, .done = done, .arg = arg};
    (void)str_copy(s.ref, sizeof s.ref, ref);
    return s;
}

void pack_acts_missing(struct app *a, const char *ref,
                       const struct pack_line *l,
                       void (*done)(void *arg, const char *params), void *arg) {
    struct shorting s = shorting_of(ref, l, done, arg);
    short_done(a, &s, "missing");
}

void pack_acts_short(struct app *a, const char *ref, const struct pack_line *l,
                     void (*done)(void *arg, const char *params), void *arg) {
    AUTO_BUF struct buf question = BUF_INIT;
    struct shorting *s = NEW(struct shorting);
    *s = shorting_of(ref, l, done, arg);
    TF(&question, PACK_SHORT_WHY, "what", l->sku[0] ? l->sku : l->name);
    struct pick *p = pick_open(a, T(PACK_SHORT_TITLE), buf_str(&question),
                               short_done, free, s);
    for (size_t i = 0; p && i < sizeof shorts / sizeof *shorts; i++) {
        if (str_eq(shorts[i].value, "found") == (l->missing[0] != '\0') ||
            !str_eq(shorts[i].value, "found")) {
            pick_add(p, shorts[i].value, text_get(tr_lang, shorts[i].text));
        }
    }
    if (p) {
        pick_ready(p);
    }
}

/* --- ship -------------------------------------------------------------- */

static const struct {
    const char *name;
    enum text_id label;
    bool number;
} facts[] = {
    {"carrier", TEXT_FORM_CARRIER, false},
    {"service", TEXT_FORM_SERVICE, false},
    {"tracking", TEXT_COL_TRACKING, false},
    {"weight", TEXT_FORM_WEIGHT_G, true},
    {"length", TEXT_FORM_LENGTH_MM, true},
    {"width", TEXT_FORM_WIDTH_MM, true},
    {"height", TEXT_FORM_HEIGHT_MM, true},
};
enum { FACTS = sizeof facts / sizeof *facts, FACTS_FEW = 3 };

/* With many parcels the sizes would not fit into a form: they are written down
 * on the parcel's own page. */
static void ship_fields(struct edit *e, const struct json *order) {
    const struct json *p = json_first(json_get(order, "parcels"));
    size_t waiting = 0;
    for (; p; p = json_next(p)) {
        waiting += shipment_waits(model_str(p, "state"));
    }
    size_t n = waiting * FACTS > FORM_FIELDS ? FACTS_FEW : FACTS;
    for (p = json_first(json_get(order, "parcels")); p; p = json_next(p)) {
        const char *id = model_str(p, "id");
        for (size_t i = 0; i < n && shipment_waits(model_str(p, "state"));
             i++) {
            AUTO_FREE char *path = mem_printf("%s %s", id, facts[i].name);
            AUTO_FREE char *title =
                mem_printf("%s %s", id, text_get(tr_lang, facts[i].label));
            const struct json *v = json_get(p, facts[i].name);
            bool none = facts[i].number && model_int(p, facts[i].name, 0) == 0;
            edit_add(e, path, title, facts[i].number ? FORM_NUMBER : FORM_TEXT,
                     none ? NULL : v);
        }
    }
}

static void write_fact(struct jsonw *w, const char *name, const char *value) {
    int64_t n;
    for (size_t i = 0; i < FACTS; i++) {
        if (!str_eq(facts[i].name, name)) {
            continue;
        }
        if (!facts[i].number) {
            jsonw_kstring(w, name, value);
        } else if (str_to_i64(value, 0, INT32_MAX, &n) == 0) {
            jsonw_ki64(w, name, n);
        }
    }
}

static int write_parcels(struct edit *e, struct jsonw *w) {
    char open[24] = "";
    jsonw_key(w, "parcels");
    jsonw_begin_array(w);
    for (int i = 0; i < edit_count(e); i++) {
        const char *path = edit_path(e, i);
        size_t n = strcspn(path, " ");
        if (strlen(open) != n || strncmp(open, path, n) != 0) {
            if (open[0]) {
                jsonw_end_object(w);
            }
            (void)str_format(open, sizeof open, "%.*s", (int)n, path);
            jsonw_begin_object(w);
            jsonw_kstring(w, "id", open);
        }
        write_fact(w, path + n + 1, edit_at(e, i));
    }
    if (open[0]) {
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
    return 0;
}

static void ship_made(struct app *a, const struct json *result,
                      const char *ref) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[24];
    (void)str_format(n, sizeof n, "%lld",
                     (long long)model_int(result, "shipped", 0));
    TF(&b, SHIP_SHIPPED, "n", n, "ref", ref);
    if (model_flag(result, "completed")) {
        buf_addf(&b, " %s", T(SHIP_COMPLETES));
    }
    app_say(a, ROLE_GOOD, "%s", buf_str(&b));
}

static void ship_form(struct app *a, const char *ref) {
    static const struct edit_def def = {.title = TEXT_EDIT_SHIP,
                                        .get = "shipments.order",
                                        .method = "shipments.ship",
                                        .param = "ref",
                                        .note = TEXT_EDIT_SHIP_NOTE,
                                        .as_is = true,
                                        .prepare = ship_fields,
                                        .more = write_parcels,
                                        .made = ship_made};
    edit_open(a, &def, ref);
}

static bool any_waits(const struct json *order) {
    const struct json *p = json_first(json_get(order, "parcels"));
    for (; p; p = json_next(p)) {
        if (shipment_waits(model_str(p, "state"))) {
            return true;
        }
    }
    return false;
}

static void on_order(void *arg, const struct link_reply *r) {
    struct app *a = arg;
    if (!r->result) {
        app_say_error(a, r);
    } else if (!any_waits(r->result)) {
        app_say(a, ROLE_WARN, "%s", T(SHIP_NOTHING));
    } else if (*model_str(r->result, "why")) {
        app_say(a, ROLE_BAD, "%s", model_str(r->result, "why"));
    } else {
        ship_form(a, model_str(r->result, "ref"));
    }
}

void pack_acts_ship(struct app *a, const char *ref) {
    view_ask_ref(a, "shipments.order", ref, on_order, a);
}
