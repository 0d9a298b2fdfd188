#include "rpc/shipment_view.h"

#include "common/ref.h"
#include "common/str.h"

void shipment_view_fields(const struct parcel *p, struct jsonw *w) {
    char id[PARCEL_TEXT], text[REF_TEXT];
    struct ref ref = {.kind = REF_OBJECT, .id = p->remote_id};
    (void)str_copy(ref.store, sizeof ref.store, p->store);
    jsonw_kstring(w, "id", parcel_format(id, p->id));
    jsonw_kstring(w, "ref", ref_format(text, &ref));
    jsonw_kstring(w, "store", p->store);
    jsonw_kstring(w, "number", p->number);
    jsonw_ki64(w, "n", p->n);
    jsonw_kstring(w, "state", parcel_state_name(p->state));
    jsonw_kstring(w, "carrier", p->carrier);
    jsonw_kstring(w, "service", p->service);
    jsonw_kstring(w, "tracking", p->tracking);
    jsonw_kstring(w, "url", p->url);
    jsonw_ki64(w, "weight", p->weight_g);
    jsonw_ki64(w, "length", p->length_mm);
    jsonw_ki64(w, "width", p->width_mm);
    jsonw_ki64(w, "height", p->height_mm);
    jsonw_kqty(w, "pieces", p->pieces_e3);
    jsonw_ktime(w, "created", p->created_ms);
    jsonw_ktime(w, "shipped", p->shipped_ms);
    jsonw_ktime(w, "changed", p->state_ms);
    jsonw_kstring(w, "change", p->change[0] ? p->change : NULL);
    jsonw_kstring(w, "told", p->change_state);
}

void shipment_view_all(const struct parcel *p, size_t n, struct jsonw *w) {
    jsonw_key(w, "parcels");
    jsonw_begin_array(w);
    for (size_t i = 0; i < n; i++) {
        jsonw_begin_object(w);
        shipment_view_fields(&p[i], w);
        jsonw_end_object(w);
    }
    jsonw_end_array(w);
}
