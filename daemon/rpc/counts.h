/* How many orders there are by status, over the stores of a caller. Inside rpc
 * only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db_tx;
struct rpc_call;

struct counts_row {
    const char *status;
    int64_t n, late;
    bool open; /* to do, held or not mapped */
};

struct counts {
    int64_t total, todo, held, late; /* gone and trashed ones left out */
    struct counts_row *by;           /* in the call's arena */
    size_t n;
};

/* Of the store of that name, or of all (NULL). ERR_NOT_FOUND. */
int counts_read(struct rpc_call *call, struct db_tx *tx, const char *store,
                struct counts *ret);
/* {"processing": 148, ...}; open_only: open statuses alone. */
struct jsonw;
/* As an object, a member a status; open_only: those with work to do. */
void counts_write(struct jsonw *w, const struct counts *c, bool open_only);
