#include "rpc/docket_view.h"

#include <string.h>

#include "common/entities.h"
#include "common/money.h"
#include "common/str.h"
#include "common/zone.h"
#include "db/sql.h"
#include "model/bin.h"
#include "model/fulfil.h"
#include "model/line_part.h"
#include "model/order_get.h"
#include "model/order_list.h"
#include "model/parcel.h"
#include "rpc/mirrored.h"
#include "rpc/order_view.h"

enum { LINES = 1000, NOTES = 5 /* to the customer; older ones were read */ };

/* A member as text for people, "" without; in the call's arena. */
static const char *text_of(struct rpc_call *call, const struct json *o,
                           const char *name) {
    char number[40];
    AUTO_BUF struct buf b = BUF_INIT;
    const char *s = json_text(json_get(o, name), number);
    if (!s)
        return "";
    entities_decode(&b, s);
    return arena_dupn(call_arena(call), buf_str(&b), b.len);
}

/* Two texts with a blank between them, where there are two. */
static const char *joined(struct rpc_call *call, const char *a, const char *b) {
    AUTO_BUF struct buf all = BUF_INIT;
    buf_adds(&all, a);
    if (*a && *b)
        buf_addc(&all, ' ');
    buf_adds(&all, b);
    return arena_dupn(call_arena(call), buf_str(&all), all.len);
}

static void add_address(struct docket *k, const char *line) {
    if (*line && k->n_address < DOCKET_ADDRESS)
        k->address[k->n_address++] = line;
}

/* Where it goes: the shipping address; a shop that asks for none has the
 * billing address alone. */
static void read_address(struct rpc_call *call, const struct json *o,
                         struct docket *k) {
    const struct json *ship = json_get(o, "shipping");
    const struct json *bill = json_get(o, "billing");
    const struct json *to = *text_of(call, ship, "address_1") ? ship : bill;
    add_address(k, joined(call, text_of(call, to, "first_name"),
                          text_of(call, to, "last_name")));
    add_address(k, text_of(call, to, "company"));
    add_address(k, text_of(call, to, "address_1"));
    add_address(k, text_of(call, to, "address_2"));
    add_address(k, joined(call, text_of(call, to, "postcode"),
                          text_of(call, to, "city")));
    add_address(k, text_of(call, to, "state"));
    add_address(k, text_of(call, to, "country"));
    k->phone = text_of(call, to, "phone");
    if (!*k->phone)
        k->phone = text_of(call, bill, "phone");
}

static int64_t qty_of(const struct json *l) {
    int64_t e3 = 0;
    if (json_decimal(json_get(l, "quantity"), QTY_SCALE, &e3) < 0)
        e3 = 0;
    return e3 < 0 ? 0 : e3;
}

/* Which line of the order a line of the paper is, or which part of one. */
struct slot {
    int64_t id, part, per_e3;
    bool optional;
    int64_t product_id;
};

static const struct fulfil_line *fulfil_of(const struct fulfil_line *f,
                                           size_t n, int64_t id) {
    for (size_t i = 0; i < n; i++)
        if (f[i].line_id == id)
            return &f[i];
    return NULL;
}

/* What a bundle is packed as stands below it. */
/* Where a picker finds it. */
static int read_bins(struct rpc_call *call, struct db_tx *tx, int64_t store_id,
                     const struct slot *slots, struct docket *k) {
    struct bin b;
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < k->n_lines; i++) {
        if (k->lines[i].parts || slots[i].product_id <= 0)
            continue;
        rc = bin_of(tx, store_id, slots[i].product_id, &b);
        if (rc > 0)
            k->lines[i].bin =
                arena_dupn(call_arena(call), b.code, strlen(b.code));
    }
    return rc < 0 ? rc : 0;
}

static void add_parts(struct docket *k, struct slot *slots, int64_t id,
                      const struct fulfil_line *f) {
    struct docket_line *whole = &k->lines[k->n_lines - 1];
    for (size_t i = 0; f && i < f->n_parts && k->n_lines < LINES; i++) {
        const struct fulfil_part *p = &f->parts[i];
        whole->parts = true;
        slots[k->n_lines] =
            (struct slot){id, p->part, p->per_e3, p->optional, p->product_id};
        k->lines[k->n_lines++] = (struct docket_line){
            .sku = p->sku,
            .name = p->name,
            .bin = "",
            .bundle = whole->name,
            .qty_e3 = line_part_want(whole->qty_e3, p->per_e3)};
    }
}

static void read_lines(struct rpc_call *call, const struct json *o,
                       const struct fulfil_line *f, size_t n, struct docket *k,
                       struct slot *slots) {
    k->lines = arena_alloc(call_arena(call), LINES * sizeof *k->lines);
    for (const struct json *l = json_first(json_get(o, "line_items"));
         l && k->n_lines < LINES; l = json_next(l)) {
        int64_t id = 0;
        if (json_i64(json_get(l, "id"), true, &id) < 0)
            id = 0;
        const struct fulfil_line *line = fulfil_of(f, n, id);
        slots[k->n_lines] =
            (struct slot){.id = id, .product_id = line ? line->product_id : 0};
        k->lines[k->n_lines++] = (struct docket_line){
            .sku = text_of(call, l, "sku"),
            .name = text_of(call, l, "name"),
            .bin = "",
            .bundle = "",
            .qty_e3 = qty_of(l),
        };
        add_parts(k, slots, id, line);
    }
}

static void read_notes(struct rpc_call *call, const struct order_parts *parts,
                       struct docket *k) {
    const char **notes = arena_alloc(call_arena(call), NOTES * sizeof *notes);
    for (size_t i = 0; i < parts->n_notes && k->n_notes < NOTES; i++)
        if (parts->notes[i].to_customer)
            notes[k->n_notes++] = parts->notes[i].text;
    k->notes = notes;
}

/* --- what lies in parcels ------------------------------------------------- */

/* Add what a parcel holds to the lines: as packed when it is this one, else
 * only as not to come any more. Parts of a bundle are packed one by one. */
static int read_parcel(struct db_tx *tx, struct rpc_call *call,
                       const struct parcel *p, bool this_one, struct docket *k,
                       const struct slot *slots) {
    struct parcel_line *lines = NULL;
    size_t n = 0;
    int rc = parcel_lines(tx, p->id, call_arena(call), &lines, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        for (size_t at = 0; at < k->n_lines; at++) {
            struct docket_line *l = &k->lines[at];
            if (slots[at].id != lines[i].line_id ||
                slots[at].part != lines[i].part)
                continue;
            l->back_e3 -= lines[i].qty_e3;
            if (this_one)
                l->packed_e3 += lines[i].qty_e3;
        }
    }
    return rc < 0 ? rc : 0;
}

static int64_t least(int64_t x, int64_t y) {
    return x < y ? x : y;
}

static int64_t whole_of(int64_t pieces_e3, int64_t per_e3) {
    int64_t e3 = line_part_bundles(pieces_e3, per_e3);
    return e3 - e3 % 1000;
}

/* A bundle is packed when its last required part is. */
static void count_bundles(struct docket *k, const struct slot *slots) {
    for (size_t i = 0; i < k->n_lines; i++) {
        struct docket_line *l = &k->lines[i];
        int64_t packed = l->qty_e3, gone = l->qty_e3;
        if (!l->parts)
            continue;
        for (size_t at = i + 1; at < k->n_lines && slots[at].part > 0; at++) {
            const struct docket_line *p = &k->lines[at];
            if (slots[at].optional)
                continue;
            packed = least(packed, whole_of(p->packed_e3, slots[at].per_e3));
            gone =
                least(gone, whole_of(p->qty_e3 - p->back_e3, slots[at].per_e3));
        }
        l->packed_e3 = packed;
        l->back_e3 = l->back_e3 > 0 ? l->qty_e3 - gone : 0;
    }
}

static void describe(struct docket *k, const struct parcel *p, size_t of) {
    k->parcel = (int)p->n;
    k->parcels = (int)of;
    k->carrier = p->carrier;
    k->service = p->service;
    k->tracking = p->tracking;
}

static int read_parcels(struct rpc_call *call, struct db_tx *tx,
                        const struct order_item *row, int parcel,
                        struct docket *k, const struct slot *slots) {
    struct parcel *all = NULL;
    size_t n = 0, good = 0;
    bool found = parcel == 0;
    int rc = parcel_of_order(tx, row->store_id, row->remote_id,
                             call_arena(call), &all, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        good += all[i].state != PARCEL_VOID;
    for (size_t i = 0; rc >= 0 && i < k->n_lines; i++)
        k->lines[i].back_e3 = good > 0 ? k->lines[i].qty_e3 : 0;
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        bool this_one = parcel == 0 ? good == 1 : all[i].n == parcel;
        if (all[i].state == PARCEL_VOID)
            continue;
        rc = read_parcel(tx, call, &all[i], this_one || parcel == 0, k, slots);
        found = found || this_one;
        if (this_one)
            describe(k, &all[i], good);
    }
    count_bundles(k, slots);
    if (rc >= 0 && !found)
        return call_fail(call, ERR_NOT_FOUND, "parcel",
                         "the order has no parcel %d", parcel);
    return rc;
}

/* --- all of it ------------------------------------------------------------ */

static const char *date_of(struct rpc_call *call, int64_t ms) {
    char text[24];
    int year, month, day;
    zone_civil(call->rpc->zone, ms, &year, &month, &day, NULL, NULL);
    (void)str_format(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    return arena_dupn(call_arena(call), text, strlen(text));
}

static const char *ref_of(struct rpc_call *call, const struct ref *ref) {
    char text[REF_TEXT];
    (void)ref_format(text, ref);
    return arena_dupn(call_arena(call), text, strlen(text));
}

static int read_order(struct rpc_call *call, struct db_tx *tx,
                      const struct ref *ref, struct order_item *row,
                      struct docket *k) {
    struct store s = {0};
    int rc = mirrored_store(call, tx, ref, REF_OBJECT, &s);
    if (rc >= 0) {
        const char *title = *s.title ? s.title : s.name;
        k->store = arena_dupn(call_arena(call), title, strlen(title));
        rc = order_item_get(tx, s.id, ref->id, 0, call_arena(call), row);
        if (rc == 0)
            rc = mirrored_missing(call, ref);
    }
    store_done(&s);
    k->ref = ref_of(call, ref);
    return rc;
}

int docket_read(struct rpc_call *call, struct db_tx *tx, const struct ref *ref,
                int parcel, enum text_lang lang, struct docket *ret) {
    struct docket k = {
        .lang = lang, .tote = "", .carrier = "", .service = "", .tracking = ""};
    struct order_item row = {0};
    struct order_parts parts = {0};
    struct pending pending = {0};
    const struct json *raw = NULL;
    struct slot *slots = arena_alloc(call_arena(call), LINES * sizeof *slots);
    struct fulfil_line *f = NULL;
    size_t n = 0;
    int rc = read_order(call, tx, ref, &row, &k);
    if (rc < 0)
        return rc;
    rc = order_parts_get(tx, row.id, row.store_id, ref->id, call_arena(call),
                         &parts);
    if (rc >= 0)
        rc = mirrored_json(call, tx, MIRROR_ORDER, row.store_id, ref, &raw);
    if (rc >= 0)
        rc = fulfil_lines(tx, row.store_id, ref->id, call_arena(call), &f, &n);
    if (rc >= 0)
        rc = order_view_pending(call, tx, &row, &pending);
    if (rc < 0)
        return rc;
    raw = pending.now ? pending.now : raw;
    k.number = row.number;
    k.at_ms = row.created_ms;
    k.date = date_of(call, row.created_ms);
    k.note = text_of(call, raw, "customer_note");
    read_address(call, raw, &k);
    read_lines(call, raw, f, n, &k, slots);
    read_notes(call, &parts, &k);
    rc = read_bins(call, tx, row.store_id, slots, &k);
    if (rc >= 0)
        rc = read_parcels(call, tx, &row, parcel, &k, slots);
    if (rc < 0)
        return rc;
    *ret = k;
    return 0;
}

enum text_lang documents_lang(const struct rpc_call *call,
                              const struct rpc_paper *p) {
    const char *set = call->rpc->documents_lang;
    if (p->has_lang)
        return (enum text_lang)p->lang;
    return !set || str_eq(set, "auto") ? call->lang : text_lang(set);
}
