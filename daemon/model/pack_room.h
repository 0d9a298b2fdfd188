/* Inside the model only: what the files about packing share. */
#pragma once

#include "model/pack.h"

/* Read lines and parcels again after a step. */
int pack_again(struct db_tx *tx, struct pack *p, struct arena *a);
/* It is being packed, nothing stops it, and `who` has it in hand. */
int pack_check(struct db_tx *tx, struct pack *p, const char *who,
               struct error *e);
/* Add to what is packed of a line, in that parcel; qty may be negative. */
int pack_count(struct db_tx *tx, int64_t work_id, int64_t parcel_id,
               const struct work_line *l, int64_t qty_e3);
struct pack_note {
    int64_t work_id, line_id, part, parcel_id, qty_e3, undoes;
    const char *code, *verdict, *who;
    int64_t lot_id; /* that was named, else 0 */
};
/* Write a scan down. */
int pack_note_scan(struct db_tx *tx, const struct pack_note *n);
/* Of what is wanted, neither packed nor short. */
int64_t pack_open(const struct work_line *l);
/* The parcel of that id; NULL: none of this work. */
const struct parcel *pack_parcel(const struct pack *p, int64_t id);
/* "2 x AO-34" for a list of them. */
struct buf;
void pack_say_pieces(struct buf *out, int64_t qty_e3, const char *sku);
