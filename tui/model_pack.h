/* An order on the packing table and the parcels of a list, as the daemon
 * answers them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/ref.h"

struct json;

struct pack_line {
    int64_t line, part;
    char sku[64], name[160], bin[40];
    char want[24], packed[24], missing[24]; /* missing: declared short */
    char bundle[80];                        /* it is a part of, "" none */
    bool done;                              /* packed + short = wanted */
    bool optional;
};

struct pack_state {
    char ref[REF_TEXT], work[24], state[16], by[64], status[40];
    char open[24], left[24];
    char parcels[200];       /* "S-15 2  S-16 1" */
    int n_parcels;           /* not void */
    char stop[400];          /* a sentence; "" nothing stops */
    bool dead;               /* it must not be shipped at all */
    struct pack_line *lines; /* owned */
    int n;
};
/* Replace *s by an answer of type pack. */
void pack_state_read(struct pack_state *s, const struct json *v);
void pack_state_done(struct pack_state *s);
/* What one scan changed: the line of that answer, the open parcel, what is
 * left. Returns the line's index, -1 none. */
int pack_state_scan(struct pack_state *s, const struct json *v);
/* The first line that is not done, -1: all are. */
int pack_state_next(const struct pack_state *s);

struct shipment_row {
    char id[24], ref[REF_TEXT], store[33], state[20];
    char carrier[64], service[64], tracking[104], url[504], pieces[24];
    char told[12]; /* state of the change that tells the shop; "" none */
    int64_t weight, length, width, height, changed_ms, shipped_ms;
};
int shipment_row_read(const struct json *v, void *row);
const char *shipment_row_key(const void *row);
int shipment_state_role(const char *state);
/* Has it not left yet? */
bool shipment_waits(const char *state);
