#include "out/docket.h"

#include "common/arena.h"
#include "common/buf.h"
#include "common/str.h"
#include "common/text.h"
#include "out/document.h"

const char *docket_kind_name(enum docket_kind kind) {
    static const char *const names[] = {"slip", "pick", "label"};
    return names[kind];
}

const char *docket_parcel(const struct docket *k, struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    char n[12], of[12];
    if (k->parcel <= 0)
        return "";
    (void)str_format(n, sizeof n, "%d", k->parcel);
    (void)str_format(of, sizeof of, "%d", k->parcels);
    text_format(&b, k->lang, TEXT_PAPER_N_OF, "i", n, "of", of, NULL);
    return arena_dupn(a, b.data, b.len);
}

const char *docket_name(const struct docket_line *l, struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (str_empty(l->bundle))
        return l->name;
    buf_addf(&b, "- %s", l->name);
    return arena_dupn(a, b.data, b.len);
}

const char *docket_part_of(const struct docket *k, const struct docket_line *l,
                           struct arena *a) {
    AUTO_BUF struct buf b = BUF_INIT;
    if (str_empty(l->bundle))
        return l->name;
    text_format(&b, k->lang, TEXT_PAPER_PART_OF, "name", l->name, "bundle",
                l->bundle, NULL);
    return arena_dupn(a, b.data, b.len);
}

static void one(struct docket *k, enum docket_kind kind, struct document *d) {
    if (kind == DOCKET_SLIP)
        slip_write(k, d);
    else if (kind == DOCKET_PICK)
        pick_sheet_write(k, d);
    else
        label_write(k, d);
}

void docket_write(struct docket *k, enum docket_kind kind, struct arena *a,
                  struct document *d) {
    AUTO_BUF struct buf name = BUF_INIT;
    buf_addf(&name, "%s-%s", docket_kind_name(kind), k->ref);
    if (k->parcel > 0 && kind != DOCKET_PICK)
        buf_addf(&name, "-%d", k->parcel);
    document_begin(d, a, k->lang, buf_str(&name));
    d->at_ms = k->at_ms;
    one(k, kind, d);
}

void docket_write_all(struct docket *k, size_t n, enum docket_kind kind,
                      const char *whose, struct arena *a, struct document *d) {
    AUTO_BUF struct buf name = BUF_INIT;
    buf_addf(&name, "%s-%s", docket_kind_name(kind), whose);
    document_begin(d, a, k->lang, buf_str(&name));
    for (size_t i = 0; i < n; i++)
        d->at_ms = k[i].at_ms > d->at_ms ? k[i].at_ms : d->at_ms;
    if (kind == DOCKET_PICK) {
        pick_wave_write(k, n, whose, d);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        document_page(d);
        one(&k[i], kind, d);
    }
}
