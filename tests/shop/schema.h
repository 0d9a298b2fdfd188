/* What WordPress checks of single writes before WooCommerce sees them. Batch
 * writes skip it, as recorded. */
#pragma once

#include "tests/shop/exchange.h"

enum schema_type {
    SCHEMA_STRING,
    SCHEMA_INT,
    SCHEMA_BOOL,
    SCHEMA_EMAIL,
    SCHEMA_OBJECT,  /* an address: its email is checked too */
    SCHEMA_OBJECTS, /* array of objects; `quantity` in them is an integer */
    SCHEMA_ENUM
};

struct schema_rule {
    const char *key;
    enum schema_type type;
    const char *values; /* of an enum, comma list */
};

/* Check the members of the body that rules name (ends with a NULL key). false:
 * 400 rest_invalid_param was answered. Always true within a batch. */
bool schema_check(struct exchange *x, const struct schema_rule *rules);

/* value is one of the comma list; else 400 is answered, naming `shown`. */
bool schema_enum(struct exchange *x, const char *key, const char *shown,
                 const char *list, const char *value);

bool schema_listed(const char *list, const char *value);

extern const struct schema_rule SCHEMA_ORDER[], SCHEMA_PRODUCT[],
    SCHEMA_CUSTOMER[], SCHEMA_REFUND[], SCHEMA_NOTE[];
extern const char SCHEMA_ORDER_STATUS[];
