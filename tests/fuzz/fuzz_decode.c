#include "tests/fuzz/fuzz_decode.h"

#include <string.h>

#include "common/check.h"

static const struct mirror_object *object_at(const struct page *p, size_t i) {
    switch (p->kind) {
    case MIRROR_ORDER:
        return &p->orders[i].o;
    case MIRROR_PRODUCT:
        return &p->products[i].o;
    default:
        return &p->customers[i].o;
    }
}

static void check_object(const struct mirror_object *o) {
    REQUIRE(o->remote_id > 0 && o->remote_id < INT64_C(1) << 53);
    REQUIRE(o->search && !o->z);
}

static void check_order(const struct order *o) {
    REQUIRE(*o->status && *o->number && strlen(o->name) <= 255);
    for (size_t i = 0; i < o->n_lines; i++)
        REQUIRE(o->lines[i].line_id > 0 && o->lines[i].product_id >= 0);
}

static void check_page(const struct page *p) {
    REQUIRE(p->n + p->n_aside + p->n_same == p->rows);
    for (size_t i = 0; i < p->n; i++) {
        check_object(object_at(p, i));
        if (p->kind == MIRROR_ORDER)
            check_order(&p->orders[i]);
    }
    for (size_t i = 0; i < p->n_aside; i++)
        REQUIRE(*p->aside[i].reason && p->aside[i].raw);
}

void fuzz_decode(enum mirror_kind kind, const uint8_t *data, size_t n) {
    const struct page_options o = {.kind = kind};
    struct page *first = NULL, *second = NULL;
    struct error e;
    const char *body = (const char *)data;
    int rc = page_prepare(&o, body, n, &first, &e);
    REQUIRE(page_prepare(&o, body, n, &second, &e) == rc);
    if (rc < 0)
        return;
    check_page(first);
    REQUIRE(first->n == second->n);
    for (size_t i = 0; i < first->n; i++)
        REQUIRE(memcmp(object_at(first, i)->hash, object_at(second, i)->hash,
                       16) == 0);
    page_free(first);
    page_free(second);
}
