/* Inside the model only: search texts of one job, written at its end in
 * ascending rowid, because FTS5 flushes whenever a rowid is smaller than the
 * last (+45 % of the writer's time on a newest-first page). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/sql.h"

struct arena;
struct search_item;

/* The statements of one full-text table. */
struct search_table {
    enum stmt_id get, put, drop;
};
extern const struct search_table search_orders, search_products,
    search_contacts;

struct search_batch {
    const struct search_table *table;
    struct arena *arena; /* copies of the texts; made on first use */
    struct search_item *items;
    size_t n, cap;
};

#define SEARCH_INIT(t)                                                         \
    { .table = (t) }
/* Forget what was not flushed; for CLEANUP. */
void search_done(struct search_batch *b);
#define AUTO_SEARCH CLEANUP(search_done)

/* Text of a row, copied; NULL or "": the row has none. fresh: the row is new,
 * no old text has to be looked for. */
void search_add(struct search_batch *b, int64_t id, const char *text,
                bool fresh);

/* Write all: an equal text is left alone. */
int search_flush(struct search_batch *b, struct db_tx *tx);
