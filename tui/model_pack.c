#include "tui/model_pack.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/err.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/money.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/screen.h"

/* --- the packing table -------------------------------------------------- */

static int64_t e3(const struct json *v, const char *key) {
    int64_t n = 0;
    (void)json_decimal(json_get(v, key), QTY_SCALE, &n);
    return n;
}

static void read_line(struct pack_line *l, const struct json *v) {
    l->line = model_int(v, "line", 0);
    l->part = model_int(v, "part", 0);
    model_text(l->sku, sizeof l->sku, v, "sku");
    model_text(l->name, sizeof l->name, v, "name");
    model_text(l->bin, sizeof l->bin, v, "bin");
    model_text(l->want, sizeof l->want, v, "want");
    model_text(l->packed, sizeof l->packed, v, "packed");
    model_text(l->missing, sizeof l->missing, v, "short");
    if (str_eq(l->missing, "0")) {
        l->missing[0] = '\0';
    }
    model_text(l->bundle, sizeof l->bundle, v, "bundle");
    l->optional = model_flag(v, "optional");
    l->done = e3(v, "packed") + e3(v, "short") >= e3(v, "want");
}

static void read_stop(struct pack_state *s, const struct json *v) {
    model_text(s->stop, sizeof s->stop, v, "stop.text");
    s->dead = *model_str(v, "stop.why") != '\0';
}

static void read_parcels(struct pack_state *s, const struct json *v) {
    AUTO_BUF struct buf b = BUF_INIT;
    s->n_parcels = 0;
    for (const struct json *p = json_first(v); p; p = json_next(p)) {
        s->n_parcels++;
        buf_addf(&b, "%s%s (%s)", b.len ? "  " : "", model_str(p, "id"),
                 model_str(p, "pieces"));
    }
    (void)str_copy(s->parcels, sizeof s->parcels, buf_str(&b));
}

void pack_state_read(struct pack_state *s, const struct json *v) {
    const struct json *lines = json_get(v, "lines");
    model_text(s->ref, sizeof s->ref, v, "ref");
    model_text(s->work, sizeof s->work, v, "work");
    model_text(s->state, sizeof s->state, v, "state");
    model_text(s->by, sizeof s->by, v, "by");
    model_text(s->status, sizeof s->status, v, "status");
    model_text(s->open, sizeof s->open, v, "open");
    model_text(s->left, sizeof s->left, v, "left");
    read_stop(s, v);
    read_parcels(s, json_get(v, "parcels"));
    free(s->lines);
    s->n = 0;
    s->lines = mem_zalloc(json_count(lines) + 1, sizeof *s->lines);
    for (const struct json *l = json_first(lines); l; l = json_next(l)) {
        read_line(&s->lines[s->n++], l);
    }
}

void pack_state_done(struct pack_state *s) {
    free(s->lines);
    s->lines = NULL;
    s->n = 0;
}

int pack_state_scan(struct pack_state *s, const struct json *v) {
    struct pack_line l = {0};
    model_text(s->open, sizeof s->open, v, "open");
    model_text(s->left, sizeof s->left, v, "left");
    read_stop(s, v);
    read_line(&l, json_get(v, "line"));
    for (int i = 0; l.line && i < s->n; i++) {
        if (s->lines[i].line == l.line && s->lines[i].part == l.part) {
            s->lines[i] = l;
            return i;
        }
    }
    return -1;
}

int pack_state_next(const struct pack_state *s) {
    for (int i = 0; i < s->n; i++) {
        if (!s->lines[i].done) {
            return i;
        }
    }
    return -1;
}

/* --- parcels ------------------------------------------------------------- */

#define TEXT(field, key) model_text(r->field, sizeof r->field, v, key)

int shipment_row_read(const struct json *v, void *row) {
    struct shipment_row *r = row;
    TEXT(id, "id");
    TEXT(ref, "ref");
    TEXT(store, "store");
    TEXT(state, "state");
    TEXT(carrier, "carrier");
    TEXT(service, "service");
    TEXT(tracking, "tracking");
    TEXT(url, "url");
    TEXT(pieces, "pieces");
    TEXT(told, "told");
    r->weight = model_int(v, "weight", 0);
    r->length = model_int(v, "length", 0);
    r->width = model_int(v, "width", 0);
    r->height = model_int(v, "height", 0);
    r->changed_ms = model_time(v, "changed");
    r->shipped_ms = model_time(v, "shipped");
    return r->id[0] ? 0 : ERR_INVALID;
}

const char *shipment_row_key(const void *row) {
    return ((const struct shipment_row *)row)->id;
}

int shipment_state_role(const char *state) {
    return str_eq(state, "exception")   ? ROLE_BAD
           : str_eq(state, "delivered") ? ROLE_GOOD
           : str_eq(state, "void")      ? ROLE_DIM
                                        : ROLE_NORMAL;
}

bool shipment_waits(const char *state) {
    return str_eq(state, "created") || str_eq(state, "label");
}
