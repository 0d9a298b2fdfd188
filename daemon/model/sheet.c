#include "model/sheet.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/str.h"

void sheet_begin(struct sheet *s, int64_t store_id, const char *store,
                 const char *text, size_t n) {
    s->store_id = store_id;
    (void)str_copy(s->store, sizeof s->store, store);
    s->text = mem_dupn(text, n);
    s->n = n;
    csv_begin(&s->csv, s->text, n);
}

void sheet_done(struct sheet *s) {
    free(s->text);
}

void sheet_sum(const struct sheet *s, struct stock_sum *ret) {
    *ret = s->sum;
    ret->kept = s->kept;
    ret->part = s->n ? (double)(s->csv.at - s->text) / (double)s->n : 1;
}

void sheet_blame(struct sheet *s, int line, const char *text) {
    s->sum.faults++;
    if (s->sum.n_kept < STOCK_FILE_FAULTS) {
        struct stock_fault *to = &s->kept[s->sum.n_kept++];
        to->line = line;
        (void)str_copy(to->text, sizeof to->text, text);
    }
}
