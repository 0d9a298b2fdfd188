#include "rpc/pack_view.h"

#include <string.h>

#include "common/buf.h"
#include "common/money.h"
#include "common/ref.h"
#include "common/said.h"
#include "common/str.h"
#include "common/text.h"
#include "common/when.h"

static void write_ref(struct jsonw *w, const struct pack *p) {
    char text[REF_TEXT];
    struct ref ref = {.kind = REF_OBJECT, .id = p->w.remote_id};
    (void)str_copy(ref.store, sizeof ref.store, p->w.store);
    jsonw_kstring(w, "ref", ref_format(text, &ref));
}

static void write_line(struct jsonw *w, const struct work_line *l,
                       int64_t here_e3) {
    jsonw_begin_object(w);
    jsonw_ki64(w, "line", l->line_id);
    jsonw_ki64(w, "part", l->part);
    jsonw_kstring(w, "sku", l->sku);
    jsonw_kstring(w, "name", l->name);
    jsonw_kstring(w, "bin", l->bin);
    jsonw_kstring(w, "bundle", l->bundle);
    jsonw_kbool(w, "optional", l->optional);
    jsonw_kqty(w, "want", l->want_e3);
    jsonw_kqty(w, "picked", l->picked_e3);
    jsonw_kqty(w, "packed", l->packed_e3);
    jsonw_kqty(w, "short", l->short_e3);
    jsonw_kstring(w, "short_reason", l->short_reason);
    jsonw_kstring(w, "short_way", l->short_way);
    jsonw_kqty(w, "here", here_e3);
    jsonw_end_object(w);
}

static void write_open(struct jsonw *w, const struct pack *p) {
    char name[PARCEL_TEXT];
    jsonw_kstring(w, "open",
                  p->parcel_id ? parcel_format(name, p->parcel_id) : NULL);
    jsonw_kqty(w, "left", pack_left(p));
}

/* --- the stop ----------------------------------------------------------- */

static enum text_id part_text(enum work_part part) {
    return part == WORK_STATUS    ? TEXT_PACK_PART_STATUS
           : part == WORK_ADDRESS ? TEXT_PACK_PART_ADDRESS
                                  : TEXT_PACK_PART_LINES;
}

static void say_parts(const struct rpc_call *call, const struct pack *p,
                      struct buf *out) {
    for (int i = 0; i < WORK_PARTS; i++)
        if (p->stop & 1U << i)
            buf_addf(
                out, "%s%s", out->len ? ", " : "",
                text_get(call->lang, part_text((enum work_part)(1U << i))));
}

void pack_view_not_to_ship(const struct rpc_call *call, const char *why,
                           struct buf *out) {
    AUTO_BUF struct buf words = BUF_INIT;
    said_words(&words, call->lang, why);
    text_format(out, call->lang, TEXT_PACK_NOT_TO_SHIP, "why", buf_str(&words),
                NULL);
}

void pack_view_why(const struct rpc_call *call, const struct pack *p,
                   int64_t now_ms, struct buf *out) {
    AUTO_BUF struct buf parts = BUF_INIT;
    char age[WHEN_TEXT];
    say_parts(call, p, &parts);
    if (p->stop)
        text_format(out, call->lang, TEXT_PACK_CHANGED, "age",
                    when_age(age, now_ms - p->stop_ms), "parts",
                    buf_str(&parts), NULL);
    if (p->why[0]) {
        buf_adds(out, out->len ? " " : "");
        pack_view_not_to_ship(call, p->why, out);
    }
}

static void write_stop(const struct rpc_call *call, const struct pack *p,
                       int64_t now_ms, struct jsonw *w) {
    AUTO_BUF struct buf text = BUF_INIT;
    jsonw_key(w, "stop");
    if (!pack_stopped(p)) {
        jsonw_null(w);
        return;
    }
    pack_view_why(call, p, now_ms, &text);
    jsonw_begin_object(w);
    jsonw_key(w, "parts");
    jsonw_begin_array(w);
    for (int i = 0; i < WORK_PARTS; i++)
        if (p->stop & 1U << i)
            jsonw_string(w, work_part_name((enum work_part)(1U << i)));
    jsonw_end_array(w);
    jsonw_ksaid(w, "why", call->lang, p->why);
    jsonw_ktime(w, "at", p->stop_ms);
    jsonw_kstring(w, "text", buf_str(&text));
    jsonw_end_object(w);
}

/* --- all of it ------------------------------------------------------------ */

static void write_parcels(struct jsonw *w, const struct pack *p) {
    char name[PARCEL_TEXT];
    jsonw_key(w, "parcels");
    jsonw_begin_array(w);
    for (size_t i = 0; i < p->n_parcels; i++) {
        const struct parcel *c = &p->parcels[i];
        if (c->state == PARCEL_VOID)
            continue;
        jsonw_begin_object(w);
        jsonw_kstring(w, "id", parcel_format(name, c->id));
        jsonw_ki64(w, "n", c->n);
        jsonw_kstring(w, "state", parcel_state_name(c->state));
        jsonw_kqty(w, "pieces", c->pieces_e3);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}

void pack_view_fields(const struct rpc_call *call, const struct pack *p,
                      int64_t now_ms, struct jsonw *w) {
    char work[32];
    (void)str_format(work, sizeof work, "P-%lld", (long long)p->w.id);
    write_ref(w, p);
    jsonw_kstring(w, "work", work);
    jsonw_kstring(w, "number", p->number);
    jsonw_kstring(w, "status", p->status);
    jsonw_kstring(w, "state", work_state_name(p->w.state));
    jsonw_kstring(w, "by", str_empty(p->w.lease_user) ? NULL : p->w.lease_user);
    write_open(w, p);
    write_stop(call, p, now_ms, w);
    jsonw_ki64(w, "version", p->w.version);
    jsonw_key(w, "lines");
    jsonw_begin_array(w);
    for (size_t i = 0; i < p->n_lines; i++)
        write_line(w, &p->lines[i], p->here_e3[i]);
    jsonw_end_array(w);
    write_parcels(w, p);
}

/* --- one scan ---------------------------------------------------------- */

static void say_ok(const struct rpc_call *call, const struct work_line *l,
                   struct buf *out) {
    AUTO_BUF struct buf what = BUF_INIT;
    char packed[MONEY_TEXT], want[MONEY_TEXT];
    buf_addf(&what, "%s%s%s", l->sku, l->sku[0] ? " " : "", l->name);
    text_format(out, call->lang, TEXT_PACK_OK, "what", buf_str(&what), "packed",
                money_format(packed, l->packed_e3, QTY_SCALE, 0), "want",
                money_format(want, l->want_e3, QTY_SCALE, 0), NULL);
}

static void say_wrong(const struct rpc_call *call, const struct pack_scanned *s,
                      const char *code, struct buf *out) {
    if (s->name[0])
        text_format(out, call->lang, TEXT_PACK_WRONG_KNOWN, "code", code,
                    "name", s->name, NULL);
    else
        text_format(out, call->lang, TEXT_PACK_WRONG_UNKNOWN, "code", code,
                    NULL);
    if (s->expected[0]) {
        buf_addc(out, ' ');
        text_format(out, call->lang, TEXT_PACK_EXPECTED, "sku", s->expected,
                    NULL);
    }
}

static enum text_id stop_text(enum pack_verdict v) {
    return v == PACK_SERIAL    ? TEXT_PACK_SERIAL
           : v == PACK_EXPIRED ? TEXT_PACK_EXPIRED
           : v == PACK_USED    ? TEXT_PACK_USED
                               : TEXT_PACK_QUARANTINE;
}

static void say(const struct rpc_call *call, const struct pack *p,
                const struct pack_scanned *s, const char *code,
                const char *order, int64_t now_ms, struct buf *out) {
    char name[PARCEL_TEXT], want[MONEY_TEXT];
    switch (s->verdict) {
    case PACK_OK:
        say_ok(call, s->line, out);
        break;
    case PACK_EXCESS:
        text_format(out, call->lang, TEXT_PACK_EXCESS, "code", code, "name",
                    s->name, "want",
                    money_format(want, s->line->want_e3, QTY_SCALE, 0), NULL);
        break;
    case PACK_PARCEL:
        text_format(out, call->lang, TEXT_PACK_PARCEL, "id",
                    parcel_format(name, p->parcel_id), NULL);
        break;
    case PACK_ORDER:
        text_format(out, call->lang, TEXT_PACK_ORDER, "code", code, "ref",
                    order, NULL);
        break;
    case PACK_STOP:
        pack_view_why(call, p, now_ms, out);
        break;
    case PACK_SERIAL:
    case PACK_EXPIRED:
    case PACK_USED:
    case PACK_QUARANTINE:
        text_format(out, call->lang, stop_text(s->verdict), "code", code,
                    "name", s->name, NULL);
        break;
    default:
        say_wrong(call, s, code, out);
        break;
    }
}

static int64_t here_of(const struct pack *p, const struct work_line *l) {
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->lines[i].line_id == l->line_id && p->lines[i].part == l->part)
            return p->here_e3[i];
    return 0;
}

void pack_view_scan(const struct rpc_call *call, const struct pack *p,
                    const struct pack_scanned *s, const char *code,
                    const char *order, int64_t now_ms, struct jsonw *w) {
    AUTO_BUF struct buf text = BUF_INIT;
    say(call, p, s, code, order, now_ms, &text);
    jsonw_begin_object(w);
    write_ref(w, p);
    jsonw_kstring(w, "verdict", pack_verdict_name(s->verdict));
    jsonw_kstring(w, "text", buf_str(&text));
    jsonw_key(w, "line");
    if (s->line)
        write_line(w, s->line, here_of(p, s->line));
    else
        jsonw_null(w);
    write_open(w, p);
    jsonw_kstring(w, "order", order);
    write_stop(call, p, now_ms, w);
    jsonw_ki64(w, "version", p->w.version);
    jsonw_end_object(w);
}
