#include "model/search.h"

#include <string.h>

#include "common/arena.h"
#include "common/mem.h"
#include "common/str.h"

struct search_item {
    int64_t id;
    size_t order; /* of arrival: the last text of a row wins */
    const char *text;
    bool fresh;
};

const struct search_table search_orders = {STMT_ORDER_TEXT_OF,
                                           STMT_ORDER_TEXT_PUT,
                                           STMT_ORDER_TEXT_DROP},
                          search_products = {STMT_PRODUCT_TEXT_OF,
                                             STMT_PRODUCT_TEXT_PUT,
                                             STMT_PRODUCT_TEXT_DROP},
                          search_contacts = {STMT_CONTACT_TEXT_OF,
                                             STMT_CONTACT_TEXT_PUT,
                                             STMT_CONTACT_TEXT_DROP};

void search_done(struct search_batch *b) {
    arena_free(b->arena);
    free(b->items);
    *b = (struct search_batch){.table = b->table};
}

void search_add(struct search_batch *b, int64_t id, const char *text,
                bool fresh) {
    if (!b->arena)
        b->arena = arena_new(16 * 1024);
    if (b->n == b->cap) {
        b->cap = b->cap ? b->cap * 2 : 128;
        b->items = mem_resize(b->items, b->cap, sizeof *b->items);
    }
    if (str_empty(text))
        text = NULL;
    else
        text = arena_dupn(b->arena, text, strlen(text));
    b->items[b->n] = (struct search_item){id, b->n, text, fresh};
    b->n++;
}

static int by_id(const void *a, const void *b) {
    const struct search_item *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

/* 1: the stored text is this one already; 0: it was dropped or there was
 * none. */
static int drop_other(const struct search_table *t, struct db_tx *tx,
                      const struct search_item *it) {
    AUTO_ROWS struct db_rows *r = NULL;
    int rc = db_query(tx, t->get, &r, "i", it->id);
    if (rc >= 0)
        rc = db_step(r);
    if (rc <= 0)
        return rc;
    if (it->text && str_eq(db_text(r, 0), it->text))
        return 1;
    rc = db_run(tx, t->drop, "i", it->id);
    return rc < 0 ? rc : 0;
}

int search_flush(struct search_batch *b, struct db_tx *tx) {
    if (b->n > 1)
        qsort(b->items, b->n, sizeof *b->items, by_id);
    for (size_t i = 0; i < b->n; i++) {
        const struct search_item *it = &b->items[i];
        int rc = it->fresh ? 0 : drop_other(b->table, tx, it);
        if (rc == 0 && it->text)
            rc = db_run(tx, b->table->put, "is", it->id, it->text);
        if (rc < 0)
            return rc;
    }
    b->n = 0;
    if (b->arena)
        arena_reset(b->arena);
    return 0;
}
