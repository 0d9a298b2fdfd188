/* Stock: levels, bins, inbound shipments, counts. */
#include "common/err.h"
#include "common/json.h"
#include "common/str.h"
#include "tui/model.h"
#include "tui/screen.h"

#define TEXT(field, key) model_text(r->field, sizeof r->field, v, key)

int level_row_read(const struct json *v, void *row) {
    struct level_row *r = row;
    TEXT(ref, "ref");
    TEXT(sku, "sku");
    TEXT(name, "name");
    TEXT(shop, "shop");
    TEXT(on_hand, "on_hand");
    TEXT(reserved, "reserved");
    TEXT(available, "available");
    TEXT(incoming, "incoming");
    TEXT(bin, "bin");
    TEXT(tracking, "tracking");
    TEXT(expires, "expires");
    r->expiring = model_flag(v, "expiring");
    r->low = model_flag(v, "low");
    r->due = model_flag(v, "due");
    r->bundle = model_flag(v, "bundle");
    return r->ref[0] ? 0 : ERR_INVALID;
}

const char *level_row_key(const void *row) {
    return ((const struct level_row *)row)->ref;
}

int lot_row_read(const struct json *v, void *row) {
    struct lot_row *r = row;
    TEXT(ref, "ref");
    TEXT(lot, "lot");
    TEXT(sku, "sku");
    TEXT(name, "name");
    TEXT(expires, "expires");
    TEXT(state, "state");
    TEXT(quantity, "quantity");
    TEXT(bin, "bin");
    (void)str_format(r->key, sizeof r->key, "%s %s", r->ref, r->lot);
    return r->ref[0] && r->lot[0] ? 0 : ERR_INVALID;
}

const char *lot_row_key(const void *row) {
    return ((const struct lot_row *)row)->key;
}

int lot_role(const char *state) {
    return str_eq(state, "expired") ? ROLE_BAD
           : str_eq(state, "soon")  ? ROLE_WARN
                                    : ROLE_NORMAL;
}

int bin_row_read(const struct json *v, void *row) {
    struct bin_row *r = row;
    TEXT(code, "code");
    TEXT(zone, "zone");
    r->place = model_int(v, "place", 0);
    r->items = model_int(v, "items", 0);
    r->quarantine = model_flag(v, "quarantine");
    r->disabled = model_flag(v, "disabled");
    return r->code[0] ? 0 : ERR_INVALID;
}

const char *bin_row_key(const void *row) {
    return ((const struct bin_row *)row)->code;
}

int inbound_row_read(const struct json *v, void *row) {
    struct inbound_row *r = row;
    TEXT(id, "id");
    TEXT(tenant, "tenant");
    TEXT(reference, "reference");
    TEXT(supplier, "supplier");
    TEXT(state, "state");
    TEXT(expected, "expected");
    TEXT(received, "received");
    r->expected_ms = model_time(v, "expected_on");
    return r->id[0] ? 0 : ERR_INVALID;
}

const char *inbound_row_key(const void *row) {
    return ((const struct inbound_row *)row)->id;
}

int count_row_read(const struct json *v, void *row) {
    struct count_row *r = row;
    TEXT(id, "id");
    TEXT(state, "state");
    TEXT(note, "note");
    TEXT(by, "begun_by");
    r->bins = model_int(v, "bins", 0);
    r->visited = model_int(v, "visited", 0);
    r->begun_ms = model_time(v, "begun");
    return r->id[0] ? 0 : ERR_INVALID;
}

const char *count_row_key(const void *row) {
    return ((const struct count_row *)row)->id;
}
