/* Goods that came back and are fit go into bins again: the pile grows, by the
 * lot or serial they are of where they are kept so. */
#pragma once

#include "model/return.h"

struct bin;

/* What is known of a line's goods before they are put back. */
struct return_home {
    int64_t item_id;   /* 0: nobody keeps it in bins */
    int64_t units;     /* pieces in one of the shop's */
    const char *track; /* "none" "lot" "serial" */
    const char *bin;   /* it was picked from last, "" not known */
    struct return_sent {
        int64_t lot_id; /* 0: of none */
        const char *code;
        int64_t pieces_e3;
    } * sent; /* out with the order, and not back */
    size_t n;
};
int return_home(struct db_tx *tx, const struct return_ *r,
                const struct return_line *l, struct arena *a,
                struct return_home *ret);
/* The lots that came back with so many pieces, when what was sent leaves no
 * doubt: "L2407", "SN1, SN2"; "" it does. In the arena. */
const char *return_home_lots(const struct return_home *h, int64_t pieces_e3,
                             struct arena *a);

/* What goes where. */
struct return_piece {
    int64_t line_id;
    const char *lot;   /* or serial */
    int64_t pieces_e3; /* 0: one of a serial, of a lot what is left */
    int64_t part;      /* of a bundle; 0: the line itself */
};
struct return_put {
    const struct bin *bin; /* NULL: where it was picked from */
    const struct return_piece *pieces;
    size_t n;
    const char *unsent; /* why a serial comes back that was not sent; NULL */
    const char *who;
};
/* Put what of a line is fit into its bin. Without pieces: the lots it was sent
 * with. Nothing is written where nobody keeps the product, or where it is not
 * known to have lain, and no bin is named; of a part one must be. ERR_INVALID:
 * a lot or the bin is to be named; ERR_CONFLICT: a serial that was not sent, or
 * lies here already; ERR_NOT_FOUND: no such lot. */
int return_put(struct db_tx *tx, const struct return_ *r,
               const struct return_line *l, const struct return_put *p,
               struct error *e);
