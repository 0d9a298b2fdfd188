/* An answer's body made ready for the writer: split into rows, hashed, parsed,
 * decoded, folded and compressed on a parse thread. Everything lives in the
 * page's arena. No globals: many pages at once on many threads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/err.h"
#include "shop/decode.h"

struct kept;

/* A row that did not decode. */
struct page_aside {
    int64_t remote_id; /* 0: could not be read */
    uint8_t raw_hash[16];
    const char *path, *reason;
    const char *raw;
    size_t raw_n;
};

struct page_options {
    enum mirror_kind kind;
    int64_t parent_id; /* refunds and notes of one order; else 0 */
    struct kept *kept; /* NULL: do not compress (z stays NULL) */
    /* Is this row byte-equal to the mirror's? 1 skips parsing; 0 or negative
     * does not. Not asked any more behind 16 rows that were not. NULL: never.
     */
    int (*same)(void *arg, int64_t remote_id, const uint8_t raw_hash[16]);
    void *same_arg;
    size_t max_rows; /* more than this is ERR_TOO_BIG; 0: 1000 */
};

struct page {
    enum mirror_kind kind;
    struct arena *arena;
    size_t rows; /* elements of the answer */
    size_t n;    /* decoded ones, in the array of the kind */
    union {
        struct order *orders;
        struct refund *refunds;
        struct note *notes;
        struct product *products;
        struct customer *customers;
        struct category *categories;
    };
    size_t n_same; /* skipped as byte-equal */
    int64_t *ids;  /* of every row whose id could be read, in arrival order */
    size_t n_ids;
    struct page_aside *aside;
    size_t n_aside;
    /* date_modified_gmt of the first and last row; 0 when unreadable. */
    int64_t first_modified_ms, last_modified_ms;
    bool cut; /* the array ended early: rows before are good, rest is lost */
};

/* Prepare a page from an array, or from one object (rows = 1). body must stay
 * until the return only. Returns 0, ERR_SHOP_NOT_JSON (no JSON at all, or one
 * object that is cut), ERR_TOO_BIG. *ret is freed by page_free. */
int page_prepare(const struct page_options *o, const char *body, size_t n,
                 struct page **ret, struct error *e);
void page_free(struct page *p); /* NULL is fine */
/* What the i-th decoded row (below n) shares with all mirrored objects; NULL
 * for notes, which have none of it. */
const struct mirror_object *page_object(const struct page *p, size_t i);
