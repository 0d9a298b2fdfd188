#include "shop/page.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/check.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/mem.h"
#include "common/when.h"
#include "model/kept.h"
#include "shop/field.h"

/* What a page of 100 orders becomes is about 150 KB; the tree of one order is
 * 30 KB, which stay in the processor's cache from row to row. */
enum {
    MAX_ROWS = 1000,
    ROW_DEPTH = 32,
    UNKNOWN_MAX = 16, /* rows that differ, one behind the other */
    CHUNK = 256 * 1024,
    ROW_CHUNK = 64 * 1024
};

/* One page under preparation. */
struct work {
    const struct page_options *o;
    struct page *p;
    struct arena *row; /* the tree of the row at hand */
    int unknown;       /* rows since the last that was the same */
    struct buf scratch;
};

static const struct {
    size_t size; /* of the decoded struct */
    const char *name;
} kinds[] = {
    [MIRROR_ORDER] = {sizeof(struct order), "order"},
    [MIRROR_REFUND] = {sizeof(struct refund), "refund"},
    [MIRROR_NOTE] = {sizeof(struct note), "note"},
    [MIRROR_PRODUCT] = {sizeof(struct product), "product"},
    [MIRROR_CUSTOMER] = {sizeof(struct customer), "customer"},
    [MIRROR_CATEGORY] = {sizeof(struct category), "category"},
};

/* The id when it is the first member, as every WooCommerce version writes it;
 * 0 otherwise (then only parsing tells). */
static int64_t id_ahead(const struct json_slice *s) {
    static const char head[] = "{\"id\":";
    const size_t skip = sizeof head - 1;
    int64_t id = 0;
    size_t i = skip;
    if (s->n <= skip || memcmp(s->p, head, skip) != 0)
        return 0;
    for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9' && i < skip + 16; i++)
        id = id * 10 + (s->p[i] - '0');
    return i < s->n && s->p[i] == ',' && id <= FIELD_ID_MAX ? id : 0;
}

static void add_id(struct page *p, int64_t id) {
    if (id > 0)
        p->ids[p->n_ids++] = id;
}

static void set_aside(struct work *w, const struct json_slice *s, int64_t id,
                      const uint8_t raw_hash[16],
                      const struct decode_fault *f) {
    struct page *p = w->p;
    struct page_aside *x = &p->aside[p->n_aside++];
    *x = (struct page_aside){
        .remote_id = id,
        .path = arena_dupn(p->arena, f->path, strlen(f->path)),
        .reason = arena_dupn(p->arena, f->reason, strlen(f->reason)),
        .raw = arena_dupn(p->arena, s->p, s->n),
        .raw_n = s->n,
    };
    memcpy(x->raw_hash, raw_hash, sizeof x->raw_hash);
}

/* The next free element of the kind's array. */
static void *slot(struct page *p) {
    /* all members of the union are pointers to the same block */
    return (char *)(void *)p->orders + p->n * kinds[p->kind].size;
}

static int decode(struct work *w, const struct json *v, void *dst,
                  struct decode_fault *f) {
    struct arena *a = w->p->arena;
    switch (w->p->kind) {
    case MIRROR_ORDER:
        return decode_order(a, &w->scratch, v, dst, f);
    case MIRROR_REFUND:
        return decode_refund(a, &w->scratch, v, w->o->parent_id, dst, f);
    case MIRROR_NOTE:
        return decode_note(a, &w->scratch, v, dst, f);
    case MIRROR_PRODUCT:
        return decode_product(a, &w->scratch, v, w->o->parent_id, dst, f);
    case MIRROR_CUSTOMER:
        return decode_customer(a, &w->scratch, v, dst, f);
    case MIRROR_CATEGORY:
        return decode_category(a, &w->scratch, v, dst, f);
    }
    return field_fail(&(struct field_reader){.fault = f}, "", "Unknown kind.");
}

/* Rows that are new come together: behind many of them asking costs more than
 * the few that would be spared their parse. */
static bool same(struct work *w, int64_t id, const uint8_t raw_hash[16]) {
    if (id == 0 || !w->o->same || w->unknown == UNKNOWN_MAX)
        return false;
    bool is = w->o->same(w->o->same_arg, id, raw_hash) == 1;
    w->unknown = is ? 0 : w->unknown + 1;
    return is;
}

/* Raw hash and kept bytes of a decoded object; notes have neither. */
static int keep(struct work *w, const struct json_slice *s,
                const uint8_t raw_hash[16], struct mirror_object *o) {
    memcpy(o->raw_hash, raw_hash, sizeof o->raw_hash);
    /* Categories are small enough to read again. */
    if (!w->o->kept || w->p->kind == MIRROR_CATEGORY)
        return 0;
    /* whether there are enough is asked by the one that trains */
    (void)kept_sample(w->o->kept, w->p->kind, s->p, s->n);
    return kept_pack(w->o->kept, w->p->arena, w->p->kind, s->p, s->n, &o->z,
                     &o->z_n, &o->dict);
}

static const struct json *parse(struct work *w, const struct json_slice *s,
                                struct decode_fault *f) {
    static const struct json_limits limits = {.max_depth = ROW_DEPTH};
    const struct json *v = NULL;
    size_t at = 0;
    arena_reset(w->row);
    int rc = json_parse(w->row, s->p, s->n, &limits, &v, &at);
    if (rc == 0)
        return v;
    f->path[0] = 0;
    if (rc == ERR_TOO_DEEP)
        (void)snprintf(f->reason, sizeof f->reason,
                       "Nested deeper than %d levels.", ROW_DEPTH);
    else
        (void)snprintf(f->reason, sizeof f->reason,
                       "Not valid JSON in UTF-8 at byte %zu.", at);
    return NULL;
}

static int64_t id_in(const struct json *v) {
    int64_t id = 0;
    return json_i64(json_get(v, "id"), true, &id) == 0 && id > 0 ? id : 0;
}

static int take_decoded(struct work *w, const struct json_slice *s,
                        const uint8_t raw_hash[16], void *dst) {
    /* Every kind but the note begins with its struct mirror_object. */
    if (w->p->kind != MIRROR_NOTE) {
        int rc = keep(w, s, raw_hash, dst);
        if (rc < 0)
            return rc;
    }
    w->p->n++;
    return 0;
}

static int take_row(struct work *w, const struct json_slice *s) {
    uint8_t raw_hash[DIGEST_KEY];
    struct decode_fault f = {0};
    int64_t id = id_ahead(s);
    digest_raw(s->p, s->n, raw_hash);
    if (same(w, id, raw_hash)) {
        add_id(w->p, id);
        w->p->n_same++;
        return 0;
    }
    const struct json *v = parse(w, s, &f);
    void *dst = slot(w->p);
    if (v && id == 0)
        id = id_in(v);
    add_id(w->p, id);
    if (v && decode(w, v, dst, &f) == 0)
        return take_decoded(w, s, raw_hash, dst);
    set_aside(w, s, id, raw_hash, &f);
    return 0;
}

/* date_modified_gmt of one row, in an arena of its own: it may be a row that
 * was skipped as equal. */
static int64_t modified_of(const struct json_slice *s) {
    struct arena *a = arena_new(64 * 1024);
    const struct json *v = NULL;
    int64_t ms = 0;
    const char *text = NULL;
    if (json_parse(a, s->p, s->n, NULL, &v, NULL) == 0)
        text = json_string(json_get(v, "date_modified_gmt"));
    if (!text || when_parse(text, &ms) != 0)
        ms = 0;
    arena_free(a);
    return ms;
}

static int64_t modified_decoded(const struct page *p, bool last) {
    size_t i = last ? p->n - 1 : 0;
    return p->kind == MIRROR_ORDER ? p->orders[i].modified_ms
                                   : p->products[i].modified_ms;
}

static void find_modified(struct page *p, const struct json_slice *rows,
                          size_t n) {
    bool dated = p->kind == MIRROR_ORDER || p->kind == MIRROR_PRODUCT;
    if (n == 0 || p->kind == MIRROR_CATEGORY || p->kind == MIRROR_NOTE)
        return;
    bool all = dated && p->n == n; /* nothing skipped or set aside */
    p->first_modified_ms =
        all ? modified_decoded(p, false) : modified_of(&rows[0]);
    p->last_modified_ms =
        all ? modified_decoded(p, true) : modified_of(&rows[n - 1]);
}

/* The rows of an array, or the object itself as the only row. */
static int split(const struct page_options *o, const char *body, size_t n,
                 struct json_slice **ret, size_t *ret_n, bool *ret_cut) {
    size_t max = o->max_rows ? o->max_rows : MAX_ROWS;
    size_t found = 0, blank = 0;
    AUTO_FREE struct json_slice *rows = mem_zalloc(max + 1, sizeof *rows);
    *ret_cut = false;
    while (blank < n && strchr(" \t\r\n", body[blank]) && body[blank])
        blank++;
    if (blank < n && body[blank] == '{') {
        /* one that ends early is no bad row: asked again it comes whole */
        if (json_members(body, n, NULL, 0, NULL) < 0)
            return ERR_SHOP_NOT_JSON;
        rows[0] = (struct json_slice){body + blank, n - blank};
        found = 1;
    } else {
        int rc = json_split(body, n, rows, max + 1, &found);
        if (rc < 0 && (blank >= n || body[blank] != '['))
            return ERR_SHOP_NOT_JSON;
        *ret_cut = rc < 0;
    }
    if (found > max)
        return ERR_TOO_BIG;
    *ret = TAKE_PTR(rows);
    *ret_n = found;
    return 0;
}

static struct page *page_new(enum mirror_kind kind, size_t rows) {
    struct page *p = NEW(struct page);
    size_t room = rows ? rows : 1;
    p->kind = kind;
    p->rows = rows;
    p->arena = arena_new(CHUNK);
    p->orders = arena_alloc(p->arena, room * kinds[kind].size);
    p->ids = arena_alloc(p->arena, room * sizeof *p->ids);
    p->aside = arena_alloc(p->arena, room * sizeof *p->aside);
    return p;
}

static int take_rows(struct page *p, const struct page_options *o,
                     const struct json_slice *rows, size_t n) {
    struct work w = {
        .o = o, .p = p, .row = arena_new(ROW_CHUNK), .scratch = BUF_INIT};
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = take_row(&w, &rows[i]);
    buf_done(&w.scratch);
    arena_free(w.row);
    if (rc == 0)
        find_modified(p, rows, n);
    return rc;
}

int page_prepare(const struct page_options *o, const char *body, size_t n,
                 struct page **ret, struct error *e) {
    AUTO_FREE struct json_slice *rows = NULL;
    size_t n_rows = 0;
    bool cut = false;
    REQUIRE(o && (size_t)o->kind < sizeof kinds / sizeof *kinds);
    int rc = n ? split(o, body, n, &rows, &n_rows, &cut) : ERR_SHOP_NOT_JSON;
    if (rc < 0)
        return error_set(e, rc, kinds[o->kind].name, "%s", err_message(rc));
    struct page *p = page_new(o->kind, n_rows);
    p->cut = cut;
    rc = take_rows(p, o, rows, n_rows);
    if (rc < 0) {
        page_free(p);
        return error_set(e, rc, kinds[o->kind].name, "%s", err_message(rc));
    }
    *ret = p;
    return 0;
}

void page_free(struct page *p) {
    if (!p)
        return;
    arena_free(p->arena);
    free(p);
}

const struct mirror_object *page_object(const struct page *p, size_t i) {
    switch (p->kind) {
    case MIRROR_ORDER:
        return &p->orders[i].o;
    case MIRROR_REFUND:
        return &p->refunds[i].o;
    case MIRROR_PRODUCT:
        return &p->products[i].o;
    case MIRROR_CUSTOMER:
        return &p->customers[i].o;
    case MIRROR_CATEGORY:
        return &p->categories[i].o;
    case MIRROR_NOTE:
        break;
    }
    return NULL;
}
