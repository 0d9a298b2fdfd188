/* Inside the model only: what the files about fulfilling share. */
#pragma once

#include "model/fulfil.h"

struct fulfil {
    struct db_tx *tx;
    struct arena *a;
    int64_t store_id;
    struct fulfil_line *lines;
    size_t n;
};

/* The shop's code printed on the goods; *ret stays where it says none. */
int fulfil_ean(struct fulfil *f, int64_t product_id, const char **ret);

/* Lines that are packed as parts of a bundle get them. Refunds were taken
 * before. */
int fulfil_parts(struct fulfil *f, int64_t order_id);
/* So many of a part (0: of the line itself) are in parcels. */
void fulfil_parcelled(struct fulfil_line *l, int64_t part, int64_t qty_e3);
/* How many whole bundles that is of each line. Parcels were taken before. */
void fulfil_whole(struct fulfil *f);
