/* Parcels as methods show them. Inside rpc only. */
#pragma once

#include "common/jsonw.h"
#include "model/parcel.h"

/* The fields of type shipment_row, into an open object. */
void shipment_view_fields(const struct parcel *p, struct jsonw *w);
/* "parcels": all of them. */
void shipment_view_all(const struct parcel *p, size_t n, struct jsonw *w);
