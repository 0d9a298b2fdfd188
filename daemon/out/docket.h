/* What papers say of one order, and the three papers: the slip that lies in
 * the parcel, the list it is picked by, the label on it. Pure: facts in, a
 * document out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/lang.h"

struct arena;
struct document;

enum docket_kind { DOCKET_SLIP, DOCKET_PICK, DOCKET_LABEL };

struct docket_line {
    const char *sku, *name, *bin; /* "" none; never NULL */
    int64_t qty_e3;               /* to be sent */
    int64_t packed_e3, back_e3;   /* in this parcel; still to come */
    const char *bundle;           /* it is a part of; "" none */
    bool parts;                   /* it is a bundle: its parts follow it */
};

enum { DOCKET_ADDRESS = 10 };

/* Texts are "" when there are none, never NULL. */
struct docket {
    enum text_lang lang;
    const char *store; /* its title, else its name */
    const char *ref, *number, *date;
    int64_t at_ms; /* of the order */
    const char *address[DOCKET_ADDRESS];
    size_t n_address;
    const char *phone, *note; /* note: the customer's own words */
    const char *const *notes; /* to the customer */
    size_t n_notes;
    struct docket_line *lines;
    size_t n_lines;
    const char *tote;    /* it is picked into */
    int parcel, parcels; /* 1 of 2; 0: it is not in parcels */
    const char *carrier, *service, *tracking;
};

/* Write one; d lives in the arena. Lines of a pick list are sorted by bin and
 * SKU, in place. */
void docket_write(struct docket *k, enum docket_kind kind, struct arena *a,
                  struct document *d);
/* The papers of several in one document: slips and labels one after the other,
 * each on a page of its own; one pick list by bin, which says whose each row
 * is. All in the language of the first. whose: "W-12", for the name. */
void docket_write_all(struct docket *k, size_t n, enum docket_kind kind,
                      const char *whose, struct arena *a, struct document *d);
/* The barcodes that stand for acts (common/action_code.h). */
void code_sheet_write(const char *prefix, enum text_lang lang, struct arena *a,
                      struct document *d);
/* "slip", "pick", "label". */
const char *docket_kind_name(enum docket_kind kind);

/* slip.c, pick_sheet.c, label.c; the document was begun. */
void slip_write(const struct docket *k, struct document *d);
void pick_sheet_write(struct docket *k, struct document *d);
void pick_wave_write(struct docket *k, size_t n, const char *whose,
                     struct document *d);
void label_write(const struct docket *k, struct document *d);
/* The name of a line on a slip, indented where it stands below its bundle; and
 * on a pick list, with its bundle behind it, as it stands where it lies. In the
 * arena. */
const char *docket_name(const struct docket_line *l, struct arena *a);
const char *docket_part_of(const struct docket *k, const struct docket_line *l,
                           struct arena *a);
/* "1 of 2" or "", in the arena. */
const char *docket_parcel(const struct docket *k, struct arena *a);
